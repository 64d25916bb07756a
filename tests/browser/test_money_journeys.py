"""Money in the browser: a batch from waiting payments through two people to the treasury and back, mended on a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.budget.models import BudgetLine, Payment
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import Claim, Party
from tests.budget.money import open_line_of, requested
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NewPage = Callable[..., Page]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]


@pytest.fixture
def line(reference_data: None) -> BudgetLine:
    """A line of this year with two payments that wait; a founder acts for one payee."""
    unit = Unit.objects.get(code="rsj")
    finance = make_user("finance", Role.FINANCE, unit=unit)
    make_user("approver", Role.APPROVER, unit=unit)
    founder, now = make_user("founder", Role.ENTREPRENEUR), timezone.now()
    line = open_line_of(unit, by=finance, year=timezone.localdate().year)
    for number, name in enumerate(("上海聚实科技有限公司", "上海创想软件有限公司")):
        payee = Party.objects.create(kind="firm", name=name, source="register", created_at=now)
        requested(line, payee, by=_nobody())
        if number == 0:
            Claim.objects.create(
                user=founder,
                party=payee,
                given_name=name,
                capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
                way=Claim.Way.DOCUMENT,
                state=Claim.State.CONFIRMED,
                made_at=now,
                decided_at=now,
                decided_by=finance,
            )
    return line


def _nobody() -> User:
    return make_user("clerk", Role.CLERK, unit=Unit.objects.get(code="rsj"))


def answered(file: Path, results: dict[str, tuple[str, str, str]]) -> bytes:
    """The downloaded schedule with the treasury's results in it."""
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    sheet = book.active
    assert sheet is not None
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        result = results[str(sheet.cell(row, heads["收款人"]).value)]
        for head, value in zip(("支付结果", "支付日期", "失败或退票原因"), result, strict=True):
            sheet.cell(row, heads[head]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take_in_answers(desk: Page, batch: str, schedule: Path, axe: Axe) -> None:
    """First with a fault, which is told by its cell; then as it should be."""
    today = timezone.localdate().isoformat()
    wrong = {"上海聚实科技有限公司": ("失败", "", ""), "上海创想软件有限公司": ("成功", today, "")}
    right = wrong | {"上海聚实科技有限公司": ("失败", "", "账号与户名不符")}
    for results in (wrong, right):
        desk.goto(f"{batch}answers/")
        content = answered(schedule, results)
        file = {"name": "回执.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        desk.get_by_label("国库回执文件").set_input_files(files=[file])
        desk.get_by_role("button", name="导入", exact=True).click()
        if results is wrong:
            expect(desk.get_by_text("失败或退票的须写明原因")).to_be_visible()
            axe(desk)
            assert Payment.objects.filter(state="sent").count() == len(wrong)


def mend(phone: Page, sign_in: SignIn, axe: Axe) -> None:
    """The founder corrects the account of the payment that failed."""
    sign_in(phone, "founder")
    phone.goto("/account/payments/")
    axe(phone)
    phone.get_by_role("link", name="更正收款账户").click()
    phone.get_by_label("银行账号").fill("6217 0012 3456 789")
    axe(phone)
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("正在安排拨付")).to_be_visible()


def test_a_batch_goes_through_two_people_to_the_treasury_and_a_failure_is_mended_on_a_phone(
    line: BudgetLine, desk: Page, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    sign_in(desk, "finance")
    desk.goto("/staff/payments/")
    axe(desk)
    desk.get_by_role("link", name="组成拨付批次").click()
    axe(desk)
    desk.get_by_label("批次名称").fill("房租补贴第一批")
    desk.get_by_role("button", name="组成批次").click()
    expect(desk.get_by_role("heading", name="房租补贴第一批")).to_be_visible()
    axe(desk)
    desk.get_by_role("button", name="联审通过").click()
    expect(desk.get_by_text("等待审批人审批")).to_be_visible()
    batch = desk.url
    approver = new_page()
    sign_in(approver, "approver")
    approver.goto(batch)
    approver.get_by_role("button", name="审批通过").click()
    expect(approver.get_by_text("已审批，可以报送国库")).to_be_visible()
    desk.goto(batch)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="拨付明细表 xlsx").click()
    desk.get_by_role("button", name="登记已报送").click()
    take_in_answers(desk, batch, download.value.path(), axe)
    expect(desk.get_by_text("已结清").first).to_be_visible()
    desk.get_by_role("link", name="对账").click()
    expect(desk.get_by_text("账实相符")).to_be_visible()
    axe(desk)
    desk.goto(f"/staff/budget/lines/{line.pk}/")
    expect(desk.get_by_text("30.0 %")).to_be_visible()
    axe(desk)
    mend(new_page("phone"), sign_in, axe)
