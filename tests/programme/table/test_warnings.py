"""What is mended or left out is told, with the task's number and the column."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chuangju.papers.sentences import SENTENCES
from chuangju.programme.table import ReadTable, UnreadableTable, read_table, read_table_guarded
from chuangju.programme.table.sentences import (
    REFUSALS,
    WARNINGS,
    refuse,
    translate_refusal,
    translate_warning,
    warn,
)
from tests.programme.table.files import (
    HEADERS,
    TITLE,
    C,
    cell_rows,
    csv_text,
    docx,
    led_text,
    paragraph,
    plain_word,
    word_table,
    xlsx,
)

HEAD = list(HEADERS)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def noticed(tmp_path: Path) -> Callable[[bytes], list[tuple[int | None, str | None, str]]]:
    def _noticed(content: bytes) -> list[tuple[int | None, str | None, str]]:
        (tmp_path / "a").write_bytes(content)
        return [(found.row, found.cell, found.code) for found in read_table(tmp_path / "a").warnings]

    return _noticed


def with_cell(row: int, column: int, value: str) -> bytes:
    rows = cell_rows()
    rows[row][column] = value
    return csv_text([[TITLE], HEAD, *rows]).encode()


@pytest.mark.parametrize(
    ("row", "column", "value", "found"),
    [
        (0, 0, "", (1, "序号", "number_missing")),
        (4, 0, "9", (9, "序号", "number_gap")),
        (4, 0, "0", (0, "序号", "number_order")),
        (0, 1, "组织领导\n\n组织领导", (1, "类别", "category_repeated")),
        (4, 1, "组织领导", (5, "类别", "category_again")),
        (1, 3, "区科委、区民政局、区科委", (2, "牵头部门", "unit_twice")),
        (1, 3, "区退役军人\n事务局", (2, "牵头部门", "unit_joined")),
        (1, 4, "区科委、区人力资源社会保障局", (2, "配合单位", "unit_both")),
        (2, 4, "相关创建成员单位", (3, "配合单位", "group_unresolved")),
        (2, 4, "区科委、区经委等", (3, "配合单位", "unit_open_ended")),
        (2, 5, "", (3, "推进举措", "no_measures")),
    ],
)
def test_each_oddity_of_a_row_is_told_with_its_place(
    row: int, column: int, value: str, found: tuple[int, str, str], noticed: Callable[[bytes], list[object]]
) -> None:
    assert noticed(with_cell(row, column, value))[0] == found


def test_a_table_without_oddities_has_no_warnings(noticed: Callable[[bytes], list[object]]) -> None:
    assert noticed(plain_word()) == []


def test_oddities_of_the_whole_table_stand_without_a_row(noticed: Callable[[bytes], list[object]]) -> None:
    head = ["序号", "工作任务", "牵头部门", "备注"]
    assert noticed(csv_text([head, ["1", "甲事项", "区科委", "急"]]).encode()) == [
        (None, None, "title_missing"),
        (None, "备注", "column_ignored"),
        (None, None, "no_measures_column"),
        (None, None, "no_cooperating_column"),
    ]


def test_an_empty_column_of_remarks_is_no_oddity(noticed: Callable[[bytes], list[object]]) -> None:
    rows = [[*row, ""] for row in cell_rows()]
    assert noticed(csv_text([[TITLE], [*HEAD, "备注"], *rows]).encode()) == []


def test_text_around_the_table_is_told(noticed: Callable[[bytes], list[object]]) -> None:
    note = [C("注：本表由创建办解释。", span=6)]
    body = paragraph(TITLE) + word_table([HEAD, *cell_rows(), note]) + paragraph("2026年3月印发")
    assert noticed(docx(body)) == [(None, None, "text_ignored"), (None, None, "row_ignored")]
    led = led_text([HEAD, *cell_rows()], before=TITLE + "\n") + "\n注：本表由创建办解释。\n"
    assert noticed(led.encode()) == [(None, None, "text_ignored")]


def test_a_cell_without_a_header_is_told_once(noticed: Callable[[bytes], list[object]]) -> None:
    rows = [[*row, "", "旁注"] for row in cell_rows()]
    assert noticed(xlsx([[TITLE], HEAD, *rows])) == [(None, None, "cell_ignored")]


def test_a_category_row_without_tasks_is_only_text(tmp_path: Path) -> None:
    head = [name for name in HEAD if name != "类别"]
    rows: list[list[C | str]] = [
        [C("一、总体要求", span=5)],
        [C("（一）组织领导", span=5)],
        [*cell_rows()[0][:1], *cell_rows()[0][2:]],
    ]
    (tmp_path / "a").write_bytes(docx(paragraph(TITLE) + word_table([head, *rows])))
    table = read_table(tmp_path / "a")
    assert table.tasks[0].category == "组织领导"
    assert [found.params["text"] for found in table.warnings] == ["一、总体要求"]


def test_a_category_may_stand_alone_in_a_cell_of_its_row(tmp_path: Path) -> None:
    rows = cell_rows()
    for head, first in ((HEAD, ["", "组织领导", "", "", "", ""]), (["序号", *HEAD[2:]], ["", "组织领导", "", "", ""])):
        task = [rows[0][0], *(["", *rows[0][2:]] if head is HEAD else rows[0][2:])]
        (tmp_path / "a").write_text(csv_text([head, first, task]))
        assert read_table(tmp_path / "a").tasks[0].category == "组织领导"


def test_a_title_or_a_sentence_in_the_middle_is_no_category(tmp_path: Path) -> None:
    rows = cell_rows()
    middle: list[list[C | str]] = [
        [C(TITLE, span=6)],
        [C("续表", span=6)],
        [C("以下任务由各街镇落实。", span=6)],
        list(HEAD),
    ]
    (tmp_path / "a").write_bytes(docx(paragraph(TITLE) + word_table([HEAD, rows[0], *middle, ["2", "", *rows[1][2:]]])))
    table = read_table(tmp_path / "a")
    assert [task.category for task in table.tasks] == ["组织领导", "组织领导"]
    assert [found.params["text"] for found in table.warnings] == ["以下任务由各街镇落实"]


def test_an_empty_row_below_the_header_is_no_second_header(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(xlsx([[TITLE], HEAD, [], *cell_rows()]))
    assert len(read_table(tmp_path / "a").tasks) == 5


def test_a_second_table_without_numbers_goes_on(tmp_path: Path) -> None:
    first, second = ([[name for name in HEAD if name != "序号"], row[1:]] for row in cell_rows()[:2])
    (tmp_path / "a").write_bytes(docx(paragraph(TITLE) + word_table(first) + paragraph("") + word_table(second)))
    assert [task.number for task in read_table(tmp_path / "a").tasks] == [1, 2]


def test_a_row_cut_by_the_end_of_a_page_goes_on(tmp_path: Path) -> None:
    first = [*cell_rows()[0][:5], "由区长任组长，"]
    rest = ["", "", "", "", "", "明确会议制度。"]
    (tmp_path / "a").write_bytes(docx(paragraph(TITLE) + word_table([HEAD, first, rest, cell_rows()[1]])))
    assert read_table(tmp_path / "a").tasks[0].measures == ["由区长任组长，明确会议制度。"]


def test_one_cell_over_both_columns_of_units_leads(tmp_path: Path) -> None:
    row: list[C | str] = [*cell_rows()[0][:3], C("区科委", span=2), "推进。"]
    (tmp_path / "a").write_bytes(docx(paragraph(TITLE) + word_table([HEAD, row])))
    table = read_table(tmp_path / "a")
    assert (table.tasks[0].lead, table.tasks[0].cooperating, table.warnings) == (["区科委"], [], [])


def test_progress_is_told_from_the_first_row_to_the_last(tmp_path: Path) -> None:
    rows = [[str(number), "甲", "乙事项", "区科委", "", "推进。"] for number in range(1, 501)]
    (tmp_path / "a").write_text(csv_text([HEAD, *rows]))
    told: list[tuple[int, int]] = []
    read_table(tmp_path / "a", on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (501, 501)
    assert len(told) == 3


def test_a_guarded_reading_gives_the_same_table_and_the_same_refusal(tmp_path: Path) -> None:
    good, bad = tmp_path / "好.docx", tmp_path / "坏.docx"
    good.write_bytes(plain_word())
    bad.write_bytes(b"\x89PNG\r\n")
    assert read_table_guarded(good) == read_table(good)
    with pytest.raises(UnreadableTable) as refused:
        read_table_guarded(bad, name="分工.docx")
    assert refused.value.sentence == "分工.docx：内容是图片，不是表格，请提供 docx、xlsx、csv 或文本文件。"


def test_every_sentence_is_used_and_every_code_has_its_sentence() -> None:
    source = "\n".join(
        path.read_text()
        for folder in ("papers", "programme/table")
        for path in (ROOT / "chuangju" / folder).glob("*.py")
    )
    for code in {**SENTENCES, **REFUSALS, **WARNINGS}:
        uses = len(re.findall(rf'"{code}"', source)) + len(re.findall(rf'f"{code[:3]}\{{', source))
        assert uses >= 2, code


def test_sentences_can_be_said_in_another_language() -> None:
    english = {
        "%(name)s：%(sentence)s": "%(name)s: %(sentence)s",
        REFUSALS["no_rows"]: "No tasks below row %(row)s.",
        WARNINGS["unit_twice"]: "%(unit)s stands twice.",
    }
    assert translate_refusal(refuse("no_rows", row=3), english.__getitem__) == "No tasks below row 3."
    stranger = UnreadableTable("原句。", code="nowhere")
    assert translate_refusal(stranger, english.__getitem__) == "原句。"
    assert translate_warning(warn("unit_twice", unit="区科委"), english.__getitem__) == "区科委 stands twice."


def test_a_table_keeps_everything_through_json(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(plain_word())
    table = read_table(tmp_path / "a")
    assert ReadTable.from_dict(table.as_dict()) == table
