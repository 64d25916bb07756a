"""What is missing, and how far short: only what could still change an answer, and by how much it fails."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chuangju.rules.folding import fold
from chuangju.rules.gaps import Gap, find_gap, find_missing
from tests.rules.small import DAY, bound

REGISTERED = {"registered_on": date(2025, 1, 31)}


def _missing(text: str, **facts: Any) -> list[str]:
    return find_missing(fold(bound(text), DAY))(facts)


def _gap(text: str, **facts: Any) -> Gap | None:
    return find_gap(bound(text), DAY)(facts)


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        ("staff > 3", {}, ["staff"]),
        ("staff > 3", {"staff": 1}, []),
        ("staff > 3 and trained", {}, ["staff", "trained"]),
        ("staff > 3 and trained", {"staff": 5}, ["trained"]),
        ("staff > 3 and trained", {"staff": 1}, []),
        ("staff > 3 or trained", {"staff": 1}, ["trained"]),
        ("staff > 3 or trained", {"trained": True}, []),
        ("(staff > 3 and trained) or first_time", {"staff": 1}, ["first_time"]),
        ("(staff > 3 and trained) or first_time", {}, ["staff", "trained", "first_time"]),
        ("staff > local_staff", {"staff": 1}, ["local_staff"]),
        ("(rent if trained else tax_a) > 0", {}, ["trained"]),
        ("(rent if trained else tax_a) > 0", {"trained": True}, ["rent"]),
        ("(rent if trained else tax_a) > 0", {"trained": False}, ["tax_a"]),
        ("(rent if trained else tax_a) > 0", {"trained": False, "tax_a": 3}, []),
        ("min(staff, local_staff) > 3", {"staff": 1}, ["local_staff"]),
        ("months_since(registered_on) >= 6", {}, ["registered_on"]),
        ("'veteran' in groups", {}, ["groups"]),
        ("'veteran' in groups", {"groups": (None,)}, ["groups"]),
        ("'veteran' in groups", {"groups": ("veteran", None)}, []),
        ("has_all(groups, {'veteran', 'graduate'})", {"groups": ("veteran", None)}, ["groups"]),
        ("count(e.local for e in employees) > 0", {}, ["employees"]),
        ("count(e.local for e in employees) > 0", {"employees": ({"local": None},)}, ["employees"]),
        ("count(e.local for e in employees) > 0", {"employees": ()}, []),
        ("any(e.months > staff for e in employees)", {"employees": ({"months": 3},)}, ["staff"]),
        ("any(e.months > staff for e in employees)", {}, ["employees"]),
        ("any(e.months > staff for e in employees)", {"employees": ()}, []),
        ("any(e.months > staff for e in employees)", {"employees": ({"months": None},), "staff": 3}, ["employees"]),
        ("max(e.months for e in employees) > 3", {"employees": ()}, ["employees"]),
        ("quarter_mean(quarters) > 3", {"quarters": (1, 2)}, ["quarters"]),
        ("quarter_mean(quarters) > 3", {"quarters": (1, 2, 3, 4, 5, 6, 7, None)}, ["quarters"]),
        ("by_band(short_ratio, staff) > 3%", {"staff": 500}, ["staff"]),
        ("by_band(short_ratio, staff) > 3%", {}, ["staff"]),
        ("number in approved", {}, ["number"]),
        ("staff > 3 and (staff > 5 or trained)", {"trained": False}, ["staff"]),
        ("late < registered_on", {}, []),
    ],
)  # fmt: skip
def test_what_is_missing(text: str, facts: dict[str, Any], missing: list[str]) -> None:
    assert _missing(text, **facts) == missing


@pytest.mark.parametrize(
    ("text", "facts", "gap"),
    [
        ("staff >= 3", {"staff": 1}, Gap(2, "count")),
        ("staff > 3", {"staff": 1}, Gap(3, "count")),
        ("staff < 3", {"staff": 3}, Gap(1, "count")),
        ("staff == 3", {"staff": 5}, Gap(2, "count")),
        ("staff != 3", {"staff": 3}, None),
        ("rent >= 3000元", {"rent": 100_000}, Gap(200_000, "money")),
        ("rent < 3000元", {"rent": 300_000}, Gap(1, "money")),
        ("ownership >= 30%", {"ownership": 2500}, Gap(500, "rate")),
        ("months_since(registered_on) >= 6", REGISTERED, Gap(2, "months")),
        ("6 <= months_since(registered_on)", REGISTERED, Gap(2, "months")),
        ("years_since(registered_on) >= 2", REGISTERED, Gap(2, "years")),
        ("days_since(registered_on) >= 200", REGISTERED, Gap(65, "days")),
        ("registered_on <= 2025-01-01", REGISTERED, Gap(30, "days")),
        ("on >= add_months(registered_on, 6)", REGISTERED, Gap(46, "days")),
        ("not (staff < 3)", {"staff": 1}, Gap(2, "count")),
        ("not trained", {"trained": True}, None),
        ("trained", {"trained": False}, None),
        ("form == 'company'", {"form": "individual"}, None),
        ("staff >= 3 and rent >= 3000元", {"staff": 5, "rent": 0}, Gap(300_000, "money")),
        ("staff >= 3 and rent >= 3000元", {"staff": 1, "rent": 0}, Gap(2, "count")),
        ("staff >= 3 or local_staff >= 2", {"staff": 1, "local_staff": 1}, Gap(1, "count")),
        ("staff >= 3 or rent >= 3000元", {"staff": 1, "rent": 1}, None),
        ("trained or first_time", {"trained": False, "first_time": False}, None),
        ("ratio_at_least(local_staff, staff, 15%)", {"local_staff": 1, "staff": 21}, Gap(3, "count")),
        ("ratio_at_least(tax_a, tax_b, 15%)", {"tax_a": 1, "tax_b": 21}, Gap(3, "money")),
        ("count(e.local for e in employees) >= 2", {"employees": ({"local": False},)}, Gap(2, "count")),
        ("1 <= staff <= 3", {"staff": 9}, Gap(6, "count")),
        ("staff >= local_staff", {"staff": 9}, None),
    ],
)  # fmt: skip
def test_how_far_short(text: str, facts: dict[str, Any], gap: Gap | None) -> None:
    assert _gap(text, **facts) == gap
