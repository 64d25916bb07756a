"""Loose lines - a table whose cells came one on a line, without tabs or commas, as when copied out of a document."""

from __future__ import annotations

from chuangju.papers.grids import Cell, Grid
from chuangju.programme.table.header_words import meaning
from chuangju.programme.table.numbers import parse_number
from chuangju.programme.table.sentences import refuse
from chuangju.programme.table.unit_names import look_like_units

_FEWEST = 3


def regroup_lines(grid: Grid) -> Grid | None:
    """The grid with its lines put back into rows, or None when no run of lines reads like a header."""
    cells = [row[0] for row in grid.rows]
    start = _find_run(cells)
    if start is None:
        return None
    end = start
    # A header may hold a word we do not know; the first number ends it.
    while end < len(cells) and parse_number(cells[end].text) is None:
        end += 1
    names = [cell for cell in cells[start:end] if cell.text]
    width = len(names)
    first_key = meaning(names[0].text)[0]
    if first_key != "number" or end == len(cells):
        return None
    rows = [_place(names)]
    for begin, stop in _row_bounds(cells, end):
        rows.append(_place(_fit(cells[begin:stop], names, width)))
    before = [cell.text for cell in cells[:start]]
    return Grid(grid.label, rows, before=before, source="text")


def _find_run(cells: list[Cell]) -> int | None:
    filled = [place for place, cell in enumerate(cells) if cell.text]
    for index in range(len(filled) - _FEWEST):
        keys = [meaning(cells[place].text)[0] for place in filled[index : index + _FEWEST]]
        if keys[0] == "number" and sum(1 for key in keys if key) >= _FEWEST - 1:
            return filled[index]
    return None


def _row_bounds(cells: list[Cell], start: int) -> list[tuple[int, int]]:
    """Rows begin at the next number; a number within a cell is hardly the very next one."""
    begins, expected = [], parse_number(cells[start].text)
    for place in range(start, len(cells)):
        number = parse_number(cells[place].text)
        if number is not None and number == expected:
            begins.append(place)
            expected = number + 1
    return list(zip(begins, [*begins[1:], len(cells)], strict=True))


def _fit(part: list[Cell], names: list[Cell], width: int) -> list[Cell]:
    """As many cells as the header has: blank lines are empty cells where that fits, more lines belong to the last cell.

    What was not a unit before must not become one by a slip of lines, so the lead is looked at before it is believed.
    """
    filled = [cell for cell in part if cell.text]
    while part and not part[-1].text and len(part) > width:
        part = part[:-1]
    keys = [meaning(name.text)[0] for name in names]
    fitted = part
    if len(part) != width and len(filled) == width - 1 and "category" in keys:
        # The category stands only where it begins.
        place = keys.index("category")
        fitted = [*filled[:place], Cell("", filled[0].row, 1), *filled[place:]]
    elif len(part) != width:
        rest = "\n".join(cell.text for cell in filled[width - 1 :])
        fitted = [*filled[: width - 1], Cell(rest, filled[-1].row, width)]
    lead = keys.index("lead") if "lead" in keys else 0
    if len(filled) < _FEWEST or len(fitted) != width or ("lead" in keys and not look_like_units(fitted[lead].text)):
        raise refuse("row_does_not_fit", row=part[0].row, count=len(filled), width=width)
    return fitted


def _place(cells: list[Cell]) -> list[Cell]:
    return [Cell(cell.text, cell.row, column) for column, cell in enumerate(cells, 1)]
