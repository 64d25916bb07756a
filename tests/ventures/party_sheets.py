"""Registers as people hand them in, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.ventures import numbers

HEADER = ("名称", "主体类型", "统一社会信用代码", "证件号码", "手机号", "所属街镇", "成立日期", "登记状态", "地址")


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    """An xlsx with these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, [str(cell) for cell in row])
    return out.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def csv_text(rows: Sequence[Sequence[object]], encoding: str = "utf-8-sig") -> bytes:
    """Comma-separated values in an encoding."""
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)


def firm_row(place: int, *, name: str = "", town: str = "浦江镇") -> list[str]:
    """A firm's row."""
    return [
        name or f"企业{place}",
        "企业",
        numbers.credit_code(place),
        "",
        "",
        town,
        "2024-03-01",
        "存续",
        f"示例路{place}号",
    ]


def many_rows(count: int) -> list[list[str]]:
    """So many firms under a head."""
    return [list(HEADER), *(firm_row(place) for place in range(1, count + 1))]
