"""评审的列表 - panels, sheets, results, fees and what fell to an assessor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.kernel.working_days import working_days_between
from chuangju.scoring.criteria import full_marks, read_criteria
from chuangju.scoring.fees import FeeLine
from chuangju.scoring.models import Assessment, Panel, ScoreSheet
from chuangju.scoring.parameters import read_parameters
from chuangju.scoring.results import Result
from chuangju.scoring.score_text import score_text
from chuangju.scoring.subjects import address_of
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.models import Unit

PANEL_SOURCE = "scoring.panel"
_PANEL_SIGNS = {
    Panel.State.DRAFT: "flat",
    Panel.State.SCORING: "info",
    Panel.State.FROZEN: "good",
    Panel.State.CLOSED: "done",
}
_STATES = {
    Assessment.State.ASSIGNED: "soon",
    Assessment.State.SUBMITTED: "done",
    Assessment.State.DECLINED_CONFLICT: "flat",
    Assessment.State.WITHDRAWN: "flat",
}


def panel_sign(panel: Panel, on: date) -> Sign:
    """Where a panel stands, and whether its day has passed."""
    if panel.state == Panel.State.SCORING and panel.due_on < on:
        return Sign("late", _("评分中 · 已过截止日期"))
    return Sign(_PANEL_SIGNS[Panel.State(panel.state)], panel.get_state_display())


def assessment_sign(one: Assessment, on: date) -> Sign:
    """What became of one assessment, as its assessor and whoever runs the panel see it."""
    if one.state == Assessment.State.ASSIGNED:
        return _open_sign(one, on)
    return Sign(_STATES[Assessment.State(one.state)], one.get_state_display())


def subject_text(one: Assessment) -> str:
    """What its assessor calls the subject: by its name, or by its number where the panel is blind."""
    return _("对象 %(number)s") % {"number": one.blind_label} if one.panel.is_blind else one.subject_label


def _open_sign(one: Assessment, on: date) -> Sign:
    if one.panel.is_settled or one.panel.state == Panel.State.DRAFT:
        return Sign("flat", one.get_state_display())
    if one.panel.due_on < on:
        return Sign("late", _("待评分 · 已过期"))
    near = working_days_between(on, one.panel.due_on) <= max(read_parameters().remind_working_days)
    return Sign("soon" if near else "info", one.get_state_display())


def sheet_sign(sheet: ScoreSheet) -> Sign:
    """Whether panels may score by a sheet."""
    return Sign("good", _("已发布")) if sheet.is_published else Sign("soon", _("草稿"))


def panel_listing(on: date) -> Listing:
    """Panels with how far they have come, the newest first."""
    return Listing(
        key="panels",
        title=pgettext_lazy("list", "评审"),
        columns=(
            Column(
                "title",
                gettext_lazy("名称"),
                lambda row: row.title,
                sort="title",
                url=lambda row: reverse("scoring:panel_detail", args=[row.pk]),
            ),
            Column("state", gettext_lazy("状态"), lambda row: panel_sign(row, on), sort="state", css="short"),
            Column(
                "unit", gettext_lazy("组织单位"), lambda row: row.unit.shown_name, sort="unit__position", css="short"
            ),
            Column(
                "subjects", gettext_lazy("对象数"), lambda row: row.subject_count, sort="subject_count", css="short"
            ),
            Column(
                "done",
                gettext_lazy("已评／应评"),
                lambda row: f"{row.done_count}/{row.done_count + row.open_count}",
                css="short",
            ),
            Column(
                "declined", gettext_lazy("回避"), lambda row: row.declined_count, sort="declined_count", css="short"
            ),
            Column("blind", gettext_lazy("匿名"), lambda row: row.is_blind, sort="is_blind", css="short"),
            Column("due", gettext_lazy("截止日期"), lambda row: row.due_on, sort="due_on", css="short"),
        ),
        filters=(
            Filter(
                "state", gettext_lazy("状态"), lambda: Panel.State.choices, lambda rows, state: rows.filter(state=state)
            ),
            Filter("unit", gettext_lazy("组织单位"), _units, lambda rows, code: rows.filter(unit__code=code)),
        ),
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(sheet__title__icontains=text)),
        search_label=gettext_lazy("搜索评审名称"),
        default_sort="-opened_at",
        empty_title=gettext_lazy("还没有评审"),
        empty_hint=gettext_lazy("点“发起评审”，选一张评分表，加入参评对象和专家。"),
    )


def _units() -> list[tuple[str, str]]:
    units = Unit.objects.filter(pk__in=Panel.objects.order_by().values("unit")).order_by("position", "code")
    return [(unit.code, unit.shown_name) for unit in units]


def own_listing(on: date) -> Listing:
    """What fell to an assessor: what waits comes first, and nothing says more than the assessor may know."""
    return Listing(
        key="own_assessments",
        title=gettext_lazy("我的评审"),
        columns=(
            Column(
                "subject",
                gettext_lazy("参评对象"),
                subject_text,
                url=lambda row: reverse("scoring:own_assessment", args=[row.pk]),
            ),
            Column("state", gettext_lazy("状态"), lambda row: assessment_sign(row, on), sort="state", css="short"),
            Column("panel", gettext_lazy("评审"), lambda row: row.panel.title, sort="panel__title"),
            Column("due", gettext_lazy("截止日期"), lambda row: row.panel.due_on, sort="panel__due_on", css="short"),
            Column(
                "total", pgettext_lazy("score", "评分"), lambda row: score_text(row.total), sort="total", css="short"
            ),
        ),
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: Assessment.State.choices,
                lambda rows, state: rows.filter(state=state),
            ),
        ),
        search=lambda rows, text: rows.filter(panel__title__icontains=text),
        search_label=gettext_lazy("搜索评审名称"),
        default_sort="turn,panel__due_on,panel_id,entry__position",
        empty_title=gettext_lazy("没有分派给您的评审"),
        empty_hint=gettext_lazy("有新的评审时，您会收到消息。"),
    )


def sheet_listing() -> Listing:
    """Score sheets with their full marks."""
    return Listing(
        key="score_sheets",
        title=pgettext_lazy("list", "评分表"),
        columns=(
            Column(
                "title",
                gettext_lazy("名称"),
                lambda row: row.shown_title,
                sort="title",
                url=lambda row: reverse("scoring:sheet_detail", args=[row.pk]),
            ),
            Column("version", gettext_lazy("版本"), lambda row: row.version, sort="version", css="short"),
            Column("state", gettext_lazy("状态"), sheet_sign, sort="is_published", css="short"),
            Column("criteria", gettext_lazy("指标数"), lambda row: len(row.criteria), css="short"),
            Column("full", gettext_lazy("满分"), _full_marks, css="short"),
            Column("source", gettext_lazy("来源"), lambda row: row.get_source_display(), sort="source", css="short"),
            Column("example", gettext_lazy("示例"), lambda row: row.is_example, sort="is_example", css="short"),
            Column("summary", gettext_lazy("适用范围"), lambda row: row.summary),
        ),
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: (("published", _("已发布")), ("draft", _("草稿"))),
                lambda rows, state: rows.filter(is_published=state == "published"),
            ),
        ),
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(title_en__icontains=text)),
        search_label=gettext_lazy("搜索评分表名称"),
        default_sort="key,-version",
        empty_title=gettext_lazy("还没有评分表"),
        empty_hint=gettext_lazy("点“编制评分表”开始。"),
    )


def _full_marks(sheet: ScoreSheet) -> str:
    return score_text(full_marks(read_criteria(sheet.criteria))).removesuffix(".00")


def result_listing() -> Listing:
    """The results of one panel."""
    return Listing(
        key="panel_results",
        title=gettext_lazy("评审结果"),
        columns=(
            Column("rank", gettext_lazy("名次"), lambda row: row.rank, sort="rank", css="no"),
            Column("label", gettext_lazy("参评对象"), lambda row: row.label, sort="label", url=_subject_url),
            Column("total", gettext_lazy("得分"), lambda row: score_text(row.total), sort="total", css="short"),
            Column("count", gettext_lazy("评分数"), lambda row: row.count, sort="count", css="short"),
            Column("missing", gettext_lazy("还缺"), lambda row: row.missing, sort="missing", css="short"),
            Column("spread", gettext_lazy("极差"), lambda row: score_text(row.spread), sort="spread", css="short"),
            Column("dropped", gettext_lazy("去极值"), lambda row: bool(row.dropped), css="short"),
        ),
        filters=(
            Filter(
                "missing",
                gettext_lazy("评分数"),
                lambda: (("short", _("还缺评分")), ("enough", _("已够"))),
                _by_missing,
            ),
        ),
        search=lambda rows, text: _holding(rows, text, lambda row: row.label),
        search_label=gettext_lazy("搜索参评对象"),
        empty_title=gettext_lazy("还没有参评对象"),
        empty_hint=gettext_lazy("在评审页加入参评对象。"),
    )


def _subject_url(row: Result) -> str:
    return address_of(row.subject_key)


def _by_missing(rows: Any, choice: str) -> Any:
    return [row for row in rows if bool(row.missing) == (choice == "short")]


def _holding(rows: Any, text: str, name_of: Callable[[Any], str]) -> Any:
    """Those whose name holds the text."""
    return [row for row in rows if text.casefold() in name_of(row).casefold()]


def fee_listing() -> Listing:
    """What the assessors of one panel are paid for."""
    return Listing(
        key="panel_fees",
        title=gettext_lazy("评审费清单"),
        columns=(
            Column("name", gettext_lazy("评审专家"), lambda row: row.assessor.name, sort="name"),
            Column("account", gettext_lazy("登录名"), lambda row: row.assessor.username, css="short"),
            Column("count", gettext_lazy("评分份数"), lambda row: row.count, sort="count", css="short"),
            Column("yuan", gettext_lazy("评审费（元）"), _yuan, sort="yuan", css="short"),
            Column("capped", gettext_lazy("按上限"), lambda row: row.is_capped, css="short"),
        ),
        search=lambda rows, text: _holding(rows, text, lambda row: row.assessor.name),
        search_label=gettext_lazy("搜索评审专家"),
        empty_title=gettext_lazy("还没有已提交的评分"),
        empty_hint=gettext_lazy("专家提交评分后，这里按份数计算评审费。"),
    )


def _yuan(row: FeeLine) -> object:
    """Whole yuan where it is whole, for a sheet that adds it up."""
    if row.amount is None:
        return None
    yuan, fen = divmod(row.amount, 100)
    return yuan if not fen else score_text(row.amount)
