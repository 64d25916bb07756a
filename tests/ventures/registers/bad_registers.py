"""Bad registers, made on the spot: each a file that somebody may hand in by mistake or on purpose."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from chuangju.ventures.registers.generate import generate_register

HEADER = ("统一社会信用代码", "名称", "所属街镇", "成立日期", "年营业收入", "从业人数")
ROW = ("91310112MA1GB0EE16", "甲公司", "莘庄镇", "2024-03-01", "3000元", "5")
Maker = Callable[[Path], Path]


def csv_file(
    folder: Path, rows: Sequence[Sequence[object]], name: str = "register.csv", encoding: str = "utf-8"
) -> Path:
    """Comma-separated values."""
    path = folder / name
    path.write_bytes("\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding))
    return path


def book(folder: Path, *sheets: tuple[str, Sequence[Sequence[object]]], name: str = "register.xlsx") -> Path:
    """A workbook with these sheets."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    workbook.save(path)
    return path


def raw(folder: Path, name: str, content: bytes) -> Path:
    """A file of these bytes."""
    path = folder / name
    path.write_bytes(content)
    return path


def parquet(folder: Path, columns: Mapping[str, object], name: str = "register.parquet") -> Path:
    """A Parquet file of these columns."""
    path = folder / name
    pl.DataFrame(columns, strict=False).write_parquet(path)
    return path


def good_parquet(folder: Path) -> bytes:
    """The bytes of a register that is all right."""
    path = folder / "good.parquet"
    generate_register(50, seed=4).write_parquet(path)
    return path.read_bytes()


def changed_xlsx(
    folder: Path, changes: Mapping[str, Callable[[bytes], bytes]], more: Mapping[str, bytes] | None = None
) -> Path:
    """A workbook whose parts were changed afterwards."""
    source = book(folder, ("企业", [HEADER, ROW]), name="source.xlsx")
    path = folder / "register.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            change = changes.get(part, lambda content: content)
            new.writestr(part, change(old.read(part)))
        for part, content in (more or {}).items():
            new.writestr(part, content)
    return path


def zip_bomb(folder: Path) -> Path:
    """A workbook whose shared strings inflate to 300 MB."""
    return changed_xlsx(folder, {}, {"xl/media/picture.bin": b"\0" * 300_000_000})


def far_corner(folder: Path) -> Path:
    """A workbook with one value in the last cell there is."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return changed_xlsx(folder, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</sheetData>", cell)})


def entity(folder: Path) -> Path:
    """A workbook whose sheet declares an entity."""
    start = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>'
    return changed_xlsx(folder, {"xl/worksheets/sheet1.xml": lambda xml: start + xml})


def encrypted_zip(folder: Path) -> Path:
    """An archive whose parts say that they are encrypted."""
    content = bytearray(book(folder, ("企业", [HEADER, ROW])).read_bytes())
    for place in range(len(content) - 4):
        if content[place : place + 4] == b"PK\x01\x02":
            struct.pack_into("<H", content, place + 8, struct.unpack_from("<H", content, place + 8)[0] | 1)
    return raw(folder, "locked.xlsx", bytes(content))


def docx(folder: Path) -> Path:
    """A Word document under the name of a workbook."""
    out = io.BytesIO()
    kind = b'<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", kind)
        archive.writestr("word/document.xml", b"<w/>")
    return raw(folder, "register.xlsx", out.getvalue())


def epoch_1904(folder: Path) -> Path:
    """A workbook of old Macs, whose days count from 1904."""
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append(["id", "registered_on"])
    workbook.active.append(["A1", date(2024, 3, 1)])
    path = folder / "mac.xlsx"
    workbook.save(path)
    return path


def merged_head(folder: Path) -> Path:
    """A workbook with a title and a head of two rows, some of its cells merged."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ["企业一览表"],
        ["统一社会信用代码", "名称", "登记", None],
        [None, None, "成立日期", "所属街镇"],
        ["A1", "甲", "2024-03-01", "莘庄镇"],
    ):
        sheet.append(row)
    for area in ("A1:D1", "A2:A3", "B2:B3", "C2:D2"):
        sheet.merge_cells(area)
    path = folder / "merged.xlsx"
    workbook.save(path)
    return path


# Files that cannot be used at all, and the code of the sentence that says so.
UNUSABLE: dict[str, tuple[str, Maker]] = {
    "empty file": ("empty", lambda folder: raw(folder, "register.csv", b"")),
    "only blanks": ("empty", lambda folder: raw(folder, "register.csv", b" \n\n")),
    "a folder": ("folder", lambda folder: folder),
    "no such file": ("missing", lambda folder: folder / "nothing.csv"),
    "header only, csv": ("no_rows", lambda folder: csv_file(folder, [HEADER])),
    "header only, xlsx": ("no_rows", lambda folder: book(folder, ("企业", [HEADER]))),
    "header only, parquet": ("no_rows", lambda folder: parquet(folder, {"id": pl.Series([], dtype=pl.String)})),
    "no key, csv": ("no_id_column", lambda folder: csv_file(folder, [HEADER[1:], ROW[1:]])),
    "no key, parquet": ("no_id_column", lambda folder: parquet(folder, {"name": ["甲"], "town": ["310112101"]})),
    "nothing known": ("no_id_column", lambda folder: csv_file(folder, [("a", "b"), ("1", "2")])),
    "employees alone": (
        "no_main_table",
        lambda folder: csv_file(folder, [("id", "residence"), ("A1", "city")], "员工.csv"),
    ),
    "truncated parquet": ("not_parquet", lambda folder: raw(folder, "r.parquet", good_parquet(folder)[:-2000])),
    "parquet without end": ("not_parquet", lambda folder: raw(folder, "r.parquet", good_parquet(folder)[:400])),
    "parquet with a broken footer": (
        "not_parquet",
        lambda folder: raw(
            folder, "r.parquet", good_parquet(folder)[:-600] + b"\xff" * 592 + good_parquet(folder)[-8:]
        ),
    ),
    "parquet with a footer too long": (
        "not_parquet",
        lambda folder: raw(folder, "r.parquet", good_parquet(folder)[:-8] + b"\xff\xff\xff\x7fPAR1"),
    ),
    "only the mark of parquet": ("not_parquet", lambda folder: raw(folder, "r.parquet", b"PAR1PAR1PAR1")),
    "parquet by name alone": ("not_parquet", lambda folder: raw(folder, "r.parquet", b"id,name\nA1,x\n")),
    "a picture": ("image", lambda folder: raw(folder, "r.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100)),
    "a PDF": ("pdf", lambda folder: raw(folder, "r.csv", b"%PDF-1.7\n" + b"0" * 100)),
    "an old workbook": (
        "old_excel",
        lambda folder: raw(folder, "r.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ),
    "a web page": (
        "web_page",
        lambda folder: raw(folder, "r.xls", b"<html><table><tr><td>id</td></tr></table></html>"),
    ),
    "XML": ("xml", lambda folder: raw(folder, "r.xml", b"<?xml version='1.0'?><Workbook/>")),
    "a packed file": ("archive", lambda folder: raw(folder, "r.csv.gz", b"\x1f\x8b\x08" + b"0" * 100)),
    "a Word document": ("unknown_kind", docx),
    "a damaged workbook": (
        "damaged",
        lambda folder: raw(folder, "r.xlsx", book(folder, ("企业", [HEADER, ROW])).read_bytes()[:2000]),
    ),
    "a locked workbook": ("encrypted", encrypted_zip),
    "a zip bomb": ("inflates_too_fast", zip_bomb),
    "a value in the far corner": ("lying_extent", far_corner),
    "an entity in a sheet": ("document_type", entity),
    "zero bytes in a csv": (
        "not_text",
        lambda folder: raw(folder, "r.csv", b"id,name\n" + b"A1,some name\n" * 99 + b"A2,\0x\n"),
    ),
    "random bytes": ("unknown_encoding", lambda folder: raw(folder, "r.csv", bytes(range(128, 256)) * 40)),
    "mixed encodings": (
        "wrong_encoding",
        lambda folder: raw(
            folder, "r.csv", ("id,name\n" + "A,名称很长的企业有限公司\n" * 40).encode() + "B,乙\n".encode("gb18030")
        ),
    ),
    "a quote that never closes": (
        "unclosed_quote",
        lambda folder: raw(folder, "r.csv", b'id,name\nA1,"x\n' + b"B,y\n" * 5),
    ),
    "a quote in a quote": ("bad_quote", lambda folder: raw(folder, "r.csv", b'id,name\nA1,"x"y\n')),
    "too many columns": (
        "too_many_columns",
        lambda folder: csv_file(folder, [["id", *(f"c{n}" for n in range(500))], ["A1"] * 501]),
    ),
    "an empty workbook": ("no_table", lambda folder: book(folder, ("企业", []))),
    "a parquet of too many columns": (
        "too_many_columns",
        lambda folder: parquet(folder, {f"c{n}": [1] for n in range(401)}),
    ),
}
