"""Words between people: searching as one types, a thread, a checklist on the phone, a low rating that becomes work."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from chuangju.kernel.models import ChecklistItem, ThreadMessage, User
from chuangju.kernel.search import rebuild_index
from chuangju.programme.milestones import add_milestone
from chuangju.programme.models import Milestone, TableVersion
from chuangju.programme.notes import note_progress, release_note
from chuangju.units.models import FollowUp
from tests.programme.conftest import put_into_force, read_table_of, read_task, row_of, unit_called

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SignIn = Callable[..., None]
NewPage = Callable[..., Page]

__all__ = ["put_into_force"]


@pytest.fixture
def step(put_into_force: Callable[..., TableVersion], office: User) -> Milestone:
    """A step of 区财政局 in a table of one row, all of it in the index."""
    version = put_into_force(read_table_of(read_task(1, "创业担保贷款政策的落实")))
    rebuild_index()
    return add_milestone(
        row_of(version, 1).measure_rows.get(position=1).measure,
        title="担保贷款受理点现场开放",
        unit=unit_called("区财政局"),
        due_on=timezone.localdate() + timedelta(days=30),
        by=office,
        at=timezone.now(),
    )


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture as a phone takes it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    file = tmp_path / "现场.jpg"
    file.write_bytes(out.getvalue())
    return file


def test_one_finds_by_typing_and_by_keyboard(desk: Page, sign_in: SignIn, step: Milestone, leader: User) -> None:
    sign_in(desk, "leader")
    desk.goto("/staff/table/")
    box = desk.get_by_role("combobox", name="搜索")
    box.press_sequentially("担保", delay=20)
    expect(desk.locator("#suggestions [role=option]").nth(3)).to_be_visible()
    expect(desk.locator("#suggestions mark").first).to_have_text("担保")
    box.press("ArrowDown")
    expect(desk.locator("#suggestions [aria-selected=true]")).to_have_count(1)
    box.press("Escape")
    expect(desk.locator("#suggestions")).to_have_count(0)
    box.fill("")
    box.press_sequentially("caizhengj", delay=20)
    expect(desk.locator("#suggestions a").first).to_contain_text("区财政局")
    box.press("ArrowDown")
    box.press("Enter")
    expect(desk).to_have_url(re.compile(r"/staff/units/"))


def test_the_page_of_results_follows_the_typing_on_the_phone(phone: Page, step: Milestone) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="搜索").first.click()
    phone.get_by_role("searchbox").press_sequentially("danbao", delay=20)
    expect(phone.locator("#found .hit a")).to_have_text(["创业担保贷款政策的落实"])
    expect(phone).to_have_url(re.compile(r"q=danbao"))
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_searching_works_without_javascript(new_page: NewPage, sign_in: SignIn, step: Milestone, leader: User) -> None:
    page = new_page("desk", java_script_enabled=False)
    sign_in(page, "leader")
    page.goto("/staff/table/")
    page.locator("#search-box").fill("受理点")
    page.locator("#search-box").press("Enter")
    page.locator(".hit a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("担保贷款受理点现场开放")


def test_office_and_liaison_officer_talk_about_a_row(
    new_page: NewPage, sign_in: SignIn, step: Milestone, make_user: Callable[..., User]
) -> None:
    make_user("finance-liaison", "liaison_officer", unit=unit_called("区财政局"))
    place = f"/staff/table/tasks/{step.measure.task.code}/"
    desk, phone = new_page("desk"), new_page("phone")
    sign_in(desk, "office")
    desk.goto(place)
    desk.get_by_label("留言").fill("请补一张照片。\n今天下班前。")
    desk.get_by_role("button", name="发送留言").dblclick(no_wait_after=True)
    expect(desk.locator(".said-text")).to_have_count(1)
    sign_in(phone, "finance-liaison")
    phone.goto(place)
    expect(phone.locator(".said-text")).to_have_text(re.compile("请补一张照片。\\s*今天下班前。"))
    phone.locator("#thread-title").scroll_into_view_if_needed()
    phone.get_by_label("留言").fill("收到")
    phone.get_by_role("button", name="发送留言").click()
    expect(phone.locator(".said.own")).to_have_count(1)
    assert ThreadMessage.objects.count() == 2
    desk.goto(place)
    expect(desk.locator("#thread")).to_contain_text("1 条新留言")


def test_the_officer_verifies_on_the_spot_with_the_phone(
    phone: Page, sign_in: SignIn, step: Milestone, make_user: Callable[..., User], photo: Path
) -> None:
    make_user("finance-liaison", "liaison_officer", unit=unit_called("区财政局"))
    sign_in(phone, "finance-liaison")
    phone.goto(f"/staff/milestones/{step.pk}/")
    phone.get_by_role("button", name="开始核验").click()
    expect(phone.locator(".tick")).to_have_count(6)
    first = phone.locator(".tick").first
    first.locator("summary").click()
    expect(first.locator("input[type=file]")).to_have_attribute("capture", "environment")
    first.get_by_label("说明").fill("门牌已换新")
    first.locator("input[type=file]").set_input_files(photo)
    first.get_by_role("button", name="保存").click()
    expect(phone.locator(".tick.done")).to_have_count(1)
    expect(phone.locator(".tick.done img")).to_have_count(1)
    expect(phone.locator(".checklist .count")).to_have_text("1/6")
    assert ChecklistItem.objects.filter(is_done=True, note="门牌已换新").count() == 1


def test_a_low_rating_by_a_founder_becomes_the_units_work(
    new_page: NewPage,
    sign_in: SignIn,
    step: Milestone,
    office: User,
    entrepreneur: User,
    make_user: Callable[..., User],
) -> None:
    officer = make_user("finance-liaison", "liaison_officer", unit=unit_called("区财政局"))
    task, at = step.measure.task, timezone.now()
    note = note_progress(task, unit=unit_called("区财政局"), text="受理点今起开放。", by=officer, at=at)
    release_note(note, by=office, at=at)
    phone, desk = new_page("phone"), new_page("desk")
    sign_in(phone, entrepreneur.username)
    phone.goto(f"/programme/{task.code}/")
    phone.get_by_role("link", name="评价这项服务").click()
    phone.get_by_label("不满意", exact=True).check()
    phone.get_by_label("意见和建议").fill("排队一个多小时")
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.locator(".rate")).to_contain_text("不满意")
    sign_in(desk, officer.username)
    desk.goto("/staff/follow-ups/")
    desk.get_by_role("link", name="受理点今起开放。").click()
    expect(desk.locator("main")).to_contain_text("排队一个多小时")
    desk.get_by_role("textbox", name="整改情况").fill("已加开两个窗口，并电话说明。")
    desk.get_by_label("已联系，并说明了处理结果").check()
    desk.get_by_role("button", name="办结").click()
    expect(desk.locator("main")).to_contain_text("已办结")
    assert FollowUp.objects.get().state == FollowUp.State.CLOSED
