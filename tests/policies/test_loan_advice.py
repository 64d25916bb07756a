"""What can be borrowed, at what cost, and what comes back once it is repaid on the day."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.current import current_catalogue
from chuangju.policies.loan_advice import LoanWish, advise

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 15)
FOUNDER = {
    "founder_residence": "district",
    "founder_groups": ("graduate",),
    "founder_bad_credit": False,
    "founder_dishonest": False,
    "founder_consumer_loans": False,
    "proper_accounts": True,
    "tax_registered": True,
    "entity_type": "individual_business",
    "status": "active",
    "local_staff": 0,
}


def test_the_ceiling_stands_there_whatever_is_wanted() -> None:
    advice = advise(current_catalogue(), FOUNDER, None, on=ON)
    offers = {one.card.policy.id: one for one in advice.offers}
    assert offers["guaranteed_loan_person"].ceiling == 50_000_000
    assert offers["guaranteed_loan_person"].card.verdict == "eligible"
    assert advice.schedule == ()


def test_half_of_the_interest_comes_back_after_repayment_on_the_day_and_samples_are_not_counted() -> None:
    wish = LoanWish(30_000_000, 12, 345, "interest_first")
    advice = advise(current_catalogue(), FOUNDER, wish, on=ON)
    given = {one.policy.id: one for one in advice.subsidies}
    assert advice.interest == 1_049_375
    assert given["loan_interest_subsidy"].amount == 524_688
    assert given["interest_topup"].is_sample
    assert advice.net == advice.interest - 524_688
    assert advice.repaid_on == date(2027, 6, 15)


def test_of_equal_instalments_half_of_what_was_really_paid_comes_back() -> None:
    advice = advise(current_catalogue(), FOUNDER, LoanWish(30_000_000, 12, 345, "equal_instalments"), on=ON)
    (city,) = [one for one in advice.subsidies if one.policy.id == "loan_interest_subsidy"]
    # Actual days over 360 come to a little more than twelfths of the year's rate.
    assert advice.interest == 563_576
    assert advice.interest // 2 < city.amount < advice.interest * 52 // 100
