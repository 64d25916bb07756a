"""Files that cannot be read: each is refused with one sentence that names the file and the place."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from chuangju.programme.table import UnreadableTable, read_table
from tests.programme.table.files import (
    HEADERS,
    C,
    cell_rows,
    csv_text,
    docx,
    led_text,
    plain_word,
    word_table,
    xlsx,
    xlsx_container,
    zipped,
)

HEAD = list(HEADERS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def changed(row: int, column: int, value: str) -> list[list[str]]:
    rows = cell_rows()
    rows[row][column] = value
    return [HEAD, *rows]


def without(name: str) -> list[list[str]]:
    place = HEAD.index(name)
    return [[*row[:place], *row[place + 1 :]] for row in [HEAD, *cell_rows()]]


def ole(mark: str) -> bytes:
    return OLE + mark.encode("utf-16-le") + b"\0" * 100


def utf8_with_a_bad_byte() -> bytes:
    lines = csv_text([HEAD, *cell_rows()]).encode().split(b"\n")
    lines[2] = lines[2][:5] + b"\xff" + lines[2][5:]
    return b"\n".join(lines)


def bomb() -> bytes:
    return docx("", more={"word/media/zeros.bin": b"\0" * (30 * 1024 * 1024)})


def flood() -> bytes:
    """More than 200 MB, though no part of it is suspiciously well packed."""
    part = (random.Random(1).randbytes(3_000) + bytes(97_000)) * 105
    return docx("", more={f"word/media/{number}.bin": part for number in range(21)})


def far_corner() -> bytes:
    sheet = '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    return xlsx_container({"xl/worksheets/sheet1.xml": sheet.encode()})


def encrypted_zip() -> bytes:
    content = bytearray(plain_word())
    # The flag "encrypted" in the headers of all parts.
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing.docx": (lambda: b"", "empty"),
    "blanks.txt": (lambda: b"\n \t\n\n", "empty"),
    "bom.csv": (lambda: b"\xef\xbb\xbf\n\n", "empty"),
    "picture.docx": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image"),
    "photo.xlsx": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 50, "image"),
    "scan.docx": (lambda: b"%PDF-1.7\n", "pdf"),
    "page.xls": (lambda: b"<html><body><table></table></body></html>", "web_page"),
    "flat.doc": (lambda: b'<?xml version="1.0"?><w:wordDocument/>', "xml"),
    "rich.doc": (lambda: b"{\\rtf1\\ansi}", "rich_text"),
    "old.doc": (lambda: ole("WordDocument"), "old_word"),
    "old.xls": (lambda: ole("Workbook"), "old_excel"),
    "old.docx": (lambda: ole("Something"), "old_office"),
    "secret.docx": (lambda: ole("EncryptedPackage"), "encrypted"),
    "locked.docx": (encrypted_zip, "encrypted"),
    "cut.docx": (lambda: plain_word()[:-60], "damaged"),
    "half.xlsx": (lambda: xlsx([HEAD, *cell_rows()])[:1500], "damaged"),
    "badsum.docx": (lambda: plain_word().replace(b"\xff", b"\xfe", 3)[:200] + plain_word()[200:].replace(b"\x8b", b"\x8c", 5), "damaged"),
    "notxml.docx": (lambda: docx("<w:p>"), "damaged"),
    "notable.docx": (lambda: docx("<w:p/>"), "no_header"),
    "hollow.xlsx": (lambda: xlsx_container({}), "damaged"),
    "gone.docx": (lambda: zipped({"word/other.xml": b"<a/>"}), "damaged"),
    "bomb.docx": (bomb, "inflates_too_fast"),
    "thousands.docx": (lambda: docx("", more={f"word/{n}.xml": b"" for n in range(2100)}), "too_many_parts"),
    "entity.docx": (lambda: docx("<w:p/>", prolog='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "document_type"),
    "laughs.xlsx": (lambda: xlsx_container({"xl/a.xml": '<!DOCTYPE a [<!ENTITY b "b">]><a/>'.encode("utf-16")}), "document_type"),
    "macro.docx": (lambda: docx("", more={"word/vbaProject.bin": b"x"}), "macros"),
    "macro.docm": (lambda: xlsx_container({}, kind=MACROS), "macros"),
    "slides.pptx": (lambda: xlsx_container({}, kind=MAIN), "presentation"),
    "open.ods": (lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "open_document"),
    "binary.xlsb": (lambda: xlsx_container({}, kind="application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "binary_workbook"),
    "several.zip": (lambda: zipped({"表.csv": b"a,b"}), "archive"),
    "junk.txt": (lambda: bytes(range(1, 32)) * 40, "not_text"),
    "nul.csv": (lambda: csv_text([HEAD, *cell_rows()]).encode() + b"\0", "not_text"),
    "nuls.bin": (lambda: b"\x01\0\x02\0\xd8\0" * 300, "not_text"),
    "badbyte.csv": (utf8_with_a_bad_byte, "wrong_encoding"),
    "shortwide.txt": (lambda: "\ufeff序号".encode("utf-16-le") + b"\x00\xd8", "wrong_encoding"),
    "noencoding.csv": (lambda: b"\xff\xff\x81\x30,\xfe\n" * 5, "unknown_encoding"),
    "huge.csv": (lambda: b"a,b,c\n" * (21 * 1024 * 1024 // 6), "too_large"),
    "endless.csv": (lambda: b"a,b,c\n" * 10_021, "too_many_rows"),
    "wide.csv": (lambda: (b"a," * 300 + b"\n") * 3, "too_many_columns"),
    "flood.docx": (flood, "inflates_too_much"),
    "quoteall.csv": (('"' + f"{'甲' * 100},乙,丙\n" * 12_000).encode, "unclosed_quote"),
    "firstquote.csv": ('"序号,类别,任务\n1,2,3\n'.encode, "unclosed_quote"),
    "signs.csv": (lambda: csv_text(changed(0, 3, "、，")).encode(), "no_lead"),
    "bytes.dat": (lambda: "甲".encode() * 100 + b"\0", "not_text"),
    "lost.docx": (lambda: zipped({"[Content_Types].xml": b'<T><Override PartName="/word/document.xml" ContentType="x"/></T>'}), "archive"),
    "long.csv": (lambda: csv_text(changed(0, 5, "推进" * 10_001)).encode(), "cell_too_long"),
    "span.docx": (lambda: docx(word_table([[C("x", span=999_999)]])), "too_many_columns"),
    "corner.xlsx": (far_corner, "too_many_rows"),
    "quote.csv": (lambda: csv_text([HEAD, *cell_rows()]).encode() + '6,"甲,乙,丙'.encode(), "unclosed_quote"),
    "quotes.csv": (lambda: csv_text([HEAD, *cell_rows()]).encode() + '6,"甲"乙,丙,丁,戊,己\n'.encode(), "bad_quote"),
    "missingcell.txt": (lambda: led_text([HEAD, *cell_rows()[:2], cell_rows()[2][1:], cell_rows()[3], ["6", "甲"]]).encode(), "cells_do_not_fit"),
    "shifted.txt": (lambda: led_text([HEAD, cell_rows()[0], cell_rows()[1][:4], cell_rows()[2]]).encode(), "cells_do_not_fit"),
    "prose.txt": ("各单位：\n请于月底前报送材料。\n".encode, "no_header"),
    "headless.csv": (lambda: csv_text(cell_rows()).encode(), "no_header"),
    "empty.xlsx": (lambda: xlsx([]), "no_header"),
    "notask.csv": (lambda: csv_text(without("工作任务")).encode(), "missing_column"),
    "nolead.xlsx": (lambda: xlsx(without("牵头部门")), "missing_column"),
    "twoleads.docx": (lambda: docx(word_table([[*HEAD, "责任单位"], *[[*row, "区科委"] for row in cell_rows()]])), "double_column"),
    "twotasks.csv": (lambda: csv_text([[*HEAD, "重点任务"], *[[*row, "甲"] for row in cell_rows()]]).encode(), "double_column"),
    "onlyheader.csv": (lambda: csv_text([HEAD]).encode(), "no_rows"),
    "twice.csv": (lambda: csv_text(changed(3, 0, "2")).encode(), "duplicate_number"),
    "letters.csv": (lambda: csv_text(changed(3, 0, "四甲")).encode(), "number_unclear"),
    "fraction.xlsx": (lambda: xlsx([HEAD, [1.5, *cell_rows()[0][1:]]]), "number_unclear"),
    "rowtask.docx": (lambda: docx(word_table(changed(2, 2, ""))), "no_task"),
    "rowtask.csv": (lambda: csv_text([HEAD, *cell_rows(), ["6", *[""] * 5]]).encode(), "no_task"),
    "rowlead.xlsx": (lambda: xlsx(changed(4, 3, "")), "no_lead"),
    "rowlead2.csv": (lambda: csv_text(changed(4, 3, "—")).encode(), "no_lead"),
    "nonumber.csv": (lambda: csv_text([HEAD, *cell_rows(), ["", "", "甲事项", "", "", "推进。"]]).encode(), "no_lead_unnumbered"),
    "notaskname.csv": (lambda: csv_text([HEAD, *cell_rows(), ["", "", "", "区科委", "", "推进。"]]).encode(), "no_task_unnumbered"),
    "comma.csv": (lambda: csv_text([HEAD, *cell_rows()]).encode() + "6,甲,乙事项,区科委,,推进,并落实\n".encode(), "row_too_wide"),
    "slipped.txt": (lambda: "\n".join([*HEAD, "1", "政", "策支持", "政策支持", *cell_rows()[1][2:]]).encode(), "row_does_not_fit"),
    "lines.txt": (lambda: "\n".join([*HEAD, *cell_rows()[0], "2", "甲"]).encode(), "row_does_not_fit"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_one_sentence_naming_it(name: str, tmp_path: Path) -> None:
    build, code = BROKEN[name]
    file = tmp_path / "upload-8f3a"
    file.write_bytes(build())
    with pytest.raises(UnreadableTable) as refused:
        read_table(file, name=name)
    assert refused.value.code == code
    assert refused.value.sentence.startswith(f"{name}：")
    assert refused.value.sentence.endswith("。")
    assert "\n" not in refused.value.sentence
    assert "%" not in refused.value.sentence


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("twice.csv", ("第 5 行", "“序号”2", "第 3 行")),
        ("rowlead.xlsx", ("第 6 行", "序号 5", "“牵头部门”")),
        ("rowtask.docx", ("第 4 行", "序号 3", "“工作任务”")),
        ("letters.csv", ("第 5 行", "“序号”", "“四甲”")),
        ("notask.csv", ("第 1 行", "“工作任务”")),
        ("quote.csv", ("第 10 行",)),
        ("badbyte.csv", ("第 3 行",)),
    ],
)
def test_the_sentence_names_row_and_column(name: str, words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(BROKEN[name][0]())
    with pytest.raises(UnreadableTable) as refused:
        read_table(file)
    for word in words:
        assert word in refused.value.sentence


def test_a_missing_file_a_folder_and_a_pipe_are_told_apart(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, code in ((tmp_path / "没有.docx", "missing"), (tmp_path, "folder"), (pipe, "not_a_file")):
        with pytest.raises(UnreadableTable) as refused:
            read_table(path)
        assert refused.value.code == code


def test_a_file_one_may_not_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "表.csv"
    file.write_text("甲,乙,丙")

    def forbidden(_self: Path) -> bytes:
        raise PermissionError

    # The tests may run as root, who may read everything.
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    with pytest.raises(UnreadableTable) as refused:
        read_table(file)
    assert refused.value.code == "forbidden"
