"""Days in Excel - a month typed into a sheet is kept as its first day, and only the cell's format still says month.

Somebody who types 2026年11月 gets a cell that holds 1 November and shows 2026年11月; read as a day it would make the
deadline a month too early.
"""

from __future__ import annotations

import posixpath
import re
import zipfile

from chuangju.papers.archives import read_xml

# Formats that every workbook knows without writing them down: English and Chinese ones of year and month.
_BUILT_IN = {17: "mmm-yy", 27: "yyyy年m月", 57: "yyyy年m月", 28: "m月d日", 29: "m月d日", 58: "m月d日", 16: "d-mmm"}


def shown_formats(archive: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    """`month` or `day of the year` for cells of a sheet whose format leaves out the day or the year, by row and column."""
    kinds = _kinds_of_styles(archive)
    part = _part_of(archive, sheet) if kinds else None
    if part is None:
        return {}
    root = read_xml(archive, part)
    found: dict[tuple[int, int], str] = {}
    for cell in root.iter("{*}c") if root is not None else ():
        kind = kinds.get(cell.get("s", ""))
        place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell.get("r", ""))
        if kind and place:
            found[int(place[2]), column_number(place[1])] = kind
    return found


def column_number(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _kinds_of_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """By style index, what of a date its format shows; only styles that leave something out."""
    root = read_xml(archive, "xl/styles.xml")
    if root is None:
        return {}
    codes = dict(_BUILT_IN)
    for node in root.iterfind("{*}numFmts/{*}numFmt"):
        if node.get("numFmtId", "").isdigit():
            codes[int(node.get("numFmtId"))] = node.get("formatCode", "")
    kinds: dict[str, str] = {}
    for index, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number = style.get("numFmtId", "")
        kind = _kind_of(codes.get(int(number), "")) if number.isdigit() else ""
        if kind:
            kinds[str(index)] = kind
    return kinds


def _kind_of(code: str) -> str:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].', "", code.split(";", maxsplit=1)[0]).casefold()
    has_year, has_month, has_day = "y" in plain or "e" in plain, "m" in plain, "d" in plain
    if has_month and has_year and not has_day and "h" not in plain:
        return "month"
    if has_month and has_day and not has_year:
        return "day of the year"
    return ""


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part that holds the sheet of that name."""
    book, links = read_xml(archive, "xl/workbook.xml"), read_xml(archive, "xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        return None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for node in book.iterfind("{*}sheets/{*}sheet"):
        if node.get("name") != sheet:
            continue
        target = next((targets.get(value) for key, value in node.attrib.items() if key.endswith("}id")), None)
        if target:
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return None
