"""Alignment - rows of a Word table whose cell borders lie a little beside those of the header, put under its columns.

Dragging one border of one row gives that row borders of its own: the file then counts more columns than anybody sees.
A row with as many cells as the header has is read cell by cell.
"""

from __future__ import annotations

import itertools

from chuangju.papers.grids import Cell, Grid


def align_rows(grid: Grid, last: int) -> None:
    """Puts the rows below the header (which ends with row `last`) under its columns, in the grid itself."""
    if grid.source != "docx" or not grid.rows:
        return
    starts = [run[0].column for run in _runs(grid.rows[last])]
    width = len(grid.rows[last])
    moved: dict[tuple[int, int], int] = {}
    for place in range(last + 1, len(grid.rows)):
        runs = _runs(grid.rows[place])
        if len(runs) != len(starts) or [run[0].column for run in runs] == starts:
            continue
        grid.rows[place] = _move(runs, starts, width, moved)


def _runs(row: list[Cell]) -> list[list[Cell]]:
    """The cells of a row as people count them: places of one merged cell together."""
    return [list(places) for _, places in itertools.groupby(row, key=lambda cell: cell.origin)]


def _move(runs: list[list[Cell]], starts: list[int], width: int, moved: dict[tuple[int, int], int]) -> list[Cell]:
    cells: list[Cell] = []
    for run, start, end in zip(runs, starts, [*starts[1:], width + 1], strict=True):
        first = run[0]
        if first.origin == (first.row, first.column):
            moved[first.origin] = start
            cells.append(Cell(first.text, first.row, start))
        else:
            row, column = first.origin
            cells.append(Cell(first.text, first.row, start, merged_from=(row, moved.get((row, column), start))))
        origin = cells[-1].origin
        cells.extend(Cell(first.text, first.row, place, merged_from=origin) for place in range(start + 1, end))
    return cells
