"""Where a table's head stands: titles and notes may stand above it, and merged cells may make it two rows high."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from chuangju.ventures.registers.columns import find_columns

HEAD_WITHIN = 10


def find_header(
    rows: Sequence[Sequence[str]], part: str = "", mapping: Mapping[str, str] | None = None
) -> tuple[int, list[str]]:
    """The place (from 0) of a head's last row, and its cells; the first filled row where none names a known column."""
    best, cells, score = -1, [""], 0
    above: Sequence[str] = ()
    for place, row in enumerate(rows):
        for candidate in (row, _merged(above, row)):
            named = len(find_columns(candidate, part, mapping)[0])
            if named > score:
                best, cells, score = place, list(candidate), named
        above = row
    if best < 0:
        best = next((place for place, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1), 0)
        cells = list(rows[best]) if rows else []
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return best, cells


def _merged(above: Sequence[str], row: Sequence[str]) -> list[str]:
    """A head of two rows: the lower cell, or the upper one where it reaches down."""
    return [lower if lower.strip() else upper for upper, lower in itertools.zip_longest(above, row, fillvalue="")]
