"""Sheets to hand out - xlsx and csv in which no cell is ever a formula, whatever somebody typed into it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from chuangju.papers.plain_text import clean_text, text_width

# What a spreadsheet may take for the beginning of a formula, in full width too.
_DANGEROUS = re.compile(r"^[\s\u200b\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫−|%\t\r\n]")
_NUMBER = re.compile(r"^-?\d{1,15}(?:\.\d{1,10})?%?$")
_ZONE = ZoneInfo("Asia/Shanghai")
_NARROWEST, _WIDEST = 6, 60
# A line of the sheets' letters, and the highest row there is, in points.
_LINE, _HIGHEST = 15.0, 409.0
_LOOK_AT_ROWS = 500
_XLSX_LONGEST_TEXT = 32_767
_XLSX_LARGEST_WHOLE = 10**15


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might compute this text instead of showing it; plain negative numbers are not."""
    return bool(_DANGEROUS.match(text)) and not _NUMBER.match(text)


def neutralise(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet might compute it."""
    return "'" + text if is_dangerous(text) else text


def write_csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Comma-separated values that Excel opens in the right encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (header, *rows):
        writer.writerow([_csv_value(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[object]], *, header: Sequence[object], title: str) -> bytes:
    """A workbook of one sheet: header kept in sight and repeated in print, columns as wide as their words."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(sheet_name(title))
        styles = Styles(book)
        widths = [0] * len(header)
        written = 0
        for place, value in enumerate(header):
            write_cell(sheet, 0, place, str(value), styles, base="header")
            widths[place] = text_width(str(value))
        for index, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                write_cell(sheet, index, place, value, styles)
                if index < _LOOK_AT_ROWS and place < len(widths):
                    widths[place] = max(widths[place], text_width(_csv_value(value)))
            # Whatever is broken into lines makes its column the widest there is.
            fit_row(sheet, index, [(str(value), _WIDEST) for value in row if isinstance(value, str)])
            written = index
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width + 2, _NARROWEST), _WIDEST))
        lay_out(sheet, header_row=0)
        if header:
            sheet.autofilter(0, 0, max(written, 1), len(header) - 1)
        book.set_properties({"title": title})
    return out.getvalue()


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, base: str = "text", **more: object) -> Any:
        """The format of that kind with further properties."""
        common: dict[str, object] = {"valign": "vcenter", "text_wrap": True, "border": 1, "font_name": "仿宋_GB2312"}
        kinds: dict[str, dict[str, object]] = {
            "text": {},
            "header": {"font_name": "黑体", "bg_color": "#E9EEF5", "align": "center"},
            "date": {"num_format": "yyyy-mm-dd"},
            "time": {"num_format": "yyyy-mm-dd hh:mm"},
        }
        properties = {**common, **kinds[base], **more}
        key = tuple(sorted(properties.items(), key=lambda pair: pair[0]))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def write_cell(sheet: Any, row: int, column: int, value: object, styles: Styles, *, base: str = "text") -> None:
    """One value as what it is: numbers and days as such, all text as text that stays text when edited."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, styles.get(base))
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", styles.get(base))
    elif isinstance(value, int) and abs(value) >= _XLSX_LARGEST_WHOLE:
        # A sheet keeps fifteen digits; a longer number is a code and must not lose its end.
        sheet.write_string(row, column, str(value), styles.get(base))
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value, styles.get(base))
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, _local(value), styles.get("time"))
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), styles.get("date"))
    else:
        text = clean_text(str(value))[:_XLSX_LONGEST_TEXT]
        style = styles.get(base, quote_prefix=True) if is_dangerous(text) else styles.get(base)
        sheet.write_string(row, column, text, style)


def fit_row(sheet: Any, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its texts need in columns of these widths: not every program does so when it opens a sheet."""
    lines = max((_lines_of(text, width) for text, width in texts), default=1)
    if lines > 1:
        sheet.set_row(row, min(lines * _LINE, _HIGHEST))


def _lines_of(text: str, width: float) -> int:
    """How many lines a text takes; a little room is left at the edges of a cell, and words are not broken."""
    room = max(width - 2, 1)
    return sum(max(1, math.ceil(text_width(part) / room)) for part in text.split("\n"))


def lay_out(sheet: Any, *, header_row: int) -> None:
    """A4 across, fitted to the width, the header in sight and on every printed page."""
    sheet.freeze_panes(header_row + 1, 0)
    sheet.repeat_rows(header_row)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&C&P / &N")


def sheet_name(title: str) -> str:
    """A title as the name of a sheet: 31 signs, none that a workbook forbids."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "", title).strip("' ")
    if plain.casefold() == "history":
        # A name Excel keeps for itself.
        plain += "_"
    return plain[:31] or "Sheet1"


def _csv_value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return neutralise(clean_text(str(value)))


def _local(value: dt.datetime) -> dt.datetime:
    """The hour on the wall in Shanghai; a sheet knows no time zones."""
    return value.astimezone(_ZONE).replace(tzinfo=None) if value.tzinfo else value
