"""When a message may leave: quiet hours, the daily digest, and the one bundle of pointers a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from chuangju.kernel.models import MessagePreference

# After a failed attempt the next one comes so much later; after the last of them the delivery has failed.
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)


def is_quiet(at: datetime, preference: MessagePreference) -> bool:
    """Whether the moment lies in the person's quiet hours, which mostly cross midnight."""
    clock = timezone.localtime(at).time()
    start, end = preference.quiet_from, preference.quiet_until
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def after_quiet_hours(at: datetime, preference: MessagePreference) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in."""
    return next_time(at, preference.quiet_until) if is_quiet(at, preference) else at


def next_time(at: datetime, clock: time) -> datetime:
    """The next moment, after `at`, at which the district's clocks show this time."""
    local = timezone.localtime(at)
    found = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=1)


def next_digest(at: datetime, hour: int) -> datetime:
    """The next daily e-mail of somebody who chose this hour."""
    return next_time(at, time(hour))


def next_morning(at: datetime, preference: MessagePreference) -> datetime:
    """The first moment of tomorrow that is not in the quiet hours."""
    return after_quiet_hours(start_of_day(at) + timedelta(days=1), preference)


def start_of_day(at: datetime) -> datetime:
    """Midnight before the moment, in the district's time."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def next_try(at: datetime, attempts: int) -> datetime | None:
    """When to try again after so many attempts; None: give up."""
    return at + BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None
