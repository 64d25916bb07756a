"""A founder on the phone: from the check's answer to a case handed in with its receipt; an offered benefit taken by one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from chuangju.applications.models import Application
from chuangju.applications.offers import make_offer
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.reference_data import load_reference_data
from chuangju.policies.check_answers import Answers
from chuangju.policies.current import current_catalogue
from chuangju.rules.showing import show_value
from chuangju.ventures.models import Party
from tests.applications.desk import ANSWERS, begin_case, make_firm
from tests.people import PASSWORD, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NewPage = Callable[..., Page]


@pytest.fixture
def founder() -> User:
    """Somebody who acts for a firm, on a district with its units."""
    load_reference_data(at=timezone.now())
    return make_user("founder", "entrepreneur")


@pytest.fixture
def firm(founder: User) -> Party:
    """The firm."""
    return make_firm(1, founder=founder, name="上海试样科技有限公司")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph as a telephone takes it."""
    out = BytesIO()
    Image.new("RGB", (1200, 1600), (200, 220, 210)).save(out, "JPEG")
    place = tmp_path / "材料.jpg"
    place.write_bytes(out.getvalue())
    return place


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def told_in_check(page: Page, base: str) -> None:
    """The browser of somebody who has told everything in the check."""
    client = Client()
    session = client.session
    session["check"] = Answers(who="company", given={**ANSWERS, "entity_type": "company"}).kept()
    session.save()
    page.context.add_cookies([{"name": "chuangju_session", "value": session.session_key or "", "url": base}])


def sign_in_here(page: Page) -> None:
    """Sign in on the page to which one was led."""
    form = page.locator("form", has=page.locator("input[name=password]"))
    form.locator("input[name=username]").fill("founder")
    form.locator("input[name=password]").fill(PASSWORD)
    form.locator("[type=submit]").first.click()


def test_from_the_check_to_a_receipt_without_javascript(
    new_page: NewPage, live_server: object, firm: Party, photo: Path
) -> None:
    base = str(live_server.url)  # type: ignore[attr-defined]
    phone = new_page("phone", java_script_enabled=False)
    told_in_check(phone, base)
    phone.goto("/check/answer/")
    phone.locator("#p-rent_subsidy").get_by_role("link", name="去申请").click()
    sign_in_here(phone)
    phone.locator(".for-whom .choice").first.click()
    # Nothing is asked again: the papers come next, and the amount stands above.
    expect(phone.locator("h1")).to_have_text("拍照上传材料")
    expect(phone.locator("#outlook")).to_contain_text("30,000")
    for place in range(phone.locator(".paper-form").count()):
        paper = phone.locator(".paper-form").nth(place)
        paper.locator("input[type=file]").set_input_files(photo)
        paper.get_by_role("button", name="上传").click()
    expect(phone.locator(".paper-files a")).to_have_count(3)
    phone.locator(".question-actions .btn").click()
    phone.locator("input[name=number]").fill("6222 0000 1111 2222")
    phone.locator("input[name=bank]").fill("演示银行闵行支行")
    phone.get_by_role("button", name="下一步").click()
    expect(phone.locator("h1")).to_have_text("核对并提交")
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.locator("[role=alert]")).to_contain_text("承诺书")
    phone.locator("input[name=pledge]").check()
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.locator("h1")).to_have_text("已提交")
    case = Application.objects.get(subject=firm)
    expect(phone.locator(".num")).to_have_text(str(case.number))
    receipt = phone.request.get(f"/my/cases/{case.pk}/receipt/")
    assert receipt.body().startswith(b"%PDF")
    phone.get_by_role("link", name="看进展").click()
    expect(phone.locator(".now-words")).to_contain_text("正在核对材料是否齐全")


def test_an_offered_benefit_is_taken_by_one_tap(
    new_page: NewPage, firm: Party, founder: User, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    now: datetime = timezone.now()
    begin_case(firm, by=founder, at=now)
    policy = current_catalogue().version_for("competition_prize_organisation", timezone.localdate(now))
    assert policy is not None
    example = next(one for one in policy.examples if one.verdict == "eligible")
    facts = {key: show_value(value) for key, value in example.given.items()}
    offered = make_offer(policy, firm, facts, said="获奖名单", by=None, at=now)
    assert offered is not None
    phone = new_page("phone")
    sign_in(phone, "founder")
    phone.goto("/my/cases/")
    axe(phone)
    no_sideways_scroll(phone)
    phone.goto(f"/my/cases/{offered.pk}/")
    axe(phone)
    assert offered.expected_amount
    expect(phone.locator(".task-card h2")).to_have_text(f"确认领取 {format_yuan(offered.expected_amount)}")
    expect(phone.get_by_role("heading", name="材料和文书")).to_have_count(0)
    phone.get_by_role("link", name="去确认").click()
    axe(phone)
    no_sideways_scroll(phone)
    phone.get_by_role("button", name="确认领取").click()
    expect(phone.locator("h1")).to_have_text("已提交")
    offered.refresh_from_db()
    assert offered.state == Application.State.IN_REVIEW
    phone.get_by_role("link", name="看进展").click()
    axe(phone)
    no_sideways_scroll(phone)


@pytest.mark.parametrize(("size", "language"), [("phone", "zh"), ("desk", "en")])
def test_the_screens_of_the_form_and_the_guide_are_fit_for_everybody(
    new_page: NewPage,
    firm: Party,
    founder: User,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    size: str,
    language: str,
) -> None:
    draft = begin_case(firm, by=founder, at=timezone.now())
    page = new_page(size, language=language)
    sign_in(page, "founder")
    for address in (
        "/apply/rent_subsidy/",
        f"/my/cases/{draft.pk}/",
        f"/my/cases/{draft.pk}/fill/questions/site/?back=1",
        f"/my/cases/{draft.pk}/fill/papers/",
        f"/my/cases/{draft.pk}/fill/account/",
        f"/my/cases/{draft.pk}/fill/review/",
        f"/my/cases/{draft.pk}/people/",
        "/guides/open_business/",
    ):
        page.goto(address)
        axe(page)
        no_sideways_scroll(page)
    page.locator(".page-head form button").click()
    page.wait_for_url("**/my/guides/**")
    axe(page)
    no_sideways_scroll(page)
