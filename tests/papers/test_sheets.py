"""Sheets to hand out: numbers and days are such, and nothing anybody typed is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from chuangju.papers.sheets import is_dangerous, sheet_name, write_csv, write_xlsx

PAYLOADS = [
    head + body
    for head in ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", " =", "\ufeff=", "−", "|", "%")
    for body in ("1+1", "cmd|'/C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A2)")
]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_is_live_in_any_export(payload: str) -> None:
    value = read_csv(write_csv(["甲"], [[payload]]))[1][0]
    assert value.startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([[payload]], header=[payload], title=payload)))
    cell = book.active["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_nothing_in_a_workbook_is_computed_linked_or_named() -> None:
    """All payloads at once, in cells, header, title and footer: no formula, no link, no name, nothing from outside."""
    links = ["http://x.cn/a", "mailto:a@x.cn", "file:///etc/passwd", "internal:'甲'!A1", "external:b.xlsx", "&D&[甲]&P"]
    words = [*PAYLOADS, *links]
    content = write_xlsx([words], header=words, title="=1+1&P")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, part in parts.items():
        assert not re.search(r"<f[ >]|<hyperlink|ddeLink|externalLink|TargetMode", part), name
    names = re.findall(r'<definedName name="([^"]*)"', parts["xl/workbook.xml"])
    assert set(names) <= {"_xlnm._FilterDatabase", "_xlnm.Print_Titles"}
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    for row in (1, 2):
        cells = sheet[row]
        assert {cell.data_type for cell in cells} == {"s"}
        assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
        assert all(cell.quotePrefix for cell in cells[: len(PAYLOADS)])
    assert len(PAYLOADS) >= 60


@pytest.mark.parametrize("text", ["-5", "-12.50", "3", "甲", "2026-01-01", "100%", "-3%", ""])
def test_plain_words_and_negative_numbers_are_left_alone(text: str) -> None:
    assert not is_dangerous(text)
    assert read_csv(write_csv(["甲", "乙"], [[text, "x"]]))[1][0] == text


def test_values_keep_their_kind() -> None:
    at = dt.datetime(2026, 3, 1, 1, 30, tzinfo=dt.UTC)
    row = [-5, Decimal("1.50"), dt.date(2026, 3, 1), at, True, None, 310112199001011234]
    cells = openpyxl.load_workbook(io.BytesIO(write_xlsx([row], header="甲乙丙丁戊己庚", title="表"))).active[2]
    assert [cell.value for cell in cells] == [
        -5, 1.5, dt.datetime.fromisoformat("2026-03-01"), dt.datetime.fromisoformat("2026-03-01T09:30"), "是", None, "310112199001011234",
    ]  # fmt: skip
    assert read_csv(write_csv("甲乙丙丁戊己庚", [row]))[1] == [
        "-5", "1.50", "2026-03-01", "2026-03-01 09:30", "是", "", "310112199001011234",
    ]  # fmt: skip


def test_csv_opens_in_the_right_encoding() -> None:
    assert write_csv(["类别"], []).startswith(b"\xef\xbb\xbf")


def test_a_workbook_keeps_its_header_in_sight_and_in_print() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([[1, 2]], header=["甲", "乙"], title="清单"))).active
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("清单", "A2", "A1:B2")
    assert sheet.print_title_rows == "$1:$1"


def test_rows_longer_than_the_header_and_no_header_at_all_are_written() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([[1, 2]] * 600, header=["甲"], title="清单"))).active
    assert sheet["B601"].value == 2
    bare = openpyxl.load_workbook(io.BytesIO(write_xlsx([[1]], header=[], title="清单"))).active
    assert (bare["A2"].value, bare.auto_filter.ref) == (1, None)


def test_control_signs_cannot_break_a_file() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([["甲\x00\x0b乙\ud800"]], header=["a"], title="b"))).active
    assert sheet["A2"].value == "甲乙"


@pytest.mark.parametrize(
    ("title", "name"), [("甲/乙:*?[丙]", "甲乙丙"), ("", "Sheet1"), ("长" * 40, "长" * 31), ("History", "History_")]
)
def test_a_title_becomes_a_name_a_sheet_may_have(title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert openpyxl.load_workbook(io.BytesIO(write_xlsx([], header=["a"], title=title))).sheetnames == [name]


def test_shanghai_is_the_clock_on_the_wall() -> None:
    at = dt.datetime(2026, 3, 1, 12, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert read_csv(write_csv(["甲"], [[at]]))[1] == ["2026-03-01 11:00"]


def test_a_row_is_as_high_as_its_longest_text_needs() -> None:
    long = "说明" * 60
    content = write_xlsx([["短"], [long], ["甲\n乙\n丙"], ["长" * 20_000]], header=["事项"], title="清单")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    heights = [sheet.row_dimensions[row].height for row in range(1, 6)]
    # 240 half-width places in a column of 60, less its edges, are five lines.
    assert heights == [None, None, 75, 45, 408.75]
