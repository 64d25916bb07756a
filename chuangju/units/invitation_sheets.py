"""The sheet of people to invite: which column is which, and its lines as they stand. Knows no database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chuangju.papers.grids import Cell, UnreadableFile
from chuangju.papers.reading import read_grids

# What heads each column; the first word is the one that our own empty sheet uses.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "Name"),
    "username": ("登录名", "用户名", "账号", "Username"),
    "email": ("电子邮箱", "邮箱", "E-mail", "Email"),
    "mobile": ("手机号", "手机", "联系电话", "Mobile"),
    "unit": ("单位", "所在单位", "Unit"),
    "roles": ("角色", "拟授角色", "Roles"),
}
MOST_ROWS = 500


def read_people(
    path: Path, *, name: str | None = None, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Each line with its number in the file and its cells by column; made to be called through `read_in_child`.

    Raises UnreadableFile where there is no heading with 姓名, or too much below it.
    """
    del on_progress
    for grid in read_grids(path, name=name):
        for place, row in enumerate(grid.rows):
            heads = _heads_of(row)
            if "name" in heads:
                return {"lines": _lines(grid.rows[place + 1 :], heads), "columns": sorted(heads)}
    raise UnreadableFile("文件中没有以“姓名”为表头的表格，请下载空表填写后再上传", code="no_header")


def _heads_of(row: list[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        text = "".join(cell.text.split()).rstrip("*＊").casefold()
        for key, words in COLUMNS.items():
            if text in {word.casefold() for word in words} and key not in found:
                found[key] = place
    return found


def _lines(rows: list[list[Cell]], heads: dict[str, int]) -> list[dict[str, Any]]:
    lines = []
    for row in rows:
        values = {key: " ".join(row[place].text.split()) if place < len(row) else "" for key, place in heads.items()}
        if any(values.values()):
            lines.append({"row": row[0].row if row else 0, **values})
    if len(lines) > MOST_ROWS:
        raise UnreadableFile(f"一次最多邀请 {MOST_ROWS} 人，请分几个文件上传", code="too_many")
    return lines
