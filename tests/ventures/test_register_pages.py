"""From the files of a register to the version in force, page by page."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from chuangju.ventures import jobs
from chuangju.ventures.models import RegisterSnapshot

pytestmark = pytest.mark.django_db
LIST = "ventures:register_list"


@pytest.fixture
def desk(client: Client, read_here: None, officer: User) -> Client:
    """A policy officer, signed in; files are read in this process."""
    client.force_login(officer)
    return client


def _upload(desk: Client, *files: tuple[str, str], **more: str) -> RegisterSnapshot:
    uploads = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    answer = desk.post(reverse(LIST), {"uploads": uploads, "on": "2026-06-01", **more})
    assert answer.status_code == 302
    return RegisterSnapshot.objects.latest("uploaded_at")


def test_a_register_goes_from_upload_to_current(desk: Client) -> None:
    people = "id,residence\nA1,city\nZ9,city"
    made = _upload(
        desk, ("企业.csv", "id,name,town\nA1,甲,莘庄镇\nA2,乙,月球"), ("企业.员工.csv", people), is_complete="on"
    )
    address = reverse("ventures:register_detail", args=[made.pk])
    assert 'http-equiv="refresh"' in desk.get(address).content.decode()
    run_waiting_jobs()
    page = desk.get(address).content.decode()
    assert "“月球”不在代码表“街镇（工业区）”中" in page
    assert "编号“Z9”在企业一览表中没有" in page
    assert "缺少或没有认出的列" in page
    only = desk.get(address, {"kind": "orphan"}).content.decode()
    assert "月球" not in only
    sheet = desk.get(reverse("ventures:register_findings", args=[made.pk]))
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].values)
    assert any("月球" in str(row[-1]) for row in rows)
    made.refresh_from_db()
    assert desk.post(address, {"sha256": "0"}, follow=True).content.decode().count("现行名录已经变化")
    assert "已成为现行名录" in desk.post(address, {"sha256": made.sha256}, follow=True).content.decode()
    assert "第 1 版" in desk.get(reverse(LIST)).content.decode()
    assert desk.get(reverse("ventures:register_columns", args=[made.pk])).status_code == 302


def test_columns_are_named_on_a_page_of_their_own(desk: Client) -> None:
    made = _upload(desk, ("企业.csv", "编码,称谓\nA1,甲"))
    run_waiting_jobs()
    assert "没有认出哪一列" in desk.get(reverse("ventures:register_detail", args=[made.pk])).content.decode()
    address = reverse("ventures:register_columns", args=[made.pk])
    assert "称谓" in desk.get(address).content.decode()
    answer = desk.post(address, {"column0": "", "column1": "name"})
    assert answer.status_code == 422
    assert "请指定哪一列是统一社会信用代码" in answer.content.decode()
    assert desk.post(address, {"column0": "moon"}).status_code == 422
    assert desk.post(address, {"column0": "id", "column1": "name"}).status_code == 302
    run_waiting_jobs()
    made.refresh_from_db()
    assert made.state == RegisterSnapshot.State.READY
    page = desk.get(reverse("ventures:register_detail", args=[made.pk])).content.decode()
    assert "没有发现数据问题" in page
    assert desk.get(address).status_code == 200


def test_files_that_cannot_be_used_say_why(desk: Client) -> None:
    made = _upload(desk, ("企业.csv", "%PDF-1.7"))
    run_waiting_jobs()
    assert "PDF" in desk.get(reverse("ventures:register_detail", args=[made.pk])).content.decode()
    answer = desk.post(reverse(LIST), {"uploads": [SimpleUploadedFile("a.csv", b"id")], "on": "2199-01-01"})
    assert answer.status_code == 422
    assert "数据日期不能晚于今天" in answer.content.decode()
    assert desk.post(reverse(LIST), {"on": "2026-06-01"}).status_code == 422


def test_giving_up_and_checking_again(desk: Client) -> None:
    made = _upload(desk, ("企业.csv", "id,name\nA1,甲"))
    run_waiting_jobs()
    again, away = (reverse(f"ventures:{name}", args=[made.pk]) for name in ("register_check", "register_discard"))
    assert desk.post(again).status_code == 302
    run_waiting_jobs()
    assert "没有变化" in desk.post(away, follow=True).content.decode()
    assert "不在待核对的状态" in desk.post(again, follow=True).content.decode()
    RegisterSnapshot.objects.update(state=RegisterSnapshot.State.FAILED, problem="x")
    assert "不能放弃" in desk.post(away, follow=True).content.decode()


def test_a_reading_that_has_stopped_can_be_taken_up(desk: Client) -> None:
    made = _upload(desk, ("企业.csv", "id,name\nA1,甲"))
    made_job = jobs.RegisterSnapshot.objects.get(pk=made.pk)
    from chuangju.kernel.models import Job  # noqa: PLC0415 - to end the job behind the product's back

    Job.objects.update(state=Job.State.CANCELLED, finished_at=made_job.uploaded_at)
    assert "核对已中止" in desk.get(reverse("ventures:register_detail", args=[made.pk])).content.decode()


def test_an_officer_of_one_town_is_told_who_imports(client: Client, make_user: Callable[..., User], town: Unit) -> None:
    client.force_login(make_user("town-officer", Role.POLICY_OFFICER, unit=town))
    answer = client.get(reverse(LIST))
    assert answer.status_code == 403
    assert "区级部门" in answer.content.decode()
