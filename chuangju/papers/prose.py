"""Prose - the lines of a document as one reads them, for notices that are written in sentences and not in tables."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chuangju.papers.grids import Grid
from chuangju.papers.reading import read_grids

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def read_prose(
    path: Path,
    *,
    name: str | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """`{"lines": [...]}` of a docx, text, csv or xlsx file; cells of a row stand in one line, parted by tabs.

    Raises UnreadableFile. Made to be called through `read_in_child`.
    """
    del on_progress
    words = _words_of_docx(path)
    if words is None and not zipfile.is_zipfile(path):
        words = _words_of_text(path)
    if words is None:
        words = [line for grid in read_grids(path, name=name) for line in _lines_of(grid)]
    return {"lines": [line.strip() for line in words if line.strip()]}


def _lines_of(grid: Grid) -> list[str]:
    rows = ["\t".join(cell.text for cell in row if cell.merged_from is None) for row in grid.rows]
    return [*grid.before, *rows, *grid.after]


def _words_of_text(path: Path) -> list[str] | None:
    """The lines of a plain text file; None where the general reader knows better what to say of it."""
    from chuangju.papers.decoding import decode_text  # noqa: PLC0415 - only what is needed is loaded

    content = path.read_bytes()
    start = content[:400].lstrip().lower()
    if not content.strip() or start.startswith((b"<", b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8", b"\xd0\xcf")):
        return None
    return decode_text(content).split("\n")


def _words_of_docx(path: Path) -> list[str] | None:
    """The paragraphs of a Word document in their order, tables within; None for any other file."""
    if not zipfile.is_zipfile(path):
        return None
    from chuangju.papers.archives import content_types, open_archive, read_xml  # noqa: PLC0415 - only what is needed
    from chuangju.papers.docx_numbering import read_numbering  # noqa: PLC0415
    from chuangju.papers.docx_text import local_name, paragraph_text  # noqa: PLC0415

    with open_archive(path) as archive:
        parts = [part for part, kind in content_types(archive).items() if kind == _DOCUMENT]
        root = read_xml(archive, parts[0]) if parts and parts[0] in archive.namelist() else None
        if root is None:
            return None
        numbering = read_numbering(archive, posixpath.dirname(parts[0]) + "/")
        found = [paragraph_text(node, numbering) for node in root.iter("{*}p") if local_name(node) == "p"]
    return "\n".join(found).split("\n")
