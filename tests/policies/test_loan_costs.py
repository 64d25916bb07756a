"""Instalments in whole fen: they add up, the last one evens out, and interest is counted as named."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangju.policies.loan_costs import equal_instalments, interest_first, total_interest

DRAWN = date(2026, 1, 31)


def test_equal_instalments_as_a_bank_counts_them() -> None:
    plan = equal_instalments(30_000_000, 345, 12, drawn_on=DRAWN)
    assert plan[0].interest == 86_250  # 300,000 × 3.45 % ÷ 12
    assert {one.total for one in plan[:-1]} == {2_546_965}
    assert total_interest(plan) == 563_576
    assert (plan[0].due_on, plan[-1].left) == (date(2026, 2, 28), 0)


def test_interest_first_counts_actual_days_over_360() -> None:
    plan = interest_first(30_000_000, 345, 12, drawn_on=date(2024, 7, 1))
    assert plan[0].interest == 89_125  # 31 days
    assert total_interest(plan) == 1_049_375  # 365 days
    assert plan[-1].principal == 30_000_000


def test_without_interest_only_the_principal_is_paid_back() -> None:
    assert [one.total for one in equal_instalments(100, 0, 3, drawn_on=DRAWN)] == [34, 34, 32]


@settings(max_examples=150, deadline=None)
@given(
    principal=st.integers(1, 10**10),
    rate=st.integers(0, 3600),
    months=st.integers(1, 120),
    day=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
@pytest.mark.parametrize("make", [equal_instalments, interest_first])
def test_what_is_paid_back_is_what_was_borrowed(
    make: object, principal: int, rate: int, months: int, day: date
) -> None:
    plan = make(principal, rate, months, drawn_on=day)  # type: ignore[operator]
    assert sum(one.principal for one in plan) == principal
    assert plan[-1].left == 0
    assert all(one.interest >= 0 and one.principal >= 0 for one in plan)
    assert [one.number for one in plan] == list(range(1, months + 1))
