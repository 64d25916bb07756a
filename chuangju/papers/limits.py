"""Limits - how large a table may be before it is somebody's attack or mistake."""

from __future__ import annotations

from chuangju.papers.grids import Grid
from chuangju.papers.sentences import unreadable

MAX_FILE_MEGABYTES = 20
# Ten thousand records, and the lines above them.
MAX_ROWS = 10_020
MAX_COLUMNS = 200
# About two printed pages in one cell; a spreadsheet itself keeps no more than 32,767 signs.
MAX_CELL = 20_000


def check_rows(count: int) -> None:
    """Refuses a table with more rows than any programme has."""
    if count > MAX_ROWS:
        raise unreadable("too_many_rows", count=count, limit=MAX_ROWS)


def check_columns(count: int) -> None:
    """Refuses a table wider than any programme's."""
    if count > MAX_COLUMNS:
        raise unreadable("too_many_columns", count=count, limit=MAX_COLUMNS)


def check_cells(grids: list[Grid]) -> None:
    """Refuses a table with a cell that nobody could read through."""
    for grid in grids:
        for row in grid.rows:
            for cell in row:
                if len(cell.text) > MAX_CELL:
                    count = len(cell.text)
                    raise unreadable("cell_too_long", row=cell.row, column=cell.column, count=count, limit=MAX_CELL)
