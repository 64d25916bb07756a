"""Reading a register - from a file to rows of cells by their meaning, or to one sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chuangju.papers.grids import Grid, UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.papers.reading import read_grids
from chuangju.papers.sentences import name_file
from chuangju.ventures.sheets.columns import (
    PARTY_COLUMNS,
    RELATION_COLUMNS,
    Header,
    find_columns,
    is_party_header,
    is_relation_header,
)

SECONDS = 60
MEGABYTES = 768
MOST_ROWS = 10_000
# Titles and notes may stand above a table's head.
_HEAD_WITHIN = 10


def _(text: str) -> str:
    """Marks a source text for translation."""
    return text


SENTENCES = {
    "no_party_columns": _("没有认出名册的表头：请保留“名称”“统一社会信用代码”等列名，或下载模板填写。"),
    "no_rows": _("表头下面没有内容。"),
    "too_many_parties": _("名册有 %(count)s 行，一次最多导入 %(limit)s 行，请拆分后再导入。"),
}


def read_register(path: Path, *, name: str, on_progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """The parties and the relations of a file: {"parties": {...} | None, "relations": {...} | None, "unread": [sheets]}.

    Each part holds "names" (what its columns are called), "ignored" (columns not understood) and "rows"
    ([number in the file, {key: text}]). Raises UnreadableFile.
    """
    del on_progress
    found: dict[str, Any] = {"parties": None, "relations": None, "unread": []}
    for grid in read_grids(path, name=name):
        kind, header = _recognise(grid)
        if header is None or found[kind] is not None:
            if any(cell.text.strip() for row in grid.rows for cell in row):
                found["unread"].append(grid.label)
            continue
        found[kind] = {"names": dict(header.names), "ignored": list(header.ignored), "rows": _rows_of(grid, header)}
    if found["parties"] is None and found["relations"] is None:
        raise name_file(_refuse("no_party_columns"), name)
    parts: list[dict[str, Any]] = [part for part in (found["parties"], found["relations"]) if part]
    if not any(part["rows"] for part in parts):
        raise name_file(_refuse("no_rows"), name)
    for part in parts:
        if len(part["rows"]) > MOST_ROWS:
            raise name_file(_refuse("too_many_parties", count=len(part["rows"]), limit=MOST_ROWS), name)
    return found


def read_register_guarded(path: Path, *, name: str) -> dict[str, Any]:
    """The same, in a child process with limits: for files that strangers made. Raises UnreadableFile."""
    reader = "chuangju.ventures.sheets.reader:read_register"
    return read_in_child(reader, path, name=name, seconds=SECONDS, megabytes=MEGABYTES)


def _recognise(grid: Grid) -> tuple[str, Header | None]:
    """What a table lists, and where its head is."""
    for row in grid.rows[:_HEAD_WITHIN]:
        cells = [cell.text for cell in row]
        number = row[0].row if row else 0
        relation = find_columns(cells, RELATION_COLUMNS, number)
        if is_relation_header(relation):
            return "relations", relation
        party = find_columns(cells, PARTY_COLUMNS, number)
        if is_party_header(party):
            return "parties", party
    return "", None


def _rows_of(grid: Grid, header: Header) -> list[list[Any]]:
    """The filled rows below the head, each with its number in the file."""
    rows: list[list[Any]] = []
    for row in grid.rows:
        if not row or row[0].row <= header.row:
            continue
        cells = _filled(header.places, [cell.text for cell in row])
        if cells:
            rows.append([row[0].row, cells])
    return rows


def _filled(places: Mapping[str, int], texts: Sequence[str]) -> dict[str, str]:
    return {key: texts[place].strip() for key, place in places.items() if place < len(texts) and texts[place].strip()}


def _refuse(code: str, **params: object) -> UnreadableFile:
    return UnreadableFile(SENTENCES[code] % params, code=code, params=params)
