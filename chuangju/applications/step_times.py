"""环节用时 - how many working days cases stayed at each of their steps, read out of what they leave behind.

Nothing is entered for it: steps have the moments at which they opened and ended, clocks have their pauses. As with clocks,
the day on which a step opened is not counted, nor are the days on which the clock stood still. What several units did side
by side counts once, from the first opening to the last answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from chuangju.applications.case_clocks import CASE, INTAKE
from chuangju.applications.models import Application, Step
from chuangju.kernel.models import Clock, ClockPause
from chuangju.kernel.working_days import is_working_day

# The key of the time that a case took from its acceptance until its decision was in force.
WHOLE = "-"
_FIELDS = ("application_id", "position", "kind", "word", "label", "label_en", "days", "opened_at", "done_at")
Span = tuple[date, date]


@dataclass(slots=True)
class StepTime:
    """How long one case stayed at one step; `key` says the same step in every case of a policy."""

    case: UUID
    key: str
    opened_on: date
    done_on: date
    label: str = ""
    label_en: str = ""
    position: int = 0
    promised: int | None = None
    days: int = 0


class WorkingDayCount:
    """Working days between days of a span, each looked up once however often one asks."""

    def __init__(self, first: date, last: date) -> None:
        """Add up the span."""
        self._sums: dict[date, int] = {}
        total, day = 0, first
        while day <= last:
            total += is_working_day(day)
            self._sums[day] = total
            day += timedelta(days=1)

    def between(self, start: date, end: date) -> int:
        """How many pass from `start` (not counted) to `end` (counted); none where `end` is not later."""
        return self._sums[end] - self._sums[start] if end > start else 0

    def used(self, start: date, end: date, pauses: Sequence[Span] = ()) -> int:
        """The same without those on which the clock stood still."""
        still = sum(self.between(max(start, begin), min(end, resumed)) for begin, resumed in pauses)
        return self.between(start, end) - still


def time_taken(cases: Iterable[UUID], *, with_pauses: bool = False) -> list[StepTime]:
    """The working days of these cases as a whole and step by step, earlier ones first; three queries."""
    keys = list(cases)
    found = [*_whole_times(keys), *_step_times(keys)] if keys else []
    if not found:
        return []
    calendar = WorkingDayCount(min(one.opened_on for one in found), max(one.done_on for one in found))
    pauses = {} if with_pauses else _pauses_of(keys)
    for one in found:
        one.days = calendar.used(one.opened_on, one.done_on, pauses.get(one.case, ()))
    return found


def _whole_times(keys: list[UUID]) -> list[StepTime]:
    clocks = _clocks(keys).filter(kind=CASE, stopped_on__isnull=False).order_by("started_on", "pk")
    rows = clocks.values_list("owner_id", "started_on", "stopped_on")
    return [StepTime(UUID(owner), WHOLE, started, stopped) for owner, started, stopped in rows if stopped]


def _step_times(keys: list[UUID]) -> list[StepTime]:
    steps = Step.objects.filter(application__in=keys, state=Step.State.DONE, opened_at__isnull=False)
    found: dict[tuple[UUID, str, int], StepTime] = {}
    met: Counter[tuple[UUID, str]] = Counter()
    zone = timezone.get_current_timezone()
    for row in steps.order_by("opened_at", "position", "pk").values(*_FIELDS):
        case, word, position = row["application_id"], row["word"] or row["kind"], row["position"]
        opened, done = row["opened_at"].astimezone(zone).date(), row["done_at"].astimezone(zone).date()
        same = found.get((case, word, position))
        if same is not None:
            same.opened_on, same.done_on = min(same.opened_on, opened), max(same.done_on, done)
            continue
        met[case, word] += 1
        found[case, word, position] = StepTime(
            case, _key(word, met[case, word]), opened, done, row["label"], row["label_en"], position, row["days"]
        )
    return list(found.values())


def _key(word: str, place: int) -> str:
    """A word that a process has twice is told apart by its place."""
    return word if place == 1 else f"{word}.{place}"


def _clocks(keys: list[UUID]) -> Any:
    owner = ContentType.objects.get_for_model(Application)
    return Clock.objects.filter(owner_type=owner, owner_id__in=[str(key) for key in keys])


def _pauses_of(keys: list[UUID]) -> dict[UUID, list[Span]]:
    """When the clocks of these cases stood still."""
    clocks = _clocks(keys).filter(kind__in=(INTAKE, CASE))
    found: dict[UUID, list[Span]] = {}
    for owner, begun, resumed in ClockPause.objects.filter(
        clock__in=clocks.values("pk"), resumed_on__isnull=False
    ).values_list("clock__owner_id", "paused_on", "resumed_on"):
        if resumed:
            found.setdefault(UUID(owner), []).append((begun, resumed))
    return found
