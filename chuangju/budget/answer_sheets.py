"""回执表 - the treasury's answers as they stand in a file: which column is which, and each row. Knows no database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chuangju.papers.grids import Cell, Grid, UnreadableFile
from chuangju.papers.reading import read_grids

# What heads each column; the first word is the one that our own sheet uses.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("支付编号", "支付单号", "业务编号", "Payment number"),
    "amount": ("金额（元）", "金额", "金额(元)", "支付金额", "支付金额（元）", "Amount"),
    "outcome": ("支付结果", "结果", "支付状态", "状态", "Result"),
    "paid_on": ("支付日期", "日期", "到账日期", "支付时间", "Date"),
    "reason": ("失败或退票原因", "失败原因", "退票原因", "原因", "备注", "Reason"),
    "voucher": ("国库凭证号", "凭证号", "支付凭证号", "流水号", "Voucher"),
}
MOST_ROWS = 2000
# Titles and notes may stand above a table's head.
_HEAD_WITHIN = 10


def read_answers(
    path: Path, *, name: str | None = None, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Each row with its number in the file, its cells by column and where they stand; for `read_in_child`.

    Raises UnreadableFile where no table is headed by 支付编号 and 支付结果, or where there is too much below it.
    """
    del on_progress
    for grid in read_grids(path, name=name):
        for place, row in enumerate(grid.rows[:_HEAD_WITHIN]):
            heads = _heads_of(row)
            if {"number", "outcome"} <= set(heads):
                return {"rows": _rows(grid, place, heads), "columns": sorted(heads)}
    raise UnreadableFile("文件中没有以“支付编号”“支付结果”为表头的表格，请用拨付明细表填写后上传", code="no_header")


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
        if cells["number"] or cells["outcome"]:
            at = {key: _place(row[0].row, place) for key, place in heads.items()}
            rows.append({"row": row[0].row, "cells": cells, "at": at})
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"一次最多导入 {MOST_ROWS} 行回执，请分几个文件上传", code="too_many")
    return rows


def _place(row: int, column: int) -> str:
    """A cell as a sheet calls it: B7."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
