"""Headers - which row of a table is its header, and which column then means what."""

from __future__ import annotations

from dataclasses import dataclass, field

from chuangju.papers.grids import Cell, Grid
from chuangju.programme.table.header_words import LIKELY, PERHAPS, meaning, plain_header, settle_columns
from chuangju.programme.table.sentences import refuse

# Names of the two columns no table is without, for the sentence that misses them.
NAMES = {"task": "工作任务", "lead": "牵头部门"}
_LOOK_AT_ROWS = 60
# Fewer known words may stand in any row of any table.
_WORDS_OF_A_HEADER = 2


@dataclass(slots=True)
class Header:
    """Where a grid's header stands and what its columns mean."""

    # Index of the first and of the last header row in the grid.
    first: int
    last: int
    # Row in the file, for sentences.
    row: int
    # Key and printed header of each column, by index; columns without any header have the key "".
    columns: list[tuple[str, str]]
    indices: dict[str, list[int]] = field(default_factory=dict)
    # How surely one of them is the task.
    certainty: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether the columns that every table needs are there."""
        return "task" in self.indices and "lead" in self.indices

    def name(self, key: str) -> str | None:
        """The printed header of the (first) column with that meaning."""
        found = self.indices.get(key)
        return self.columns[found[0]][1] if found else None


def find_header(grid: Grid) -> Header | None:
    """The first complete header of the grid; else the row that comes nearest to one; else None."""
    nearest: Header | None = None
    for index in range(min(len(grid.rows), _LOOK_AT_ROWS)):
        candidates = [_read_header(grid.rows[index], None, index)]
        if index + 1 < len(grid.rows) and _is_lower_header(grid.rows[index], grid.rows[index + 1]):
            candidates.append(_read_header(grid.rows[index], grid.rows[index + 1], index))
        best = max(candidates, key=lambda header: (header.is_complete, len(header.indices)))
        if best.is_complete:
            return best
        known = set(best.indices) - {"other"}
        is_near = len(known) >= _WORDS_OF_A_HEADER and bool(known & {"task", "lead"})
        if is_near and (nearest is None or len(best.indices) > len(nearest.indices)):
            nearest = best
    return nearest


def check_header(header: Header) -> None:
    """Refuses a header without task or lead, or with two columns for either."""
    for key, name in NAMES.items():
        found = header.indices.get(key, [])
        if not found:
            raise refuse("missing_column", row=header.row, column=name)
        if len(found) > 1:
            first, second = (header.columns[index][1] for index in found[:2])
            raise refuse("double_column", row=header.row, key=name, first=first, second=second)


def _is_lower_header(upper: list[Cell], lower: list[Cell]) -> bool:
    """Whether the next row belongs to the header: its own cells are header words below a wider or an empty one."""
    if sum(1 for cell in upper if meaning(cell.text)[0]) < _WORDS_OF_A_HEADER:
        # The row above is the title, and the next row a header by itself.
        return False
    own = [
        (index, cell)
        for index, cell in enumerate(lower)
        if cell.text.strip() and not _is_from_above(cell, lower) and not _repeats_left(lower, index)
    ]
    if not own or len(own) >= len([cell for cell in lower if cell]):
        return False
    knows = [bool(meaning(cell.text)[0]) for _, cell in own]
    below_wide = [_is_wide(upper, index) for index, _ in own]
    return any(knows) and all(known or wide for known, wide in zip(knows, below_wide, strict=True))


def _is_from_above(cell: Cell, row: list[Cell]) -> bool:
    return cell.merged_from is not None and cell.merged_from[0] < row[0].row


def _repeats_left(row: list[Cell], index: int) -> bool:
    return index > 0 and row[index].origin == row[index - 1].origin


def _is_wide(row: list[Cell], index: int) -> bool:
    if index >= len(row):
        return False
    neighbours = [place for place in (index - 1, index + 1) if 0 <= place < len(row)]
    return not row[index].text.strip() or any(row[place].origin == row[index].origin for place in neighbours)


def _read_header(upper: list[Cell], lower: list[Cell] | None, index: int) -> Header:
    names: list[tuple[str, str, int]] = []
    for place, cell in enumerate(upper):
        top = plain_header(cell.text)
        below = lower[place] if lower and place < len(lower) else None
        bottom = plain_header(below.text) if below and lower and not _is_from_above(below, lower) else ""
        if lower is None and _repeats_left(upper, place) and top:
            # A cell over several columns names none of them by itself.
            names.append(("", "", 0))
            continue
        names.append(_name_column(top, bottom))
    columns = settle_columns(names)
    header = Header(index, index + (lower is not None), upper[0].row if upper else 0, columns)
    header.certainty = max((strength for key, _, strength in names if key == "task"), default=0)
    for place, (key, _) in enumerate(columns):
        if key:
            header.indices.setdefault(key, []).append(place)
    return header


def _name_column(top: str, bottom: str) -> tuple[str, str, int]:
    texts = (bottom, top + bottom, top) if bottom else (top,)
    # Of 配合单位 over 单位 and 责任人 the upper words tell more.
    for weakest, text in ((weakest, text) for weakest in (LIKELY, PERHAPS) for text in texts):
        key, strength = meaning(text)
        if key and strength >= weakest:
            return key, text if text == top + bottom or not bottom else bottom, strength
    text = bottom or top
    return ("other" if text else ""), text, 0
