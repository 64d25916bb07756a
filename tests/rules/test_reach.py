"""Conditions that nobody can fulfil, as far as bounds tell; in doubt they can be fulfilled."""

from __future__ import annotations

import pytest

from chuangju.rules.folding import fold
from chuangju.rules.parser import parse_expression
from chuangju.rules.reach import can_hold
from tests.rules.small import DAY, SCOPE, bound


@pytest.mark.parametrize(
    "text",
    [
        "staff > 100000",
        "staff < 0",
        "staff == 100001",
        "staff >= 100001",
        "staff <= -1",
        "5 > 6",
        "false",
        "late > registered_on",
        "staff > 5 and staff < 3",
        "staff >= 5 and trained and staff <= 4",
        "staff == 5 and staff == 6",
        "5 < staff and 3 > staff",
        "form == 'company' and form == 'individual'",
        "form in {'company'} and form in {'individual', 'cooperative'}",
        "form == 'company' and form in {'individual'}",
        "registered_on < 2024-01-01 and registered_on > 2024-06-01",
        "months_since(registered_on) >= 12 and registered_on > 2024-12-01",
        "count(employees) > 1000",
        "count(e.local for e in employees) >= 5 and count(e.local for e in employees) <= 3",
        "staff > 100000 or local_staff > 100000",
        "not (staff <= 100000)",
        "min(staff, 3) > 3",
        "trained and (staff > 100000 or false)",
        "number in approved and false",
    ],
)
def test_what_nobody_can_fulfil(text: str) -> None:
    assert not can_hold(fold(bound(text), DAY))


@pytest.mark.parametrize(
    "text",
    [
        "staff >= 100000",
        "staff != 3",
        "trained",
        "not trained",
        "trained and not trained",
        "form == 'company'",
        "form != 'company' and form == 'company'",
        "staff > 5 or staff < 3",
        "staff >= 5 and staff <= 5",
        "staff > local_staff and staff < local_staff",
        "form in {'company', 'individual'} and form in {'individual'}",
        "'veteran' in groups and 'graduate' in groups",
        "registered_on <= 2024-06-01 and registered_on >= 2024-06-01",
        "count(e.local for e in employees) >= 5 and count(e.months > 3 for e in employees) <= 3",
        "staff + 1 > 5 and staff + 1 < 3",
        "trained == true",
        "any(e.months > 600 for e in employees)",
    ],
)
def test_what_somebody_may_fulfil(text: str) -> None:
    assert can_hold(fold(bound(text), DAY))


def test_a_list_without_members_can_be_fulfilled_by_nobody() -> None:
    assert not can_hold(fold(bound("number in approved", DAY.replace(year=2010)), DAY))
    assert can_hold(fold(bound("number not in approved", DAY.replace(year=2010)), DAY))


def test_a_number_written_first_says_the_same() -> None:
    assert not can_hold(bound("5 < staff and 3 > staff"))
    assert can_hold(bound("5 < staff and 9 > staff"))


def test_what_could_overflow_is_left_to_the_check_of_bounds() -> None:
    assert can_hold(parse_expression("staff * staff * staff * staff < 0", SCOPE))
