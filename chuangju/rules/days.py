"""The calendar of the policy language: months clamp to their end, and every comparison with a count has one day as its border.

`add_months` and its inverse `latest_start` are the whole of it; columns and SQL never compute months by themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from chuangju.rules.kinds import FAR

IsWorkingDay = Callable[[date], bool]
ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """The day so many months on (or back), at most the last of its month; FAR stays FAR, the calendar's ends hold."""
    if day == FAR:
        return FAR
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > FAR.year:
        return FAR
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """The day so many days on (or back); FAR stays FAR, the calendar's ends hold."""
    if day == FAR:
        return FAR
    return date.fromordinal(min(max(day.toordinal() + days, 1), FAR.toordinal()))


def months_between(start: date, end: date) -> int:
    """The greatest n with add_months(start, n) <= end."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if start.day > end.day and not is_month_end(end) else months


def years_between(start: date, end: date) -> int:
    """The greatest n with add_months(start, 12 n) <= end."""
    return months_between(start, end) // 12


def is_month_end(day: date) -> bool:
    """Whether this is the last day of its month."""
    return day.day == monthrange(day.year, day.month)[1]


def latest_start(end: date, months: int) -> date:
    """The last day from which so many months have gone by at `end`: add_months(d, months) <= end just when d <= this."""
    if not is_month_end(end):
        return add_months(end, -months)
    moved = add_months(end.replace(day=1), -months)
    return moved.replace(day=monthrange(moved.year, moved.month)[1])


def month_starts(day: date, count: int) -> tuple[date, ...]:
    """The first days of the months before the month of this day, the latest first."""
    first = day.replace(day=1)
    return tuple(add_months(first, -back) for back in range(1, count + 1))


def nth_working_day_back(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    """The last day after which at least so many working days have gone by at `day`."""
    left, here = count, day
    while left > 0:
        left -= is_working_day(here)
        here -= ONE_DAY
    return here


@lru_cache(maxsize=256)
def working_days_after(first: date, last: date, count: int, is_working_day: IsWorkingDay) -> tuple[date, ...]:
    """For each day from the first to the last the one on which so many working days after it have gone by."""
    worked: list[date] = []
    here, wanted = first, count
    while len(worked) < wanted:
        here += ONE_DAY
        if is_working_day(here):
            worked.append(here)
            wanted += here <= last
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    return tuple(worked[bisect_right(worked, day) + count - 1] if count else day for day in days)


def is_working_day_by_notice(day: date) -> bool:
    """By the State Council's holiday notices as far as they are published; weekdays otherwise."""
    off, worked = _notices(day.year)
    return day in worked or (day.weekday() < _SATURDAY and day not in off)


@lru_cache(maxsize=64)
def _notices(year: int) -> tuple[frozenset[date], frozenset[date]]:
    import holidays  # noqa: PLC0415 - loaded only where working days are asked for

    found = holidays.country_holidays("CN", years=year)
    worked: set[date] = getattr(found, "weekend_workdays", set())
    return frozenset(day for day in found if day not in worked), frozenset(worked)
