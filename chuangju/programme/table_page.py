"""活表 - the living table: its list (search, filters, bands of categories) and what each line shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chuangju.kernel.languages import reads_english
from chuangju.programme.lights import Light, LightSign, light_counts, row_sign
from chuangju.programme.models import (
    Category,
    MeasureRow,
    Milestone,
    PrintedUnit,
    RowUnit,
    TableVersion,
    TaskRow,
    UnitPart,
)
from chuangju.ui.listing import Band as ListBand
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Figure
from chuangju.units.models import Unit

# Digits of a printed number that a search may mean.
LONGEST_NUMBER = 5


@dataclass(frozen=True)
class PrintedName:
    """A name as printed, or its English reading; `hint` says what else it is called: now, or in print."""

    text: str
    hint: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass
class LiveRow:
    """One line of the table with its light and its units as printed."""

    row: Any
    sign: LightSign
    leads: list[PrintedName] = field(default_factory=list)
    cooperating: list[PrintedName] = field(default_factory=list)


@dataclass(frozen=True)
class Band:
    """A category with those of its rows that stand on this page."""

    category: Category | None
    rows: list[LiveRow]


def names_in(row: TaskRow, part: str) -> list[PrintedName]:
    """The names printed in a unit cell; `printed_units` and their units should be prefetched."""
    names: list[PrintedUnit] = sorted(
        (name for name in row.printed_units.all() if name.part == part), key=lambda name: name.position
    )
    return [_as_shown(name) for name in names]


def _as_shown(name: PrintedUnit) -> PrintedName:
    if reads_english():
        english = name.unit.name_en if name.unit else name.group.name_en if name.group else ""
        return PrintedName(english, name.printed) if english else PrintedName(name.printed)
    present = name.unit.name if name.unit and name.unit.name != name.printed else ""
    return PrintedName(name.printed, _("现名：%(name)s") % {"name": present} if present else "")


def with_units(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with all that a line shows, in a constant number of queries."""
    printed = PrintedUnit.objects.select_related("unit", "group")
    found: QuerySet[Any] = rows.select_related("task", "category", "version").prefetch_related(
        Prefetch("printed_units", printed)
    )
    return found


def band_over(tally: Counter[tuple[int | None, str]]) -> Callable[[Any], ListBand]:
    """The category over a run of rows with what the whole table holds of it: 6 项 · 2 项逾期."""

    def band_of(row: Any) -> ListBand:
        total = sum(count for (category, _light), count in tally.items() if category == row.category_id)
        late = tally[row.category_id, Light.LATE.value]
        note = ngettext("%(count)d 项", "%(count)d 项", total) % {"count": total}
        if late:
            note = f"{note} · " + ngettext("%(count)d 项逾期", "%(count)d 项逾期", late) % {"count": late}
        return ListBand(category_name(row.category), note)

    return band_of


def live_row(row: Any, *, on: date) -> LiveRow:
    """A row (with progress and units) as a line."""
    return LiveRow(row, row_sign(row, on=on), names_in(row, UnitPart.LEAD), names_in(row, UnitPart.COOPERATING))


def bands(rows: Iterable[Any], *, on: date) -> list[Band]:
    """Rows grouped by category, in printed order."""
    return [
        Band(category, [live_row(row, on=on) for row in members])
        for category, members in groupby(rows, key=lambda row: row.category)
    ]


def category_name(category: Category | None) -> str:
    """The category in the reader's language, as far as it has a name there."""
    if category is None:
        return ""
    return (category.name_en if reads_english() else "") or category.name


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    words = (
        Q(title__icontains=text)
        | Q(lead_printed__icontains=text)
        | Q(cooperating_printed__icontains=text)
        | Q(task__title_en__icontains=text)
        | Q(pk__in=MeasureRow.objects.filter(text__icontains=text).values("row"))
        | Q(pk__in=RowUnit.objects.filter(unit__name__icontains=text).values("row"))
    )
    if text.isdecimal() and len(text) <= LONGEST_NUMBER:
        words |= Q(number=int(text))
    return rows.filter(words)


def _taking_part(rows: QuerySet[Any], code: str, part: str | None) -> QuerySet[Any]:
    found = RowUnit.objects.filter(unit__code=code)
    return rows.filter(pk__in=(found.filter(part=part) if part else found).values("row"))


def _unit_choices(version: TableVersion) -> Callable[[str | None], list[tuple[str, str]]]:
    """The units of the version by part (None: any), asked of the database once for all filters of a page."""

    @cache
    def taking_part() -> list[tuple[Unit, set[str]]]:
        parts: dict[int, set[str]] = defaultdict(set)
        for unit, part in RowUnit.objects.filter(row__version=version).values_list("unit", "part").distinct():
            parts[unit].add(part)
        return [(unit, parts[unit.pk]) for unit in Unit.objects.filter(pk__in=parts).order_by("position")]

    def choices(part: str | None) -> list[tuple[str, str]]:
        return [(unit.code, unit.shown_name) for unit, parts in taking_part() if part is None or part in parts]

    return choices


def _unit_words(row: Any) -> str:
    leads = _("、").join(str(name) for name in names_in(row, UnitPart.LEAD))
    others = _("、").join(str(name) for name in names_in(row, UnitPart.COOPERATING))
    return _("%(leads)s（配合：%(others)s）") % {"leads": leads, "others": others} if others else leads


def _columns(on: date) -> list[Column]:
    cells = "programme/cells"
    return [
        Column("number", gettext_lazy("序号"), lambda r: r.number, sort="position", css="no"),
        Column(
            "task",
            gettext_lazy("工作任务"),
            lambda r: r.title,
            template=f"{cells}/task.html",
            css="title",
            url=_address,
        ),
        Column("units", gettext_lazy("牵头部门（配合单位）"), _unit_words, template=f"{cells}/units.html"),
        Column("milestones", gettext_lazy("节点"), _milestone_words, template=f"{cells}/milestones.html"),
        Column("deadline", gettext_lazy("下一时限"), lambda r: r.deadline, sort="deadline", css="short"),
        Column(
            "light",
            gettext_lazy("状态"),
            lambda r: row_sign(r, on=on),
            template=f"{cells}/light.html",
            css="short",
        ),
    ]


def _filters(version: TableVersion) -> list[Filter]:
    units = _unit_choices(version)
    return [
        Filter(
            "lead",
            gettext_lazy("牵头"),
            lambda: units(UnitPart.LEAD),
            lambda rows, code: _taking_part(rows, code, UnitPart.LEAD),
        ),
        Filter(
            "unit",
            gettext_lazy("参与单位"),
            lambda: units(None),
            lambda rows, code: _taking_part(rows, code, None),
        ),
        Filter(
            "category",
            gettext_lazy("类别"),
            lambda: _category_choices(version),
            lambda rows, name: rows.filter(category__name=name),
        ),
        Filter(
            "light",
            gettext_lazy("状态"),
            lambda: Light.choices,
            lambda rows, light: rows.filter(light=light),
        ),
    ]


def table_listing(version: TableVersion, *, on: date, tally: Counter[tuple[int | None, str]]) -> Listing:
    """The living table of a version as seen on a day."""
    return Listing(
        key="table",
        title=gettext_lazy("任务分解表"),
        search_label=gettext_lazy("搜索任务、举措、单位"),
        columns=_columns(on),
        filters=_filters(version),
        search=_search,
        default_sort="number",
        group=band_over(tally),
        empty_title=gettext_lazy("没有符合条件的任务"),
        empty_hint=gettext_lazy("换一个词，或清除筛选条件再看。"),
    )


def _address(row: TaskRow) -> str:
    return reverse("programme:task", args=(row.task.code,))


def _milestone_words(row: Any) -> str:
    return f"{row.milestones_done}/{row.milestones_total}" if row.milestones_total else ""


def _category_choices(version: TableVersion) -> list[tuple[str, str]]:
    return [(each.name, category_name(each)) for each in Category.objects.filter(version=version).order_by("position")]


def table_totals(version: TableVersion) -> dict[str, int]:
    """How many tasks, measures, milestones and units the version holds; one query."""
    steps = "rows__measure_rows__measure__milestones"
    found: dict[str, int] = TableVersion.objects.filter(pk=version.pk).aggregate(
        tasks=Count("rows", distinct=True),
        measures=Count("rows__measure_rows", distinct=True),
        milestones=Count(steps, filter=~Q(**{f"{steps}__state": Milestone.State.DROPPED}), distinct=True),
    )
    units = RowUnit.objects.filter(row__version=version).aggregate(units=Count("unit", distinct=True))
    return {**found, **units}


def light_figures(tally: Counter[tuple[int | None, str]]) -> list[Figure]:
    """How many rows show each light, each figure leading to those rows."""
    counts = light_counts(tally)
    words = (
        (Light.ON_TIME, gettext_lazy("按期推进"), ""),
        (Light.SOON, gettext_lazy("临近时限"), "soon"),
        (Light.LATE, gettext_lazy("逾期"), "late"),
        (Light.UNDATED, gettext_lazy("无时限"), ""),
        (Light.DONE, gettext_lazy("已完成"), ""),
    )
    return [
        Figure(
            label,
            counts[light],
            ngettext("项", "项", counts[light]),
            tone if counts[light] else "",
            f"?light={light}#list",
        )
        for light, label, tone in words
    ]
