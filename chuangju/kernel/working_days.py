"""工作日: which days count, by the State Council's yearly notice with its make-up days (调休).

The notices come with the holidays library. A year whose notice is not in it yet is provisional: its statutory days are
known, its make-up days are not, and counts across it may change once the notice is out.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5


@lru_cache(maxsize=64)
def _calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The year's days off, and the weekend days on which one works."""
    # The years around it too: the notice for one year may move days across New Year.
    china = holidays.country_holidays("CN", years=(year - 1, year, year + 1), expand=False)
    return frozenset(china), frozenset(china.weekend_workdays)


@lru_cache(maxsize=1)
def _last_notice() -> int:
    notices: dict[int, object] = holidays.country_holidays("CN", years=2026).special_public_holidays
    return max(notices)


def is_provisional(year: int) -> bool:
    """Whether the year's notice is not in yet, so that make-up days are missing from the count."""
    return year > _last_notice()


def is_working_day(day: date) -> bool:
    """Whether offices are open: weekdays that are no holiday, and make-up days at weekends."""
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
