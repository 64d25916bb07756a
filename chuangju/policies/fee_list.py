"""收费目录 - the fees that the product brings along, each with how it stands from a day on; read from a file, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml

FILE = Path(__file__).parent / "catalogue" / "shared" / "fees.yaml"
KINDS = ("registration", "licence", "administration")
STANDINGS = ("charged", "exempt", "suspended", "abolished")
CONFIDENCES = ("official", "secondary", "unverified", "sample")


class FeeFault(ValueError):
    """The file of fees cannot be used; the text names the fee and what is wrong with it."""


@dataclass(frozen=True)
class FeeStanding:
    """How a fee stands from a day on (to a day, included), for whom, and from which document that is known."""

    starts_on: date
    ends_on: date | None
    standing: str
    for_whom: Mapping[str, str]
    source: Mapping[str, Any]


@dataclass(frozen=True)
class ShippedFee:
    """A fee of the shipped list."""

    id: str
    kind: str
    name: Mapping[str, str]
    entries: tuple[FeeStanding, ...]

    def standing_on(self, day: date) -> FeeStanding | None:
        """What is said of the day; None before the first entry, or in a gap between two."""
        return latest_on(self.entries, day)


class Dated(Protocol):
    """Whatever holds from a day to a day."""

    @property
    def starts_on(self) -> date:
        """The first day."""

    @property
    def ends_on(self) -> date | None:
        """The last day; None without end."""


DatedT = TypeVar("DatedT", bound=Dated)


def latest_on(entries: Iterable[DatedT], day: date) -> DatedT | None:
    """Of the entries that hold on a day the one that began last."""
    holding = [each for each in entries if each.starts_on <= day and (each.ends_on is None or day <= each.ends_on)]
    return max(holding, key=lambda each: each.starts_on, default=None)


def load_fees(file: Path = FILE) -> tuple[ShippedFee, ...]:
    """The fees of a file in its order; raises FeeFault."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    fees = tuple(_fee(entry) for entry in data["fees"])
    ids = [fee.id for fee in fees]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise FeeFault(f"{twice[0]}: listed twice")
    return fees


@cache
def shipped_fees() -> tuple[ShippedFee, ...]:
    """The fees that the product brings along, read once."""
    return load_fees()


def _fee(entry: dict[str, Any]) -> ShippedFee:
    fee_id = str(entry.get("id", "?"))
    kind = entry.get("class")
    if kind not in KINDS:
        raise FeeFault(f"{fee_id}: class {kind!r} is none of {', '.join(KINDS)}")
    entries = tuple(_standing(fee_id, each) for each in entry.get("entries", ()))
    if not entries:
        raise FeeFault(f"{fee_id}: no entry says how it stands")
    return ShippedFee(fee_id, kind, entry["name"], tuple(sorted(entries, key=lambda each: each.starts_on)))


def _standing(fee_id: str, entry: dict[str, Any]) -> FeeStanding:
    starts_on, ends_on, standing = entry.get("from"), entry.get("to"), entry.get("standing")
    source = entry.get("source") or {}
    if not isinstance(starts_on, date):
        raise FeeFault(f"{fee_id}: an entry without its first day (from)")
    if ends_on is not None and (not isinstance(ends_on, date) or ends_on < starts_on):
        raise FeeFault(f"{fee_id}: the last day (to) {ends_on} lies before {starts_on}")
    if standing not in STANDINGS:
        raise FeeFault(f"{fee_id}: standing {standing!r} is none of {', '.join(STANDINGS)}")
    if source.get("confidence") not in CONFIDENCES:
        raise FeeFault(f"{fee_id}: an entry whose source does not say how sure it is (confidence)")
    return FeeStanding(starts_on, ends_on, standing, entry.get("for_whom") or {}, source)
