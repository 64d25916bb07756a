"""企业划型 - which size class (大、中、小、微型) a firm belongs to by industry, staff, turnover and assets, on a day.

Pure: the tables are data (catalogue/shared/size_classes.yaml), one for each time a standard came into force. A firm is in
the lowest class that one of its figures puts it in; a figure that is not known leaves the answer open unless another one
has settled it already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "catalogue" / "shared" / "size_classes.yaml"
CRITERIA = ("staff", "turnover", "assets")
_YUAN = re.compile(r"(\d+)(万?)元\Z")
_FEN, _WAN = 100, 10_000


class SizeClass(StrEnum):
    """The four classes, the smallest first."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


CLASSES = tuple(SizeClass)
SMALL_AND_MICRO = frozenset({SizeClass.MICRO, SizeClass.SMALL})


@dataclass(frozen=True)
class Industry:
    """The bounds of one industry: for each figure that counts, the least of small, medium and large (money in fen)."""

    id: str
    name: Mapping[str, str]
    bounds: Mapping[str, tuple[int, int, int]]

    def class_by(self, criterion: str, value: int) -> SizeClass:
        """The class that one figure alone would give."""
        return CLASSES[sum(value >= bound for bound in self.bounds[criterion])]


@dataclass(frozen=True)
class SizeTable:
    """One standard: from when to when (both days included), cited, with its industries in printed order."""

    starts_on: date
    ends_on: date | None
    source: Mapping[str, Any]
    industries: Mapping[str, Industry]

    def holds_on(self, day: date) -> bool:
        """Whether the standard is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class SizeFault(ValueError):
    """The question cannot be asked: no such industry, or no standard on that day."""


def load_size_tables(file: Path = FILE) -> tuple[SizeTable, ...]:
    """The tables of a file, the oldest first."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(sorted((_table(entry) for entry in data["tables"]), key=lambda table: table.starts_on))


@cache
def shipped_size_tables() -> tuple[SizeTable, ...]:
    """The tables that the product brings along, read once."""
    return load_size_tables()


def size_table_on(on: date, tables: tuple[SizeTable, ...] | None = None) -> SizeTable | None:
    """The standard in force on a day; of two the later one."""
    found = [table for table in (tables or shipped_size_tables()) if table.holds_on(on)]
    return found[-1] if found else None


def size_class(
    industry: str,
    staff: int | None = None,
    turnover: int | None = None,
    assets: int | None = None,
    *,
    on: date,
    tables: tuple[SizeTable, ...] | None = None,
) -> SizeClass | None:
    """The class of a firm; None where what is known does not settle it. Turnover and assets in fen. Raises SizeFault."""
    table = size_table_on(on, tables)
    if table is None:
        raise SizeFault(on.isoformat())
    if industry not in table.industries:
        raise SizeFault(industry)
    bounds = table.industries[industry]
    given = {"staff": staff, "turnover": turnover, "assets": assets}
    known = [
        bounds.class_by(criterion, value) for criterion in bounds.bounds if (value := given[criterion]) is not None
    ]
    lowest = min(known, key=CLASSES.index, default=None)
    # Nothing that is still unknown can put a firm below the lowest class.
    is_settled = len(known) == len(bounds.bounds) or lowest == SizeClass.MICRO
    return lowest if is_settled else None


def missing_figures(
    industry: str, staff: int | None, turnover: int | None, assets: int | None, *, on: date
) -> tuple[str, ...]:
    """The figures that the answer waits for; none where it is settled."""
    if size_class(industry, staff, turnover, assets, on=on) is not None:
        return ()
    table = size_table_on(on)
    given = {"staff": staff, "turnover": turnover, "assets": assets}
    return tuple(key for key in table.industries[industry].bounds if given[key] is None) if table else ()


def _table(entry: dict[str, Any]) -> SizeTable:
    industries = {each["id"]: _industry(each) for each in entry["industries"]}
    return SizeTable(entry["from"], entry.get("to"), entry["source"], industries)


def _industry(entry: dict[str, Any]) -> Industry:
    bounds = {
        criterion: tuple(_whole(entry[criterion][step]) for step in ("small", "medium", "large"))
        for criterion in CRITERIA
        if criterion in entry
    }
    return Industry(entry["id"], entry["name"], bounds)  # type: ignore[arg-type]  # three of each, see above


def _whole(written: object) -> int:
    """A number of people as it is, an amount in yuan as fen."""
    if isinstance(written, int):
        return written
    found = _YUAN.match(str(written))
    if found is None:
        raise SizeFault(str(written))
    return int(found[1]) * (_WAN if found[2] else 1) * _FEN
