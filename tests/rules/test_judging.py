"""The five verdicts: each of the steps that lead to them, and days on which everything must hold together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.small import answer, policy, policy_of

NEW = {"registered_on": date(2025, 1, 31)}
SIX = "months_since(registered_on) >= 6"
PLAIN = policy_of("staff >= 3", SIX, "trained")


@pytest.mark.parametrize(
    ("facts", "verdict", "from_day", "missing"),
    [
        ({"staff": 3, "registered_on": date(2024, 12, 15), "trained": True}, "eligible", None, ()),
        ({"staff": 3, "registered_on": date(2024, 12, 16), "trained": True}, "not_yet", date(2025, 6, 16), ()),
        ({"staff": 3, **NEW, "trained": True}, "not_yet", date(2025, 7, 31), ()),
        ({"staff": 2, "registered_on": date(2024, 1, 1), "trained": True}, "near_miss", None, ()),
        ({"staff": 2, **NEW, "trained": True}, "not_eligible", None, ()),
        ({"staff": 2, "registered_on": date(2024, 1, 1)}, "not_eligible", None, ()),
        ({"staff": 3, "registered_on": date(2024, 1, 1)}, "unknown", None, ("trained",)),
        ({"staff": 3, **NEW}, "unknown", None, ("trained",)),
        ({}, "unknown", None, ("staff", "registered_on", "trained")),
        ({"staff": 2}, "not_eligible", None, ()),
    ],
)
def test_the_verdict_follows_from_the_conditions(
    facts: dict[str, Any], verdict: str, from_day: date | None, missing: tuple[str, ...]
) -> None:
    found = answer(PLAIN, **facts)
    assert (found.verdict, found.from_day, found.missing) == (verdict, from_day, missing)


def test_several_conditions_of_time_hold_from_the_latest_of_their_days() -> None:
    both = policy_of(SIX, "days_since(ends_on) >= 60", "years_since(born_on) >= 18")
    found = answer(both, **NEW, ends_on=date(2025, 6, 1), born_on=date(2007, 6, 16))
    assert (found.verdict, found.from_day) == ("not_yet", date(2025, 7, 31))
    assert [one.from_day for one in found.conditions] == [date(2025, 7, 31), date(2025, 7, 31), date(2025, 6, 16)]


def test_what_no_longer_holds_on_that_day_makes_it_no_not_yet() -> None:
    window = policy_of(SIX, "years_since(born_on) <= 35")
    young, nearly, old = date(1990, 1, 1), date(1989, 8, 1), date(1989, 7, 31)
    assert answer(window, **NEW, born_on=young).verdict == "not_yet"
    assert answer(window, **NEW, born_on=nearly).verdict == "not_yet"
    assert answer(window, **NEW, born_on=old).verdict == "near_miss"


def test_a_day_after_the_term_is_none() -> None:
    """Registered so that six months are over on the last day, or on the day after it."""
    on = date(2026, 12, 1)
    assert answer(policy_of(SIX), on, registered_on=date(2026, 6, 30)).from_day == date(2026, 12, 30)
    assert answer(policy_of(SIX), on, registered_on=date(2026, 7, 1)).verdict == "near_miss"
    later = answer(policy_of(SIX, "trained"), on, registered_on=date(2026, 7, 1))
    assert (later.verdict, later.missing) == ("not_eligible", ())
    open_end = policy_of(SIX, term="effective: 2024-01-01 ..\n")
    assert answer(open_end, on, registered_on=date(2026, 7, 1)).from_day == date(2027, 1, 1)


def test_before_its_term_a_policy_is_not_yet_and_after_it_no_more() -> None:
    early = answer(policy_of("staff >= 3"), date(2023, 12, 31), staff=3)
    assert (early.verdict, early.from_day) == ("not_yet", date(2024, 1, 1))
    assert early.conditions[-1].program.id == "begun"
    late = answer(policy_of("staff >= 3"), date(2027, 1, 1), staff=3)
    assert (late.verdict, [one.program.id for one in late.failing]) == ("near_miss", ["in_force"])
    assert not late.is_actionable
    assert answer(policy_of("staff >= 3"), date(2024, 1, 1), staff=3).verdict == "eligible"
    assert answer(policy_of("staff >= 3"), date(2026, 12, 31), staff=3).verdict == "eligible"


def test_the_last_day_to_claim_is_a_condition() -> None:
    of = policy_of("staff >= 3", more="claim_by: add_months(registered_on, 12)\n")
    assert answer(of, date(2025, 1, 31), staff=3, registered_on=date(2024, 1, 31)).verdict == "eligible"
    late = answer(of, date(2025, 2, 1), staff=3, registered_on=date(2024, 1, 31))
    assert (late.verdict, [one.program.id for one in late.failing]) == ("near_miss", ["claim_by"])
    assert answer(of, staff=3).missing == ("registered_on",)


def test_a_day_after_the_last_day_to_claim_is_none() -> None:
    of = policy_of("months_since(ends_on) >= 6", more="claim_by: add_months(registered_on, 12)\n")
    dates = {"ends_on": date(2025, 2, 1)}
    assert answer(of, **dates, registered_on=date(2024, 8, 1)).from_day == date(2025, 8, 1)
    assert answer(of, **dates, registered_on=date(2024, 7, 31)).verdict == "near_miss"


GRANDFATHERED = policy_of(
    "staff >= 3",
    SIX,
    more="grandfathering: {when: trained, until: 'add_years(registered_on, 3)', law: 第九条}\n",
)


@pytest.mark.parametrize(
    ("on", "facts", "verdict"),
    [
        (date(2026, 12, 31), {"trained": False, "registered_on": date(2025, 1, 1)}, "eligible"),
        (date(2027, 1, 1), {"trained": True, "registered_on": date(2025, 1, 1)}, "eligible"),
        (date(2027, 1, 1), {"trained": False, "registered_on": date(2025, 1, 1)}, "near_miss"),
        (date(2027, 1, 1), {"registered_on": date(2025, 1, 1)}, "unknown"),
        (date(2028, 1, 1), {"trained": True, "registered_on": date(2025, 1, 1)}, "eligible"),
        (date(2028, 1, 2), {"trained": True, "registered_on": date(2025, 1, 1)}, "near_miss"),
        (date(2026, 12, 1), {"trained": True, "registered_on": date(2026, 8, 1)}, "not_yet"),
        (date(2026, 12, 1), {"trained": False, "registered_on": date(2026, 8, 1)}, "near_miss"),
        (date(2026, 12, 1), {"trained": None, "registered_on": date(2026, 8, 1)}, "unknown"),
        (date(2026, 12, 1), {"trained": False, "registered_on": date(2026, 6, 30)}, "not_yet"),
        (date(2023, 12, 1), {"trained": True, "registered_on": date(2021, 1, 1)}, "not_yet"),
    ],
)
def test_after_its_end_a_policy_goes_on_for_some(on: date, facts: dict[str, Any], verdict: str) -> None:
    assert answer(GRANDFATHERED, on, staff=3, **facts).verdict == verdict


def test_what_leaves_open_whether_they_go_on_is_asked_for() -> None:
    found = answer(GRANDFATHERED, date(2026, 12, 1), staff=3, registered_on=date(2026, 8, 1))
    assert (found.verdict, found.missing) == ("unknown", ("trained",))


def test_grandfathering_without_an_end() -> None:
    of = policy_of("staff >= 3", more="grandfathering: {when: trained, law: 第九条}\n")
    assert answer(of, date(2090, 1, 1), staff=3, trained=True).verdict == "eligible"
    open_end = policy_of(
        "staff >= 3", more="grandfathering: {when: trained, law: 九}\n", term="effective: 2024-01-01 ..\n"
    )
    assert [one.program.id for one in answer(open_end, staff=3).conditions] == ["c1"]


def test_figures_of_the_day_on_which_it_would_hold_count() -> None:
    """Six months are over on 1 October; by then twelve months of the other are not enough any more."""
    of = policy(
        "parameters: {least: {2024-01-01: 12, 2025-09-01: 24}}\n"
        f"conditions:\n- {{id: a, when: {SIX}, law: x}}\n- {{id: b, when: months_since(born_on) >= least, law: x}}\n"
    )
    twelve = {"born_on": date(2024, 5, 1)}
    assert answer(of, registered_on=date(2025, 2, 1), **twelve).from_day == date(2025, 8, 1)
    assert answer(of, registered_on=date(2025, 4, 1), **twelve).verdict == "near_miss"
    assert answer(of, registered_on=date(2025, 4, 1), born_on=date(2020, 1, 1)).from_day == date(2025, 10, 1)


def test_a_list_that_somebody_leaves_counts_on_the_day_on_which_it_would_hold() -> None:
    of = policy_of(SIX, "number in approved")
    assert answer(of, registered_on=date(2024, 12, 30), number="B2").from_day == date(2025, 6, 30)
    assert answer(of, registered_on=date(2024, 12, 31), number="B2").from_day == date(2025, 6, 30)
    assert answer(of, registered_on=date(2025, 1, 1), number="B2").verdict == "near_miss"
    assert answer(of, registered_on=date(2025, 1, 1), number="A1").from_day == date(2025, 7, 1)


def test_within_so_many_working_days_holds_on_the_day_found_or_not() -> None:
    """Twenty working days from 13 June on are over with 11 July."""
    of = policy_of(SIX, "working_days_since(ends_on) <= 20")
    assert answer(of, registered_on=date(2025, 1, 11), ends_on=date(2025, 6, 13)).from_day == date(2025, 7, 11)
    assert answer(of, registered_on=date(2025, 1, 14), ends_on=date(2025, 6, 13)).verdict == "near_miss"


@pytest.mark.parametrize(
    ("when", "facts", "missing"),
    [
        ("months_since(registered_on) >= 6 and months_since(born_on) >= 6", NEW, ("born_on",)),
        ("months_since(registered_on) >= 6 and months_since(born_on) >= 6", {"born_on": NEW["registered_on"]}, ("registered_on",)),
    ],
)  # fmt: skip
def test_a_no_that_time_may_or_may_not_mend_is_unknown(
    when: str, facts: dict[str, Any], missing: tuple[str, ...]
) -> None:
    found = answer(policy_of(when), **facts)
    assert (found.verdict, found.missing) == ("unknown", missing)


def test_a_yes_that_may_or_may_not_last_is_unknown() -> None:
    of = policy_of(SIX, "years_since(born_on) <= 35 or trained")
    found = answer(of, **NEW, born_on=date(1989, 7, 1))
    assert (found.verdict, found.missing) == ("unknown", ("trained",))
    assert answer(of, **NEW, born_on=date(1989, 7, 1), trained=True).verdict == "not_yet"
    assert answer(of, **NEW, born_on=date(1989, 7, 1), trained=False).verdict == "near_miss"


def test_two_that_fail_and_do_not_last_together_are_not_eligible() -> None:
    of = policy_of(SIX, "months_since(born_on) >= 6", "on <= 2025-08-15")
    dates = {"registered_on": date(2025, 3, 1), "born_on": date(2025, 2, 28)}
    assert answer(of, **dates).verdict == "not_eligible"


def test_the_amount_counts_only_where_eligible_and_is_never_below_nothing() -> None:
    of = policy_of("staff >= 3", more="amount: rent - 1万元\n")
    assert answer(of, staff=3, rent=1_500_000).amount == 500_000
    assert answer(of, staff=3, rent=500_000).amount == 0
    assert answer(of, staff=2, rent=1_500_000).amount is None
    unsure = answer(of, staff=3)
    assert (unsure.verdict, unsure.amount, unsure.missing) == ("eligible", None, ("rent",))


def test_a_policy_without_an_amount_and_one_for_points() -> None:
    assert answer(policy_of("staff >= 3"), staff=3).amount is None
    points = policy(
        "points:\n  items:\n  - {id: a, value: staff, cap: 10, law: x}\n  - {id: b, value: 5 if trained else 0, law: x, group: g}\n"
        "  - {id: c, value: 8 if first_time else 0, law: x, group: g}\n"
        "conditions:\n- {id: enough, when: points_total >= 15, law: x}\namount: points_total\n"
    )
    assert answer(points, staff=50, trained=True, first_time=True).amount == 18
    assert answer(points, staff=50, trained=True, first_time=False).amount == 15
    assert answer(points, staff=9, trained=True, first_time=False).verdict == "near_miss"
    open_point = answer(points, staff=9, first_time=True)
    assert (open_point.verdict, open_point.missing) == ("unknown", ("trained",))
