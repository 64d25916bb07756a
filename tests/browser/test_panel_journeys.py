"""An expert scores on the phone, the officer watches the matrix at the desk and freezes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.kernel.models import User
from chuangju.scoring.assignments import assign_assessor, spread_assessors
from chuangju.scoring.models import Panel
from chuangju.scoring.panels import open_panel
from chuangju.scoring.sheets import latest_sheet, load_sheets
from chuangju.units.models import Role, Unit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SignIn = Callable[..., None]


@pytest.fixture
def panel(make_user: Callable[..., User], unit: Unit) -> Panel:
    """A blind panel over two subjects with one expert."""
    at = timezone.now()
    officer = make_user("officer", Role.POLICY_OFFICER, unit=unit, name="周主管")
    expert = make_user("expert", Role.ASSESSOR, name="罗专家")
    load_sheets(at)
    sheet = latest_sheet("sci_tech_project")
    assert sheet is not None
    made = open_panel(
        sheet,
        title="科技项目评审",
        unit=unit,
        is_blind=True,
        min_assessors=1,
        subjects=[("journey:1", "澜起装备", ""), ("journey:2", "沐光材料", "")],
        due_on=timezone.localdate(at) + timedelta(days=10),
        by=officer,
        at=at,
    )
    assign_assessor(made, expert, [], by=officer, at=at)
    spread_assessors(made, by=officer, at=at)
    return made


def test_a_blind_panel_from_declaration_to_frozen_results(
    phone: Page, desk: Page, sign_in: SignIn, panel: Panel, axe: Callable[[Page], None]
) -> None:
    sign_in(phone, "expert")
    phone.goto("/account/assessments/")
    expect(phone.get_by_text("还有 2 个参评对象等您评分")).to_be_visible()
    expect(phone.locator("main")).not_to_contain_text("澜起装备")
    axe(phone)
    phone.get_by_role("link", name="对象 001").click()
    expect(phone.get_by_role("heading", level=2)).to_contain_text("是否存在利益冲突")
    axe(phone)
    phone.get_by_role("button", name="没有利益冲突，开始评分").click()
    axe(phone)
    phone.get_by_role("button", name="提交评分").click()
    expect(phone.locator(".error-summary")).to_contain_text("请填写“技术创新性”")
    phone.get_by_label("技术创新性（30 分）").fill("26.5")
    phone.get_by_label("知识产权（10 分）").fill("2")
    phone.get_by_label("市场前景（20 分）").fill("15")
    phone.get_by_label("完全符合（20 分）").check()
    phone.get_by_label("带动就业人数（10 分）").fill("8")
    phone.get_by_label("是（10 分）").check()
    phone.get_by_label("评语").fill("技术路线清楚")
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    phone.get_by_role("button", name="提交评分").click()
    expect(phone.get_by_text("评分已提交，总分 83.30")).to_be_visible()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("对象 002")
    phone.get_by_role("link", name="需要回避").click()
    phone.get_by_label("需要回避的原因").fill("曾任顾问")
    phone.get_by_role("button", name="声明回避").click()
    expect(phone.get_by_text("没有等您评分的参评对象")).to_be_visible()

    sign_in(desk, "officer")
    desk.goto("/staff/panels/")
    desk.get_by_role("link", name="科技项目评审").click()
    expect(desk.locator(".matrix")).to_contain_text("83.30")
    expect(desk.locator(".matrix")).to_contain_text("回避")
    axe(desk)
    desk.get_by_role("link", name="沐光材料退出评审").click()
    desk.get_by_label("原因").fill("没有合适的专家")
    desk.get_by_role("button", name="退出评审").click()
    desk.get_by_role("link", name="冻结评审").click()
    desk.get_by_role("button", name="冻结").click()
    expect(desk.locator("tbody tr")).to_have_count(1)
    expect(desk.locator("tbody tr")).to_contain_text("澜起装备")
    axe(desk)
    panel.refresh_from_db()
    assert panel.state == Panel.State.FROZEN
