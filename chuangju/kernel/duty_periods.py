"""期次 - the days and quarters of an hour for which duties are due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

QUARTER_HOUR = timedelta(minutes=15)
A_DAY = timedelta(days=1)
# After a longer downtime the oldest days are no longer made up for one by one.
LONGEST_CATCHING_UP = timedelta(days=400)


@dataclass(frozen=True)
class DutyPeriod:
    """What a duty is run for: the day on the district's clock, its bounds [start, end), and the moment of the run.

    A quarter-hourly duty's `start` reaches back to the end of the run before, so that downtime leaves no gap.
    """

    on: date
    start: datetime
    end: datetime
    at: datetime


@dataclass(frozen=True)
class Span:
    """One day or one quarter of an hour: how it is written, where it begins and ends."""

    key: str
    start: datetime
    end: datetime

    @property
    def on(self) -> date:
        """The day on the district's clock."""
        return timezone.localdate(self.start)


def day_span(day: date) -> Span:
    """A day on the district's clock."""
    return Span(day.isoformat(), _midnight(day), _midnight(day + A_DAY))


def quarter_hour_span(at: datetime) -> Span:
    """The quarter of an hour in which a moment lies."""
    local = timezone.localtime(at)
    start = local.replace(minute=local.minute - local.minute % 15, second=0, microsecond=0)
    return Span(f"{start:%Y-%m-%d %H:%M}", start, start + QUARTER_HOUR)


def days_due(last: datetime | None, *, at: datetime, catches_up: bool) -> Iterator[Span]:
    """The days after the last one that was begun, up to today, in order; today alone at the first start."""
    today = timezone.localdate(at)
    if last is None or not catches_up:
        first = today
    else:
        first = max(timezone.localdate(last) + A_DAY, today - LONGEST_CATCHING_UP)
    if last is not None and timezone.localdate(last) >= today:
        return
    while first <= today:
        yield day_span(first)
        first += A_DAY


def quarter_hours_due(last: datetime | None, *, at: datetime) -> Iterator[Span]:
    """The present quarter of an hour, unless it was begun."""
    span = quarter_hour_span(at)
    if last is None or last < span.start:
        yield span


def next_span(every: str, last: datetime | None, *, at: datetime) -> datetime:
    """When the next period that has not been begun begins; a moment that is past means: now."""
    if last is None:
        return at
    span = day_span(timezone.localdate(last)) if every == "day" else quarter_hour_span(last)
    return span.end


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
