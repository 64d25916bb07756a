"""A year of reliefs: each at its own figure, monthly ones twelve times, another legal form beside it."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.current import current_catalogue
from chuangju.policies.tax_savings import save_taxes, tax_facts

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 15)
SHOP = {
    "entity_type": "individual_business",
    "status": "active",
    "vat_payer": "small_scale",
    "turnover_month": 8_000_000,
    "income_tax_due": 1_200_000,
    "registered_on": date(2025, 9, 1),
}


def test_a_monthly_relief_counts_twelve_times() -> None:
    result = save_taxes(current_catalogue(), SHOP, on=ON)
    saved = {one.card.policy.id: one.a_year for one in result.reliefs}
    assert saved["small_vat_payer_relief"] == 240_000 * 12  # 3 % of 80,000 yuan, each month
    assert saved["individual_income_tax_halving"] == 600_000
    assert result.confirmed == sum(saved[one] or 0 for one in saved if one != "startup_fee_exemption")


def test_the_same_figures_as_a_company_lose_what_is_for_individual_businesses() -> None:
    forms = {form.code: form for form in save_taxes(current_catalogue(), SHOP, on=ON).forms}
    assert forms["individual_business"].is_own
    assert forms["individual_business"].a_year - forms["company"].a_year == 600_000


def test_the_form_asks_for_what_the_reliefs_ask_for() -> None:
    assert {"vat_payer", "turnover_month", "taxable_income", "income_tax_due"} <= set(
        tax_facts(current_catalogue(), ON)
    )
