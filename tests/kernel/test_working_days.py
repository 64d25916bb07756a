"""Days checked by hand against the State Council's notices for 2025 and 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangju.kernel.working_days import add_working_days, is_provisional, is_working_day, working_days_between

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 12, 31))


@pytest.mark.parametrize(
    "day",
    ["2025-01-26", "2025-09-28", "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
)
def test_make_up_days_at_weekends_count(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day", ["2026-01-01", "2026-01-02", "2026-02-16", "2026-02-23", "2026-05-05", "2026-06-19", "2026-10-07"]
)
def test_days_off_in_the_week_do_not_count(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert not is_working_day(date.fromisoformat(day))


def test_plain_weekdays_count_and_plain_weekends_do_not() -> None:
    assert is_working_day(date(2026, 6, 15))
    assert not is_working_day(date(2026, 6, 13))
    assert not is_working_day(date(2026, 6, 14))


def test_five_working_days_over_the_national_holiday_end_after_it() -> None:
    """From 29 September 2026: the 30th, then 8, 9, 10 (a make-up Saturday) and 12 October."""
    assert add_working_days(date(2026, 9, 29), 5) == date(2026, 10, 12)
    assert working_days_between(date(2026, 9, 29), date(2026, 10, 12)) == 5


def test_the_first_day_is_not_counted_and_the_last_one_is() -> None:
    assert working_days_between(date(2026, 6, 15), date(2026, 6, 15)) == 0
    assert working_days_between(date(2026, 6, 15), date(2026, 6, 16)) == 1
    assert working_days_between(date(2026, 6, 12), date(2026, 6, 15)) == 1


def test_what_is_past_counts_negative() -> None:
    assert working_days_between(date(2026, 6, 16), date(2026, 6, 12)) == -2
    assert add_working_days(date(2026, 6, 16), -2) == date(2026, 6, 12)


def test_nothing_added_leaves_the_day_even_at_a_weekend() -> None:
    assert add_working_days(date(2026, 6, 13), 0) == date(2026, 6, 13)


def test_years_whose_notice_is_not_in_yet_are_provisional() -> None:
    assert not is_provisional(2025)
    assert not is_provisional(2026)
    assert is_provisional(date.max.year)


@given(days, st.integers(min_value=1, max_value=60))
def test_adding_lands_on_a_working_day_that_is_as_far_away_as_was_asked(day: date, count: int) -> None:
    end = add_working_days(day, count)
    assert is_working_day(end)
    assert working_days_between(day, end) == count


@given(days, days, days)
def test_counts_add_up_over_a_day_between(first: date, second: date, third: date) -> None:
    start, middle, end = sorted((first, second, third))
    assert working_days_between(start, middle) + working_days_between(middle, end) == working_days_between(start, end)
    assert working_days_between(start, end) <= (end - start) // timedelta(days=1)
