"""银行流水表 - the lines of a bank's file: which column is which, and each row with its place. Knows no database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chuangju.papers.grids import Cell, Grid, UnreadableFile
from chuangju.papers.reading import read_grids

# What heads each column; the first word is the one that our own template uses.
COLUMNS: dict[str, tuple[str, ...]] = {
    "contract": ("借款合同号", "合同号", "借据号", "合同编号", "Contract"),
    "on": ("日期", "交易日期", "发生日期", "记账日期", "Date"),
    "kind": ("业务", "业务类型", "交易类型", "摘要", "类型", "Kind"),
    "amount": ("金额（元）", "金额", "金额(元)", "发生额", "交易金额", "Amount"),
    "reference": ("流水号", "银行流水号", "交易流水号", "Reference"),
}
NEEDED = frozenset({"contract", "on", "kind", "reference"})
MOST_ROWS = 20_000
_HEAD_WITHIN = 10


def read_loan_sheet(
    path: Path, *, name: str | None = None, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Each row with its number in the file, its cells by column and where they stand; for `read_in_child`.

    Raises UnreadableFile where no table has the columns, or where there is too much below its head.
    """
    del on_progress
    for grid in read_grids(path, name=name):
        for place, row in enumerate(grid.rows[:_HEAD_WITHIN]):
            heads = _heads_of(row)
            if set(heads) >= NEEDED:
                return {"rows": _rows(grid, place, heads)}
    raise UnreadableFile(
        "文件中没有以“借款合同号”“日期”“业务”“流水号”为表头的表格，请下载模板填写后上传", code="no_header"
    )


def _heads_of(row: list[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        text = "".join(cell.text.split()).rstrip("*＊").casefold()
        for key, words in COLUMNS.items():
            if key not in found and text in {"".join(word.split()).casefold() for word in words}:
                found[key] = place
    return found


def _rows(grid: Grid, head: int, heads: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for row in grid.rows[head + 1 :]:
        cells = {key: " ".join(row[place].text.split()) if place < len(row) else "" for key, place in heads.items()}
        if any(cells.values()):
            rows.append({"row": row[0].row, "cells": cells})
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"一次最多导入 {MOST_ROWS} 行流水，请分几个文件上传", code="too_many")
    return rows
