"""The sheet of scores that were given on paper: its heading and its lines as they stand. Knows no database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chuangju.papers.grids import Cell, UnreadableFile
from chuangju.papers.reading import read_grids

# What the columns that are always there are called in our own empty sheet.
ASSESSOR, NAME, NUMBER, SUBJECT, DECLARED, COMMENT = (
    "专家登录名", "专家姓名", "编号", "参评对象", "无利益冲突", "评语",
)  # fmt: skip
FIXED = (ASSESSOR, NAME, NUMBER, SUBJECT, DECLARED, COMMENT)
MOST_ROWS = 5000


def read_score_rows(
    path: Path, *, name: str | None = None, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Each line with its number in the file and its cells by heading; made to be called through `read_in_child`.

    Raises UnreadableFile where there is no heading with 专家登录名 and 编号, or too much below it.
    """
    del on_progress
    for grid in read_grids(path, name=name):
        for place, row in enumerate(grid.rows):
            heads = ["".join(cell.text.split()) for cell in row]
            if ASSESSOR in heads and NUMBER in heads:
                return {"heads": [head for head in heads if head], "lines": _lines(grid.rows[place + 1 :], heads)}
    raise UnreadableFile("文件中没有以“专家登录名”和“编号”为表头的表格，请下载录入表填写后再上传", code="no_header")


def _lines(rows: list[list[Cell]], heads: list[str]) -> list[dict[str, Any]]:
    lines = []
    for row in rows:
        values = {head: row[place].text.strip() for place, head in enumerate(heads) if head and place < len(row)}
        if any(values.values()):
            lines.append({"row": row[0].row if row else 0, "values": values})
    if len(lines) > MOST_ROWS:
        raise UnreadableFile(f"一次最多录入 {MOST_ROWS} 行，请分几个文件上传", code="too_many")
    return lines
