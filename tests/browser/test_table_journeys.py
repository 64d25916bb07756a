"""The table's own journeys: the file becomes the living table, units report, the office corrects, leaders look."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from chuangju.kernel.models import User
from chuangju.programme.imports import create_version
from chuangju.programme.milestones import add_milestone
from chuangju.programme.models import Milestone, ProgressNote, TableVersion
from chuangju.programme.table import read_table
from tests.browser.conftest import Watch
from tests.browser.words import say
from tests.programme.conftest import row_of, unit_called

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SignIn = Callable[..., None]
NewPage = Callable[..., Page]
SHIPPED = files("chuangju.programme").joinpath("data/minhang.txt")
SIZES_AND_LANGUAGES = [("desk", "zh"), ("phone", "zh"), ("desk", "en"), ("phone", "en")]


@pytest.fixture
def minhang(reference_data: None, office: User) -> TableVersion:
    """The district's table in force."""
    at = timezone.now()
    return create_version(
        read_table(Path(str(SHIPPED))),
        name="2026 年任务分解表",
        effective_from=timezone.localdate(at) - timedelta(days=90),
        file_name="minhang.txt",
        file_sha256="0" * 64,
        by=office,
        at=at,
    )


@pytest.fixture
def late_step(minhang: TableVersion, office: User) -> Milestone:
    """A step of 区财政局 under row 4 that was due twenty days ago."""
    at = timezone.now()
    measure = row_of(minhang, 4).measure_rows.get(position=1).measure
    due_on = timezone.localdate(at) - timedelta(days=20)
    return add_milestone(
        measure, title="印发年度资金安排", unit=unit_called("区财政局"), due_on=due_on, by=office, at=at
    )


def upload(page: Page, file: Path, language: str = "zh") -> None:
    page.goto("/staff/table/import/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name=say("上传并预览", language)).click()


def shipped_copy(folder: Path) -> Path:
    copy = folder / "闵行区任务分解表.txt"
    copy.write_bytes(SHIPPED.read_bytes())
    return copy


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


@pytest.mark.parametrize(("size", "language"), SIZES_AND_LANGUAGES)
def test_the_shared_file_goes_from_upload_to_the_living_table(
    size: str, language: str, new_page: NewPage, sign_in: SignIn, office: User, reference_data: None, tmp_path: Path
) -> None:
    page = new_page(size, language=language)
    sign_in(page, "office")
    upload(page, shipped_copy(tmp_path), language)
    expect(page.get_by_role("heading", level=1)).to_have_text(say("导入预览", language))
    expect(page.locator("tbody tr")).to_have_count(22)
    expect(page.locator(".warnings")).to_contain_text("相关创建成员单位")
    assert not TableVersion.objects.exists()
    no_sideways_scroll(page)
    page.get_by_role("button", name=say("确认导入", language)).click()
    expect(page).to_have_url(re.compile(r"/staff/table/$"))
    expect(page.locator("tbody tr:not(.cat)")).to_have_count(22)
    expect(page.locator("tbody tr.cat")).to_have_count(6)
    no_sideways_scroll(page)
    assert TableVersion.objects.get().rows.count() == 22


def test_a_broken_file_says_why_and_the_way_back_is_there(
    desk: Page, sign_in: SignIn, office: User, tmp_path: Path
) -> None:
    broken = tmp_path / "分解表.docx"
    broken.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    sign_in(desk, "office")
    upload(desk, broken)
    expect(desk.get_by_role("alert")).to_contain_text("分解表.docx")
    expect(desk.get_by_role("alert")).to_contain_text("旧版")
    desk.get_by_role("link", name="重新上传").click()
    expect(desk).to_have_url(re.compile(r"/import/$"))
    assert not TableVersion.objects.exists()


def test_an_unknown_unit_is_settled_before_the_table_is_written(
    desk: Page, sign_in: SignIn, office: User, reference_data: None, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "序号,工作任务,牵头部门,配合单位,推进举措\n1,建设数据底座,区大数据中心,财政部门,归集数据。\n", "utf-8"
    )
    sign_in(desk, "office")
    upload(desk, table)
    desk.get_by_label("“财政部门”与哪个单位相同？").fill("没有这个单位")
    desk.get_by_label("“区大数据中心”与哪个单位相同？").fill("")
    desk.get_by_role("button", name="确认导入").click()
    expect(desk.locator("main")).to_contain_text("没有名为“没有这个单位”的单位")
    desk.get_by_label("“财政部门”与哪个单位相同？").fill("区财政局")
    desk.get_by_role("button", name="确认导入").click()
    expect(desk).to_have_url(re.compile(r"/staff/table/$"))
    row = TableVersion.objects.get().rows.get()
    assert set(row.row_units.values_list("unit__name", flat=True)) == {"区大数据中心", "区财政局"}


def test_confirming_with_a_double_click_makes_one_version(
    desk: Page, sign_in: SignIn, office: User, reference_data: None, tmp_path: Path
) -> None:
    sign_in(desk, "office")
    upload(desk, shipped_copy(tmp_path))
    desk.get_by_role("button", name="确认导入").dblclick(no_wait_after=True)
    expect(desk.get_by_role("heading", level=1)).to_have_text("2026 年任务分解表")
    assert TableVersion.objects.count() == 1


def test_the_import_works_without_javascript(
    new_page: NewPage, sign_in: SignIn, office: User, reference_data: None, tmp_path: Path
) -> None:
    page = new_page("desk", java_script_enabled=False)
    sign_in(page, "office")
    upload(page, shipped_copy(tmp_path))
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("tbody tr:not(.cat)")).to_have_count(22)


def test_a_liaison_officer_reports_with_a_photo_on_the_phone_and_the_step_is_done(
    phone: Page, sign_in: SignIn, make_user: Callable[..., User], late_step: Milestone, tmp_path: Path
) -> None:
    make_user("finance", "liaison_officer", unit=unit_called("区财政局"), name="周联络")
    photo = tmp_path / "会议现场.jpg"
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 900), "seagreen").save(buffer, "JPEG")
    photo.write_bytes(buffer.getvalue())
    sign_in(phone, "finance")
    phone.goto("/staff/milestones/?unit=mine&state=open")
    phone.get_by_role("link", name="印发年度资金安排").click()
    phone.get_by_role("link", name="完成", exact=True).click()
    phone.get_by_label("进展情况").fill("年度资金安排已印发，共 300 万元。")
    phone.set_input_files("input[type=file]", photo)
    no_sideways_scroll(phone)
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".note")).to_contain_text("共 300 万元")
    image = phone.locator(".note img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(phone.locator(".milestone")).to_contain_text("已完成")
    late_step.refresh_from_db()
    assert late_step.state == Milestone.State.DONE
    assert ProgressNote.objects.get().attachments.count() == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_office_corrects_a_step_and_the_history_says_why(
    language: str, new_page: NewPage, sign_in: SignIn, late_step: Milestone
) -> None:
    page = new_page("desk", language=language)
    sign_in(page, "office")
    page.goto("/staff/table/tasks/funding/")
    page.get_by_role("link", name=say("更正", language), exact=True).click()
    page.locator("input[name=due_on]").fill((timezone.localdate() + timedelta(days=200)).isoformat())
    page.locator("textarea[name=reason]").fill("与市级财政安排衔接")
    page.get_by_role("button", name=say("保存更正", language)).click()
    expect(page.locator(".milestone")).to_contain_text(say("按期", language))
    expect(page.locator(".history")).to_contain_text("与市级财政安排衔接")
    expect(page.locator(".history")).to_contain_text(say("更正落实节点", language))


def test_two_officers_correct_the_same_step_and_the_second_is_told(
    new_page: NewPage, sign_in: SignIn, make_user: Callable[..., User], late_step: Milestone, watch: Watch
) -> None:
    watch.expect("409")
    make_user("office-2", "programme_office")
    first, second = new_page(), new_page()
    for page, name in ((first, "office"), (second, "office-2")):
        sign_in(page, name)
        page.goto(f"/staff/milestones/{late_step.pk}/change/")
        page.locator("input[name=title]").fill(f"由 {name} 改名")
        page.locator("textarea[name=reason]").fill("校正")
    first.get_by_role("button", name="保存更正").click()
    expect(first.locator(".milestone")).to_contain_text("由 office 改名")
    second.get_by_role("button", name="保存更正").click()
    expect(second.locator("main")).to_contain_text("刚刚被他人修改过")
    expect(second.locator("input[name=title]")).to_have_value("由 office-2 改名")


@pytest.mark.parametrize(("size", "language"), SIZES_AND_LANGUAGES)
def test_a_leader_sees_what_is_late_and_who_owes_it(
    size: str, language: str, new_page: NewPage, sign_in: SignIn, leader: User, late_step: Milestone
) -> None:
    page = new_page(size, language=language)
    sign_in(page, "leader")
    expect(page).to_have_url(re.compile(r"/staff/table/"))
    page.locator(".strip .late a").click()
    expect(page.locator("tbody tr:not(.cat)")).to_have_count(1)
    row = page.locator("tbody tr:not(.cat)")
    expect(row).to_contain_text("配套政策的制定、实施及资金投入")
    expect(row.locator(".tag.late")).to_be_visible()
    row.get_by_role("link", name="配套政策的制定、实施及资金投入").click()
    expect(page.locator(".milestone")).to_contain_text("印发年度资金安排")
    expect(page.get_by_role("link", name=say("更正", language), exact=True)).to_have_count(0)
    no_sideways_scroll(page)


@pytest.mark.parametrize(("size", "language"), SIZES_AND_LANGUAGES)
def test_a_stranger_sees_the_public_page_and_nothing_behind_it(
    size: str, language: str, new_page: NewPage, late_step: Milestone
) -> None:
    page = new_page(size, language=language)
    page.goto("/")
    page.locator("main").get_by_role("link", name=say("查看创建进展", language)).first.click()
    expect(page.locator(".public-rows li")).to_have_count(22)
    page.get_by_role("link", name=re.compile("配套政策的制定")).click()
    expect(page.locator("main")).to_contain_text("区财政" if language == "zh" else "Finance")
    expect(page.locator("main")).not_to_contain_text("印发年度资金安排")
    no_sideways_scroll(page)
    page.goto("/staff/table/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))


def test_a_large_table_shows_how_far_the_reading_is_and_then_the_preview(
    desk: Page, sign_in: SignIn, office: User, reference_data: None, tmp_path: Path
) -> None:
    large = tmp_path / "large.csv"
    lines = [
        f"{n},类别{n % 9},第{n}项专门工作的安排与落实,区财政局,各街镇（工业区）,落实第{n}项工作。"
        for n in range(1, 2001)
    ]
    large.write_text("\n".join(["序号,类别,工作任务,牵头部门,配合单位,推进举措", *lines]), "utf-8")
    sign_in(desk, "office")
    upload(desk, large)
    expect(desk.get_by_role("heading", level=1)).to_have_text("导入预览", timeout=30_000)
    desk.get_by_role("button", name="确认导入").click()
    expect(desk).to_have_url(re.compile(r"/staff/table/$"), timeout=30_000)
    expect(desk.locator("tbody tr:not(.cat)")).to_have_count(50)
    expect(desk.locator(".toolbar")).to_contain_text("2000")
    assert TableVersion.objects.get().rows.count() == 2000
