"""Dated parameters, dated lists, and what all policies share of them: each figure has its day, its citation and its confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chuangju.rules.kinds import Kind, Value, Words


@dataclass(frozen=True, slots=True)
class Band:
    """The value for sizes up to and with `upto` (None: beyond all others); `size_kind` says what sizes are: numbers or fen."""

    upto: int | None
    value: Value
    size_kind: Kind = Kind.INT


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """What holds from a day on; `bands` instead of `value` where it depends on a size."""

    since: date
    value: Value
    bands: tuple[Band, ...] = ()
    law: str = ""
    confidence: str = ""

    def for_size(self, size: int) -> Value:
        """The value of the first band that reaches the size; None where none does."""
        return next((band.value for band in self.bands if band.upto is None or size <= band.upto), None)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of policy and how it changed, oldest first."""

    name: str
    kind: Kind
    values: tuple[ParameterValue, ...]
    words: Words
    shared: bool = False

    def on(self, day: date) -> ParameterValue | None:
        """What holds on a day; None before the first value."""
        found = None
        for one in self.values:
            if one.since <= day:
                found = one
        return found

    @property
    def is_banded(self) -> bool:
        """Whether it depends on a size."""
        return any(one.bands for one in self.values)

    @property
    def size_kinds(self) -> frozenset[Kind]:
        """By what its bands go: whole numbers, or money; one of the two, and nothing where no band has a limit."""
        bands = [band for one in self.values for band in one.bands if band.upto is not None]
        return frozenset(band.size_kind for band in bands)

    def bounds(self) -> tuple[int, int]:
        """The least and the greatest of its values, for the check against overflow."""
        numbers = [band.value for one in self.values for band in one.bands]
        numbers += [one.value for one in self.values if not one.bands]
        return min(numbers), max(numbers)

    def with_value(self, value: Value) -> Parameter:
        """The same parameter with one value for all days: what a simulation asks about."""
        since = self.values[0].since
        return replace(self, values=(ParameterValue(since=since, value=value, law="—", confidence="sample"),))


@dataclass(frozen=True, slots=True)
class Member:
    """A code that stands in a list from one day to another (None: still)."""

    code: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class DatedList:
    """A list of codes with validity: recognised incubators, key industries, excluded firms."""

    name: str
    words: Words
    members: tuple[Member, ...]

    def on(self, day: date) -> tuple[str, ...]:
        """The codes that stand in it on a day, sorted."""
        held = {
            one.code for one in self.members if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
        }
        return tuple(sorted(held))


@dataclass(frozen=True, slots=True)
class Shared:
    """What all policies may refer to."""

    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    lists: Mapping[str, DatedList] = field(default_factory=dict)

    def __hash__(self) -> int:
        return id(self)
