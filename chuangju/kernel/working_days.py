"""工作日: which days count, by the State Council's yearly notice with its make-up days (调休).

The notices of past years come with the holidays library; the office enters a newer one in the browser, and an entered
notice prevails. A year without any notice is provisional: its statutory days are known, its make-up days are not, and
counts across it may change once the notice is out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.conf import settings

SATURDAY = 5

# Day -> whether it is worked, for each year whose notice was entered.
EnteredNotices = Mapping[int, Mapping[date, bool]]


class _Entered:
    """The notices that were entered, kept in memory: counting days must not ask the database for each of them."""

    def __init__(self) -> None:
        self.read: Callable[[], EnteredNotices] | None = None
        self.notices: EnteredNotices = {}
        self.read_at: float | None = None

    def current(self) -> EnteredNotices:
        """What is in force; read again after a while, since another process may have entered a notice."""
        patience = settings.HOLIDAYS_REREAD_SECONDS if settings.configured else None
        if self.read is None or patience is None:
            return self.notices
        if self.read_at is None or time.monotonic() - self.read_at > patience:
            self.keep(self.read())
        return self.notices

    def keep(self, notices: EnteredNotices) -> None:
        self.notices, self.read_at = notices, time.monotonic()


_entered = _Entered()


def read_notices_with(read: Callable[[], EnteredNotices]) -> None:
    """Say where entered notices are read from; without it only the library's are known."""
    _entered.read = read


def keep_notices(notices: EnteredNotices) -> None:
    """Take these notices for the ones in force, at once and in this process; others follow when they read again."""
    _entered.keep(notices)


@lru_cache(maxsize=64)
def _calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The year's days off, and the weekend days on which one works, as the library has them."""
    # The years around it too: the notice for one year may move days across New Year.
    china = holidays.country_holidays("CN", years=(year - 1, year, year + 1), expand=False)
    return frozenset(china), frozenset(china.weekend_workdays)


@lru_cache(maxsize=1)
def last_library_year() -> int:
    """The last year whose notice the library holds."""
    notices: dict[int, object] = holidays.country_holidays("CN", years=2026).special_public_holidays
    return max(notices)


def is_provisional(year: int) -> bool:
    """Whether the year's notice is not in yet, so that make-up days are missing from the count."""
    return year > last_library_year() and year not in _entered.current()


def is_span_provisional(start: date, end: date) -> bool:
    """Whether a count from one day to another crosses a year whose notice is not in yet."""
    first, last = sorted((start, end))
    return any(is_provisional(year) for year in range(first.year, last.year + 1))


def is_working_day(day: date) -> bool:
    """Whether offices are open: weekdays that are no holiday, and make-up days at weekends."""
    notices = _entered.current()
    # The notice for a year may speak of the last days of the year before.
    for year in (day.year, day.year + 1):
        if year in notices and day in notices[year]:
            return notices[year][day]
    if day.year in notices:
        # The year's own notice says all of it: what the library supposed counts no more.
        return day.weekday() < SATURDAY
    days_off, makeup_days = _calendar(day.year)
    if day in makeup_days:
        return True
    return day.weekday() < SATURDAY and day not in days_off


def add_working_days(day: date, count: int) -> date:
    """The day that is so many working days later (earlier where negative); the first day itself is not counted."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days pass from `start` (not counted) to `end` (counted); negative where `end` is past."""
    if end < start:
        return -working_days_between(end, start)
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range(1, span + 1))
