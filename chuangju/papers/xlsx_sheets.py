"""Sheets in Excel - the values as people see them: whole numbers without a point, days as days, merged cells repeated."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

from chuangju.papers.grids import Cell, Grid, visible_text
from chuangju.papers.limits import MAX_ROWS, check_columns, check_rows
from chuangju.papers.sentences import unreadable
from chuangju.papers.xlsx_dates import column_number, shown_formats

# Beyond this a sheet does not keep the digits.
_EXACT = 1e15
# A cell that holds something (one that only carries a format closes itself), with its place.
_FILLED = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^/])?>')


def read_xlsx(path: Path, archive: zipfile.ZipFile) -> list[Grid]:
    """Each worksheet as a grid, visible ones first."""
    _check_extent(archive)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            seen = sorted(workbook.sheets_metadata, key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
            sheets = [(workbook.get_sheet_by_name(sheet.name), sheet.name) for sheet in seen if _is_table(sheet.typ)]
            return [_read_sheet(sheet, name, archive) for sheet, name in sheets]
    except PasswordError as error:
        raise unreadable("encrypted") from error
    except (CalamineError, ZipError, ValueError, OSError, OverflowError) as error:
        raise unreadable("damaged") from error


def _is_table(kind: object) -> bool:
    return str(kind).endswith("WorkSheet")


def _check_extent(archive: zipfile.ZipFile) -> None:
    """One value in the last corner would make the sheet a thousand million cells in memory; refused before that."""
    for part in archive.namelist():
        if not part.startswith("xl/worksheets/") or not part.endswith(".xml"):
            continue
        places = _FILLED.findall(archive.read(part))
        check_rows(max((int(row) for _, row in places), default=0))
        check_columns(max((column_number(column.decode()) for column, _ in places), default=0))


def _read_sheet(sheet: CalamineSheet, name: str, archive: zipfile.ZipFile) -> Grid:
    if sheet.end is None:
        return Grid(name, [], source="xlsx")
    check_rows(sheet.total_height)
    check_columns(sheet.total_width)
    values = sheet.to_python(skip_empty_area=False)
    has_days = any(isinstance(value, dt.date) for line in values for value in line)
    formats = shown_formats(archive, name) if has_days else {}
    rows = [
        [
            Cell(show_value(value, formats.get((row, column), "")), row, column)
            for column, value in enumerate(line, start=1)
        ]
        for row, line in enumerate(values, start=1)
    ]
    _repeat_merged(rows, sheet)
    return Grid(name, rows, source="xlsx")


def _repeat_merged(rows: list[list[Cell]], sheet: CalamineSheet) -> None:
    height, width = len(rows), len(rows[0]) if rows else 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top >= height or left >= width:
            continue
        origin = rows[top][left]
        for row in range(top, min(bottom, height - 1, top + MAX_ROWS) + 1):
            for column in range(left, min(right, width - 1) + 1):
                if (row, column) != (top, left):
                    rows[row][column] = Cell(origin.text, row + 1, column + 1, merged_from=(top + 1, left + 1))


def show_value(value: object, shown: str = "") -> str:
    """A value of a sheet as text: 1.0 is 1, a day is 2026年11月30日 or what of it the cell's format shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, dt.datetime):
        day = _show_day(value.date(), shown)
        return day if value.time() == dt.time() else f"{day}{value:%H:%M}"
    if isinstance(value, dt.date):
        return _show_day(value, shown)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return visible_text(str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", ""))


def _show_day(day: dt.date, shown: str) -> str:
    year, month = f"{day.year}年", f"{day.month}月"
    return {"month": year + month, "day of the year": f"{month}{day.day}日"}.get(shown, f"{year}{month}{day.day}日")
