"""企业划型的说法 - the standard as lines of a table, and an answer with what each figure alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.languages import reads_english
from chuangju.policies.size_classes import CRITERIA, Industry, SizeClass, SizeTable, missing_figures, size_class
from chuangju.ui.signs import format_number

LABELS = {
    SizeClass.MICRO: gettext_lazy("微型企业"),
    SizeClass.SMALL: gettext_lazy("小型企业"),
    SizeClass.MEDIUM: gettext_lazy("中型企业"),
    SizeClass.LARGE: gettext_lazy("大型企业"),
}
SHORT = {
    SizeClass.SMALL: gettext_lazy("小型"),
    SizeClass.MEDIUM: gettext_lazy("中型"),
    SizeClass.LARGE: gettext_lazy("大型"),
}
FIGURES = {
    "staff": gettext_lazy("从业人员"),
    "turnover": gettext_lazy("营业收入"),
    "assets": gettext_lazy("资产总额"),
}
_FEN_IN_WAN = 1_000_000


@dataclass(frozen=True)
class FigureLine:
    """One figure of a firm: its value, its bounds, and the class that it alone would give."""

    label: str
    value: str
    bounds: list[str]
    label_of_class: str
    decides: bool


@dataclass(frozen=True)
class SizeAnswer:
    """The class in words; where it is open, the figures that are missing."""

    label: str
    missing: str
    lines: list[FigureLine]

    @property
    def is_settled(self) -> bool:
        """Whether there is an answer."""
        return bool(self.label)


@dataclass(frozen=True)
class TableLine:
    """One industry of the standard, a cell for each figure."""

    name: str
    cells: list[list[str]]


def amount(criterion: str, value: int) -> str:
    """A number of people, or an amount in 万元."""
    if criterion == "staff":
        return _("%(count)s 人") % {"count": format_number(value)}
    return _("%(count)s 万元") % {"count": format_number(value // _FEN_IN_WAN)}


def _bounds(industry: Industry, criterion: str) -> list[str]:
    """小型 ≥ 20 人, one for each class above the lowest."""
    if criterion not in industry.bounds:
        return []
    classes = (SizeClass.SMALL, SizeClass.MEDIUM, SizeClass.LARGE)
    return [
        _("%(class)s ≥ %(amount)s") % {"class": SHORT[each], "amount": amount(criterion, bound)}
        for each, bound in zip(classes, industry.bounds[criterion], strict=True)
    ]


def _name(industry: Industry) -> str:
    return industry.name["en" if reads_english() else "zh"]


def table_lines(table: SizeTable) -> list[TableLine]:
    """The standard, industry by industry."""
    return [
        TableLine(
            _name(industry),
            [_bounds(industry, criterion) for criterion in CRITERIA],
        )
        for industry in table.industries.values()
    ]


def answer_of(
    industry: str, staff: int | None, turnover: int | None, assets: int | None, *, table: SizeTable, on: date
) -> SizeAnswer:
    """Which class a firm belongs to, and why."""
    found = size_class(industry, staff, turnover, assets, on=on)
    missing = missing_figures(industry, staff, turnover, assets, on=on)
    given = {"staff": staff, "turnover": turnover, "assets": assets}
    bounds = table.industries[industry]
    lines = []
    for criterion in bounds.bounds:
        value = given[criterion]
        alone = None if value is None else bounds.class_by(criterion, value)
        lines.append(
            FigureLine(
                label=str(FIGURES[criterion]),
                value="" if value is None else amount(criterion, value),
                bounds=_bounds(bounds, criterion),
                label_of_class="" if alone is None else str(LABELS[alone]),
                decides=found is not None and alone == found,
            )
        )
    return SizeAnswer(
        label=str(LABELS[found]) if found else "",
        missing=_("、").join(str(FIGURES[key]) for key in missing),
        lines=lines,
    )
