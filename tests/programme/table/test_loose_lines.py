"""Cells that came one on a line: put back into rows where that is certain, refused where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangju.programme.table import UnreadableTable, read_table
from tests.programme.table.files import HEADERS, TASKS, TITLE, as_tuples, cell_rows


def write(folder: Path, lines: list[str]) -> Path:
    file = folder / "分工.txt"
    file.write_text("\n".join(lines))
    return file


def test_empty_lines_are_empty_cells_and_more_lines_belong_to_the_last(tmp_path: Path) -> None:
    lines = [TITLE, "", *HEADERS]
    for row in cell_rows():
        lines += [*row, "", ""]
    table = read_table(write(tmp_path, lines))
    assert (table.title, as_tuples(table.tasks)) == (TITLE, list(TASKS))


def test_a_category_may_stand_only_where_it_begins(tmp_path: Path) -> None:
    first, second = cell_rows()[3:5]
    first[0], second[0] = "1", "2"
    table = read_table(write(tmp_path, [*HEADERS, *first, second[0], *second[2:]]))
    assert [task.category for task in table.tasks] == ["创业服务", "创业服务"]


@pytest.mark.parametrize("lines", [list(HEADERS), ["类别", "工作任务", "牵头部门", "1", "甲"], ["一", "二"]])
def test_lines_without_rows_or_numbers_are_no_table(lines: list[str], tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable) as refused:
        read_table(write(tmp_path, lines))
    assert refused.value.code == "no_header"
