"""Writing the table and reading it again: the same tasks, in the layout the office knows."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangju.programme.table import ReadTable, read_table
from chuangju.programme.table.writing import PrintedRow, PrintedTable, print_read_table, table_docx, table_xlsx
from tests.programme.table.files import HEADERS, TASKS, TITLE

KEYS = ("number", "category", "task", "lead", "cooperating", "measures")
COLUMNS = [*zip(KEYS, HEADERS, strict=True), ("due", "完成时限")]
ROWS = [PrintedRow(*task, due="2026年底" if task[0] > 3 else None) for task in TASKS]
DOC = PrintedTable(TITLE, ["附件1"], COLUMNS, ROWS)
WRITERS = {"docx": table_docx, "xlsx": table_xlsx}


def read_again(doc: PrintedTable, kind: str) -> ReadTable:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"表.{kind}"
        file.write_bytes(WRITERS[kind](doc))
        return read_table(file)


def as_rows(table: ReadTable) -> list[PrintedRow]:
    return list(print_read_table(table).rows)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_written_table_reads_as_what_was_written(kind: str) -> None:
    table = read_again(DOC, kind)
    assert as_rows(table) == ROWS
    assert (table.title, table.headings, table.columns) == (TITLE, ["附件1"], COLUMNS)
    assert table.warnings == []


@pytest.mark.parametrize("kind", WRITERS)
def test_columns_stand_in_the_order_of_the_original(kind: str) -> None:
    columns = [
        ("lead", "责任单位"),
        ("task", "重点任务"),
        ("number", "编号"),
        ("measures", "具体举措"),
        ("other", "备注"),
    ]
    table = read_again(PrintedTable(TITLE, [], columns, ROWS), kind)
    assert table.columns == columns[:4]


@pytest.mark.parametrize("kind", WRITERS)
def test_without_a_column_for_categories_they_stand_in_rows_of_their_own(kind: str) -> None:
    doc = PrintedTable(TITLE, [], [pair for pair in COLUMNS if pair[0] != "category"], ROWS)
    assert as_rows(read_again(doc, kind)) == ROWS


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("has_column", [True, False])
def test_a_task_without_category_below_one_that_has_it_stays_without(kind: str, *, has_column: bool) -> None:
    rows = [ROWS[0], PrintedRow(2, None, "没有类别的事项", ["区科委"], [], ["推进。"])]
    columns = [pair for pair in COLUMNS if has_column or pair[0] != "category"]
    assert as_rows(read_again(PrintedTable(TITLE, [], columns, rows), kind)) == rows


def test_the_word_file_is_laid_out_for_print() -> None:
    document = docx.Document(io.BytesIO(table_docx(DOC)))
    section = document.sections[0]
    assert section.page_width > section.page_height
    title = next(paragraph for paragraph in document.paragraphs if paragraph.text == TITLE)
    fonts = title.runs[0]._r.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert title.runs[0].font.size.pt == 22
    table = document.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.cell(2, 1)._tc is table.cell(3, 1)._tc
    assert "PAGE" in section.footer._element.xml


def test_the_workbook_is_laid_out_for_print() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(DOC))).active
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:G1", "A2:G2", "B5:B6", "B7:B8"}
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert isinstance(sheet["A4"].value, int)


def test_rows_of_the_workbook_are_as_high_as_their_longest_cell_needs() -> None:
    rows = [
        PrintedRow(1, "类", "短", ["区科委"], [], ["短。"]),
        PrintedRow(2, "类", "短", ["区科委"], [], ["长句子，" * 60]),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(PrintedTable("表", [], COLUMNS, rows)))).active
    assert sheet.row_dimensions[3].height is None
    assert sheet.row_dimensions[4].height >= 15 * 480 / sheet.column_dimensions["F"].width


def test_no_cell_of_a_written_table_is_a_formula() -> None:
    rows = [PrintedRow(1, "=1+1", "=HYPERLINK(甲)", ["＝区科委"], ["@区财政局"], ["+甲。"], "-1+2")]
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(PrintedTable("=标题", [], COLUMNS, rows)))).active
    assert [cell.data_type for cell in sheet[3]] == ["n", *["s"] * 6]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    # The title, and a merged category, stay text when somebody edits their cells.
    twice = [PrintedRow(number, "=1+1", "甲", ["乙"]) for number in (1, 2)]
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(PrintedTable("=标题", ["@附件"], COLUMNS, twice)))).active
    assert [sheet[place].quotePrefix for place in ("A1", "A2", "B4")] == [True, True, True]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_table_without_title_and_known_columns_gets_the_usual_ones(kind: str) -> None:
    table = read_again(PrintedTable("", [], [("other", "备注")], ROWS[:2]), kind)
    assert [header for _, header in table.columns] == list(HEADERS)
    assert table.title == ""


def test_a_table_of_one_column_can_be_written() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(PrintedTable(TITLE, [], [("task", "任务")], ROWS[:1])))).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        TITLE,
        "任务",
        "组织领导",
        "成立领导小组并有效运作",
    ]


WORDS = "创业服务平台建设推进完善机制落实政策扶持青年大学生孵化基地培训见习宣传"
words = st.text(alphabet=WORDS, min_size=2, max_size=12)
units = st.lists(
    st.sampled_from(["区科委", "团区委", "各街镇（工业区）", "区委宣传部", "区财政局"]), unique=True, max_size=4
)
sentences = st.builds(
    lambda parts, end: "，".join(parts) + end,
    st.lists(words, min_size=1, max_size=4),
    st.sampled_from(["。", "；", "", "（1）。", "”。", "2.5亿元。"]),
)


@st.composite
def printed_rows(draw: st.DrawFn) -> list[PrintedRow]:
    categories = draw(st.lists(st.sampled_from(["组织领导", "政策支持", "创业服务"]), min_size=1, max_size=8))
    numbers = draw(st.lists(st.integers(1, 999), min_size=len(categories), max_size=len(categories), unique=True))
    return [
        PrintedRow(
            number,
            category,
            draw(words) + "工作",
            draw(units.filter(bool)),
            draw(units),
            draw(st.lists(sentences, max_size=4)),
            draw(st.sampled_from([None, "2026年11月底", "长期坚持"])),
        )
        for number, category in zip(numbers, categories, strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(rows=printed_rows(), kind=st.sampled_from(["docx", "xlsx"]), has_category=st.booleans())
def test_any_table_written_reads_the_same(rows: list[PrintedRow], kind: str, *, has_category: bool) -> None:
    columns = [pair for pair in COLUMNS if has_category or pair[0] != "category"]
    assert as_rows(read_again(PrintedTable(TITLE, ["附件1"], columns, rows), kind)) == rows
