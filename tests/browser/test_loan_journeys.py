"""A guaranteed loan as its people go through it: from the calculator on a phone to the second subsidy of interest, paid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from chuangju.applications.loan_registrations import keep_periods
from chuangju.applications.models import Application, InterestPeriod, Step
from chuangju.budget.models import Payment
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications.desk import approver_of, clerk_of, make_firm, unit_of
from tests.browser.test_money_journeys import answered
from tests.budget.money import open_line_of
from tests.people import PASSWORD, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.usefixtures("reference_data")]
NewPage = Callable[..., Page]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]
# What the founder says of the firm, by the names of the fields.
SAID = {
    "staff_count": "30",
    "key_group_hires_year": "3",
    "local_staff": "10",
    "entity_type": "company",
    "size_class": "small",
    "bad_credit": "no",
    "dishonest": "no",
    "proper_accounts": "yes",
    "tax_registered": "yes",
    "key_industry": "no",
}


@pytest.fixture
def traveller() -> Iterator[time_machine.Coordinates]:
    """The machine's clock, two hundred and twenty days back and running; `shift` lets time pass."""
    begun = datetime.now(UTC).replace(hour=2) - timedelta(days=220)
    with time_machine.travel(begun, tick=True) as found:
        yield found


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph as a telephone takes it."""
    out = BytesIO()
    Image.new("RGB", (600, 800), (200, 220, 210)).save(out, "JPEG")
    place = tmp_path / "材料.jpg"
    place.write_bytes(out.getvalue())
    return place


@pytest.fixture
def firm(traveller: time_machine.Coordinates) -> Party:
    """A firm with its founder, and everybody who has to do with its loan."""
    founder = make_user("founder", Role.ENTREPRENEUR)
    for username in ("clerk-rsj-2", "clerk-rsj-3"):
        clerk_of("rsj", username)
    approver_of("rsj")
    make_user("guarantor", Role.BANK_OFFICER, name="担保公司小周")
    make_user("banker", Role.BANK_OFFICER, name="银行小梁")
    make_user("stranger", Role.BANK_OFFICER, name="别家银行")
    finance = make_user("finance", Role.FINANCE, unit=unit_of("rsj"))
    firm = make_firm(1, founder=founder, name="浦江精密部件有限公司")
    line = open_line_of(unit_of("rsj"), by=finance, year=timezone.localdate().year)
    type(line).objects.filter(pk=line.pk).update(policy_id="national_interest_subsidy")
    return firm


def borrow(phone: Page, photo: Path, axe: Axe) -> None:
    """The calculator says yes; everything told there is brought along, so that only the papers are left to do."""
    phone.goto("/calculators/loan/")
    phone.locator("[name=loan_wanted]").fill("300000")
    phone.locator(".more-facts summary").click()
    for name, said in SAID.items():
        field = phone.locator(f"[name={name}]")
        if said.isdecimal():
            field.fill(said)
        else:
            field.select_option(said)
    phone.get_by_role("button", name="计算").click()
    axe(phone)
    phone.locator(".result", has_text="创业组织担保贷款").get_by_role("link", name="去申请").click()
    form = phone.locator("form", has=phone.locator("input[name=password]"))
    form.locator("input[name=username]").fill("founder")
    form.locator("input[name=password]").fill(PASSWORD)
    form.locator("[type=submit]").first.click()
    phone.locator(".for-whom .choice").first.click()
    expect(phone.locator("h1")).to_have_text("拍照上传材料")
    expect(phone.locator("#outlook")).to_contain_text("300,000")
    for place in range(phone.locator(".paper-form").count()):
        paper = phone.locator(".paper-form").nth(place)
        paper.locator("input[type=file]").set_input_files(photo)
        paper.get_by_role("button", name="上传").click()
        expect(phone.locator(".paper-files a")).to_have_count(place + 1)
    phone.locator(".question-actions .btn").click()
    phone.locator("input[name=number]").fill("6222 0000 1111 2222")
    phone.locator("input[name=bank]").fill("演示银行闵行支行")
    phone.get_by_role("button", name="下一步").click()
    phone.locator("input[name=pledge]").check()
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.locator("h1")).to_have_text("已提交")


def find_eligible(desk: Page, approver: Page, case: Application, axe: Axe) -> None:
    """A clerk accepts and reviews, which puts the decision forward; an approver agrees."""
    desk.goto(f"/cases/{case.pk}/")
    desk.get_by_role("link", name="受理", exact=True).click()
    desk.get_by_role("button", name="受理", exact=True).click()
    expect(desk.get_by_role("link", name="登记借款合同")).to_have_count(0)
    axe(desk)
    desk.get_by_label("通过", exact=True).check()
    desk.get_by_role("button", name=re.compile("办结：就业促进中心资格认定")).click()
    approver.goto(f"/cases/{case.pk}/")
    approver.get_by_role("link", name="审定", exact=True).click()
    approver.get_by_role("button", name="同意，审定").click()
    expect(approver.locator("main")).to_contain_text("已审定")


def refer(desk: Page, case: Application, body: str, officer: str) -> None:
    """The clerk sends the case outside, to somebody by name, with the number of the receipt."""
    desk.goto(f"/cases/{case.pk}/")
    desk.get_by_role("link", name="登记转出和回执").click()
    desk.get_by_label("外部机构").fill(body)
    desk.get_by_label("收件回执号").fill("SJ-1")
    desk.get_by_label("平台内承办人").select_option(label=officer)
    desk.get_by_role("button", name="登记", exact=True).click()
    expect(desk.get_by_text("已登记转出")).to_be_visible()


def answer(page: Page, case: Application, number: str, axe: Axe) -> None:
    """The outside body answers on its own page, which shows nothing else of the file."""
    page.goto("/cases/referred/")
    page.get_by_role("link", name=str(case.number)).click()
    expect(page.locator("main")).to_contain_text("300,000 元")
    for hidden in ("6222", "员工名册", "key_group", "clerk"):
        expect(page.locator("main")).not_to_contain_text(hidden)
    axe(page)
    page.get_by_label("同意", exact=True).check()
    page.get_by_label("结果文号").fill(number)
    page.get_by_role("button", name="提交结果").click()
    expect(page.get_by_text("已提交办理结果")).to_be_visible()


def record_contract(banker: Page, axe: Axe) -> None:
    """By the bank itself, first with a rate that is none."""
    today = timezone.localdate()
    banker.get_by_role("link", name="登记借款合同").click()
    banker.get_by_label("经办银行").fill("演示银行")
    banker.get_by_label("借款合同号").fill("HT-1")
    banker.get_by_label("合同金额").fill("30万元")
    banker.get_by_label("年利率（%）").fill("很低")
    banker.get_by_label("签约日").fill(today.isoformat())
    banker.get_by_label("到期日").fill((today + timedelta(days=365)).isoformat())
    banker.get_by_role("button", name="登记", exact=True).click()
    expect(banker.get_by_text("年利率写成数字").first).to_be_visible()
    expect(banker.get_by_label("借款合同号")).to_have_value("HT-1")
    axe(banker)
    banker.get_by_label("年利率（%）").fill("3.45")
    banker.get_by_role("button", name="登记", exact=True).click()
    expect(banker.get_by_text("借款合同已登记")).to_be_visible()


def bring_in(banker: Page, axe: Axe) -> None:
    """The bank's file, first with a fault that is told by row and column."""
    head, day = "借款合同号,日期,业务,金额（元）,流水号\n", timezone.localdate().isoformat()
    for amount in ("3000000", "300000"):
        banker.goto("/loans/upload/")
        content = f"{head}HT-1,{day},放款,{amount},L1\n".encode()
        file = {"name": "流水.csv", "mimeType": "text/csv", "buffer": content}
        banker.get_by_label("银行流水文件").set_input_files(files=[file])
        banker.get_by_role("button", name="核对并导入").click()
        if amount == "3000000":
            expect(banker.get_by_text("放款超过合同金额")).to_be_visible()
            axe(banker)
    expect(banker.get_by_text("已导入 1 笔新流水")).to_be_visible()


def confirm_periods(desk: Page, case: Application, axe: Axe) -> None:
    """The clerk comes from the case to the loan and confirms both periods that are over."""
    desk.goto(f"/cases/{case.pk}/")
    desk.get_by_role("link", name="查看担保贷款").click()
    for number in (1, 2):
        desk.get_by_role("link", name="核定", exact=True).first.click()
        expect(desk.get_by_role("heading", name=f"核定第 {number} 期贴息")).to_be_visible()
        desk.get_by_role("button", name="核定并申请拨付").dblclick()
        expect(desk.get_by_text("已核定，等待财务拨付").first).to_be_visible()
    axe(desk)
    assert Payment.objects.count() == 2


def pay(finance: Page, approver: Page, payee: str) -> None:
    """A batch of both, approved by another person, sent to the treasury, which says that it paid."""
    finance.goto("/staff/payments/")
    finance.get_by_role("link", name="组成拨付批次").click()
    finance.get_by_label("批次名称").fill("贴息第一批")
    finance.get_by_role("button", name="组成批次").click()
    finance.get_by_role("button", name="联审通过").click()
    expect(finance.get_by_text("等待审批人审批")).to_be_visible()
    batch = finance.url
    approver.goto(batch)
    approver.get_by_role("button", name="审批通过").click()
    finance.goto(batch)
    with finance.expect_download() as download:
        finance.get_by_role("link", name="拨付明细表 xlsx").click()
    finance.get_by_role("button", name="登记已报送").click()
    finance.goto(f"{batch}answers/")
    content = answered(download.value.path(), {payee: ("成功", timezone.localdate().isoformat(), "")})
    file = {"name": "回执.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    finance.get_by_label("国库回执文件").set_input_files(files=[file])
    finance.get_by_role("button", name="导入", exact=True).click()
    expect(finance.get_by_text("已结清").first).to_be_visible()


def signed_in(new_page: NewPage, sign_in: SignIn, *names: str) -> Iterator[Page]:
    """A desk for each of these people."""
    for name in names:
        page = new_page("desk")
        sign_in(page, name)
        yield page


def test_a_loan_from_the_check_to_the_second_interest_instalment_paid(
    new_page: NewPage, sign_in: SignIn, axe: Axe, traveller: time_machine.Coordinates, firm: Party, photo: Path
) -> None:
    phone = new_page("phone")
    borrow(phone, photo, axe)
    case = Application.objects.get(subject=firm)
    desk, approver = signed_in(new_page, sign_in, "clerk-rsj-2", "approver-rsj")
    find_eligible(desk, approver, case, axe)
    guarantor, banker, other = signed_in(new_page, sign_in, "guarantor", "banker", "stranger")
    refer(desk, case, "区融资担保中心", "担保公司小周")
    banker.goto("/cases/referred/")
    expect(banker.get_by_text("没有转来的办件")).to_be_visible()
    answer(guarantor, case, "担保字 7", axe)
    refer(desk, case, "演示银行闵行支行", "银行小梁")
    asked = {step.word: step for step in case.steps.filter(kind=Step.Kind.REFERRAL)}
    for page, address in (
        (guarantor, f"/cases/referred/{asked['bank'].pk}/"),
        (guarantor, f"/loans/record/{case.pk}/"),
        (banker, f"/cases/referred/{asked['guarantee'].pk}/"),
        (other, f"/cases/referred/{asked['bank'].pk}/"),
        (banker, f"/cases/{case.pk}/"),
    ):
        assert page.request.get(address).status in {403, 404}, address
    answer(banker, case, "贷字 8", axe)
    expect(banker.locator("main")).to_contain_text("担保字 7")
    case.refresh_from_db()
    assert case.state == Application.State.GRANTED
    record_contract(banker, axe)
    bring_in(banker, axe)
    traveller.shift(timedelta(days=200))
    night = timezone.now()
    keep_periods(DutyPeriod(on=timezone.localdate(night), start=night - timedelta(days=1), end=night, at=night))
    desk, finance, approver = signed_in(new_page, sign_in, "clerk-rsj-2", "finance", "approver-rsj")
    confirm_periods(desk, case, axe)
    pay(finance, approver, firm.name)
    paid = InterestPeriod.objects.filter(state=InterestPeriod.State.PAID)
    assert sorted(paid.values_list("number", flat=True)) == [1, 2]
    phone = new_page("phone")
    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/")
    axe(phone)
    phone.get_by_role("link", name="查看担保贷款").click()
    expect(phone.get_by_role("heading", name="我的担保贷款")).to_be_visible()
    expect(phone.get_by_text("已到账", exact=True)).to_have_count(2)
    axe(phone)
