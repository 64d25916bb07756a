"""The list of milestones: columns, filters, order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.programme.lights import Light, sign_of
from chuangju.programme.models import Category, MeasureRow, Milestone, TableVersion
from chuangju.programme.table_page import category_name
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.units.models import Unit

MINE = "mine"


def _row_of(milestone: Milestone) -> Any:
    """The printed row in force; from what the view has fetched already."""
    lines = [line for line in milestone.measure.rows.all() if line.row.version.is_current]
    return lines[0].row if lines else None


def _printed_place(milestone: Milestone) -> str:
    row = _row_of(milestone)
    return f"{row.number} {row.title}" if row else ""


def _address(milestone: Milestone) -> str:
    return reverse("programme:task", args=(milestone.measure.task.code,)) + f"#milestone-{milestone.pk}"


def _lines_in_force(**printed: str) -> QuerySet[Any, Any]:
    """The measures that stand like this in the version in force, whatever earlier versions said."""
    lines = MeasureRow.objects.filter(row__version__state=TableVersion.State.CURRENT, **printed)
    return lines.values("measure")


def _search(milestones: QuerySet[Any], text: str) -> QuerySet[Any]:
    return milestones.filter(
        Q(title__icontains=text)
        | Q(unit__name__icontains=text)
        | Q(measure__in=_lines_in_force(row__title__icontains=text))
    )


def _unit_choices(mine: frozenset[int]) -> list[tuple[str, str]]:
    units = Unit.objects.filter(milestones__isnull=False).distinct().order_by("position")
    choices = [(unit.code, unit.shown_name) for unit in units]
    return [(MINE, str(_("我的单位"))), *choices] if mine else choices


def _category_choices() -> list[tuple[str, str]]:
    names = Category.objects.filter(version__state=TableVersion.State.CURRENT).order_by("position")
    return [(each.name, category_name(each)) for each in names]


def milestone_listing(*, on: date, mine: frozenset[int]) -> Listing:
    """The list as somebody who reports for the units `mine` works with it on a day."""

    def in_unit(milestones: QuerySet[Any], value: str) -> QuerySet[Any]:
        return milestones.filter(unit__in=mine) if value == MINE else milestones.filter(unit__code=value)

    return Listing(
        key="milestones",
        title=pgettext_lazy("list", "落实节点"),
        search_label=_("搜索节点、任务、单位"),
        columns=[
            Column("title", _("落实节点"), lambda m: m.title, sort="title", url=_address),
            Column("task", _("工作任务"), _printed_place),
            Column("unit", _("责任单位"), lambda m: m.unit.shown_name, sort="unit__position"),
            Column("due", _("完成期限"), lambda m: m.due_on, sort="due_on", css="short"),
            Column("done", _("完成日期"), lambda m: m.done_on, sort="done_on", css="short"),
            # What is still open comes first, the most pressing at the top.
            Column(
                "light", _("状态"), lambda m: sign_of(m.light, m.deadline, on=on), sort="-state,due_on", css="short"
            ),
        ],
        filters=[
            Filter("unit", _("责任单位"), lambda: _unit_choices(mine), in_unit),
            Filter(
                "category",
                _("类别"),
                _category_choices,
                lambda q, v: q.filter(measure__in=_lines_in_force(row__category__name=v)),
            ),
            Filter("light", _("状态"), lambda: Light.choices, lambda q, v: q.filter(light=v)),
            Filter(
                "state",
                _("办理情况"),
                lambda: Milestone.State.choices,
                lambda q, v: q.filter(state=v),
            ),
        ],
        search=_search,
        default_sort="light",
        empty_title=_("没有符合条件的落实节点"),
        empty_hint=_("换一个筛选条件，或由创建办在任务页添加落实节点。"),
    )


def own_listing(*, on: date, has_several_units: bool) -> Listing:
    """我的待办: what is still to be done by one's own units, the most pressing first, each a tap away from its report."""
    unit = (
        [Column("unit", _("责任单位"), lambda m: m.unit.shown_name, sort="unit__position")] if has_several_units else []
    )
    return Listing(
        key="own_milestones",
        title=_("我的待办"),
        search_label=_("搜索节点、任务"),
        columns=[
            Column("title", _("落实节点"), lambda m: m.title, sort="title", url=_address),
            Column("task", _("工作任务"), _printed_place),
            *unit,
            Column("due", _("完成期限"), lambda m: m.due_on, sort="due_on", css="short"),
            Column("light", _("状态"), lambda m: sign_of(m.light, m.deadline, on=on), css="short"),
            Column(
                "act",
                _("操作"),
                lambda m: m.get_state_display(),
                template="programme/cells/step_actions.html",
                css="short",
            ),
        ],
        filters=[
            Filter(
                "light",
                _("状态"),
                lambda: [(light.value, str(light.label)) for light in Light if light != Light.DONE],
                lambda q, v: q.filter(light=v),
            ),
        ],
        search=_search,
        default_sort="due",
        empty_title=_("没有待办"),
        empty_hint=_("本单位的落实节点都已完成；有新的进展，可以在任务页填报。"),
    )
