"""Sections - a programme laid out as one table for each category, the category standing above it or on its sheet's tab."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chuangju.papers.grids import Grid
from chuangju.programme.table.categories import clean_category, join_lines
from chuangju.programme.table.headers import Header
from chuangju.programme.table.titles import ends_like_title, is_default_sheet

_MARKED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}\s*[、.．](?!\d)"
    r"|第[一二三四五六七八九十\d]{1,3}(?:类|部分|板块)\s*[:：、]?|类别\s*[:：])\s*(?P<name>.+)$"
)
_LONGEST = 30
# 2025年, 2026版, 表2, 续: sheets of other years or further pages, not of categories.
_NO_CATEGORY = re.compile(r"\d|续|旧|备份|草稿|模板|汇总|示例")
# Below this a heading is the heading of a chapter and not a category.
_FEWEST = 2


def lines_above(grid: Grid, header: Header) -> list[str]:
    """The lines of text before a table and in its rows above the header."""
    lines = list(grid.before)
    for row in grid.rows[: header.first]:
        for cell in row:
            if cell.merged_from is None and cell.text.strip():
                lines.extend(cell.text.split("\n"))
    return lines


def name_sections(parts: Sequence[tuple[Grid, Header | None]]) -> dict[int, str]:
    """Categories by the place of their part, where at least two parts have one and no column names it."""
    complete = {
        place: (grid, header)
        for place, (grid, header) in enumerate(parts)
        if header and header.is_complete and "category" not in header.indices
    }
    above = {place: _heading(lines_above(grid, header)) for place, (grid, header) in complete.items()}
    tabs = {place: _tab(grid) for place, (grid, _) in complete.items()}
    for names in (above, tabs):
        named = {place: name for place, name in names.items() if name}
        if len(set(named.values())) >= _FEWEST:
            return named
    return {}


def _heading(lines: list[str]) -> str:
    """The category that the last line above a table names, or nothing."""
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    match = _MARKED.match(last)
    if not match or len(last) > _LONGEST or ends_like_title(last) or re.search(r"[。；;：:]$", last):
        return ""
    return clean_category(match["name"])[0]


def _tab(grid: Grid) -> str:
    name = grid.label.strip()
    if grid.source != "xlsx" or is_default_sheet(name) or ends_like_title(name) or _NO_CATEGORY.search(name):
        return ""
    return clean_category(join_lines(name))[0]
