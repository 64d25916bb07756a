"""Step days in the browser: a leader holds two halves of a year against each other, down to the cases behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from chuangju.units.models import Role
from tests.applications import desk as cases
from tests.applications.pacing import decided
from tests.people import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]


@pytest.fixture
def leader(reference_data: None) -> None:
    """Reads; two cases were handed in before the first of March, one after it, each step quicker than before."""
    founder = make_user("founder", Role.ENTREPRENEUR)
    for place, (month, pace) in enumerate(((1, 4), (2, 6), (4, 1)), start=1):
        decided(place, founder, begun=datetime(2026, month, 5, 10).astimezone(), pace=pace)
    make_user("leader", Role.LEADER)
    assert cases.unit_of("rsj").name


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_two_halves_of_a_year_are_held_against_each_other(
    leader: None, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None], size: str
) -> None:
    page = new_page(size)
    sign_in(page, "leader")
    page.goto("/step-days/")
    page.get_by_label("政策", exact=True).select_option("rent_subsidy")
    page.get_by_label("分界日").fill("2026-03-01")
    page.get_by_role("button", name="对比").click()
    visit = page.locator("table.step-days tbody tr", has_text="现场查看").first
    expect(visit.locator("td.f2 strong")).to_have_text(["5", "1"])
    expect(visit.locator("td.f4")).to_have_text(["2", "1"])
    expect(visit.locator("td.change")).to_contain_text("4")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    axe(page)
    visit.locator("td.f4 a").first.click()
    expect(page.locator("main table tbody tr")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("测试企业1")
    expect(page.locator("main")).not_to_contain_text("测试企业3")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    axe(page)
