"""Tables in Word - read straight from the document's XML, where a table of 2,000 rows takes a moment and not minutes."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from chuangju.papers.archives import read_xml
from chuangju.papers.docx_numbering import Numbering, read_numbering
from chuangju.papers.docx_text import CONTAINERS, cell_text, local_name, paragraph_text
from chuangju.papers.grids import Cell, Grid
from chuangju.papers.limits import check_columns, check_rows
from chuangju.papers.sentences import unreadable


def read_docx(archive: zipfile.ZipFile, part: str) -> list[Grid]:
    """Every table of the document, those within cells too, each with the paragraphs before it."""
    root = read_xml(archive, part)
    body = root.find("{*}body") if root is not None else None
    if body is None:
        raise unreadable("damaged")
    numbering = read_numbering(archive, posixpath.dirname(part) + "/")
    grids: list[Grid] = []
    before: list[str] = []
    for block in _blocks(body):
        if local_name(block) == "p":
            before.extend(paragraph_text(block, numbering).split("\n"))
            continue
        grid = _TableReader(numbering, label=str(len(grids) + 1)).read(block)
        grid.before, before = before, []
        grids.append(grid)
        grids.extend(_nested_grids(block, numbering.restarted(), grid))
    if grids:
        grids[-1].after = before
    return grids


def _blocks(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        name = local_name(child)
        if name in {"p", "tbl"}:
            yield child
        elif name in CONTAINERS:
            yield from _blocks(child)


def _nested_grids(table: etree._Element, numbering: Numbering, outer: Grid) -> list[Grid]:
    """Tables within cells, for documents that lay out the page with a table around the table."""
    grids = []
    for place, inner in enumerate((node for node in table.iter("{*}tbl") if node is not table), start=1):
        lines: list[str] = []
        for block in inner.itersiblings("{*}p", "{*}tbl", preceding=True):
            if local_name(block) == "tbl":
                break
            lines[:0] = paragraph_text(block, numbering).split("\n")
        grid = _TableReader(numbering, label=f"{outer.label}.{place}").read(inner)
        grid.before = [*outer.before, *lines]
        grids.append(grid)
    return grids


@dataclass(slots=True)
class _TableReader:
    numbering: Numbering
    label: str
    rows: list[list[Cell]] = field(default_factory=list)
    # The cell that a vertical merge goes on from, by the column where it begins.
    merging: dict[int, Cell] = field(default_factory=dict)

    def read(self, table: etree._Element) -> Grid:
        for row in _parts(table, "tr"):
            if row.find("{*}trPr/{*}del") is None:
                self._read_row(row)
                check_rows(len(self.rows))
        return Grid(self.label, self.rows, source="docx")

    def _read_row(self, row: etree._Element) -> None:
        number = len(self.rows) + 1
        cells: list[Cell] = []
        self._pad(cells, number, _value(row.find("{*}trPr/{*}gridBefore")))
        for node in _parts(row, "tc"):
            if node.find("{*}tcPr/{*}cellDel") is not None:
                continue
            self._read_cell(node, cells, number)
            check_columns(len(cells))
        self._pad(cells, number, _value(row.find("{*}trPr/{*}gridAfter")))
        check_columns(len(cells))
        self.rows.append(cells)

    def _read_cell(self, node: etree._Element, cells: list[Cell], number: int) -> None:
        column = len(cells) + 1
        span = max(1, _value(node.find("{*}tcPr/{*}gridSpan")))
        # Refused before the places are made: a span is only a number in the file.
        check_columns(len(cells) + span)
        sideways = node.find("{*}tcPr/{*}hMerge")
        downwards = node.find("{*}tcPr/{*}vMerge")
        above = self.merging.get(column)
        if sideways is not None and _text_value(sideways) != "restart" and cells:
            origin = cells[-1]
            first = Cell(origin.text, number, column, merged_from=origin.origin)
        elif downwards is not None and _text_value(downwards) != "restart" and above is not None:
            first = Cell(above.text, number, column, merged_from=above.origin)
        else:
            first = Cell(cell_text(node, self.numbering), number, column)
        if downwards is None:
            self.merging.pop(column, None)
        else:
            self.merging[column] = first
        cells.append(first)
        for place in range(column + 1, column + span):
            self.merging.pop(place, None)
            cells.append(Cell(first.text, number, place, merged_from=first.origin))

    def _pad(self, cells: list[Cell], number: int, count: int) -> None:
        check_columns(len(cells) + count)
        cells.extend(Cell("", number, len(cells) + place) for place in range(1, count + 1))


def _parts(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, those inside content controls and tracked insertions too."""
    for child in node:
        found = local_name(child)
        if found == name:
            yield child
        elif found in CONTAINERS:
            yield from _parts(child, name)


def _text_value(node: etree._Element) -> str:
    return next((str(value) for key, value in node.attrib.items() if key.rpartition("}")[2] == "val"), "")


def _value(node: etree._Element | None) -> int:
    text = _text_value(node) if node is not None else ""
    # A number of more digits is nobody's table, only somebody's attack.
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
