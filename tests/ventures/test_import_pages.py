"""From the template to the written register, page by page."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import User
from chuangju.ventures.models import Party, PartyImport
from chuangju.ventures.sheets.columns import PARTY_COLUMNS
from tests.ventures.party_sheets import HEADER, firm_row, many_rows, upload, workbook

pytestmark = pytest.mark.usefixtures("town", "_read_here")


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    """The clerk, signed in."""
    client.force_login(clerk)
    return client


def _hand_in(desk: Client, rows: list[list[str]]) -> PartyImport:
    content = workbook(("主体", rows))
    answer = desk.post(reverse("ventures:import_start"), {"file": upload("名册.xlsx", content)})
    made = PartyImport.objects.latest("uploaded_at")
    assert answer.headers["Location"] == reverse("ventures:import_preview", args=[made.pk])
    return made


def test_the_template_can_be_filled_in_and_imported(desk: Client) -> None:
    answer = desk.get(reverse("ventures:import_template"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head = [cell.value for cell in next(book.worksheets[0].iter_rows())]
    assert head == [names[0] for names in PARTY_COLUMNS.values()]
    book.worksheets[0].append(["模板企业", "企业", firm_row(1)[2]])
    out = io.BytesIO()
    book.save(out)
    desk.post(reverse("ventures:import_start"), {"file": upload("模板.xlsx", out.getvalue())})
    assert PartyImport.objects.get().counts["parties"]["new"] == 1


def test_a_register_is_previewed_confirmed_and_shown_as_done(desk: Client, now: datetime) -> None:
    made = _hand_in(desk, [*many_rows(2), ["坏行", "企业", "123", "", "", "", "", "", ""]])
    address = reverse("ventures:import_preview", args=[made.pk])
    page = desk.get(address).content.decode()
    assert "企业1" in page
    assert "第 4 行，列“统一社会信用代码”：统一社会信用代码应为 18 位，这里是 3 位" in page
    only = desk.get(address, {"show": "faulty"}).content.decode()
    assert "坏行" in only
    assert "企业1" not in only
    sheet = desk.get(reverse("ventures:import_faults", args=[made.pk]))
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].values)
    assert len(rows) == 2
    assert "18 位" in str(rows[1][-1])
    assert desk.post(address, {"digest": "another"}).status_code == 302
    assert "预览已更新" in desk.get(address).content.decode()
    desk.post(address, {"digest": made.preview_digest})
    working = desk.get(address).content.decode()
    assert "正在写入" in working
    assert 'http-equiv="refresh"' in working
    run_waiting_jobs()
    assert "已导入" in desk.get(address).content.decode()
    assert Party.objects.count() == 2
    assert desk.get(reverse("ventures:import_faults", args=[made.pk])).status_code == 302


def test_giving_up_writes_nothing(desk: Client) -> None:
    made = _hand_in(desk, many_rows(1))
    assert desk.post(reverse("ventures:import_discard", args=[made.pk])).status_code == 302
    assert not Party.objects.exists()
    run_waiting_jobs()
    made.refresh_from_db()
    assert made.state == PartyImport.State.DISCARDED


def test_an_import_that_is_being_written_is_not_given_up(desk: Client) -> None:
    made = _hand_in(desk, many_rows(1))
    desk.post(reverse("ventures:import_preview", args=[made.pk]), {"digest": made.preview_digest})
    answer = desk.post(reverse("ventures:import_discard", args=[made.pk]), follow=True)
    assert "不能放弃" in answer.content.decode()


def test_what_is_no_register_is_said_beside_the_file(desk: Client) -> None:
    answer = desk.post(reverse("ventures:import_start"), {"file": upload("图.xlsx", b"\x89PNG\r\n\x1a\n")})
    assert answer.status_code == 422
    assert "图片" in answer.content.decode()


def test_a_clerk_of_a_town_is_told_who_imports(client: Client, town_clerk: User) -> None:
    client.force_login(town_clerk)
    answer = client.get(reverse("ventures:import_start"))
    assert answer.status_code == 403
    assert "区级部门" in answer.content.decode()


def test_unused_columns_are_named(desk: Client) -> None:
    head, row = [*HEADER, "备注"], [*firm_row(1), "无"]
    made = _hand_in(desk, [head, row])
    assert "备注" in desk.get(reverse("ventures:import_preview", args=[made.pk])).content.decode()
