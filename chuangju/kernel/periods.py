"""期间: a year, half, quarter or month, by which filings, targets and readings are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from chuangju.kernel.refusals import Refused


class PeriodRefused(Refused):
    """The text names no period."""


class PeriodKind(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"


_PER_YEAR = {PeriodKind.YEAR: 1, PeriodKind.HALF: 2, PeriodKind.QUARTER: 4, PeriodKind.MONTH: 12}
_CHINESE = {"上": 1, "下": 2, "一": 1, "二": 2, "三": 3, "四": 4}
_PATTERNS = {
    PeriodKind.YEAR: re.compile(r"(\d{4})年?(?:全年|度)?()"),
    PeriodKind.HALF: re.compile(r"(\d{4})(?:-?H|年)([12上下])(?:半年)?"),
    PeriodKind.QUARTER: re.compile(r"(\d{4})(?:-?Q|年第?)([1-4一二三四])(?:季度)?"),
    PeriodKind.MONTH: re.compile(r"(\d{4})(?:-|年)(\d{1,2})月?(?:份)?"),
}
_MUST_END = {PeriodKind.HALF: "半年", PeriodKind.QUARTER: "季度", PeriodKind.MONTH: "月"}


@dataclass(frozen=True, order=True)
class Period:
    """One period: its year and which of the year's halves, quarters or months it is (1 for a whole year)."""

    year: int
    kind: PeriodKind
    number: int = 1

    def __post_init__(self) -> None:
        if not (date.min.year < self.year < date.max.year and 1 <= self.number <= _PER_YEAR[self.kind]):
            raise ValueError(f"there is no {self.kind} {self.number} in {self.year}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """From "2026", "2026-H1", "2026Q3", "2026-07", "2026年第三季度", "2026年上半年"; raises PeriodRefused."""
        plain = re.sub(r"\s+", "", text).upper()
        for kind, pattern in _PATTERNS.items():
            match = pattern.fullmatch(plain)
            if not match or ("年" in plain and kind in _MUST_END and _MUST_END[kind] not in plain):
                continue
            number = _CHINESE.get(match[2]) or int(match[2] or 1)
            try:
                return cls(int(match[1]), kind, number)
            except ValueError:
                break
        raise PeriodRefused(
            _("“%(text)s”不是年、半年、季度或月份，请写成“2026年第三季度”。") % {"text": text.strip()[:40]}
        )

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> Period:
        """The period of this kind in which the day lies."""
        return cls(day.year, kind, (day.month - 1) // (12 // _PER_YEAR[kind]) + 1)

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * self._months + 1, 1)

    @property
    def end(self) -> date:
        """The last day, included."""
        return self.next().start - timedelta(days=1)

    def next(self) -> Period:
        """The period after this one."""
        if self.number < _PER_YEAR[self.kind]:
            return Period(self.year, self.kind, self.number + 1)
        return Period(self.year + 1, self.kind)

    def previous(self) -> Period:
        """The period before this one."""
        if self.number > 1:
            return Period(self.year, self.kind, self.number - 1)
        return Period(self.year - 1, self.kind, _PER_YEAR[self.kind])

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def code(self) -> str:
        """Short and sortable: "2026", "2026-H1", "2026-Q3", "2026-07"."""
        match self.kind:
            case PeriodKind.YEAR:
                return f"{self.year}"
            case PeriodKind.HALF:
                return f"{self.year}-H{self.number}"
            case PeriodKind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case PeriodKind.MONTH:
                return f"{self.year}-{self.number:02d}"

    @property
    def label(self) -> str:
        """As people say it: "2026年第三季度"."""
        said = {"year": self.year, "number": self.number}
        match self.kind:
            case PeriodKind.YEAR:
                return _("%(year)s年") % said
            case PeriodKind.HALF:
                return (_("%(year)s年上半年") if self.number == 1 else _("%(year)s年下半年")) % said
            case PeriodKind.QUARTER:
                return _("%(year)s年第%(number)s季度") % said
            case PeriodKind.MONTH:
                return _("%(year)s年%(number)s月") % said

    def __str__(self) -> str:
        return self.code

    @property
    def _months(self) -> int:
        return 12 // _PER_YEAR[self.kind]
