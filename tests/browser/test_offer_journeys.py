"""A run of offers as the policy officer follows it: how far each has come, who was left out, on the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.models import OfferRun
from chuangju.applications.offer_runs import offer_to_all
from chuangju.applications.offers import accept_offer, plan_offers
from chuangju.policies.current import current_catalogue
from chuangju.rules.showing import show_value
from chuangju.units.models import Role
from tests.applications import desk as cases
from tests.people import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]
ACCOUNT = {"name": "甲", "number": "6222000011112222", "bank": "演示银行"}


@pytest.fixture
def run(reference_data: None) -> OfferRun:
    """Offered to two firms, one of which has taken it; a third was left out."""
    now, founder = timezone.now(), make_user("founder", Role.ENTREPRENEUR)
    policy = current_catalogue().version_for("competition_prize_organisation", timezone.localdate(now))
    assert policy is not None
    example = next(one for one in policy.examples if one.verdict == "eligible")
    facts = {key: show_value(value) for key, value in example.given.items()}
    firms = [cases.make_firm(place, founder=founder, name=f"获奖企业{place}") for place in (1, 2, 3)]
    rows = [(str(firm.credit_code), firm.name, facts if firm != firms[2] else {}) for firm in firms]
    officer = make_user("officer", Role.POLICY_OFFICER, unit=cases.unit_of("rsj"))
    made = offer_to_all(policy, plan_offers(policy, rows), said="2026年获奖名单", by=officer, at=now)
    accept_offer(made.offers.get(subject=firms[0]), ACCOUNT, by=founder, at=now)
    return made


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_a_run_of_offers_is_followed_to_each_firm(
    run: OfferRun,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    size: str,
    language: str,
) -> None:
    page = new_page(size, language=language)
    sign_in(page, "officer")
    page.goto("/cases/offers/")
    axe(page)
    page.locator(f'a[href$="/cases/offers/{run.pk}/"]').click()
    expect(page.locator(".funnel li")).to_have_count(4)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    page.locator("details summary", has_text="1").first.click()
    expect(page.locator("main")).to_contain_text("获奖企业3")
    page.locator('.funnel a[href="?stage=accepted"]').click()
    expect(page.locator("main")).to_contain_text("获奖企业1")
    expect(page.locator("main")).not_to_contain_text("获奖企业2")
    axe(page)
