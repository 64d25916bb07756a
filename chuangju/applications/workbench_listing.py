"""The lists of the workbench: columns, filters, search; steps on somebody's desk, and every case they may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from html import escape
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangju.applications.case_words import shown_case_title, state_sign
from chuangju.applications.desk_words import due_sign, flags_sign, is_paused
from chuangju.applications.models import Application, ApplicationFlag, Step, Window
from chuangju.applications.workbench import Tab
from chuangju.applications.workbench_lines import CaseLine, StepLine, case_lines, step_lines
from chuangju.kernel.addresses import row_address
from chuangju.kernel.languages import reads_english
from chuangju.kernel.money import format_yuan
from chuangju.ui.cells import mark_chinese
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.models import Unit

MINE, NOBODY = "mine", "nobody"


def case_address(line: StepLine) -> str:
    """The page of the case of a step."""
    return row_address("applications:case", line.case)


def _titled(line: StepLine) -> str:
    """The title of a case as a link to it, and its number."""
    title = escape(shown_case_title(line)) if reads_english() else mark_chinese(line.title)
    return f'<a href="{case_address(line)}">{title}</a><small class="under">{escape(line.number or "")}</small>\n'


def _picker() -> Callable[[StepLine], str]:
    """What draws the box by which a line is picked for a bulk action."""
    sentence = gettext("选择 %(case)s")

    def draw(line: StepLine) -> str:
        label = escape(sentence % {"case": line.number or line.title})
        return f'<input type="checkbox" name="step" value="{line.pk}" form="bulk" aria-label="{label}">\n'

    return draw


def _search(steps: QuerySet[Any], text: str) -> QuerySet[Any]:
    found = Q(application__number__icontains=text) | Q(application__subject__name__icontains=text)
    return steps.filter(found | Q(application__title__icontains=text))


def _assignee(user_id: int) -> Filter:
    def narrow(steps: QuerySet[Any], value: str) -> QuerySet[Any]:
        return steps.filter(assignee=user_id) if value == MINE else steps.filter(assignee__isnull=True)

    return Filter("assignee", _("承办人"), lambda: [(MINE, _("由我承办")), (NOBODY, _("尚未分派"))], narrow)


def _window(windows: Iterable[Window]) -> Filter:
    return Filter(
        "window",
        _("政策"),
        lambda: [(one.pk, one.title) for one in windows],
        lambda steps, value: steps.filter(application__window=value if value.isdecimal() else None),
    )


def _town(towns: Iterable[Unit]) -> Filter:
    return Filter(
        "town",
        _("街镇"),
        lambda: [(one.pk, one.shown_name) for one in towns],
        lambda steps, value: steps.filter(application__town=value if value.isdecimal() else None),
    )


def _columns(on: date, *, can_pick: bool) -> list[Column]:
    """The columns of a tab; where nothing can be picked, who deals with the step stands in its place."""
    pick = [Column("pick", _("选择"), lambda _s: "", draw=_picker(), css="short pick", is_tool=True)]
    columns = [
        Column(
            "title",
            _("办件"),
            lambda s: f"{shown_case_title(s)} {s.number or ''}".strip(),
            sort="application__title",
            draw=_titled,
            url=case_address,
            css="title",
            is_kept=True,
        ),
        Column("subject", _("申请主体"), lambda s: s.subject, sort="application__subject__name"),
        Column("town", _("街镇"), lambda s: s.shown_town, sort="application__town__position", css="short"),
        Column("step", _("环节"), lambda s: s.shown_label, sort="kind"),
        Column("unit", _("办理单位"), lambda s: s.shown_place, sort="unit__position", css="named", is_extra=can_pick),
        Column("flags", _("标记"), lambda s: flags_sign(s.flags), css="short"),
        Column(
            "left",
            _("剩余"),
            lambda s: due_sign(s.due_on, on=on, is_paused=is_paused(s.flags)),
            sort="due_on",
            css="short",
        ),
        Column("assignee", _("承办人"), lambda s: s.assignee, sort="assignee__name", css="short"),
        *_extra_columns("application__"),
        Column(
            "submitted",
            _("提交日期"),
            lambda s: _day(s.submitted_at),
            sort="application__submitted_at",
            css="short",
            is_extra=True,
        ),
        Column("opened", _("到达本环节"), lambda s: _day(s.opened_at), sort="opened_at", css="short", is_extra=True),
        Column("due", _("到期日"), lambda s: s.due_on, sort="due_on", css="short", is_extra=True),
    ]
    return [*(pick if can_pick else []), *columns]


def _extra_columns(path: str) -> list[Column]:
    """Columns of the case that stand in a list when somebody wants them."""
    return [
        Column(
            "amount",
            _("申请金额"),
            lambda line: _money(line.expected_amount),
            sort=f"{path}expected_amount",
            css="right short",
            is_extra=True,
        ),
        Column(
            "channel",
            _("来源"),
            lambda line: Application.Channel(line.channel).label,
            sort=f"{path}channel",
            css="short",
            is_extra=True,
        ),
    ]


def _money(fen: int | None) -> str | None:
    return str(format_yuan(fen)) if fen is not None else None


def _day(moment: datetime | None) -> date | None:
    return localdate(moment) if moment is not None else None


def steps_listing(
    tab: str, *, on: date, user_id: int, windows: Iterable[Window], towns: Iterable[Unit], can_pick: bool
) -> Listing:
    """One tab of the workbench; where somebody acts, each line can be picked for a bulk action."""
    columns = _columns(on, can_pick=can_pick)
    return Listing(
        key=f"cases.{tab}",
        rows_of=step_lines,
        counts_along=True,
        is_choosable=True,
        title=Tab(tab).label,
        search_label=_("搜索办件编号、申请主体、事项"),
        columns=columns,
        filters=[
            _window(windows),
            _town(towns),
            Filter("kind", _("环节"), lambda: Step.Kind.choices, lambda q, v: q.filter(kind=v)),
            Filter(
                "flag",
                _("标记"),
                lambda: ApplicationFlag.Kind.choices,
                lambda q, v: q.filter(application__flags__kind=v, application__flags__ended_at__isnull=True),
            ),
            _assignee(user_id),
        ],
        search=_search,
        default_sort="due_on",
        empty_title=_("这里没有办件"),
        empty_hint=_("新的办件提交后，按流程和单位自动出现在这里。"),
    )


def _case_columns() -> list[Column]:
    """The columns of the list of cases; the last ones when somebody wants them."""
    return [
        Column("number", _("办件编号"), lambda a: a.number, sort="number", url=_address, css="title", is_kept=True),
        Column("title", _("事项"), shown_case_title, sort="title"),
        Column("subject", _("申请主体"), lambda a: a.subject, sort="subject__name"),
        Column("town", _("街镇"), lambda a: a.shown_town, sort="town__position", css="short"),
        Column(
            "submitted",
            _("提交日期"),
            lambda a: _day(a.submitted_at),
            sort="submitted_at",
            css="short",
        ),
        Column("state", _("状态"), _state_sign, sort="state", css="short"),
        Column("unit", _("责任单位"), lambda a: a.shown_unit, sort="unit__position", css="named", is_extra=True),
        *_extra_columns(""),
        Column(
            "granted",
            _("核定金额"),
            lambda a: _money(a.granted_amount),
            sort="granted_amount",
            css="right short",
            is_extra=True,
        ),
        Column("due", _("到期日"), lambda a: a.due_on, sort="due_on", css="short", is_extra=True),
        Column("decided", _("决定日期"), lambda a: _day(a.decided_at), sort="decided_at", css="short", is_extra=True),
    ]


def cases_listing(*, windows: Iterable[Window], towns: Iterable[Unit]) -> Listing:
    """Every case that somebody may read, ended ones too."""
    return Listing(
        key="cases.all",
        rows_of=case_lines,
        is_choosable=True,
        title=pgettext_lazy("list", "全部办件"),
        search_label=_("搜索办件编号、申请主体、事项"),
        columns=_case_columns(),
        filters=[
            Filter("state", _("状态"), lambda: _STATES, lambda q, v: q.filter(state=v)),
            Filter(
                "window",
                _("政策"),
                lambda: [(one.pk, one.title) for one in windows],
                lambda q, v: q.filter(window=v if v.isdecimal() else None),
            ),
            Filter(
                "town",
                _("街镇"),
                lambda: [(one.pk, one.shown_name) for one in towns],
                lambda q, v: q.filter(town=v if v.isdecimal() else None),
            ),
            Filter("channel", _("来源"), lambda: Application.Channel.choices, lambda q, v: q.filter(channel=v)),
        ],
        search=lambda q, text: q.filter(
            Q(number__icontains=text) | Q(subject__name__icontains=text) | Q(title__icontains=text)
        ),
        default_sort="-submitted_at",
        empty_title=_("还没有办件"),
        empty_hint=_("申请提交后列在这里。"),
    )


_STATES = [
    (state.value, state.label)
    for state in Application.State
    if state not in {Application.State.DRAFT, Application.State.OFFERED}
]


def _state_sign(line: CaseLine) -> Sign:
    return state_sign(Application.State(line.state))


def _address(line: CaseLine) -> str:
    return row_address("applications:case", line.pk)
