"""Sources - the files of a register, known by what they hold: Parquet, xlsx, or csv with its related files beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sentences import name_file, unreadable
from chuangju.ventures.registers.columns import find_part
from chuangju.ventures.registers.findings import refuse
from chuangju.ventures.registers.parquet import MAGIC, read_parquet
from chuangju.ventures.registers.separated import read_separated
from chuangju.ventures.registers.tables import Table
from chuangju.ventures.registers.workbooks import read_workbook

MAX_MEGABYTES = 4_096
_TEXT_MEGABYTES = 1_024
_MEGABYTE = 1024 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What other files begin with, and the sentence that tells so.
_OTHERS = (
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"%PDF", "pdf"), (b"{\\rtf", "rich_text"),
    (b"7z\xbc\xaf", "archive"), (b"Rar!", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"),
)  # fmt: skip
_NAME_PARTS = re.compile(r"[.\-_—（）()\s]+")


def read_tables(
    paths: Sequence[Path], names: Sequence[str] = (), *, mapping: Mapping[str, str] | None = None, most_rows: int
) -> list[Table]:
    """All tables of these files, and of the csv files beside a single one; raises UnreadableFile."""
    files = [(Path(path), names[place] if place < len(names) else Path(path).name) for place, path in enumerate(paths)]
    if len(files) == 1:
        files += [(path, path.name) for path in _beside(files[0][0])]
    tables: list[Table] = []
    for path, name in files:
        try:
            tables += _read_file(path, name, mapping, most_rows)
        except UnreadableFile as refusal:
            raise name_file(refusal, name) from refusal
    if not tables:
        raise unreadable("no_table")
    return tables


def part_of_name(name: str) -> str | None:
    """The related records that a file of this name holds: register.employees.csv, 企业_员工.csv, 租赁.csv."""
    stem = Path(name).name.rsplit(".", 1)[0]
    last = [piece for piece in _NAME_PARTS.split(stem) if piece]
    return find_part(stem) or (find_part(last[-1]) if last else None)


def _beside(path: Path) -> list[Path]:
    """register.employees.csv and its like, where the file is register.csv."""
    if path.suffix.lower() not in {".csv", ".txt", ".tsv"} or not path.parent.is_dir():
        return []
    found = sorted(path.parent.glob(f"{_literal(path.stem)}.*{path.suffix}"))
    return [each for each in found if each != path and part_of_name(each.name)]


def _literal(text: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", text)


def _read_file(path: Path, name: str, mapping: Mapping[str, str] | None, most_rows: int) -> list[Table]:
    start, size = _look(path)
    if start.startswith(MAGIC):
        return [read_parquet(path, name, most_rows=most_rows)]
    if start.startswith(_ZIP):
        return read_workbook(path, most_rows=most_rows, mapping=mapping)
    if start.startswith(_OLE):
        raise unreadable("old_excel")
    for mark, code in _OTHERS:
        if start.startswith(mark):
            raise unreadable(code)
    if path.suffix.lower() == ".parquet":
        raise refuse("not_parquet")
    text = start[:200].lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table")):
        raise unreadable("web_page")
    if text.startswith(b"<?xml"):
        raise unreadable("xml")
    if size > _TEXT_MEGABYTES * _MEGABYTE:
        raise unreadable("too_large", size=size // _MEGABYTE, limit=_TEXT_MEGABYTES)
    part = part_of_name(name) or ""
    return [read_separated(path, name, part=part, most_rows=most_rows, mapping=mapping)]


def _look(path: Path) -> tuple[bytes, int]:
    """The file's first bytes and its size; refused where there is nothing to read."""
    try:
        if path.is_dir():
            raise unreadable("folder")
        if not path.exists():
            raise unreadable("missing")
        if not path.is_file():
            raise unreadable("not_a_file")
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(4096)
    except PermissionError as error:
        raise unreadable("forbidden") from error
    except (OSError, ValueError) as error:
        raise unreadable("unreadable") from error
    if not start.strip():
        raise unreadable("empty")
    if size > MAX_MEGABYTES * _MEGABYTE:
        raise unreadable("too_large", size=size // _MEGABYTE, limit=MAX_MEGABYTES)
    return start, size
