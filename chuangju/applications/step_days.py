"""环节用时对比 - what the steps of a policy's process took in cases handed in before a day, and in those from that day on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from chuangju.applications.access import desk_applications_visible_to
from chuangju.applications.models import Application
from chuangju.applications.step_times import WHOLE, time_taken
from chuangju.rules.days import add_months
from chuangju.units.access import Visitor
from chuangju.units.models import Unit

BEFORE, AFTER = "before", "after"
SIDES = (BEFORE, AFTER)
_FILE = Path(__file__).parent / "data" / "step_days.toml"
_NINETY = 0.9
_DECIDED = (Application.State.GRANTED, Application.State.REFUSED)


@cache
def step_day_settings() -> dict[str, Any]:
    """How far the comparison looks, as the file says."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Question:
    """What is compared: around which day, so many months on each side, of which policy and unit, pauses counted or not."""

    split: date
    months: int
    policy_id: str = ""
    unit_id: int | None = None
    with_pauses: bool = False

    def period(self, side: str) -> tuple[date, date]:
        """The first day of a side, and the day after its last one."""
        if side == BEFORE:
            return add_months(self.split, -self.months), self.split
        return self.split, add_months(self.split, self.months)


@dataclass
class Taken:
    """The working days of one side: how many cases, what they took, what the file promised."""

    days: list[int] = field(default_factory=list)
    promised: int | None = None

    @property
    def count(self) -> int:
        """How many cases went through."""
        return len(self.days)

    @property
    def median(self) -> float | None:
        """Half of them took no longer."""
        return float(median(self.days)) if self.days else None

    @property
    def ninety(self) -> int | None:
        """Nine of ten took no longer."""
        return sorted(self.days)[ceil(_NINETY * len(self.days)) - 1] if self.days else None


@dataclass
class StepLine:
    """One step of a policy's process, on both sides."""

    policy_id: str
    key: str
    label: str = ""
    label_en: str = ""
    position: int = 0
    before: Taken = field(default_factory=Taken)
    after: Taken = field(default_factory=Taken)

    def side(self, name: str) -> Taken:
        """One of the two."""
        return self.before if name == BEFORE else self.after

    @property
    def change(self) -> float | None:
        """How much the median moved; None where one side has no case."""
        if self.before.median is None or self.after.median is None:
            return None
        return self.after.median - self.before.median


@dataclass(frozen=True)
class Comparison:
    """The lines in order, those of one policy together, and on which sides there were more cases than are counted."""

    lines: list[StepLine]
    cut: frozenset[str]


def closed_cases(user: Visitor, question: Question, side: str, *, on: date) -> QuerySet[Application]:
    """Decided applications that somebody may read, handed in within a side's period."""
    first, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in question.period(side))
    found = desk_applications_visible_to(user, on).filter(
        kind=Application.Kind.APPLICATION,
        state__in=_DECIDED,
        submitted_at__gte=first,
        submitted_at__lt=end,
    )
    if question.policy_id:
        found = found.filter(policy_id=question.policy_id)
    if question.unit_id is not None:
        found = found.filter(unit=question.unit_id)
    return found


@dataclass(frozen=True)
class DecidedKinds:
    """Of which policies and units there are decided cases."""

    pairs: list[tuple[str, int]]
    units: QuerySet[Unit]


def decided_kinds(user: Visitor, *, on: date) -> DecidedKinds:
    """The policies and units of the decided applications that somebody may read."""
    seen = desk_applications_visible_to(user, on).filter(kind=Application.Kind.APPLICATION, state__in=_DECIDED)
    pairs = list(seen.order_by().values_list("policy_id", "unit_id").distinct())
    return DecidedKinds(pairs, Unit.objects.filter(pk__in={unit for _policy, unit in pairs}))


def compare_steps(user: Visitor, question: Question, *, on: date) -> Comparison:
    """Every step of every policy with its days on both sides; seven queries however many cases there are."""
    most: int = step_day_settings()["most"]
    sides: dict[UUID, tuple[str, str]] = {}
    cut = set()
    for side in SIDES:
        cases = closed_cases(user, question, side, on=on).order_by("-submitted_at", "pk")
        rows = list(cases.values_list("pk", "policy_id")[: most + 1])
        cut |= {side} if len(rows) > most else set()
        sides |= {pk: (side, policy_id) for pk, policy_id in rows[:most]}
    lines: dict[tuple[str, str], StepLine] = {}
    for one in time_taken(sides, with_pauses=question.with_pauses):
        side, policy_id = sides[one.case]
        line = lines.setdefault((policy_id, one.key), StepLine(policy_id, one.key))
        line.side(side).days.append(one.days)
        if one.key != WHOLE:
            # The latest case says what the step is called and how many days are promised.
            line.label, line.label_en, line.position = one.label, one.label_en, one.position
            line.side(side).promised = one.promised
    ordered = sorted(lines.values(), key=lambda line: (line.policy_id, line.position, line.key))
    return Comparison(ordered, frozenset(cut))
