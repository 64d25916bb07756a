"""A venture looks for money on the phone, a bank answers at its desk, and what came of it is written down; in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.models import FinancingNeed
from chuangju.kernel.models import User
from chuangju.units.models import Role
from tests.applications import desk as cases
from tests.people import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]
NewPage = Callable[..., Page]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]
NAME = "浦江某某检测有限公司"


@pytest.fixture
def founder(reference_data: None) -> User:
    """Acts for a firm; a bank and a clerk are there as well."""
    made = make_user("founder", Role.ENTREPRENEUR, name="林小舟")
    cases.make_firm(1, founder=made, name=NAME)
    make_user("bank", Role.BANK_OFFICER, name="梁嘉诚")
    cases.clerk_of("rsj")
    return made


def sound(page: Page, axe: Axe) -> None:
    """Fit for everybody, and nothing scrolls sideways."""
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def post(phone: Page, axe: Axe) -> None:
    """Ask banks and funds; a slip keeps what was typed."""
    phone.goto("/my/financing/")
    sound(phone, axe)
    phone.get_by_role("link", name="发布融资需求").click()
    sound(phone, axe)
    phone.get_by_label("需求金额").fill("很多")
    phone.get_by_label("用途").fill("采购检测设备")
    phone.get_by_label("联系人和电话").fill("林小舟 19900000001")
    phone.get_by_label("征集截止日").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    phone.get_by_role("button", name="发布").click()
    expect(phone.get_by_label("用途")).to_have_value("采购检测设备")
    sound(phone, axe)
    phone.get_by_label("需求金额").fill("200万元")
    phone.get_by_role("button", name="发布").click()
    expect(phone.locator("main")).to_contain_text("2,000,000 元")
    expect(phone.locator("main")).to_contain_text("还没有答复")
    expect(phone.locator(".breadcrumb")).to_contain_text("我的融资需求")
    sound(phone, axe)


def test_a_need_is_posted_on_the_phone_answered_by_a_bank_and_ends_with_its_outcome(
    founder: User, phone: Page, desk: Page, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    sign_in(phone, "founder")
    post(phone, axe)
    need = FinancingNeed.objects.get()

    sign_in(desk, "bank")
    desk.goto("/financing/")
    sound(desk, axe)
    desk.get_by_role("link", name=NAME).click()
    expect(desk.locator(".breadcrumb")).to_contain_text("融资需求")
    sound(desk, axe)
    desk.get_by_role("link", name="答复").click()
    sound(desk, axe)
    desk.get_by_label("机构").fill("演示银行浦江支行")
    desk.get_by_label("答复", exact=True).select_option(label="提出方案")
    desk.get_by_label("可提供金额").fill("150万元")
    desk.get_by_label("年利率（%）").fill("3.45")
    desk.get_by_label("说明").fill("可先授信")
    desk.get_by_role("button", name="答复").click()
    expect(desk.locator("main")).to_contain_text("演示银行浦江支行")

    english = new_page("phone", language="en")
    sign_in(english, "founder")
    english.goto(f"/my/financing/{need.pk}/")
    expect(english.locator("main")).to_contain_text("1,500,000 yuan")
    sound(english, axe)
    english.get_by_role("link", name="Record the outcome").click()
    sound(english, axe)
    english.get_by_label("Provided").fill("1500000")
    english.locator("textarea").fill("Loan signed with the branch")
    english.locator("main form [type=submit]").click()
    expect(english.locator("main")).to_contain_text("Financed")
    need.refresh_from_db()
    assert (need.state, need.funded_amount) == (FinancingNeed.State.FUNDED, 150_000_000)

    clerk = new_page("desk", language="en")
    sign_in(clerk, "clerk-rsj")
    clerk.goto("/financing/")
    expect(clerk.locator("main")).to_contain_text("1,500,000 yuan")
    expect(clerk.locator("main")).not_to_contain_text("10,000 yuan")
    expect(clerk.locator("main")).not_to_contain_text("1 task")
    sound(clerk, axe)
    assert clerk.locator(".table-card").evaluate("card => card.scrollWidth <= card.clientWidth + 1")
