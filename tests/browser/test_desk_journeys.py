"""The policy officers' desk in the browser: a match down to one enterprise, a simulation, an edit that another publishes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import User
from chuangju.policies import simulations
from chuangju.policies.current import current_catalogue, forget_catalogue
from chuangju.policies.models import PublishedPolicy
from chuangju.units.models import Role, Unit
from tests.people import make_user
from tests.policies.desk import register_in_force

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NewPage = Callable[..., Page]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Keys of published versions begin anew with every test."""
    forget_catalogue()


@pytest.fixture
def people(reference_data: None) -> dict[str, User]:
    """A policy officer of 区人社局, an approver of the same unit, a leader; and a register in force."""
    unit = Unit.objects.get(code="rsj")
    register_in_force(400)
    return {
        "officer": make_user("officer", Role.POLICY_OFFICER, unit=unit),
        "approver": make_user("approver", Role.APPROVER, unit=unit),
        "leader": make_user("leader", Role.LEADER),
    }


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def test_a_match_leads_from_the_start_to_one_enterprise_and_its_reasons(
    people: dict[str, User], desk: Page, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    sign_in(desk, "officer")
    desk.goto("/staff/matches/")
    desk.get_by_role("link", name="开始匹配").click()
    axe(desk)
    chosen = desk.locator("input[name=policies]:checked")
    while chosen.count():
        chosen.first.uncheck()
    for name in ("创业场地房租补贴", "开办补贴", "六税两费减半"):
        desk.get_by_label(re.compile(f"{name}（")).check()
    desk.get_by_label("名称").fill("浏览器里的匹配")
    desk.get_by_role("button", name="开始计算").click()
    expect(desk.get_by_role("heading", name="正在计算")).to_be_visible()
    run_waiting_jobs()
    expect(desk.locator(".strip")).to_contain_text("至少可享一项", timeout=20_000)
    axe(desk)
    desk.get_by_role("link", name="还差一步").first.click()
    expect(desk.locator("table.near")).to_contain_text("企业自己可以补齐")
    axe(desk)
    desk.locator("table.near tr", has_text="创业场地房租补贴").locator("td.title a").first.click()
    expect(desk.locator(".list .tag").first).to_contain_text("还差一步")
    axe(desk)
    desk.locator("td.title a").first.click()
    answer = desk.locator("details.answer", has_text="创业场地房租补贴").first
    answer.locator("summary").click()
    expect(answer.locator(".conditions .no").first).to_be_visible()
    expect(answer).to_contain_text("示例模板")
    axe(desk)
    phone = new_page("phone")
    sign_in(phone, "leader")
    phone.goto(desk.url)
    no_sideways_scroll(phone)
    axe(phone)
    phone.goto("/staff/matches/")
    phone.get_by_role("link", name="浏览器里的匹配").click()
    expect(phone.locator(".strip")).to_contain_text("至少可享一项")
    no_sideways_scroll(phone)


def test_a_simulation_says_who_gains_and_whether_the_budget_suffices(
    people: dict[str, User], desk: Page, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    sign_in(desk, "officer")
    desk.goto("/staff/simulations/new/?policy=rent_subsidy@2024")
    desk.get_by_label(re.compile("cap_month")).fill("3500")
    desk.get_by_role("button", name="计算", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("金额")
    desk.get_by_label(re.compile("cap_month")).fill("3500元")
    desk.get_by_label(re.compile("年度预算")).fill("1万元")
    desk.locator("#sweep-name").select_option("cap_month")
    desk.get_by_label("从", exact=True).fill("2000元")
    desk.get_by_label("到", exact=True).fill("4000元")
    desk.get_by_label("步长", exact=True).fill("1000元")
    desk.get_by_role("button", name="计算", exact=True).click()
    expect(desk.locator(".simulation-result")).to_contain_text("超出")
    expect(desk.locator(".chart svg")).to_be_visible()
    axe(desk)
    desk.get_by_label("名称").fill("提高每月上限")
    desk.get_by_role("button", name="保存结果").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("提高每月上限")
    axe(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="导出").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    phone = new_page("phone", language="en")
    sign_in(phone, "leader")
    phone.goto(desk.url)
    no_sideways_scroll(phone)
    axe(phone)


def change_in_both_panes(desk: Page) -> None:
    """A figure and a condition by the form, with a slip told beside its line; the title by the text."""
    # The form writes the text; a slip is told beside its condition and its line.
    cap = desk.locator('[name="f:parameters.cap_month.2022-01-01"]')
    cap.fill("3500元")
    cap.blur()
    expect(desk.locator("#text")).to_have_value(re.compile("cap_month: {2022-01-01: 3500元}"))
    when = desk.locator('[name="f:conditions.1.when"]')
    when.fill("months_since(registered_in) <= max_months")
    when.blur()
    expect(desk.locator("#editor-faults")).to_contain_text("registered_in")
    expect(desk.locator(".line-numbers .faulty")).to_have_count(1)
    when.fill("")
    when.press_sequentially("months_since(register")
    desk.locator(".suggest li", has_text="registered_on").first.click()
    when.press_sequentially(") <= max_months")
    when.blur()
    expect(desk.locator("#editor-faults .faults")).to_have_count(0)
    expect(desk.locator("#says-f-conditions-1-when")).to_contain_text("自成立日期起不超过 36 个月")
    # The text writes the form.
    text = desk.locator("#text")
    text.fill(text.input_value().replace("创业场地房租补贴, en", "创业场地租金补贴, en"))
    text.blur()
    expect(desk.locator('[name="f:title.zh"]')).to_have_value("创业场地租金补贴")


def hand_in(desk: Page, axe: Axe) -> None:
    """Save, see what differs and what would change over the register, and hand the draft in."""
    desk.get_by_role("button", name="保存并查看差别").click()
    expect(desk.locator(".table", has_text="参数 cap_month")).to_contain_text("3,500 元")
    expect(desk.locator("#effects")).to_contain_text("400 家企业")
    axe(desk)
    desk.get_by_role("link", name="提交复核").click()
    desk.get_by_label(re.compile("修改说明")).fill("提高每月上限")
    desk.get_by_role("button", name="提交").click()
    expect(desk.locator(".sign-line").first).to_contain_text("待复核发布")


def publish(other: Page) -> None:
    """The second person looks at the draft and publishes it."""
    other.goto("/staff/policies/drafts/")
    other.get_by_role("link", name="创业场地租金补贴").click()
    other.get_by_role("link", name="发布", exact=True).click()
    other.get_by_role("button", name="发布", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("创业场地租金补贴")


def test_a_simulation_over_a_large_register_comes_to_its_page_by_itself(
    people: dict[str, User], desk: Page, sign_in: SignIn, axe: Axe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulations, "MOST_ROWS", 100)
    sign_in(desk, "officer")
    desk.goto("/staff/simulations/new/?policy=rent_subsidy@2024")
    desk.locator("[name='p:cap_month']").fill("3500元")
    desk.get_by_role("button", name="计算", exact=True).click()
    expect(desk.get_by_role("heading", name="正在计算")).to_be_visible()
    axe(desk)
    no_sideways_scroll(desk)
    run_waiting_jobs()
    expect(desk.get_by_role("heading", name="结果")).to_be_visible(timeout=20_000)
    expect(desk.locator("[name='p:cap_month']")).to_have_value("3500元")
    axe(desk)
    desk.get_by_label("名称", exact=True).fill("大名录上的测算")
    desk.get_by_role("button", name="保存结果").click()
    expect(desk.get_by_role("heading", name="大名录上的测算")).to_be_visible()


def test_an_officer_edits_and_another_person_publishes(
    people: dict[str, User], desk: Page, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    sign_in(desk, "officer")
    desk.goto("/staff/policies/versions/rent_subsidy@2024/")
    axe(desk)
    desk.get_by_role("link", name="在此基础上起草新版本").click()
    desk.get_by_label("版本号").fill("2027")
    desk.get_by_label("施行日期").fill("2027-01-01")
    desk.get_by_label(re.compile("有效期至")).fill("2028-12-31")
    desk.get_by_role("button", name="开始起草").click()
    expect(desk.locator("#text")).to_have_value(re.compile("effective: 2027-01-01 .. 2028-12-31"))
    axe(desk)
    change_in_both_panes(desk)
    # Examples that no longer hold are told with the reason, and taken away one after the other.
    while desk.locator("#examples-result li.failed").count():
        row = desk.locator(".condition-row", has_text="不符").first
        row.get_by_role("button", name=re.compile("删去范例")).click()
        desk.wait_for_load_state()
    expect(desk.locator("#editor-state")).to_contain_text("可以提交")
    hand_in(desk, axe)
    other = new_page("desk")
    sign_in(other, "approver")
    publish(other)
    published = PublishedPolicy.objects.get()
    assert (published.author.username, published.published_by.username) == ("officer", "approver")
    assert current_catalogue().version("rent_subsidy", "2027") is not None
    assert published.at <= timezone.now()
