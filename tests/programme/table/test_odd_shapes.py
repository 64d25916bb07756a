"""Files as offices really send them: the same tasks come out, and what was guessed is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chuangju.programme.table import ReadTable, UnreadableTable, read_table
from tests.programme.table.files import (
    HEADERS,
    TASKS,
    TITLE,
    C,
    as_tuples,
    cell_rows,
    csv_text,
    docx,
    paragraph,
    word_table,
    xlsx,
)
from tests.programme.table.odd_shapes import (
    ODD_SHAPES,
    coded_numbers_sheet,
    each_category_counts_anew_word,
    each_sheet_counts_anew,
)

HEAD = list(HEADERS)
ONE_COLUMN = ["序号", "工作任务", "责任单位", "推进举措"]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], ReadTable]:
    def _read(content: bytes) -> ReadTable:
        (tmp_path / "表").write_bytes(content)
        return read_table(tmp_path / "表")

    return _read


@pytest.mark.parametrize("shape", ODD_SHAPES)
def test_every_odd_shape_gives_the_same_tasks_and_title(shape: str, read: Callable[[bytes], ReadTable]) -> None:
    table = read(ODD_SHAPES[shape]())
    assert as_tuples(table.tasks) == list(TASKS)
    assert table.title == TITLE


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (each_category_counts_anew_word, "numbers_restarted"),
        (each_sheet_counts_anew, "numbers_restarted"),
        (coded_numbers_sheet, "numbers_coded"),
    ],
)
def test_numbers_that_are_given_anew_are_told(
    build: Callable[[], bytes], code: str, read: Callable[[bytes], ReadTable]
) -> None:
    assert [found.code for found in read(build()).warnings] == [code]


@pytest.mark.parametrize(
    ("numbers", "categories", "number", "first"),
    [
        ([1, 2, 2, 4], "甲甲乙乙", 2, 3),
        ([1, 1], "甲乙", 1, 2),
        ([1, 2, 1], "甲甲乙", 1, 2),
        ([1, 2, 1, 3], "甲甲乙乙", 1, 2),
        (["1-1", "1-1"], "甲甲", None, None),
    ],
)
def test_a_number_written_twice_by_mistake_is_refused_still(
    numbers: Sequence[object],
    categories: str,
    number: int | None,
    first: int | None,
    read: Callable[[bytes], ReadTable],
) -> None:
    rows = [
        [n, c, f"事项{place}", "区科委", "", "推进。"]
        for place, (n, c) in enumerate(zip(numbers, categories, strict=True))
    ]
    with pytest.raises(UnreadableTable) as refused:
        read(xlsx([HEAD, *rows]))
    assert refused.value.code == ("duplicate_number" if number else "number_unclear")
    assert (refused.value.params.get("number"), refused.value.params.get("first")) == (number, first)


def test_a_fault_on_a_later_sheet_names_the_sheet(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(
        xlsx([HEAD, *cell_rows()], sheet="一季度", others={"二季度": [HEAD, ["6", "", "", "区科委", "", "推进。"]]})
    )
    with pytest.raises(UnreadableTable) as refused:
        read_table(tmp_path / "表.xlsx")
    assert refused.value.sentence == "表.xlsx（二季度）：第 2 行（序号 6）的“工作任务”一列是空的。"


def test_a_number_that_stands_on_two_sheets_names_both(tmp_path: Path) -> None:
    again = ["5", "创业服务", "另一事项", "区科委", "", "推进。"]
    (tmp_path / "表.xlsx").write_bytes(
        xlsx([HEAD, *cell_rows()], sheet="上", others={"下": [["序", *HEAD[1:]], again]})
    )
    table = read_table(tmp_path / "表.xlsx")
    assert [found.code for found in table.warnings if found.code == "table_ignored"] == ["table_ignored"]
    (tmp_path / "表.docx").write_bytes(
        docx(word_table([HEAD, *cell_rows()]) + paragraph("续表") + word_table([HEAD, again]))
    )
    with pytest.raises(UnreadableTable) as refused:
        read_table(tmp_path / "表.docx")
    assert refused.value.sentence == "表.docx（表2）：第 2 行的“序号”5 与“表1”的第 6 行重复。"


@pytest.mark.parametrize("sign", ["同上", "〃", "同 上"])
def test_the_same_as_above_is_what_stands_above(sign: str, read: Callable[[bytes], ReadTable]) -> None:
    rows = [["1", "组织领导", "甲", "区科委", "区财政局", "推进。"], ["2", sign, "乙", sign, sign, sign]]
    first, second = read(docx(word_table([HEAD, *rows]))).tasks
    assert (second.category, second.lead, second.cooperating, second.measures) == (
        first.category,
        first.lead,
        first.cooperating,
        first.measures,
    )


@pytest.mark.parametrize("sign", ["——", "－－", "暂无", "（无）", "…", "N/A", "／", "无。"])
def test_signs_for_nothing_name_no_unit(sign: str, read: Callable[[bytes], ReadTable]) -> None:
    assert read(xlsx([HEAD, ["1", "甲", "乙", "区科委", sign, "推进。"]])).tasks[0].cooperating == []


def test_a_header_or_a_note_that_the_first_leads_is_followed_and_told(read: Callable[[bytes], ReadTable]) -> None:
    row = ["1", "甲", "区科委、团区委、区财政局", "推进。"]
    by_header = xlsx([[TITLE], [*ONE_COLUMN[:2], "责任单位（排名第一的为牵头单位）", "推进举措"], row])
    by_row = xlsx([[TITLE], ONE_COLUMN, row, ["注：责任单位中排在第一位的为牵头单位。"]])
    by_note = docx(paragraph(TITLE) + word_table([ONE_COLUMN, row]) + paragraph("备注：责任单位列首位的为牵头单位。"))
    for content in (by_header, by_row, by_note):
        table = read(content)
        assert (table.tasks[0].lead, table.tasks[0].cooperating) == (["区科委"], ["团区委", "区财政局"])
        assert "first_leads" in [found.code for found in table.warnings]


def test_numbers_at_only_some_tasks_count_something_else(read: Callable[[bytes], ReadTable]) -> None:
    rows = [[number, *row[1:]] for number, row in zip(["一", "", "二", "", ""], cell_rows(), strict=True)]
    table = read(csv_text([HEAD, *rows]).encode())
    assert [task.number for task in table.tasks] == [1, 2, 3, 4, 5]
    assert "numbers_shared" in [found.code for found in table.warnings]


def test_task_numbers_that_begin_anew_in_each_category_leave_the_names(read: Callable[[bytes], ReadTable]) -> None:
    rows = [[c, t, "区科委", "推进。"] for c, t in (("甲", "1.子"), ("甲", "2.丑"), ("乙", "1.寅"), ("乙", "2.卯"))]
    table = read(csv_text([["类别", "工作任务", "牵头部门", "推进举措"], *rows]).encode())
    assert [(task.number, task.task) for task in table.tasks] == [(1, "子"), (2, "丑"), (3, "寅"), (4, "卯")]


def test_a_task_without_lead_is_no_category_even_with_little_else(read: Callable[[bytes], ReadTable]) -> None:
    head = ["序号", "工作任务", "牵头部门", "推进举措"]
    with pytest.raises(UnreadableTable) as refused:
        read(xlsx([head, ["1", "甲", "区科委", "推进。"], ["2", "乙", "", ""]]))
    assert refused.value.code == "no_lead"


def test_empty_lines_between_the_rows_of_a_csv_file_are_nothing(read: Callable[[bytes], ReadTable]) -> None:
    content = csv_text([HEAD, *cell_rows()]).replace("\n3,", "\n\n\n3,")
    assert as_tuples(read(content.encode()).tasks) == list(TASKS)


def test_units_and_persons_below_one_header_keep_to_the_units(read: Callable[[bytes], ReadTable]) -> None:
    upper = [*(C(name, down="restart") for name in ("序号", "工作任务")), C("牵头单位", span=2), C("配合单位", span=2)]
    lower = [*(C(down="continue") for _ in range(2)), "单位", "责任人", "单位", "责任人"]
    row = ["1", "甲", "区科委", "张三", "区财政局", "李四"]
    task = read(docx(word_table([upper, lower, row]))).tasks[0]
    assert (task.lead, task.cooperating) == (["区科委"], ["区财政局"])


def test_the_name_of_a_file_does_not_break_the_line(tmp_path: Path) -> None:
    (tmp_path / "分工\n表.csv").write_text("甲,乙,丙\n1,2,3\n")
    with pytest.raises(UnreadableTable) as refused:
        read_table(tmp_path / "分工\n表.csv")
    assert refused.value.sentence.startswith("分工 表.csv：")


def test_a_heading_of_a_chapter_is_no_category(read: Callable[[bytes], ReadTable]) -> None:
    head = [HEAD[0], *HEAD[2:]]
    body = paragraph(TITLE) + paragraph("三、重点任务") + word_table([head, [C("1"), *cell_rows()[0][2:]]])
    table = read(docx(body))
    assert (table.title, table.tasks[0].category) == (TITLE, None)


def test_columns_of_spaces_with_cells_over_several_lines_are_refused(read: Callable[[bytes], ReadTable]) -> None:
    text = "序号    工作任务    牵头部门    推进举措\n1       甲          区科委      推进\n                    团区委      落实\n"
    with pytest.raises(UnreadableTable) as refused:
        read(text.encode())
    assert refused.value.code == "no_header"


def test_an_empty_cell_among_columns_of_spaces_stays_empty(read: Callable[[bytes], ReadTable]) -> None:
    head = "序号    工作任务    牵头部门    配合单位    推进举措\n"
    text = (
        head
        + "1       甲事项      区科委                  推进。\n2       乙事项      团区委      区科委      推进。\n"
    )
    assert [task.cooperating for task in read(text.encode()).tasks] == [[], ["区科委"]]


def test_a_number_of_thousands_of_digits_is_refused_like_any_other_text(read: Callable[[bytes], ReadTable]) -> None:
    with pytest.raises(UnreadableTable) as refused:
        read(csv_text([HEAD, ["1" * 9_000, *cell_rows()[0][1:]]]).encode())
    assert refused.value.code == "number_unclear"
