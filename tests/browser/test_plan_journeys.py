"""A plan's whole way in the browser: written, asked about, decided, sealed, late - until the row, the telephone and the search know."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import User
from chuangju.kernel.rounds import run_rounds
from chuangju.kernel.working_days import add_working_days, is_working_day
from chuangju.programme.demo_pictures import demo_picture
from chuangju.programme.imports import create_version
from chuangju.programme.models import Opinion, Plan, TableVersion
from chuangju.programme.plan_reminders import remind_of_plans
from chuangju.programme.plan_reviews import open_due_reviews
from tests.people import PASSWORD, make_user
from tests.programme.conftest import read_table_of, read_task, unit_called
from tests.programme.plans import Planner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NewPage = Callable[..., Page]
SignIn = Callable[..., None]
FINANCE = "区财政局"


@pytest.fixture
def small_table(reference_data: None, office: User) -> TableVersion:
    """A table of one row in force."""
    at = timezone.now()
    return create_version(
        read_table_of(read_task(1, "配套政策的制定、实施及资金投入")),
        name="现行分解表",
        effective_from=timezone.localdate(at) - timedelta(days=400),
        file_name="表.docx",
        file_sha256="0" * 64,
        by=office,
        at=at,
    )


@pytest.fixture
def at_work(small_table: TableVersion, office: User, leader: User) -> Planner:
    """The office, its leader and the liaison officer of 区财政局, today."""
    planner = Planner(small_table, office, leader, timezone.now())
    planner.officer(FINANCE)
    return planner


def morning() -> datetime:
    """Eight o'clock of the last working day that has begun."""
    now = timezone.localtime()
    day = now.date() if is_working_day(now.date()) and now.hour >= 9 else add_working_days(now.date(), -1)
    return now.replace(year=day.year, month=day.month, day=day.day, hour=8, minute=0)


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def write_plan(page: Page, planner: Planner, due_on: str) -> Plan:
    """The office drafts the plan: its outside, a section, an item."""
    page.goto("/staff/plans/")
    page.get_by_role("link", name="起草工作方案").first.click()
    page.get_by_label("方案标题").fill("全区创建工作总体方案")
    page.get_by_label("起始日期").fill(f"{planner.now.year - 1}-01-01")
    page.get_by_label("结束日期").fill(f"{planner.now.year + 1}-12-31")
    page.get_by_role("button", name="开始起草").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("全区创建工作总体方案")
    plan = Plan.objects.get()
    page.get_by_role("link", name="编写 一、工作目标").click()
    page.get_by_label("正文").fill("到明年底，各项机制健全。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".plan-text")).to_contain_text("到明年底，各项机制健全。")
    planner.write(plan)
    page.goto(f"/staff/plans/{plan.pk}/")
    page.get_by_role("link", name="添加事项").click()
    page.get_by_label("事项").first.fill("下达创业扶持资金")
    page.get_by_label("服务的任务").select_option(label="1 配套政策的制定、实施及资金投入")
    page.get_by_label("责任单位").select_option(label=FINANCE)
    page.get_by_label("完成期限").fill(due_on)
    page.get_by_role("button", name="添加").click()
    expect(page.locator("#items ~ .table-card, .table-card").first).to_contain_text("下达创业扶持资金")
    return plan


def ask_units(page: Page) -> None:
    page.get_by_role("link", name="征求意见").first.click()
    for box in page.locator("input[name=units]:checked").all():
        box.uncheck()
    page.get_by_label(FINANCE, exact=True).check()
    page.get_by_role("button", name="发出征求意见").click()
    expect(page.locator(".asked-unit")).to_contain_text("待反馈")


def answer_on_the_phone(page: Page, sign_in: SignIn, planner: Planner) -> None:
    """The unit gives its opinion and sees nothing of how others answered."""
    sign_in(page, planner.officer(FINANCE).username)
    page.goto("/account/messages/")
    page.get_by_role("link", name=re.compile("请反馈对《全区创建工作总体方案》的意见")).first.click()
    page.locator("main").get_by_role("link", name=re.compile("办理|查看|反馈|处理")).first.click()
    page.get_by_role("link", name="提出意见").click()
    page.get_by_label("所涉内容").select_option(label="一、工作目标")
    page.get_by_label("意见", exact=True).fill("目标要量化")
    no_sideways_scroll(page)
    page.get_by_role("button", name="提交意见").click()
    expect(page.locator("#own")).to_contain_text("目标要量化")


def collect(page: Page) -> None:
    """The office decides on the opinion, ends the round and lays the plan before the leaders."""
    page.reload()
    page.get_by_role("link", name=re.compile("写明采纳情况")).click()
    page.get_by_label("部分采纳").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".error-summary")).to_contain_text("请写明理由")
    page.get_by_label("理由").fill("总目标已量化，分年目标另定")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".opinion")).to_contain_text("部分采纳")
    page.get_by_role("button", name="截止本轮").click()
    expect(page.locator(".sign-line")).to_contain_text("已截止")
    with page.expect_download() as download:
        page.get_by_role("link", name="采纳情况表 Word").click()
    assert download.value.suggested_filename.endswith("采纳情况表.docx")
    page.get_by_role("link", name="全区创建工作总体方案").first.click()
    page.get_by_role("button", name="提请领导小组审定").click()
    expect(page.locator(".sign-line").first).to_contain_text("待审定")


def approve(page: Page, sign_in: SignIn, plan: Plan) -> None:
    sign_in(page, "leader")
    page.goto(f"/staff/plans/{plan.pk}/")
    page.get_by_role("link", name="审定通过").click()
    page.get_by_label("审定的会议或方式").fill("领导小组第二次会议")
    page.get_by_role("button", name="审定通过").click()
    expect(page.locator(".sign-line").first).to_contain_text("已审定待印发")


def issue(page: Page, scan: Path) -> None:
    """Drafted, handed over, sealed: the plan is in force."""
    page.reload()
    page.get_by_role("link", name="起草印发文书").click()
    page.get_by_role("button", name="起草文书").click()
    page.get_by_role("link", name="送核稿").click()
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("link", name="登记文号和用印").click()
    page.get_by_label("发文字号").fill("演示创建办〔2026〕9号")
    page.get_by_label("用印日期").fill(timezone.localdate().isoformat())
    page.set_input_files("input[type=file]", scan)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("link", name="全区创建工作总体方案").last.click()
    expect(page.locator(".sign-line").first).to_contain_text("已印发")
    expect(page.locator(".sign-line").first).to_contain_text("演示创建办〔2026〕9号")


def test_a_plan_from_its_draft_to_the_amber_row_the_pointer_and_the_search(
    new_page: NewPage, sign_in: SignIn, at_work: Planner, settings: Any, live_server: Any, tmp_path: Path
) -> None:
    at = morning()
    due = add_working_days(at.date(), -2)
    office, phone, leader = new_page(), new_page("phone"), new_page()
    sign_in(office, "office")
    plan = write_plan(office, at_work, due.isoformat())
    ask_units(office)
    answer_on_the_phone(phone, sign_in, at_work)
    assert Opinion.objects.get().place == "一、工作目标"
    collect(office)
    approve(leader, sign_in, plan)
    scan = tmp_path / "用印扫描件.jpg"
    scan.write_bytes(demo_picture(1))
    office.goto(f"/staff/plans/{plan.pk}/")
    issue(office, scan)

    late = (
        "逾期 3 个工作日"
        if timezone.localdate() > at.date() and is_working_day(timezone.localdate())
        else "逾期 2 个工作日"
    )
    leader.goto("/staff/table/")
    row = leader.locator("tbody tr:not(.cat)")
    expect(row.locator(".tag.soon")).to_have_text(late)
    expect(row).to_contain_text(f"方案事项“下达创业扶持资金”{late}")

    settings.DEMO, settings.PUBLIC_URL = True, str(live_server.url)
    item = plan.items.get()
    with transaction.atomic():
        # The officer hears of it on the first late day; here that day was yesterday's round.
        first = at - timedelta(days=(at.date() - add_working_days(at.date(), -1)).days)
        assert remind_of_plans(DutyPeriod(first.date(), first, first + timedelta(days=1), at)) == 1
    run_rounds(at=at)
    phone.goto("/demo/messages/")
    bubble = phone.locator(".bubble").first
    expect(bubble).not_to_contain_text("扶持资金")
    bubble.get_by_role("link").click()
    expect(phone.locator("main")).to_contain_text("下达创业扶持资金")

    leader.goto("/search/?q=创建工作总体方案")
    expect(leader.locator("main").get_by_role("link", name=re.compile("全区创建工作总体方案")).first).to_be_visible()
    assert item.first_due_on == due


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh")])
def test_every_page_of_a_plan_in_force_is_sound(
    size: str, language: str, new_page: NewPage, sign_in: SignIn, at_work: Planner, axe: Callable[[Page], None]
) -> None:
    today = timezone.localdate()
    span = {"starts_on": today - timedelta(days=400), "ends_on": today + timedelta(days=400)}
    plan = at_work.issued(
        {"title": "下达创业扶持资金", "due_on": add_working_days(today, -3)},
        {"title": "开展评估", "due_on": today + timedelta(days=30), "starts_on": today},
        **span,
    )
    Plan.objects.filter(pk=plan.pk).update(issued_on=today - timedelta(days=380))
    with transaction.atomic():
        assert open_due_reviews(on=today, at=timezone.now()) > 0
    page = new_page(size, language=language)
    sign_in(page, "office")
    first, review = plan.items.order_by("number")[0].pk, plan.reviews.order_by("pk")[0].pk
    for address in (
        "/staff/plans/",
        f"/staff/plans/{plan.pk}/",
        f"/staff/plans/{plan.pk}/gantt/",
        f"/staff/plans/{plan.pk}/difference/",
        f"/staff/plans/rounds/{plan.rounds.get().pk}/",
        "/staff/plans/calendar/",
        "/staff/plans/items/",
        f"/staff/plans/items/{first}/",
        f"/staff/plans/items/{first}/adjust/",
        f"/staff/plans/reviews/{review}/",
        f"/plans/{plan.pk}/",
    ):
        page.goto(address)
        no_sideways_scroll(page)
        axe(page)


def test_a_late_item_is_reported_from_the_phone_without_javascript(
    new_page: NewPage, sign_in: SignIn, at_work: Planner
) -> None:
    today = timezone.localdate()
    item = at_work.issued(
        {"title": "下达创业扶持资金", "due_on": today},
        starts_on=today - timedelta(days=40),
        ends_on=today + timedelta(days=40),
    ).items.get()
    make_user(f"officer-{unit_called(FINANCE).code}", password=PASSWORD)
    page = new_page("phone", java_script_enabled=False)
    sign_in(page, at_work.officer(FINANCE).username)
    page.goto("/staff/plans/items/?unit=mine")
    page.get_by_role("link", name="下达创业扶持资金").click()
    page.get_by_role("link", name="填报完成").click()
    page.get_by_label("完成情况").fill("已下达。")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".note")).to_contain_text("已下达。")
    item.refresh_from_db()
    assert item.state == "done"
