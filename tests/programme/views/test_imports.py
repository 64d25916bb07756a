"""Import in the browser, asked by hand: upload, preview, questions, confirmation, discarding, interruptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import Job, User
from chuangju.programme.models import Milestone, TableImport, TableVersion
from chuangju.programme.uploads import start_import
from tests.programme.conftest import row_of

pytestmark = pytest.mark.django_db
SHIPPED = files("chuangju.programme").joinpath("data/minhang.txt").read_bytes()
START = "programme:import_start"


@pytest.fixture
def desk(client: Client, office: User, reference_data: None, clock: object) -> Client:
    """The office at its desk; the clock stands at `now`."""
    client.force_login(office)
    return client


def send(desk: Client, data: bytes | str, name: str = "表.csv") -> HttpResponse:
    content = data.encode() if isinstance(data, str) else data
    return desk.post(reverse(START), {"file": SimpleUploadedFile(name, content)})


def settle(desk: Client, address: str, **answers: str) -> HttpResponse:
    return desk.post(address, {"name": "2026 年任务分解表", "effective_from": "2026-06-15", **answers})


def table(*rows: str) -> str:
    return "\n".join(["序号,工作任务,牵头部门,配合单位,推进举措", *rows])


def test_the_shipped_table_is_previewed_and_confirmed(desk: Client) -> None:
    address = send(desk, SHIPPED, "minhang.txt").url  # type: ignore[attr-defined]
    text = desk.get(address).content.decode()
    assert "22 项任务，6 个类别，28 条举措" in text
    assert "相关创建成员单位" in text
    assert settle(desk, address).url == reverse("programme:table")  # type: ignore[attr-defined]
    assert TableVersion.objects.get().name == "2026 年任务分解表"
    assert desk.get(address).url == reverse("programme:version", args=(1,))  # type: ignore[attr-defined]


def test_an_empty_file_is_refused_beside_the_field(desk: Client) -> None:
    text = send(desk, b"", "空表.docx").content.decode()
    assert "“空表.docx”是空文件" in text
    assert not TableImport.objects.exists()


def test_a_broken_file_shows_its_sentence_on_a_page_that_can_be_found_again(desk: Client) -> None:
    address = send(desk, "没有表头的文字", "说明.txt").url  # type: ignore[attr-defined]
    assert "说明.txt" in desk.get(address).content.decode()
    assert (
        reverse("programme:import_preview", args=(TableImport.objects.get().pk,))
        in desk.get(reverse(START)).content.decode()
    )


def test_the_differences_to_the_table_in_force_are_shown_before_it_is_replaced(desk: Client) -> None:
    settle(desk, send(desk, table("1,建立制度,区财政局,,甲。", "2,开展培训,团区委,,乙。")).url)  # type: ignore[attr-defined]
    text = desk.get(send(desk, table("1,建立制度,区科委,,甲。", "3,评选典型,区民政局,,丙。")).url).content.decode()  # type: ignore[attr-defined]
    assert "<ins>区科委</ins>" in text
    assert "新增 1 项" in text
    assert "删除 1 项" in text


def test_a_row_that_seems_new_can_carry_on_a_task_with_its_steps(desk: Client, office: User, now: datetime) -> None:
    settle(desk, send(desk, table("1,建立领导协调机制,区财政局,,甲。", "2,开展培训,团区委,,乙。")).url)  # type: ignore[attr-defined]
    first = TableVersion.objects.get()
    code = row_of(first, 1).task.code
    address = send(desk, table("5,健全统筹推进体系,区财政局,,全新的内容。", "6,优化营商环境,区科委,,其他。")).url  # type: ignore[attr-defined]
    text = desk.get(address).content.decode()
    assert f'<option value="{code}">1 建立领导协调机制</option>' in text
    twice = settle(desk, address, task_5=code, task_6=code)
    assert "同一项任务只能由一行延续" in twice.content.decode()
    settle(desk, address, task_5=code)
    assert row_of(TableVersion.objects.get(state="current"), 5).task.code == code


def test_a_refusal_while_confirming_keeps_what_was_typed(desk: Client) -> None:
    settle(desk, send(desk, table("1,建立制度,区财政局,,甲。")).url)  # type: ignore[attr-defined]
    address = send(desk, table("1,建立制度,区科委,,甲。")).url  # type: ignore[attr-defined]
    response = settle(desk, address, name="特别的名称", effective_from="2020-01-01")
    assert response.status_code == 422
    assert "起用日期不能早于" in response.content.decode()
    assert "特别的名称" in response.content.decode()
    assert TableVersion.objects.count() == 1


def test_an_upload_is_discarded_and_its_page_says_so(desk: Client) -> None:
    address = send(desk, SHIPPED, "minhang.txt").url  # type: ignore[attr-defined]
    upload = TableImport.objects.get()
    assert desk.post(reverse("programme:import_discard", args=(upload.pk,))).url == reverse(START)  # type: ignore[attr-defined]
    assert "已放弃" in desk.get(address).content.decode()


def test_what_is_in_force_is_not_discarded(desk: Client) -> None:
    settle(desk, send(desk, SHIPPED, "minhang.txt").url)  # type: ignore[attr-defined]
    upload = TableImport.objects.get()
    page = desk.post(reverse("programme:import_discard", args=(upload.pk,)), follow=True)
    assert "已确认的导入不能放弃" in page.content.decode()


def test_a_reading_under_way_shows_how_far_it_is_and_a_dead_one_says_so(
    desk: Client, office: User, clock: object, now: datetime
) -> None:
    upload = start_import(SimpleUploadedFile("大表.txt", SHIPPED), by=office, at=now)
    TableImport.objects.filter(pk=upload.pk).update(rows_read=500, rows_total=2000)
    address = reverse("programme:import_preview", args=(upload.pk,))
    clock.shift(timedelta(seconds=10))  # type: ignore[attr-defined]
    text = desk.get(address).content.decode()
    assert "已读 500 行，共 2000 行" in text
    assert "约剩 30 秒" in text
    assert 'http-equiv="refresh"' in text
    clock.shift(timedelta(seconds=100))  # type: ignore[attr-defined]
    assert "读取中断了" not in desk.get(address).content.decode(), "somebody may still take it up"
    Job.objects.update(state=Job.State.FAILED, finished_at=now)
    assert "读取中断了" in desk.get(address).content.decode()
    assert ">读取中断<" in desk.get(reverse(START)).content.decode()


def test_uploads_of_the_office_are_nobody_elses(desk: Client, make_user: Callable[..., User]) -> None:
    address = send(desk, SHIPPED, "minhang.txt").url  # type: ignore[attr-defined]
    desk.force_login(make_user("leader", "leader"))
    assert desk.get(address).status_code == 403
    assert desk.post(address).status_code == 403


def test_milestones_survive_a_new_version_through_the_browser(desk: Client, office: User, now: datetime) -> None:
    settle(desk, send(desk, SHIPPED, "minhang.txt").url)  # type: ignore[attr-defined]
    row = row_of(TableVersion.objects.get(), 4)
    measure = row.measure_rows.get().measure
    unit = row.row_units.filter(part="lead").get().unit
    desk.post(
        reverse("programme:milestone_add", args=("funding",)),
        {"measure": measure.pk, "title": "印发年度安排", "unit": unit.pk, "due_on": "2026-12-31"},
    )
    settle(desk, send(desk, SHIPPED, "minhang.txt").url)  # type: ignore[attr-defined]
    assert Milestone.objects.get().measure.rows.filter(row__version__number=2).exists()
    assert "印发年度安排" in desk.get(reverse("programme:task", args=("funding",))).content.decode()


def test_many_unknown_names_are_asked_about_in_no_more_queries_than_one(
    desk: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    names = "、".join(f"区第{number}服务处" for number in range(40))
    address = send(desk, table(f"1,甲,{names},,乙")).url  # type: ignore[attr-defined]
    with django_assert_max_num_queries(25):
        assert "40 个单位名称没有登记过" in desk.get(address).content.decode()


def test_a_second_officer_is_shown_the_new_differences_before_confirming(desk: Client) -> None:
    mine = send(desk, table("1,建立制度,区财政局,,甲。")).url  # type: ignore[attr-defined]
    theirs = send(desk, table("1,建立制度,区科委,,甲。")).url  # type: ignore[attr-defined]
    settle(desk, theirs, compared_with="0")
    answer = settle(desk, mine, compared_with="0")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "现行版本已经变化" in page
    assert "<ins>区财政局</ins>" in page
    assert 'name="compared_with" value="1"' in page
    assert settle(desk, mine, compared_with="1").status_code == 302
