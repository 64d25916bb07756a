"""xlsx as tables of texts: each sheet, days as days, per cents as such, cells that hold errors or nothing but a formula told."""

from __future__ import annotations

import datetime as dt
import posixpath
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

from chuangju.papers.archives import content_types, open_archive, read_xml
from chuangju.papers.sentences import unreadable
from chuangju.ventures.registers.columns import find_part
from chuangju.ventures.registers.findings import Finding, refuse
from chuangju.ventures.registers.headers import HEAD_WITHIN, find_header
from chuangju.ventures.registers.sheet_cells import Oddities, find_oddities, percent_styles
from chuangju.ventures.registers.tables import MAX_COLUMNS, Table, texts_to_table

# Beyond this a sheet does not keep the digits.
_EXACT = 1e15
MAX_CELLS = 30_000_000
_BINARY, _ENCRYPTED = "sheet.binary", "EncryptedPackage"


def read_workbook(path: Path, *, most_rows: int, mapping: Mapping[str, str] | None = None) -> list[Table]:
    """A table for each worksheet that holds anything, visible ones first. Raises UnreadableFile."""
    with open_archive(path) as archive:
        kinds = " ".join(content_types(archive).values())
        if _BINARY in kinds:
            raise unreadable("binary_workbook")
        if "spreadsheetml" not in kinds:
            raise refuse("unknown_kind")
        try:
            with CalamineWorkbook.from_path(str(path)) as book:
                return list(_sheets(book, archive, most_rows, mapping))
        except PasswordError as error:
            raise unreadable("encrypted") from error
        except (CalamineError, ZipError, ValueError, OSError, OverflowError) as error:
            raise unreadable("damaged") from error


def _sheets(
    book: CalamineWorkbook, archive: zipfile.ZipFile, most_rows: int, mapping: Mapping[str, str] | None
) -> Iterator[Table]:
    styles = percent_styles(archive)
    parts = _parts_of_sheets(archive)
    seen = sorted(book.sheets_metadata, key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    for meta in seen:
        if not str(meta.typ).endswith("WorkSheet"):
            continue
        part = parts.get(meta.name)
        oddities = find_oddities(archive.read(part), styles) if part in archive.namelist() else Oddities()
        if oddities.rows * oddities.columns > MAX_CELLS:
            raise refuse("lying_extent", count=oddities.rows * oddities.columns, limit=MAX_CELLS)
        if oddities.columns > MAX_COLUMNS:
            raise unreadable("too_many_columns", count=oddities.columns, limit=MAX_COLUMNS)
        if oddities.rows > most_rows + HEAD_WITHIN:
            raise refuse("too_many_rows", table=meta.name, count=oddities.rows, limit=most_rows)
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.end is not None:
            yield _read_sheet(sheet, meta.name, oddities, mapping)


def _read_sheet(sheet: CalamineSheet, name: str, oddities: Oddities, mapping: Mapping[str, str] | None) -> Table:
    lines = sheet.to_python(skip_empty_area=False)
    head = [[show_cell(value) for value in line] for line in lines[:HEAD_WITHIN]]
    part = find_part(name) or ""
    place, header = find_header(head, part, mapping)
    columns: list[list[str | None]] = [[] for _ in header]
    numbers: list[int] = []
    findings: list[Finding] = []
    for number, line in enumerate(lines[place + 1 :], start=place + 2):
        shown = _show_line(line, number, oddities)
        odd = oddities.told.get(number, {})
        if not any(shown) and not odd:
            continue
        for cells, text in zip(columns, shown, strict=False):
            cells.append(text or None)
        numbers.append(number)
        for column, (code, text) in odd.items():
            label = header[column - 1] if column <= len(header) else ""
            findings.append(Finding(code, number, label, name, {"value": text}))
        if any(shown[len(header) :]):
            findings.append(Finding("surplus_cells", number, "", name, {"value": str(len(shown))}))
    table = texts_to_table(name, header, columns, numbers)
    table.part = part
    table.findings.extend(findings)
    return table


def _show_line(line: Sequence[object], number: int, oddities: Oddities) -> list[str]:
    shown = [show_cell(value) for value in line]
    for column in oddities.percents.get(number, ()):
        value = line[column - 1] if column <= len(line) else None
        if isinstance(value, float | int) and not isinstance(value, bool):
            # 0.3 shown as 30%: rounded far below a basis point, where the sheet's binary numbers are off.
            shown[column - 1] = f"{round(value * 100, 6):.6f}".rstrip("0").rstrip(".") + "%"
    return shown


def show_cell(value: object) -> str:
    """A value of a sheet as the text that stands for it: 1.0 is 1, a day is 2026-11-30, true is 是."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of the archive holds the sheet of a name."""
    book, links = read_xml(archive, "xl/workbook.xml"), read_xml(archive, "xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, str] = {}
    for node in book.iterfind("{*}sheets/{*}sheet"):
        target = next((targets.get(text) for key, text in node.attrib.items() if str(key).endswith("}id")), None)
        if target:
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[str(node.get("name"))] = full
    return found
