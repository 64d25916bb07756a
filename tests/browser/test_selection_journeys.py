"""A competitive round from its opening to the letters: officer, applicant on a phone, clerk, two assessors, approver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.models import Application, DecisionBatch, PublicNotice, Window
from chuangju.kernel.models import Paper, User
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.sheets import load_sheets
from tests.applications import desk as cases
from tests.applications import selecting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]
SignIn = Callable[..., None]


@pytest.fixture
def founder(reference_data: None, make_user: Callable[..., User]) -> User:
    """Applies, and everybody of the commission who will be needed."""
    selecting.officer()
    selecting.experts()
    cases.clerk_of("kw")
    cases.approver_of("kw")
    selecting.give_line(10 * selecting.GRANT, at=timezone.now())
    load_sheets(timezone.now())
    return make_user("founder", "entrepreneur", name="林小舟")


def _change(page: Page, sign_in: SignIn, username: str) -> None:
    page.context.clear_cookies()
    sign_in(page, username)


def _open_round(desk: Page, sign_in: SignIn, axe: Callable[[Page], None]) -> Window:
    on = timezone.localdate()
    sign_in(desk, "officer-kw")
    desk.goto("/windows/new/")
    axe(desk)
    desk.get_by_label("政策", exact=True).select_option(selecting.POLICY)
    desk.get_by_label("批次名称").fill("科技创业项目")
    desk.get_by_label("开始受理").fill(on.isoformat())
    desk.get_by_label("截止受理").fill((on - timedelta(days=1)).isoformat())
    desk.get_by_label("名额").fill("1")
    desk.get_by_role("button", name="保存").click()
    expect(desk.locator(".error-summary")).to_contain_text("截止日期不能早于")
    desk.get_by_label("截止受理").fill((on + timedelta(days=9)).isoformat())
    desk.get_by_role("button", name="保存").click()
    desk.get_by_role("button", name="公布").click()
    expect(desk.locator("main")).to_contain_text("受理中")
    return Window.objects.get(kind=Window.Kind.COMPETITIVE)


def _score(page: Page, points: int) -> None:
    page.get_by_role("button", name="没有利益冲突，开始评分").click()
    page.get_by_label("技术创新性（30 分）").fill(str(points))
    page.get_by_label("知识产权（10 分）").fill("2")
    page.get_by_label("市场前景（20 分）").fill("15")
    page.get_by_label("完全符合（20 分）").check()
    page.get_by_label("带动就业人数（10 分）").fill("8")
    page.get_by_label("是（10 分）").check()
    page.get_by_label("评语").fill("技术路线清楚")
    page.get_by_role("button", name="提交评分").click()


def _assess(desk: Page, new_page: Callable[..., Page], sign_in: SignIn, window: Window) -> None:
    desk.goto(f"/windows/{window.pk}/")
    desk.get_by_role("link", name="组织专家评审").click()
    desk.get_by_label("评分表").select_option(label="科技创新创业项目评审表（第 1 版）")
    desk.get_by_label("评分截止日期").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    desk.get_by_label("每件至少几位专家").fill("2")
    desk.get_by_role("button", name="建立评审").click()
    panel = Panel.objects.get(pk=Window.objects.get(pk=window.pk).panel_id)
    by, at = selecting.officer(), timezone.now()
    for expert in selecting.experts():
        selecting.assign_assessor(panel, expert, [], by=by, at=at)
    selecting.spread_assessors(panel, by=by, at=at)
    selecting.begin_scoring(panel, by=by, at=at)
    for name in ("expert", "expert2"):
        page = new_page("phone")
        sign_in(page, name)
        for one in Assessment.objects.filter(panel=panel, assessor__username=name).order_by("entry__position"):
            page.goto(f"/account/assessments/{one.pk}/")
            _score(page, 20 + 4 * one.entry.position)
            expect(page.get_by_text("评分已提交")).to_be_visible()
    desk.goto(f"/staff/panels/{panel.pk}/freeze/")
    desk.get_by_role("button", name="冻结").click()


def test_a_competitive_round_from_its_opening_to_the_letters(
    phone: Page, desk: Page, new_page: Callable[..., Page], sign_in: SignIn, founder: User, axe: Callable[[Page], None]
) -> None:
    now = timezone.now()
    window = _open_round(desk, sign_in, axe)
    sign_in(phone, "founder")
    phone.goto(f"/policies/{selecting.POLICY}/")
    expect(phone.locator("main")).to_contain_text("名额 1 个")
    for place in (1, 2):
        selecting.screened(selecting.hand_in(place, founder=founder, at=now), at=now)
    desk.goto(f"/windows/{window.pk}/close/")
    desk.get_by_label("提前截止的原因").fill("申报数量已够")
    desk.get_by_role("button", name="截止受理").click()
    _assess(desk, new_page, sign_in, window)

    desk.goto(f"/windows/{window.pk}/")
    desk.get_by_role("button", name="拟定名单").click()
    axe(desk)
    rows = desk.locator(".ranking tbody tr")
    expect(rows.nth(0)).to_contain_text("科创企业2")
    desk.get_by_label("拖动入围线").fill("2")
    expect(desk.locator("[data-total]")).to_contain_text("300,000")
    desk.get_by_role("button", name="保存入围线").click()
    expect(desk.locator("#refused")).to_contain_text("不能超过")
    desk.get_by_label("入围数").fill("1")
    desk.get_by_label("候补数").fill("0")
    desk.get_by_role("button", name="保存入围线").click()
    desk.get_by_role("button", name="锁定名单").click()
    desk.get_by_role("button", name="报审定").click()
    batch = DecisionBatch.objects.get()
    _change(desk, sign_in, "approver-kw")
    desk.goto(f"/selections/{batch.pk}/")
    axe(desk)
    desk.get_by_role("button", name="同意，审定名单").click()
    expect(desk.locator("main")).to_contain_text("已审定")
    _change(desk, sign_in, "officer-kw")
    desk.goto(f"/selections/{batch.pk}/")
    desk.get_by_role("button", name="开始公示").click()
    desk.get_by_role("button", name="公布全部结果").click()
    expect(desk.locator("#refused")).to_contain_text("公示到")
    PublicNotice.objects.update(starts_on=now.date() - timedelta(days=9), ends_on=now.date() - timedelta(days=1))
    desk.goto(f"/selections/{batch.pk}/")
    desk.get_by_role("button", name="公布全部结果").click()
    expect(desk.locator("main")).to_contain_text("名单已公布")
    assert sorted(Application.objects.values_list("state", flat=True)) == ["granted", "refused"]
    assert Paper.objects.filter(title__contains="审核决定书").count() == len(("granted", "refused"))
    loser = Application.objects.get(state=Application.State.REFUSED)
    phone.goto(f"/my/cases/{loser.pk}/")
    expect(phone.locator("main")).to_contain_text("未进入前1名")
    axe(phone)
