"""Amounts of shipped policies to the fen, worked out by hand beside each of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.explain import Explanation, explain
from chuangju.rules.given import clean_facts
from chuangju.ventures.registers import dictionary


def _answer(policy: str, on: str, **given: Any) -> Explanation:
    policy_id, version = policy.split("@")
    found = shipped_catalogue().version(policy_id, version)
    assert found is not None
    facts, problems = clean_facts(given, dictionary())
    assert problems == []
    return explain(found, facts, on=date.fromisoformat(on))


@pytest.mark.parametrize(
    ("on", "granted", "fen"),
    [
        # 5,000.01 at 30 % is 1,500.003, so 1,500.00 a month, for 12 of the 24 months.
        ("2024-06-30", 0, 12 * 150_000),
        # From the very day at 50 %: 2,500.005, half up 2,500.01.
        ("2024-07-01", 0, 12 * 250_001),
        # 15 of 24 months have been paid: 9 are left.
        ("2024-07-01", 15, 9 * 250_001),
    ],
)
def test_rent(on: str, granted: int, fen: int) -> None:
    hired = {"residence": "city", "insured_months": 6}
    lease = {"district": "310112", "from": "2024-01-01", "to": "2024-12-31", "monthly_rent": "5000.01元"}
    found = _answer(
        "rent_subsidy@2024", on, status="active", registered_on="2024-01-01", leases=[lease], employees=[hired, hired],
        monthly_rent="5000.01元", rent_months_granted=granted,
    )  # fmt: skip
    assert (found.verdict, found.amount) == ("eligible", fen)


@pytest.mark.parametrize(
    ("on", "insured_from", "heads", "fen"),
    [
        # July 2023 to June 2024 at a floor of 7,310: 25.5 % is 1,864.05, half of it 932.025, half up 932.03; twelve times.
        ("2024-07-10", "2023-01-01", 1, 12 * 93_203),
        # Rounded for all three heads of a month together: 21,930 at 25.5 % is 5,592.15, half 2,796.075, half up 2,796.08.
        ("2024-07-10", "2023-01-01", 3, 12 * 279_608),
        # At most eight heads: 58,480 at 25.5 % is 14,912.40, half 7,456.20.
        ("2024-07-10", "2023-01-01", 9, 12 * 745_620),
        # Insured from 15 September 2024: ten months at 7,384 (941.46 each) and July 2025 at 7,460 (951.15).
        ("2025-08-20", "2024-09-15", 1, 10 * 94_146 + 95_115),
    ],
)
def test_social_insurance(on: str, insured_from: str, heads: int, fen: int) -> None:
    employee = {"residence": "district", "insured_from": insured_from}
    found = _answer(
        "social_insurance_subsidy@2023",
        on,
        status="active",
        registered_on="2022-12-01",
        employees=[employee] * heads,
        grants=[],
    )
    assert (found.verdict, found.amount) == ("eligible", fen)


def test_interest() -> None:
    """300,000 at 3.65 % for 364 days over 360 is 11,071.666…, so 11,071.67; half of it 5,535.835, half up 5,535.84."""
    loan = {
        "principal": "30万元",
        "rate": "3.65%",
        "from": "2024-07-01",
        "to": "2025-07-01",
        "repaid_on": "2025-06-30",
        "overdue": False,
    }
    found = _answer("loan_interest_subsidy@2024", "2025-08-01", loans=[loan], founder_bad_credit=False, grants=[])
    assert (found.verdict, found.amount) == ("eligible", 553_584)
    late = _answer(
        "loan_interest_subsidy@2024",
        "2025-08-01",
        loans=[loan | {"repaid_on": "2025-07-02"}],
        founder_bad_credit=False,
        grants=[],
    )
    assert late.verdict == "near_miss"


def test_tax_relief_for_hiring_key_groups() -> None:
    """6,000 and 30 % more is 7,800 a head; 7 and 12 of 12 months are 4,550 and 7,800: 12,350, deducted in order."""
    hired = {
        "groups": ["registered_unemployed"], "unemployed_months": 6, "contract_months": 12, "insured_months": 7,
        "hired_on": "2025-01-01", "other_scheme": False,
    }  # fmt: skip
    found = _answer(
        "key_group_hiring_tax_relief@2023", "2025-12-31", entity_type="company",
        employees=[hired, hired | {"insured_months": 30}, hired | {"unemployed_months": 5}],
        vat_due="8000元", urban_tax_due="560元", education_surcharge_due="240元", local_education_surcharge_due="160元", income_tax_due="5000元",
    )  # fmt: skip
    assert (found.verdict, found.amount) == ("eligible", 1_235_000)
    assert [one["deducted"] for one in found.deductions] == [800_000, 56_000, 24_000, 16_000, 339_000]


def test_tax_of_small_firms_by_the_mean_of_eight_ends_of_quarters() -> None:
    """1,000,000.07 at 25 - 5 = 20 % is 200,000.014, so 200,000.01; 300.125 people on the mean are too many."""
    facts = {
        "entity_type": "company", "restricted_trade": False, "taxable_income": "1000000.07元", "asset_quarters": ["5000万元"] * 8,
    }  # fmt: skip
    found = _answer("small_profit_income_tax@2023", "2025-06-01", staff_quarters=[300] * 8, **facts)
    assert (found.verdict, found.amount) == ("eligible", 20_000_001)
    assert (
        _answer("small_profit_income_tax@2023", "2025-06-01", staff_quarters=[300] * 7 + [301], **facts).verdict
        == "near_miss"
    )
    assert _answer("small_profit_income_tax@2023", "2025-06-01", staff_quarters=[300] * 7, **facts).missing == (
        "staff_quarters",
    )
