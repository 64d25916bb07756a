"""Drawn tables - text that draws its table: bars between cells, lines of box signs, or columns kept apart by spaces."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from chuangju.papers.grids import Cell, Grid, visible_text
from chuangju.papers.limits import check_columns, check_rows

_BAR_RULE = re.compile(r"[|\s:\-]+")
_BOX_BARS = "│┃║"
_BOX_RULE = re.compile(r"[\s\u2500-\u257f\-=+]+")
_GAP = re.compile(r"(?:[ \u3000]{2,}|\u3000)")
_NARROWEST = 3
# A chunk may begin this much left of its column's header: headers are centred, cells are not.
_WIDE = "WF"


def read_drawn_table(lines: list[str]) -> Grid | None:
    """The table that the lines draw, or None when they draw none."""
    filled = [line for line in lines if line.strip()]
    boxed = sum(1 for line in filled if any(bar in line for bar in _BOX_BARS))
    if boxed >= _NARROWEST - 1 and boxed * 3 > len(filled):
        return _read_boxes(lines)
    if sum(1 for line in filled if line.lstrip().startswith("|")) > len(filled) // 2:
        return _read_bars(lines, begins_with_bar=True)
    if any("-|-" in re.sub(r"[\s:]", "", line) and _BAR_RULE.fullmatch(line) for line in filled):
        return _read_bars(lines, begins_with_bar=False)
    return None


def _read_bars(lines: list[str], *, begins_with_bar: bool) -> Grid:
    """A table drawn with | between its cells and a rule below its header."""
    before: list[str] = []
    after: list[str] = []
    rows: list[list[Cell]] = []
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if not (bare.startswith("|") if begins_with_bar else "|" in bare):
            (after if rows else before).append(bare)
        elif not _BAR_RULE.fullmatch(bare):
            cells = re.split(r"(?<!\\)\|", bare.removeprefix("|").removesuffix("|"))
            rows.append([Cell(_unwrap(cell), number, column) for column, cell in enumerate(cells, start=1)])
            check_columns(len(cells))
            check_rows(len(rows))
    return Grid("", rows, before=before, after=after, source="csv")


def _unwrap(cell: str) -> str:
    return re.sub(r"<br\s*/?>", "\n", cell.strip()).replace("\\|", "|").strip("* ")


def _read_boxes(lines: list[str]) -> Grid:
    """A table drawn with box signs: a row goes on over lines until the next rule, or until its first cell is filled."""
    before: list[str] = []
    after: list[str] = []
    rows: list[list[Cell]] = []
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if bare and _BOX_RULE.fullmatch(bare):
            continue
        if not any(bar in bare for bar in _BOX_BARS):
            (after if rows else before).append(bare)
            continue
        texts = [visible_text(text).strip() for text in re.split(f"[{_BOX_BARS}]", bare.strip(_BOX_BARS))]
        check_columns(len(texts))
        if rows and not texts[0] and len(texts) == len(rows[-1]) and rows[-1][0].text:
            rows[-1] = [
                Cell("\n".join(part for part in (cell.text, text) if part), cell.row, cell.column)
                for cell, text in zip(rows[-1], texts, strict=True)
            ]
        else:
            rows.append([Cell(text, number, column) for column, text in enumerate(texts, start=1)])
            check_rows(len(rows))
    return Grid("", rows, before=before, after=after, source="text")


def read_spaced_table(lines: list[str]) -> Grid | None:
    """A table whose columns are kept apart by two spaces or more, if every line of it begins with its first cell.

    Where cells go on over several lines nobody can tell which line is whose; that is no table for us.
    """
    first = next((place for place, line in enumerate(lines) if len(_chunks(line)) >= _NARROWEST), None)
    if first is None:
        return None
    starts = [start for start, _ in _chunks(lines[first])]
    rows: list[list[Cell]] = []
    for number, line in enumerate(lines[first:], start=first + 1):
        if not line.strip():
            continue
        placed = _place(_chunks(line), starts)
        if placed is None:
            return None
        rows.append([Cell(visible_text(text), number, column) for column, text in enumerate(placed, start=1)])
        check_rows(len(rows))
    return Grid("", rows, before=[line.strip() for line in lines[:first]], source="text") if len(rows) > 1 else None


def _chunks(line: str) -> list[tuple[int, str]]:
    """The pieces of a line between gaps, each with the place on the screen where it begins."""
    pieces = []
    ends = [(match.start(), match.end()) for match in _GAP.finditer(line)]
    for (_, begin), (end, _) in pairwise([(0, 0), *ends, (len(line), len(line))]):
        text = line[begin:end].strip()
        if text:
            pieces.append((_screen_width(line[:begin]), text))
    return pieces


def _screen_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in _WIDE else 1 for sign in text)


def _place(chunks: list[tuple[int, str]], starts: list[int]) -> list[str] | None:
    """The pieces under their headers: all of them in order, or where some are missing each exactly where its header is."""
    if len(chunks) == len(starts):
        return [text for _, text in chunks]
    columns = [starts.index(start) if start in starts else -1 for start, _ in chunks]
    if len(chunks) > len(starts) or columns[0] != 0 or -1 in columns:
        return None
    placed = [""] * len(starts)
    for column, (_, text) in zip(columns, chunks, strict=True):
        placed[column] = text
    return placed
