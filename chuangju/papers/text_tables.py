"""Tables in text files - separated values, cells that each begin with a tab, tables drawn with bars, or bare lines."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter

from chuangju.papers.drawn_tables import read_drawn_table, read_spaced_table
from chuangju.papers.grids import Cell, Grid, visible_text
from chuangju.papers.limits import MAX_ROWS, check_columns, check_rows
from chuangju.papers.sentences import unreadable

_DELIMITERS = ",\t;；|"
_NUMBER = re.compile(r"[（(]?\d{1,5}[.、．）)]?")
# Excel writes the sign that parts cells on a first line of its own.
_SIGN_LINE = re.compile(r"\"?sep=(.)\"?\n", re.IGNORECASE)
_NARROWEST = 3
_LINES_OF_A_ROW = 20
_INDENT = re.compile(r"^( {2,8}|\u3000{1,4})(?=\S|$)", re.MULTILINE)
# ="01" keeps Excel from making a number of it.
_LITERAL = re.compile(r'^="([^"]*)"$')
_LONGEST_CELL = 1_000_000


def read_text_table(text: str) -> list[Grid]:
    """The one table of a text file."""
    # Bounds the work; a cell of many lines makes the lines of a table more than its rows.
    check_rows(text.count("\n") // _LINES_OF_A_ROW)
    text = _tabs_for_indents(_SIGN_LINE.sub("", text, count=1) if _SIGN_LINE.match(text) else text)
    lines = text.split("\n")
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise unreadable("empty")
    led = [line for line in filled if line.startswith("\t")]
    if len(led) >= _NARROWEST and sum(1 for line in led if "\t" not in line[1:].strip("\t")) > len(led) * 0.8:
        return [_read_led_cells(lines)]
    drawn = read_drawn_table(lines)
    if drawn:
        return [drawn]
    delimiter = _find_delimiter(text, filled)
    if delimiter:
        return [_read_separated(text, delimiter)]
    spaced = read_spaced_table(lines)
    if spaced:
        return [spaced]
    rows = [[Cell(line.strip(), number, 1)] for number, line in enumerate(lines, start=1)]
    return [Grid("", rows, source="lines")]


def _tabs_for_indents(text: str) -> str:
    """The tabs back before cells that each begin on a line of their own, where an editor made them spaces."""
    indents = Counter(match[1] for match in _INDENT.finditer(text))
    if "\t" in text or not indents:
        return text
    indent, count = indents.most_common(1)[0]
    # All of the same width, as tabs become; a paragraph's indent is seldom as frequent as that.
    if len(indents) > 1 or count * 2 < sum(1 for line in text.split("\n") if line.strip()):
        return text
    return re.sub(rf"^{indent}", "\t", text, flags=re.MULTILINE)


def _find_delimiter(text: str, filled: list[str]) -> str:
    """The sign that cuts most lines into the same number of cells (at least three)."""
    csv.field_size_limit(_LONGEST_CELL)
    best, best_score = "", 0
    for delimiter in _DELIMITERS:
        if sum(line.count(delimiter) for line in filled) < _NARROWEST - 1:
            continue
        score = _evenness(_widths(text, filled, delimiter))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(text: str, filled: list[str], delimiter: str) -> Counter[int]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        widths = Counter(len(row) for row in rows if any(row))
        if _evenness(widths):
            return widths
    except csv.Error:
        pass
    # A quote that never closes swallows the rest; the lines themselves still show the sign.
    return Counter(line.count(delimiter) + 1 for line in filled)


def _evenness(widths: Counter[int]) -> int:
    return max((width * count for width, count in widths.items() if width >= _NARROWEST), default=0)


def _read_separated(text: str, delimiter: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[list[Cell]] = []
    begin = 1
    try:
        for values in reader:
            check_columns(len(values))
            # Counted as a spreadsheet counts them; a cell of several lines is still in one row.
            row = len(rows) + 1
            rows.append(
                [
                    Cell(visible_text(_LITERAL.sub(r"\1", value)).strip(" \t\n"), row, column)
                    for column, value in enumerate(values, start=1)
                ]
            )
            check_rows(len(rows))
            begin = reader.line_num + 1
    except csv.Error as error:
        code = "unclosed_quote" if "end of data" in str(error) or "limit" in str(error) else "bad_quote"
        raise unreadable(code, line=begin) from error
    return Grid("", rows, source="csv")


def _read_led_cells(lines: list[str]) -> Grid:
    """Each cell begins with a tab at the line's start and goes on over lines without one."""
    before: list[str] = []
    cells: list[Cell] = []
    # Cells that follow a blank line: where a row may begin.
    openings: set[int] = set()
    pending: list[str] = []
    blank = True
    for number, line in enumerate(lines, start=1):
        if line.startswith("\t"):
            _close_cell(cells, pending)
            if blank:
                openings.add(len(cells))
            cells.append(Cell("", number, 1))
            pending = [line[1:]]
        elif cells:
            pending.append(line)
        else:
            before.append(line.strip())
        blank = not line.strip()
    _close_cell(cells, pending)
    check_rows(len(cells) // _NARROWEST if len(cells) > MAX_ROWS * 8 else 0)
    return Grid("", _cut_rows(cells, openings), before=before, source="text")


def _close_cell(cells: list[Cell], pending: list[str]) -> None:
    if cells:
        last = cells[-1]
        text = visible_text("\n".join(line.strip() for line in pending)).strip("\n")
        cells[-1] = Cell(text, last.row, last.column)


def _cut_rows(cells: list[Cell], openings: set[int]) -> list[list[Cell]]:
    """Rows as wide as the header: its cells stand without a blank line between them, or end where the numbers begin."""
    tells_rows = not openings & set(range(1, _NARROWEST))
    ends = [index for index in sorted(openings) if index >= _NARROWEST][:1] if tells_rows else []
    ends += [index for index, cell in enumerate(cells) if index >= _NARROWEST and _NUMBER.fullmatch(cell.text)][:1]
    width = min(ends, default=len(cells))
    starts = [index for index in sorted(openings) if index >= width and _NUMBER.fullmatch(cells[index].text)]
    for start, following in itertools.pairwise(starts if tells_rows else []):
        if (following - start) % width:
            raise unreadable("cells_do_not_fit", line=cells[start].row, count=following - start, width=width)
    check_columns(width)
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    check_rows(len(rows))
    return [[Cell(cell.text, cell.row, column) for column, cell in enumerate(row, start=1)] for row in rows]
