"""From the decision to the money and back: rent subsidy to the account; refusal, objection, re-opening; clawback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.instalment_payments import close_paid_cases, request_due_of
from chuangju.applications.models import Application, Decision, PublicNotice, Repayment
from chuangju.applications.notices import end_notice
from chuangju.applications.steps import complete_step
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


@pytest.fixture
def founder(reference_data: None, make_user: Callable[..., User]) -> User:
    """Applies for a coffee shop, and everybody of the bureau who will be needed."""
    for username in ("clerk-rsj-2", "clerk-rsj-3"):
        cases.clerk_of("rsj", username)
    cases.approver_of("rsj")
    deciding.keeper()
    return make_user("founder", "entrepreneur", name="林小舟")


@pytest.fixture
def firm(founder: User) -> Party:
    """A firm in 浦江镇."""
    return cases.make_firm(1, founder=founder, name="浦江某某咖啡店")


def _approve(page: Page, sign_in: SignIn, case: Application) -> None:
    page.context.clear_cookies()
    sign_in(page, "approver-rsj")
    page.goto(f"/cases/{case.pk}/approve/")
    page.get_by_role("button", name="同意，审定").click()
    expect(page.locator("main")).to_contain_text("已审定")


def _paid(firm: Party, founder: User, now: datetime) -> tuple[Application, datetime]:
    line = deciding.give_line(100_000 * deciding.YUAN, at=now)
    case = deciding.case_at_approval(firm, founder=founder, at=now)
    later = now + timedelta(days=10)
    decision = deciding.granted(case, at=now, later=later)
    request_due_of(case, by=None, at=later)
    part = decision.entitlement.instalments.get(number=1)
    deciding.pay(line, [Payment.objects.get(claim_key=part.claim_key)], at=later)
    return case, later


def test_a_rent_subsidy_is_decided_shown_to_everybody_and_arrives(
    phone: Page, desk: Page, new_page: Callable[..., Page], sign_in: SignIn, firm: Party, founder: User,
    axe: Callable[[Page], None],
) -> None:  # fmt: skip
    now = timezone.now()
    line = deciding.give_line(100_000 * deciding.YUAN, at=now)
    case = deciding.case_at_approval(firm, founder=founder, at=now)
    sign_in(desk, "clerk-rsj-2")
    desk.goto(f"/cases/{case.pk}/propose/")
    desk.get_by_label("予以支持", exact=True).check()
    desk.get_by_role("button", name="报审定").click()
    expect(desk.locator("main")).to_contain_text("已拟定决定")
    _approve(desk, sign_in, case)

    decision = Decision.objects.get(application=case)
    desk.goto(f"/decisions/{decision.pk}/")
    expect(desk.locator("main")).to_contain_text("30,000 元")
    axe(desk)
    notice = PublicNotice.objects.get(decisions=decision)
    stranger = new_page("phone")
    stranger.goto("/notices/")
    stranger.get_by_role("link", name="拟支持名单公示").click()
    expect(stranger.locator("main")).to_contain_text("浦江某某咖啡店")
    axe(stranger)
    stranger.get_by_role("link", name="提出异议").click()
    stranger.get_by_label("针对").select_option(index=1)
    stranger.get_by_label("异议内容和依据").fill("这家店上个月就关门了")
    stranger.get_by_role("button", name="实名提交").click()
    expect(stranger.locator("main")).to_contain_text("浦江某某咖啡店")
    assert not decision.objections.exists(), "nobody objects without a name"

    later = now + timedelta(days=10)
    assert end_notice(notice, by=None, at=later) == [decision]
    request_due_of(case, by=None, at=later)
    deciding.pay(line, list(Payment.objects.all()), at=later)
    close_paid_cases(at=later)
    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/")
    expect(phone.locator("main")).to_contain_text("决定：予以支持")
    expect(phone.locator("main")).to_contain_text("已到账")
    expect(phone.locator("main")).to_contain_text("15,000 元")
    axe(phone)


def test_a_refusal_is_objected_to_and_the_case_is_done_over_again(
    phone: Page, desk: Page, sign_in: SignIn, firm: Party, founder: User, axe: Callable[[Page], None]
) -> None:
    now = timezone.now()
    case = deciding.case_at_approval(firm, founder=founder, at=now)
    one = [{"residence": "city", "groups": [], "hired_on": "2024-06-01", "contract_months": 12, "insured_months": 12}]
    record_fact(firm, "employees", one, source="社保", is_certified=True, by=None, at=now)
    sign_in(desk, "clerk-rsj-2")
    desk.goto(f"/cases/{case.pk}/propose/")
    desk.get_by_label("不予支持", exact=True).check()
    desk.get_by_label("两人以上参保满半年").check()
    desk.get_by_role("button", name="报审定").click()
    _approve(desk, sign_in, case)

    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/")
    expect(phone.locator("main")).to_contain_text("决定：不予支持")
    phone.get_by_role("link", name="提出异议").click()
    axe(phone)
    phone.get_by_label("异议内容和依据").fill("第二名员工的社保漏登了")
    phone.get_by_role("button", name="提交异议").click()
    expect(phone.locator("main")).to_contain_text("异议")
    child = Application.objects.get(kind="objection")

    review = cases.step_of(child, "verify")
    complete_step(review, "passed", opinion="漏登属实", by=cases.clerk_of("rsj"), at=timezone.now())
    desk.context.clear_cookies()
    sign_in(desk, "clerk-rsj-3")
    desk.goto(f"/cases/{child.pk}/propose/")
    desk.get_by_label("撤销原决定").check()
    desk.get_by_label("审核意见").fill("参保漏登，撤销原决定")
    desk.get_by_role("button", name="报审定").click()
    _approve(desk, sign_in, child)
    again = Application.objects.get(kind="reopening")
    assert (again.parent, again.state) == (case, "submitted")
    phone.goto(f"/my/cases/{case.pk}/")
    expect(phone.locator("main")).to_contain_text("重新办理")


def test_money_is_taken_back_step_by_step(
    phone: Page, desk: Page, sign_in: SignIn, firm: Party, founder: User, axe: Callable[[Page], None]
) -> None:
    case, _later = _paid(firm, founder, timezone.now())
    decision = case.decisions.get()
    sign_in(desk, "clerk-rsj-2")
    desk.goto(f"/decisions/{decision.pk}/")
    desk.get_by_role("link", name="立案追回").click()
    axe(desk)
    desk.get_by_label("事由").fill("场地上月已退租，没有报告")
    desk.get_by_role("button", name="立案").click()
    expect(desk.locator("main")).to_contain_text("先听取当事人陈述意见")
    child = Application.objects.get(kind="recovery")

    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{child.pk}/")
    phone.locator("main").get_by_role("link", name="陈述意见").click()
    expect(phone.locator("main")).to_contain_text("场地上月已退租")
    phone.get_by_label("陈述意见").fill("确已退租，愿意退回")
    phone.get_by_role("button", name="提交意见").click()
    expect(phone.locator("main")).to_contain_text("已提交意见")

    review = cases.step_of(child, "verify")
    complete_step(review, "passed", opinion="退租属实", by=cases.clerk_of("rsj"), at=timezone.now())
    proposed = deciding.propose_decision(
        child, "revoked", amount=500_000, remark="退租后的部分退回", by=deciding.proposer(), at=timezone.now()
    )
    assert proposed.amount == 500_000
    _approve(desk, sign_in, child)

    desk.context.clear_cookies()
    sign_in(desk, "keeper")
    desk.goto(f"/decisions/{decision.pk}/")
    desk.get_by_role("link", name="登记退回资金").click()
    expect(desk.locator("main")).to_contain_text("5,000 元")
    desk.get_by_label("到账金额").fill("5000元")
    desk.get_by_label("缴款凭证号").fill("JK-0001")
    desk.get_by_role("button", name="登记").click()
    expect(desk.locator("main")).to_contain_text("账本同时记追回")
    assert Repayment.objects.get().amount == 500_000
    assert Payment.objects.get().recovered == 500_000
