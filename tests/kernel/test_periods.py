"""Years, halves, quarters and months: read, shown, followed one by another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangju.kernel.periods import Period, PeriodKind, PeriodRefused

periods = st.builds(
    Period.containing, st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)), st.sampled_from(PeriodKind)
)


@pytest.mark.parametrize(
    ("text", "code", "label", "start", "end"),
    [
        ("2026", "2026", "2026年", "2026-01-01", "2026-12-31"),
        ("2026年", "2026", "2026年", "2026-01-01", "2026-12-31"),
        ("2026年度", "2026", "2026年", "2026-01-01", "2026-12-31"),
        ("2026H1", "2026-H1", "2026年上半年", "2026-01-01", "2026-06-30"),
        ("2026年下半年", "2026-H2", "2026年下半年", "2026-07-01", "2026-12-31"),
        ("2026 Q3", "2026-Q3", "2026年第3季度", "2026-07-01", "2026-09-30"),
        ("2026年第三季度", "2026-Q3", "2026年第3季度", "2026-07-01", "2026-09-30"),
        ("2026年一季度", "2026-Q1", "2026年第1季度", "2026-01-01", "2026-03-31"),
        ("2024-02", "2024-02", "2024年2月", "2024-02-01", "2024-02-29"),
        ("2026年12月", "2026-12", "2026年12月", "2026-12-01", "2026-12-31"),
        ("2026年7月份", "2026-07", "2026年7月", "2026-07-01", "2026-07-31"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, code: str, label: str, start: str, end: str) -> None:
    period = Period.parse(text)
    assert (period.code, period.label, str(period)) == (code, label, code)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text", ["", "去年", "2026-13", "2026年13月", "2026Q5", "2026年上", "2026年1", "0000", "26年", "2026-07-01"]
)
def test_what_names_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PeriodRefused, match="请写成“2026年第三季度”"):
        Period.parse(text)


def test_a_period_that_does_not_exist_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no quarter 5 in 2026"):
        Period(2026, PeriodKind.QUARTER, 5)


@given(periods)
def test_a_period_follows_its_predecessor_without_gap_or_overlap(period: Period) -> None:
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period
    assert period.start in period
    assert period.end in period
    assert period.next().start not in period


@given(periods)
def test_a_period_is_found_again_from_its_code_and_from_any_of_its_days(period: Period) -> None:
    assert Period.parse(period.code) == period
    assert Period.containing(period.start, period.kind) == Period.containing(period.end, period.kind) == period
