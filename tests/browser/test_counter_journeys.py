"""At the counter: a clerk fills in for somebody at the desk, hands in, prints; and a payment that came back goes out anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.instalment_payments import request_due_of
from chuangju.applications.models import Application, Instalment, RequiredDocument
from chuangju.applications.payee_accounts import account_of
from chuangju.budget.models import Payment
from chuangju.kernel.models import User
from chuangju.ventures.facts import record_fact
from chuangju.ventures.models import Party
from tests.applications import deciding
from tests.applications import desk as cases

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]
TOWN = "310112114"


@pytest.fixture
def founder(reference_data: None, make_user: Callable[..., User]) -> User:
    """Acts for the firm."""
    for username in ("clerk-rsj-2", "clerk-rsj-3"):
        cases.clerk_of("rsj", username)
    cases.approver_of("rsj")
    deciding.keeper()
    return make_user("founder", "entrepreneur", name="林小舟")


@pytest.fixture
def firm(founder: User) -> Party:
    """A firm in 浦江镇."""
    return cases.make_firm(1, founder=founder, name="浦江某某咖啡店")


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def find_the_applicant(desk: Page, axe: Axe) -> None:
    """By name, then the policy; each slip is told."""
    desk.goto("/cases/")
    desk.get_by_role("link", name="窗口代办").first.click()
    desk.get_by_role("searchbox", name="名称、统一社会信用代码或证件号").fill("没有这家")
    desk.get_by_role("button", name="查找").click()
    expect(desk.locator("main")).to_contain_text("没有找到")
    desk.get_by_role("searchbox", name="名称、统一社会信用代码或证件号").fill("咖啡店")
    desk.get_by_role("button", name="查找").click()
    axe(desk)
    desk.get_by_role("button", name="开始填写").click()
    expect(desk.get_by_role("alert")).to_contain_text("请选择要申请的政策")
    desk.get_by_label("政策", exact=True).select_option(label="创业场地房租补贴")
    desk.get_by_role("button", name="开始填写").click()
    expect(desk.locator("main")).to_contain_text("正在替“浦江某某咖啡店”填写")
    axe(desk)


def fill_in(desk: Page, axe: Axe) -> None:
    """What the register does not know is left open; originals are seen; the applicant's pledge is confirmed."""
    while "/questions/" in desk.url:
        desk.get_by_role("button", name="不清楚").click()
    # 原件核验: the clerk has seen two papers; the third is copied.
    expect(desk.locator("h1")).to_have_text("拍照上传材料")
    axe(desk)
    for _number in range(3):
        desk.get_by_role("button", name="已看原件，不留复印件").first.click()
    expect(desk.get_by_role("button", name="已看原件，不留复印件")).to_have_count(0)
    desk.locator(".question-actions .btn").click()
    desk.get_by_label("账号").fill("6222 0000 1111 2222")
    desk.get_by_label("开户银行").fill("演示银行闵行支行")
    axe(desk)
    desk.get_by_role("button", name="下一步").click()
    axe(desk)
    desk.get_by_label("申请人已当面阅读并作出以上承诺").check()
    insists = desk.locator("input[name=insists]")
    if insists.count():
        insists.check()
    desk.get_by_role("button", name="提交申请").click()
    expect(desk.locator("h1")).to_have_text("已提交")
    expect(desk.locator("main")).to_contain_text("请打印回执")
    axe(desk)


def test_a_clerk_fills_in_for_somebody_at_the_desk_and_goes_on_with_the_case(
    firm: Party, desk: Page, new_page: Callable[..., Page], sign_in: SignIn, axe: Axe
) -> None:
    clerk, now = cases.clerk_of(TOWN), timezone.now()
    for key, value in cases.ANSWERS.items():
        if key not in {"status", "registered_on", "rent_months_granted"}:
            record_fact(firm, key, value, source="社保", is_certified=True, by=None, at=now)
    sign_in(desk, clerk.username)
    find_the_applicant(desk, axe)
    case = Application.objects.get(subject=firm)
    fill_in(desk, axe)
    assert desk.request.get(f"/my/cases/{case.pk}/receipt/").body().startswith(b"%PDF")
    desk.get_by_role("link", name="去办理").click()
    expect(desk.locator("#act")).to_be_visible()
    desk.get_by_role("link", name="受理", exact=True).click()
    desk.get_by_role("button", name="受理", exact=True).click()
    expect(desk.locator("main")).to_contain_text("办理中")
    case.refresh_from_db()
    assert (case.channel, case.state) == ("counter", "in_review")
    assert case.documents.filter(original_seen_at__isnull=False).count() == 3
    assert not case.documents.exclude(state=RequiredDocument.State.GIVEN).exists()

    phone = new_page("phone")
    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/")
    expect(phone.locator("main")).not_to_contain_text("窗口代办：正在替")
    axe(phone)
    no_sideways_scroll(phone)


def test_a_returned_payment_is_mended_on_the_phone_and_later_parts_go_there_as_well(
    firm: Party, founder: User, phone: Page, desk: Page, sign_in: SignIn, axe: Axe
) -> None:
    now = timezone.now()
    line = deciding.give_line(100_000 * deciding.YUAN, at=now)
    case = deciding.case_at_approval(firm, founder=founder, at=now)
    later = now + timedelta(days=10)
    decision = deciding.granted(case, at=now, later=later)
    request_due_of(case, by=None, at=later)
    part = decision.entitlement.instalments.get(number=1)
    deciding.pay(line, [Payment.objects.get(claim_key=part.claim_key)], at=later, outcome="failed")
    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/")
    expect(phone.locator(".task-card")).to_contain_text("款被退回，请更正账户")
    axe(phone)
    no_sideways_scroll(phone)
    phone.get_by_role("link", name="更正账户").click()
    expect(phone.locator("main")).to_contain_text("账号有误")
    expect(phone.get_by_label("账号")).to_have_value("")
    axe(phone)
    phone.get_by_label("账号").fill("12")
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("main")).to_contain_text("账号")
    assert Instalment.objects.get(pk=part.pk).state == Instalment.State.RETURNED
    phone.get_by_label("账号").fill("6217 0012 3456 7890")
    phone.get_by_label("开户银行").fill("演示银行浦江支行")
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("main")).to_contain_text("已更正，重新安排拨付")
    expect(phone.locator("main")).to_contain_text("7890")
    axe(phone)
    no_sideways_scroll(phone)
    case.refresh_from_db()
    assert account_of(case)["number"] == "6217001234567890"
    payment = Payment.objects.get(claim_key=part.claim_key)
    assert (payment.state, payment.attempt) == (Payment.State.REQUESTED, 2)
    deciding.pay(line, [payment], at=later + timedelta(days=3))
    sign_in(desk, "keeper")
    desk.goto("/staff/payments/")
    expect(desk.locator("main")).to_contain_text("浦江某某咖啡店")
    axe(desk)
    phone.reload()
    expect(phone.locator("main")).to_contain_text("已到账")
