"""Lines of a notice, whatever kind of file they came in."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.papers.prose import read_prose
from chuangju.papers.sheets import write_xlsx

LINES = ["关于2027年放假安排的通知", "一、元旦：1月1日放假。", "1月3日上班。"]


def _docx(*, has_table: bool = False) -> bytes:
    document = docx.Document()
    for line in LINES[:2]:
        document.add_paragraph(line)
    if has_table:
        document.add_table(1, 1).cell(0, 0).text = LINES[2]
    else:
        document.add_paragraph(LINES[2])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _docx(),
        _docx(has_table=True),
        "\n".join(LINES).encode(),
        "\r\n\r\n".join(LINES).encode("gb18030"),
        "\ufeff".encode() + "\n".join(LINES).encode(),
    ],
    ids=["docx", "docx with a table", "utf-8", "gb18030", "bom"],
)
def test_lines_come_out_in_their_order(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notice"
    file.write_bytes(content)
    assert read_prose(file)["lines"] == LINES


def test_rows_of_a_sheet_are_lines_with_tabs(tmp_path: Path) -> None:
    file = tmp_path / "notice.xlsx"
    file.write_bytes(write_xlsx([["2027-01-01", "休", "元旦"]], header=["日期", "类型", "名称"], title="放假"))
    assert "2027-01-01\t休\t元旦" in read_prose(file)["lines"]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 x", b"<html><p>1</p></html>", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04junk"]
)
def test_what_holds_no_words_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notice"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile, match="通知"):
        read_in_child("chuangju.papers.prose:read_prose", file, name="通知")
