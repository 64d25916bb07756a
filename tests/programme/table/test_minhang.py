"""The district's own table, which the product carries: read whole and exactly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from chuangju import programme
from chuangju.programme.table import ReadTable, read_table

HRSS = "区人力资源社会保障局"
LEADS = {
    1: [HRSS], 2: [HRSS], 3: [HRSS], 4: ["区财政局"], 5: [HRSS], 6: [HRSS, "团区委"], 7: ["区科委"], 8: ["区税务分局"],
    9: ["区市场监管局"], 10: ["区教育局"], 11: [HRSS], 12: [HRSS], 13: [HRSS], 14: ["区科委", HRSS], 15: ["区民政局"], 16: [HRSS],
    17: ["区科委"], 18: [HRSS], 19: ["区委宣传部"], 20: ["区委宣传部"], 21: ["区委宣传部"], 22: [HRSS],
}  # fmt: skip
COOPERATING = {
    4: ["相关创建成员单位"],
    5: ["团区委", "区科委", "区农委", "区财政局"],
    9: [],
    14: ["区财政局", "各街镇（工业区）"],
    17: ["团区委", HRSS, "区国资委", "区民政局", "各街镇（工业区）"],
    22: ["各创建成员单位"],
}


@pytest.fixture(scope="module")
def table() -> ReadTable:
    return read_table(Path(programme.__file__).parent / "data" / "minhang.txt")


def test_it_has_its_title_heading_and_columns(table: ReadTable) -> None:
    assert table.title == "闵行区创业型城区创建工作指标分解表"
    assert table.headings == ["附件1"]
    assert [key for key, _ in table.columns] == ["number", "category", "task", "lead", "cooperating", "measures"]


def test_it_has_22_tasks_in_six_categories(table: ReadTable) -> None:
    assert [task.number for task in table.tasks] == list(range(1, 23))
    assert Counter(task.category for task in table.tasks) == {
        "组织领导": 3, "政策支持": 6, "创业培训": 3, "创业服务": 6, "创业宣传": 3, "工作创新": 1,
    }  # fmt: skip


def test_every_row_has_its_leading_units(table: ReadTable) -> None:
    assert {task.number: task.lead for task in table.tasks} == LEADS


def test_rows_have_their_cooperating_units_or_none(table: ReadTable) -> None:
    found = {task.number: task.cooperating for task in table.tasks}
    assert {number: found[number] for number in COOPERATING} == COOPERATING


def test_28_measures_stand_without_their_markers(table: ReadTable) -> None:
    assert {task.number: len(task.measures) for task in table.tasks if len(task.measures) != 1} == {
        6: 2, 14: 2, 15: 2, 17: 2, 19: 3,
    }  # fmt: skip
    measures = [measure for task in table.tasks for measure in task.measures]
    assert len(measures) == 28
    assert not [measure for measure in measures if measure.startswith("（") or "\n" in measure]


def test_what_was_mended_or_is_open_is_told_with_row_and_cell(table: ReadTable) -> None:
    assert [(found.row, found.cell, found.code) for found in table.warnings] == [
        (4, "类别", "category_repeated"),
        (4, "配合单位", "group_unresolved"),
        (13, "类别", "category_repeated"),
        (19, "类别", "category_repeated"),
    ]


def test_it_survives_json_whole(table: ReadTable) -> None:
    assert ReadTable.from_dict(table.as_dict()) == table
