"""Grids - what a table is to those who read it: rows of cells with text and place, whatever file they came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a grid; a merged cell stands at each of its places and says where it began."""

    text: str
    # Where it stands in the file, counted from 1 (in text without columns: the line where the cell begins).
    row: int
    column: int
    # Row and column of the cell's first place, on all of its other places.
    merged_from: tuple[int, int] | None = None

    @property
    def origin(self) -> tuple[int, int]:
        """The first place of the cell: the same for all places of one merged cell."""
        return self.merged_from or (self.row, self.column)


@dataclass(slots=True)
class Grid:
    """One table of a file, with the lines of text that stand before and after it."""

    label: str
    rows: list[list[Cell]]
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    # docx, xlsx, csv or text: how far the shape of the rows can be trusted.
    source: str = ""

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


def visible_text(text: str) -> str:
    """The text without signs that nobody sees: joiners, soft hyphens and marks left over from copying."""
    return _UNSEEN.sub("", text)


class UnreadableFile(Exception):
    """The file cannot be read; the sentence tells which file, where in it, and what to do."""

    def __init__(self, sentence: str, *, code: str = "", params: Mapping[str, object] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.params = dict(params or {})
