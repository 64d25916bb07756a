"""One programme, many files: whatever the office has, the same tasks come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from chuangju.programme.table import ReadTable, read_table
from tests.programme.table.files import (
    HEADERS,
    TASKS,
    TITLE,
    C,
    as_tuples,
    cell_rows,
    csv_text,
    docx,
    number_list,
    paragraph,
    word_table,
    xlsx,
)
from tests.programme.table.shapes import SHAPES, reordered_sheet

HEAD = list(HEADERS)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], ReadTable]:
    def _read(content: bytes, name: str = "表.bin") -> ReadTable:
        file = tmp_path / name
        file.write_bytes(content)
        return read_table(file)

    return _read


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_file_gives_the_same_tasks_and_title(shape: str, read: Callable[[bytes], ReadTable]) -> None:
    table = read(SHAPES[shape]())
    assert as_tuples(table.tasks) == list(TASKS)
    assert table.title == TITLE


@pytest.mark.parametrize("shape", ["merged_word", "merged_sheet", "led_cells", "led_cells_gb18030"])
def test_attachment_lines_are_headings_and_not_the_title(shape: str, read: Callable[[bytes], ReadTable]) -> None:
    table = read(SHAPES[shape]())
    assert table.headings == ["附件1"]


def test_columns_keep_their_order_and_their_words(read: Callable[[bytes], ReadTable]) -> None:
    table = read(reordered_sheet())
    assert table.columns == [
        ("lead", "责任单位"), ("number", "编号"), ("task", "重点任务"),
        ("measures", "具体举措"), ("cooperating", "协办单位"), ("category", "工作类别"),
    ]  # fmt: skip


def test_lines_below_a_sheet_are_told_and_not_taken_for_tasks(read: Callable[[bytes], ReadTable]) -> None:
    ignored = [found.text for found in read(reordered_sheet()).warnings if found.code == "row_ignored"]
    assert len(ignored) == 2
    assert "本表由创建办负责解释" in ignored[0]


def test_days_in_a_sheet_are_text_as_people_read_them(read: Callable[[bytes], ReadTable]) -> None:
    lines = [[*HEAD, "完成时限"], *[[*row, dt.date(2026, 11, 30)] for row in cell_rows()]]
    lines[1][6] = "年底前"
    lines[2][6] = ""
    table = read(xlsx(lines))
    assert [task.due for task in table.tasks] == ["年底前", None, *["2026年11月30日"] * 3]
    assert ("due", "完成时限") in table.columns


def test_a_table_without_numbers_is_numbered_in_order_with_a_warning(read: Callable[[bytes], ReadTable]) -> None:
    table = read(csv_text([HEAD[1:], *[row[1:] for row in cell_rows()]]).encode())
    assert [task.number for task in table.tasks] == [1, 2, 3, 4, 5]
    assert [found.code for found in table.warnings] == ["title_missing", "numbers_assigned"]


def test_numbers_before_the_tasks_serve_where_there_is_no_column(read: Callable[[bytes], ReadTable]) -> None:
    rows = [[row[1], f"{int(row[0]) + 10}.{row[2]}", *row[3:]] for row in cell_rows()]
    table = read(csv_text([HEAD[1:], *rows]).encode())
    assert [(task.number, task.task) for task in table.tasks] == [(row[0] + 10, row[2]) for row in TASKS]


def test_a_second_table_that_counts_anew_is_left_out_and_said_so(read: Callable[[bytes], ReadTable]) -> None:
    last_year = [[TITLE.replace("表", "清单")], HEAD, *cell_rows()]
    table = read(xlsx([[TITLE], HEAD, *cell_rows()], sheet="2026", others={"2025": last_year}))
    assert as_tuples(table.tasks) == list(TASKS)
    assert [found.code for found in table.warnings] == ["table_ignored"]


def test_a_list_of_projects_before_the_table_is_not_taken_for_it(read: Callable[[bytes], ReadTable]) -> None:
    projects = word_table([["序号", "项目", "责任单位", "金额"], ["1", "园区改造", "区科委", "30"]])
    table = read(docx(projects + paragraph(TITLE) + word_table([HEAD, *cell_rows()]) + projects))
    assert as_tuples(table.tasks) == list(TASKS)


def test_a_merged_number_that_counts_categories_is_not_the_number_of_tasks(read: Callable[[bytes], ReadTable]) -> None:
    rows: list[list[C | str]] = [list(HEAD)]
    for row, number, down in zip(cell_rows(), "12233", ["", "restart", "continue", "restart", "continue"], strict=True):
        rows.append([C("" if down == "continue" else number, down=down), *row[1:]])
    table = read(docx(paragraph(TITLE) + word_table(rows)))
    assert [task.number for task in table.tasks] == [1, 2, 3, 4, 5]
    assert [found.code for found in table.warnings] == ["numbers_shared"]


def test_word_lists_of_bullets_and_chinese_numbers_part_measures(read: Callable[[bytes], ReadTable]) -> None:
    lists = number_list(1, "bullet", "\uf0b7") + number_list(2, "chineseCounting", "%1、")
    for number_id in (1, 2):
        inner = paragraph("建立机制", number_id=number_id) + paragraph("开展培训", number_id=number_id)
        row = [*cell_rows()[0][:5], C(inner=inner)]
        table = read(docx(word_table([HEAD, row]), numbering=lists))
        assert table.tasks[0].measures == ["建立机制", "开展培训"]


def test_a_row_may_say_who_leads_within_one_cell(read: Callable[[bytes], ReadTable]) -> None:
    head = ["序号", "工作任务", "责任单位", "工作措施"]
    rows = [
        ["1", "甲事项", "牵头单位：区科委\n配合单位：区财政局、团区委", "推进。"],
        ["2", "乙事项", "区民政局（牵头）、区残联", "推进。"],
    ]
    table = read(xlsx([head, *rows]))
    assert [(task.lead, task.cooperating) for task in table.tasks] == [
        (["区科委"], ["区财政局", "团区委"]),
        (["区民政局"], ["区残联"]),
    ]
