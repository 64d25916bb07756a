"""Row cells - what a row of a table says in which column."""

from __future__ import annotations

import re

from chuangju.papers.grids import Cell
from chuangju.programme.table.header_words import plain_header
from chuangju.programme.table.headers import Header

_SHOWN = 40


def own_cells(row: list[Cell]) -> list[Cell]:
    """The cells that begin in this row and hold something."""
    return [cell for cell in row if cell.merged_from is None and cell.text.strip()]


def plain_row(row: list[Cell]) -> tuple[str, ...]:
    """The row without its layout, for telling whether two are the same."""
    return tuple(plain_header(cell.text) for cell in row)


def cells_of(row: list[Cell], header: Header, key: str) -> list[Cell]:
    """The cells in the columns of that meaning, empty ones where the row is short."""
    places = header.indices.get(key, [])
    number = row[0].row if row else 0
    return [row[place] if place < len(row) else Cell("", number, place + 1) for place in places]


def text_of(row: list[Cell], header: Header, key: str) -> str:
    """What the row says in the columns of that meaning; a cell over several columns belongs to its first."""
    texts: list[str] = []
    for cell in cells_of(row, header, key):
        if cell.origin[1] == cell.column and cell.text.strip() and cell.text.strip() not in texts:
            texts.append(cell.text.strip())
    return "\n".join(texts)


def shorten(text: str) -> str:
    """The beginning of a text on one line, for showing what was left out."""
    plain = re.sub(r"\s+", " ", text.strip()).rstrip("。")
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"
