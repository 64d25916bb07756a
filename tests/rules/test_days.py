"""Days: months clamp to their end, every count has one day as its border, and the calendar's ends hold."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest

from chuangju.rules.days import (
    add_days,
    add_months,
    is_month_end,
    is_working_day_by_notice,
    latest_start,
    month_starts,
    months_between,
    nth_working_day_back,
    years_between,
)
from chuangju.rules.kinds import FAR

FIVE_YEARS = [date(2023, 1, 1) + timedelta(days=number) for number in range(5 * 365 + 2)]
SHIFTS = range(-40, 41)


def _moved(day: date, months: int) -> date:
    """By hand: one month at a time from the first of the month, then as far into it as it goes."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in {0, 13}:
            year, month = (year + 1, 1) if month else (year - 1, 12)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def test_months_are_added_one_by_one_and_clamp_to_the_end_of_the_month() -> None:
    for day in FIVE_YEARS:
        for months in SHIFTS:
            assert add_months(day, months) == _moved(day, months)


def test_the_latest_start_is_the_last_day_from_which_so_many_months_have_gone_by() -> None:
    """For each end and number of months: it has gone by from this day, and not from the next; and so for all days around."""
    for end in FIVE_YEARS:
        for months in SHIFTS:
            start = latest_start(end, months)
            assert add_months(start, months) <= end
            assert add_months(start + timedelta(days=1), months) > end


def test_months_between_is_the_greatest_number_that_still_fits() -> None:
    for start in FIVE_YEARS[::7]:
        for end in FIVE_YEARS[::3]:
            months = months_between(start, end)
            assert add_months(start, months) <= end < add_months(start, months + 1)
            assert years_between(start, end) == months // 12


@pytest.mark.parametrize(
    ("start", "end", "months", "years"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), 11, 0),
        (date(2024, 2, 29), date(2025, 2, 28), 12, 1),
        (date(2004, 2, 29), date(2022, 2, 28), 216, 18),
        (date(2004, 2, 29), date(2024, 2, 28), 239, 19),
        (date(2004, 2, 29), date(2024, 2, 29), 240, 20),
        (date(2025, 1, 31), date(2025, 2, 28), 1, 0),
        (date(2025, 1, 31), date(2025, 3, 30), 1, 0),
        (date(2025, 1, 31), date(2025, 3, 31), 2, 0),
        (date(2025, 4, 30), date(2025, 5, 30), 1, 0),
        (date(2025, 5, 2), date(2025, 5, 1), -1, -1),
        (date(2025, 6, 30), date(2025, 5, 31), -1, -1),
        (date(2025, 5, 31), date(2025, 4, 30), -1, -1),
    ],
)
def test_month_ends_leap_days_and_days_before(start: date, end: date, months: int, years: int) -> None:
    assert months_between(start, end) == months
    assert years_between(start, end) == years


def test_what_never_comes_stays_so_and_the_calendar_ends_are_not_passed() -> None:
    assert add_months(FAR, -12) == FAR
    assert add_days(FAR, -1) == FAR
    assert add_months(date(2025, 1, 1), 10**6) == FAR
    assert add_months(date(2025, 1, 1), -(10**6)) == date.min
    assert add_days(date(2025, 1, 1), 10**9) == FAR
    assert add_days(date(2025, 1, 1), -(10**9)) == date.min
    assert add_days(date(2025, 1, 1), 59) == date(2025, 3, 1)


def test_month_ends() -> None:
    assert is_month_end(date(2024, 2, 29))
    assert is_month_end(date(2025, 2, 28))
    assert not is_month_end(date(2024, 2, 28))


def test_the_months_before_a_day_begin_with_the_last_whole_one() -> None:
    assert month_starts(date(2025, 2, 28), 3) == (date(2025, 1, 1), date(2024, 12, 1), date(2024, 11, 1))


def test_working_days_go_by_the_notices_of_holidays() -> None:
    """National Day 2025: 1 to 8 October off, Sunday 28 September and Saturday 11 October worked instead."""
    assert not is_working_day_by_notice(date(2025, 10, 1))
    assert is_working_day_by_notice(date(2025, 9, 28))
    assert is_working_day_by_notice(date(2025, 10, 11))
    assert not is_working_day_by_notice(date(2025, 10, 12))
    assert is_working_day_by_notice(date(2025, 10, 13))


def test_so_many_working_days_back() -> None:
    """On Thursday 9 October one working day has gone by since 8 October, and just as well since 30 September."""
    assert nth_working_day_back(date(2025, 10, 9), 1, is_working_day_by_notice) == date(2025, 10, 8)
    assert nth_working_day_back(date(2025, 10, 9), 2, is_working_day_by_notice) == date(2025, 9, 29)
    assert nth_working_day_back(date(2025, 10, 9), 0, is_working_day_by_notice) == date(2025, 10, 9)
