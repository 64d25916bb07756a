"""People's journeys: a seat is filled, a stand-in reports, somebody invited comes in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.kernel.models import AuditEvent, User
from chuangju.programme.milestones import add_milestone
from chuangju.programme.models import Milestone, ProgressNote, TableVersion
from chuangju.units.models import Appointment, Delegation, Role, RoleAssignment
from tests.browser.test_table_journeys import minhang
from tests.people import PASSWORD
from tests.programme.conftest import row_of, unit_called

__all__ = ["minhang"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SignIn = Callable[..., None]
NewPage = Callable[..., Page]


@pytest.fixture
def step(minhang: TableVersion, office: User) -> Milestone:
    """A step of 区财政局 under row 4."""
    at = timezone.now()
    measure = row_of(minhang, 4).measure_rows.get(position=1).measure
    due_on = timezone.localdate(at) + timedelta(days=30)
    return add_milestone(
        measure, title="印发年度资金安排", unit=unit_called("区财政局"), due_on=due_on, by=office, at=at
    )


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_office_fills_the_missing_liaison_officer(
    size: str, new_page: NewPage, sign_in: SignIn, office: User, liaison: User, axe: Callable[[Page], None]
) -> None:
    page = new_page(size)
    sign_in(page, "office")
    page.goto("/staff/appointments/?missing=work")
    expect(page.locator(".strip")).to_contain_text("缺工作联络员")
    axe(page)
    page.locator("tbody tr").get_by_role("link", name="任命", exact=True).nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("任命工作联络员")
    page.get_by_label("系统账号").select_option("liaison")
    page.get_by_label("职务").fill("科长")
    axe(page)
    page.get_by_role("button", name="任命", exact=True).click()
    expect(page.locator("#seats")).to_contain_text("科长")
    expect(page.get_by_text("已任命liaison为工作联络员")).to_be_visible()
    page.goto("/staff/appointments/?missing=work")
    expect(page.locator("tbody tr")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert Appointment.objects.get().user == liaison


def test_a_liaison_officer_goes_on_leave_and_the_stand_in_reports(
    desk: Page, phone: Page, sign_in: SignIn, make_user: Callable[..., User], step: Milestone
) -> None:
    unit = unit_called("区财政局")
    make_user("finance", Role.LIAISON_OFFICER, unit=unit, name="周联络")
    make_user("clerk", Role.CLERK, unit=unit, name="吴佳怡")
    sign_in(desk, "finance")
    desk.goto("/staff/delegations/")
    desk.get_by_role("link", name="指定代岗人").click()
    desk.get_by_label("代岗人").select_option("clerk")
    desk.get_by_label("结束日期").fill((timezone.localdate() + timedelta(days=5)).isoformat())
    desk.get_by_label("原因").fill("年休假")
    desk.get_by_role("button", name="指定代岗人").click()
    expect(desk.locator("tbody tr")).to_contain_text("代岗中")
    sign_in(phone, "clerk")
    expect(phone.get_by_text("您正在代周联络履职")).to_be_visible()
    phone.goto("/staff/milestones/?unit=mine&state=open")
    phone.get_by_role("link", name="印发年度资金安排").click()
    phone.get_by_role("link", name="填报", exact=True).first.click()
    phone.get_by_label("进展情况").fill("资金安排已报区政府审定。")
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".note")).to_contain_text("已报区政府审定")
    note = ProgressNote.objects.get()
    assert note.unit == unit
    event = AuditEvent.objects.get(action="programme.note_written")
    assert (event.actor_name, event.role) == ("吴佳怡", "经办人、联络员（代周联络）")
    desk.get_by_role("link", name="结束", exact=True).click()
    desk.get_by_role("button", name="结束代岗").click()
    phone.goto("/staff/units/")
    expect(phone.get_by_text("您正在代周联络履职")).to_have_count(0)
    assert Delegation.objects.get().ended_on == timezone.localdate()


def test_an_invited_clerk_gets_in(
    new_page: NewPage, sign_in: SignIn, system_administrator: User, security_administrator: User, reference_data: None
) -> None:
    page = new_page()
    sign_in(page, "sysadmin")
    page.goto("/staff/invitations/")
    page.get_by_role("link", name="邀请人员", exact=True).last.click()
    page.get_by_label("姓名").fill("韩雪")
    page.get_by_label("电子邮箱").fill("hanxue@example.org")
    page.locator("select[name=unit]").select_option("kw")
    page.get_by_label("经办人").check()
    page.get_by_role("button", name="发出邀请").click()
    link = page.locator("code").inner_text()
    assert re.search(r"/invitations/[\w-]{40,}/$", link)
    newcomer = new_page("phone")
    newcomer.goto(link)
    expect(newcomer.locator("main")).to_contain_text("hanxue")
    newcomer.get_by_label("密码", exact=True).fill(PASSWORD)
    newcomer.get_by_label("再输一次密码").fill(PASSWORD)
    newcomer.get_by_role("button", name="开通账号").click()
    expect(newcomer.get_by_text("账号已开通，登录名是 hanxue")).to_be_visible()
    sign_in(newcomer, "hanxue")
    keeper = new_page()
    sign_in(keeper, "secadmin")
    keeper.goto("/staff/proposals/")
    keeper.get_by_role("link", name="授予", exact=True).click()
    keeper.get_by_role("button", name="授予角色").click()
    expect(keeper.get_by_text("已授予角色：经办人")).to_be_visible()
    newcomer.goto("/staff/units/")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("成员单位")
    assert RoleAssignment.objects.get(user__username="hanxue").granted_by == security_administrator
