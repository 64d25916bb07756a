"""What a worksheet's XML tells and its values do not: errors, formulas without a result, per cents, and how far it reaches."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from chuangju.papers.archives import read_xml
from chuangju.papers.xlsx_dates import column_number

# A cell that holds something, with its place.
_FILLED = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^/])?>')
_ERROR = re.compile(
    rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>(?:(?!</(?:x:)?c>).)*?<(?:x:)?v>([^<]{0,20})<', re.DOTALL
)
_FORMULA = re.compile(
    rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:x:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:x:)?f>)\s*(?:<(?:x:)?v\s*/>|<(?:x:)?v></(?:x:)?v>)?\s*</(?:x:)?c>'
)
_STYLED = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})" s="(\d{1,5})"[^>/]*>')
# 0% and 0.00% stand in every workbook without being written down.
_PERCENT_FORMATS = frozenset({"9", "10"})


@dataclass(slots=True)
class Oddities:
    """By row and column (counted from 1): what to tell of a cell, and which cells show per cents; and the sheet's extent."""

    rows: int = 0
    columns: int = 0
    told: Mapping[int, Mapping[int, tuple[str, str]]] = field(default_factory=dict)
    percents: Mapping[int, list[int]] = field(default_factory=dict)


def percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of the cell styles that show per cents."""
    root = read_xml(archive, "xl/styles.xml")
    if root is None:
        return frozenset()
    formats = set(_PERCENT_FORMATS)
    for node in root.iterfind("{*}numFmts/{*}numFmt"):
        code = re.sub(r'"[^"]*"|\\.', "", str(node.get("formatCode", "")))
        if "%" in code:
            formats.add(str(node.get("numFmtId", "")))
    styles = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(str(place).encode() for place, style in styles if style.get("numFmtId", "") in formats)


def find_oddities(xml: bytes, styles: frozenset[bytes]) -> Oddities:
    """All of them in one sheet."""
    places = _FILLED.findall(xml)
    told: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    percents: dict[int, list[int]] = defaultdict(list)
    if b't="e"' in xml:
        for letters, row, text in _ERROR.findall(xml):
            told[int(row)][_column(letters)] = ("error_cell", text.decode("utf-8", "replace"))
    if b"<f" in xml or b":f" in xml:
        for letters, row in _FORMULA.findall(xml):
            told[int(row)][_column(letters)] = ("formula_without_value", "")
    if styles:
        for letters, row, style in _STYLED.findall(xml):
            if style in styles:
                percents[int(row)].append(_column(letters))
    return Oddities(
        rows=max((int(row) for _letters, row in places), default=0),
        columns=max((_column(letters) for letters in {letters for letters, _row in places}), default=0),
        told=told,
        percents=percents,
    )


def _column(letters: bytes) -> int:
    return column_number(letters.decode())
