"""A founder's check on the phone: every kind of answer, without JavaScript too; the planner; the page of a policy."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.kernel.demo import load_demo
from chuangju.kernel.models import User
from chuangju.kernel.reference_data import load_reference_data
from chuangju.policies.demo_checks import demo_answers
from tests.browser.words import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NewPage = Callable[..., Page]
SIZES_AND_LANGUAGES = [("desk", "zh"), ("phone", "zh"), ("desk", "en"), ("phone", "en")]
VERDICTS = ("eligible", "near_miss", "not_yet", "unknown", "not_eligible")


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def answered(page: Page, base: str) -> None:
    """The browser of somebody who has answered as the demo founder did."""
    client = Client()
    session = client.session
    session["check"] = demo_answers(timezone.now()).kept()
    session.save()
    page.context.add_cookies([{"name": "chuangju_session", "value": session.session_key, "url": base}])


def answer_questions(page: Page) -> list[str]:
    """Answer what is asked, as the founder of a young company with one employee would; the keys of the questions."""
    asked = []
    while "/questions/" in page.url and len(asked) < 12:
        key = page.url.rstrip("/").split("/")[-1]
        asked.append(key)
        forward = page.locator(".question-actions .btn").first
        match key:
            case "registered":
                page.locator("[name=value]").fill("2025-03-17")
                forward.click()
            case "residence":
                page.locator("button[value=district]").click()
            case "staff":
                page.locator("[name='0-count']").fill("1")
                page.locator("[name='0-residence']").select_option("district")
                page.locator("[name='0-groups']").select_option("none")
                page.locator("[name='0-contract_months']").select_option("12")
                page.locator("[name='0-insured_from']").fill("2025-06-01")
                forward.click()
            case "size":
                page.locator("button[value=micro]").click()
            case "standing":
                page.locator(".tick input").first.check()
                forward.click()
            case _ if page.locator("button[name=none]").count():
                page.locator("button[name=none]").click()
            case _:
                page.locator("button[name=skip]").click()
    return asked


@pytest.mark.parametrize("javascript", [True, False])
def test_a_stranger_is_answered_on_the_phone_after_at_most_nine_questions(new_page: NewPage, javascript: bool) -> None:  # noqa: FBT001 - the case itself
    page = new_page("phone", java_script_enabled=javascript)
    page.goto("/")
    page.get_by_role("link", name="开始测算").click()
    page.get_by_role("button", name="已开办的公司").click()
    asked = answer_questions(page)
    assert 4 <= len(asked) <= 8
    expect(page).to_have_url(re.compile(r"/check/answer/$"))
    expect(page.locator("#g-eligible .result").first).to_be_visible()
    expect(page.locator(".answer-sum")).to_contain_text("测算，以审核结果为准")
    page.get_by_role("link", name="员工 1 人").click()
    page.get_by_role("button", name="还没有员工").click()
    expect(page.locator(".chips")).to_contain_text("没有员工")


@pytest.mark.parametrize(("size", "language"), SIZES_AND_LANGUAGES)
def test_the_answer_shows_every_verdict_and_is_fit_for_everybody(
    size: str, language: str, new_page: NewPage, axe: Callable[[Page], None], live_server: object
) -> None:
    page = new_page(size, language=language)
    answered(page, str(live_server.url))  # type: ignore[attr-defined]
    page.goto("/check/answer/")
    for verdict in VERDICTS:
        expect(page.locator(f"#g-{verdict}")).to_be_visible()
    expect(page.locator("#g-not_eligible .lines")).to_be_hidden()
    no_sideways_scroll(page)
    axe(page)
    card = page.locator("#p-rent_subsidy")
    card.locator(".opens").first.click()
    expect(card.locator(".conditions li")).to_have_count(5)
    expect(card.locator(".formula")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/check/answer/$"))
    axe(page)


def test_a_narrow_phone_and_paper_hold_the_answer(new_page: NewPage, live_server: object) -> None:
    page = new_page("phone")
    answered(page, str(live_server.url))  # type: ignore[attr-defined]
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("/check/", "/check/answer/", "/check/questions/staff/", "/policies/", "/calculators/loan/"):
        page.goto(address)
        no_sideways_scroll(page)
    page.goto("/check/answer/")
    page.emulate_media(media="print")
    expect(page.locator(".foot").first).to_be_hidden()
    expect(page.locator(".result").first).to_be_visible()


@pytest.mark.parametrize(("size", "language"), SIZES_AND_LANGUAGES)
def test_pages_of_policies_and_calculators_are_fit_for_everybody(
    size: str, language: str, new_page: NewPage, axe: Callable[[Page], None], live_server: object
) -> None:
    page = new_page(size, language=language)
    addresses = [
        "/check/",
        "/check/questions/staff/",
        "/check/questions/record/",
        "/check/questions/town/",
        "/policies/",
        "/policies/rent_subsidy/",
        "/policies/first_startup_grant/2018/",
        "/calculators/tax/",
        "/calculators/loan/",
        "/planner/residence_points/",
        "/api/",
    ]
    for _who in ("stranger", "answered"):
        for address in addresses:
            page.goto(address)
            no_sideways_scroll(page)
            axe(page)
        answered(page, str(live_server.url))  # type: ignore[attr-defined]


def test_the_planner_says_what_adds_points_fastest(phone: Page) -> None:
    phone.goto("/planner/residence_points/")
    phone.get_by_label("创业者身份（户籍或证件）").select_option("residence_permit")
    phone.get_by_label("学历", exact=True).select_option("bachelor")
    phone.get_by_label("累计缴费年限").fill("5")
    phone.get_by_role("button", name="计算").click()
    expect(phone.locator(".answer-sum .num")).to_contain_text("75")
    expect(phone.locator(".fastest li").first).to_contain_text("+")
    expect(phone.get_by_role("heading", name="几条路比一比")).to_be_visible()


def test_a_loan_is_reckoned_to_its_last_instalment(phone: Page) -> None:
    phone.goto("/calculators/loan/")
    phone.get_by_label("拟贷款金额").fill("300000")
    phone.get_by_label("先息后本").check()
    phone.get_by_role("button", name="计算").click()
    expect(phone.locator(".plain-table tbody tr")).to_have_count(12)
    expect(phone.locator(".answer-sum")).to_contain_text("净成本")


def test_a_business_is_found_by_name_and_filled_in(phone: Page) -> None:
    at = timezone.now()
    load_reference_data(at=at)
    load_demo(at=at)
    phone.goto("/check/")
    phone.get_by_label("企业名称或统一社会信用代码").fill("小林咖啡")
    phone.get_by_role("button", name="查找").click()
    phone.get_by_role("button", name=re.compile("小林咖啡店")).click()
    phone.goto("/check/answer/")
    expect(phone.locator(".chips")).to_contain_text("市场主体登记")
    assert "%" not in phone.url


def test_a_founder_keeps_shares_and_is_reminded(
    phone: Page, sign_in: Callable[..., None], entrepreneur: User, live_server: object
) -> None:
    sign_in(phone, entrepreneur.username)
    client = Client()
    client.force_login(entrepreneur)
    session = client.session
    session["check"] = demo_answers(timezone.now()).kept()
    session.save()
    cookie = {"name": "chuangju_session", "value": session.session_key, "url": str(live_server.url)}  # type: ignore[attr-defined]
    phone.context.add_cookies([cookie])
    phone.goto("/check/answer/")
    phone.locator("#g-not_yet").get_by_role("link", name=say("到时提醒我", "zh")).click()
    phone.get_by_role("button", name="提醒我").click()
    expect(phone.locator(".messages")).to_contain_text("已设好提醒")
    phone.get_by_role("button", name="生成分享链接").click()
    link = phone.get_by_label("分享链接").input_value()
    assert "/check/shared/" in link
    phone.goto("/check/answer/")
    phone.get_by_role("button", name="保存到我的账号").click()
    expect(phone).to_have_url(re.compile(r"/check/saved/$"))
