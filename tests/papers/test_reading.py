"""Reading of files into grids: cells with their places, merged ones repeated, text in whatever encoding."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
import openpyxl
import pytest

from chuangju.papers.decoding import decode_text
from chuangju.papers.docx_numbering import spell_chinese
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.reading import read_grids
from chuangju.papers.sentences import SENTENCES, say_refusal
from chuangju.papers.xlsx_sheets import show_value
from tests.programme.table.files import C, number_list, paragraph, word_table
from tests.programme.table.files import docx as word_file


def texts(path: Path) -> list[list[str]]:
    return [[cell.text for cell in row] for row in read_grids(path)[0].rows]


def test_merged_cells_of_a_real_word_file_repeat_and_say_where_they_began(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("表题")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "横"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "竖"
    table.cell(2, 2).text = "角"
    document.save(str(tmp_path / "a.docx"))
    grid = read_grids(tmp_path / "a.docx")[0]
    assert [[cell.text.strip() for cell in row] for row in grid.rows] == [["横"] * 3, ["竖", "", ""], ["竖", "", "角"]]
    assert grid.rows[0][2].merged_from == (1, 1)
    assert grid.rows[2][0].merged_from == (2, 1)
    assert grid.rows[2][2].merged_from is None
    assert grid.before == ["表题"]


def test_merged_cells_of_a_workbook_repeat_and_say_where_they_began(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B2"], sheet["D4"] = "合", dt.date(2026, 11, 30)
    sheet.merge_cells("B2:C3")
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    grids = read_grids(tmp_path / "a.xlsx")
    assert [grid.label for grid in grids] == ["Sheet", "藏"]
    rows = grids[0].rows
    assert [[cell.text for cell in row] for row in rows] == [
        ["", "", "", ""], ["", "合", "合", ""], ["", "合", "合", ""], ["", "", "", "2026年11月30日"],
    ]  # fmt: skip
    assert rows[2][2].merged_from == (2, 2)


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ('yyyy"年"m"月"', "2026年11月"),
        ("mmm-yy", "2026年11月"),
        ("yyyy\\年m\\月;@", "2026年11月"),
        ('m"月"d"日"', "11月1日"),
        ("yyyy-mm-dd", "2026年11月1日"),
        ("[$-804]yyyy/m/d h:mm", "2026年11月1日"),
    ],
)
def test_a_month_typed_into_a_sheet_stays_a_month(number_format: str, shown: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B2"] = dt.date(2026, 11, 1)
    sheet["B2"].number_format = number_format
    book.save(tmp_path / "a.xlsx")
    assert texts(tmp_path / "a.xlsx")[1][1] == shown


def test_signs_that_nobody_sees_are_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("序\u200b号,\ufeff甲,乙\n1,2\u00ad,3\n")
    assert texts(tmp_path / "a.csv") == [["序号", "甲", "乙"], ["1", "2", "3"]]


def test_what_is_not_on_the_paper_is_not_read(tmp_path: Path) -> None:
    cell = (
        "<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>音</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<mc:AlternateContent><mc:Choice><w:r><w:t>新</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback>"
        "</mc:AlternateContent></w:p>"
    )
    (tmp_path / "a").write_bytes(word_file(word_table([[C(inner=cell)]])))
    assert texts(tmp_path / "a") == [["甲\n乙\t丙字新"]]


@pytest.mark.parametrize(
    ("kind", "pattern", "markers"),
    [
        ("decimal", "（%1）", ["（1）", "（2）"]),
        ("chineseCounting", "%1、", ["一、", "二、"]),
        ("decimalEnclosedCircle", "%1", ["①", "②"]),
        ("lowerLetter", "%1.", ["•", "•"]),
        ("bullet", "\uf0b7", ["•", "•"]),
        ("none", "", ["", ""]),
    ],
)
def test_markers_that_word_draws_are_part_of_the_text(
    kind: str, pattern: str, markers: list[str], tmp_path: Path
) -> None:
    inner = paragraph("甲", number_id=1) + paragraph("乙", number_id=1)
    content = word_file(word_table([[C(inner=inner)]]), numbering=number_list(1, kind, pattern))
    (tmp_path / "a").write_bytes(content)
    assert texts(tmp_path / "a") == [[f"{markers[0]}甲\n{markers[1]}乙"]]


def test_lists_of_word_count_on_restart_and_nest_as_word_draws_them(tmp_path: Path) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(("%1.", "%1.%2"))
    )
    numbering = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum><w:numPicBullet/>'
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride><w:other/>'
    for number_id, more in ((1, ""), (2, ""), (3, restart)):
        numbering += f'<w:num w:numId="{number_id}"><w:abstractNumId w:val="7"/>{more}</w:num>'
    places = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (2, 0), (3, 0), (9, 0)]
    inner = "".join(paragraph("项", number_id=number_id, level=level) for number_id, level in places)
    (tmp_path / "a").write_bytes(word_file(word_table([[C(inner=inner)]]), numbering=numbering))
    assert texts(tmp_path / "a")[0][0].split("\n") == [
        "1.项", "1.1项", "1.2项", "2.项", "2.1项", "3.项", "5.项", "项",
    ]  # fmt: skip


def test_a_style_may_bring_its_list(tmp_path: Path) -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="L"><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="M"/></w:styles>'
    )
    inner = '<w:p><w:pPr><w:pStyle w:val="L"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>'
    content = word_file(
        word_table([[C(inner=inner)]]),
        numbering=number_list(1, "decimal", "（%1）"),
        more={"word/styles.xml": styles.encode()},
    )
    (tmp_path / "a").write_bytes(content)
    assert texts(tmp_path / "a") == [["（1）甲"]]


def test_a_title_in_a_text_box_and_a_deleted_cell(tmp_path: Path) -> None:
    box = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>表题</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    row = (
        "<w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr>"
    )
    (tmp_path / "a").write_bytes(word_file(box + word_table([row])))
    assert texts(tmp_path / "a") == [["甲"]]
    assert "表题" in read_grids(tmp_path / "a")[0].before


def test_each_inner_table_has_the_lines_that_stand_before_it(tmp_path: Path) -> None:
    inner = paragraph("一") + word_table([["甲"]]) + paragraph("二") + word_table([["乙"]]) + paragraph("")
    (tmp_path / "a").write_bytes(word_file(word_table([[C(inner=inner)]])))
    found = [(grid.label, grid.before) for grid in read_grids(tmp_path / "a")]
    assert found == [("1", []), ("1.1", ["一"]), ("1.2", ["二"])]


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_grids(Path("a" * 5000))
    assert refused.value.code == "unreadable"


def test_the_right_sheet_is_asked_how_it_shows_its_days(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = dt.date(2026, 11, 1)
    other = book.create_sheet("乙")
    other["A1"], other["B1"] = dt.date(2026, 11, 1), "x"
    other["A1"].number_format = "yyyy年m月"
    book.save(tmp_path / "a.xlsx")
    assert [grid.rows[0][0].text for grid in read_grids(tmp_path / "a.xlsx")] == ["2026年11月1日", "2026年11月"]


@pytest.mark.parametrize(
    ("count", "written"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "一〇〇")]
)
def test_numbers_in_chinese(count: int, written: str) -> None:
    assert spell_chinese(count) == written


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"]
)
def test_text_is_read_in_every_encoding_in_use(encoding: str) -> None:
    text = "\t序号\n\t工作任务\n\t1\n\t成立领导小组，并有效运作。\n"
    assert decode_text(text.replace("\n", "\r\n").encode(encoding)) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.0, "1"), (1.5, "1.5"), (3, "3"), (True, "是"), ("甲", "甲"), (None, ""), (dt.date(2026, 1, 5), "2026年1月5日"),
        (dt.datetime.fromisoformat("2026-01-05"), "2026年1月5日"), (dt.datetime.fromisoformat("2026-01-05T09:30"), "2026年1月5日09:30"),
        (dt.time(9, 5), "09:05"),
    ],
)  # fmt: skip
def test_values_of_a_sheet_are_shown_as_people_read_them(value: object, shown: str) -> None:
    assert show_value(value) == shown


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('甲,乙,丙\n1,"2,3",4\n', [["甲", "乙", "丙"], ["1", "2,3", "4"]]),
        ("甲;乙;丙\n1;2、3;4\n", [["甲", "乙", "丙"], ["1", "2、3", "4"]]),
        ('甲\t乙\t丙\n1\t"2\n3"\t4\n', [["甲", "乙", "丙"], ["1", "2\n3", "4"]]),
        ("\t甲\n\t乙\n\t丙\n\n\t1\n\t\n\t3\n续\n", [["甲", "乙", "丙"], ["1", "", "3\n续"]]),
        ("\t甲\n\n\t乙\n\n\t丙\n\n\t1\n\n\t2\n\n\t3\n", [["甲", "乙", "丙"], ["1", "2", "3"]]),
        ("\t甲\n\t乙\n\t丙\n\t1\n\t2\n\t3\n", [["甲", "乙", "丙"], ["1", "2", "3"]]),
        ("| 甲 | 乙 | 丙 |\n|---|:-:|---|\n| 1 | 2<br>3 | |\n", [["甲", "乙", "丙"], ["1", "2\n3", ""]]),
        ("甲\n乙\n", [["甲"], ["乙"], [""]]),
    ],
)
def test_text_of_every_shape_has_its_cells(text: str, rows: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert texts(tmp_path / "a.txt") == rows


def test_a_damaged_workbook_does_not_pass_for_an_empty_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    (tmp_path / "a.xlsx").write_bytes(out.getvalue()[:-30])
    with pytest.raises(UnreadableFile) as refused:
        read_grids(tmp_path / "a.xlsx", name="甲.xlsx")
    assert refused.value.code == "damaged"


def test_a_refusal_can_be_said_in_another_language(tmp_path: Path) -> None:
    english = {"%(name)s：%(sentence)s": "%(name)s: %(sentence)s", SENTENCES["empty"]: "The file is empty."}
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(UnreadableFile) as refused:
        read_grids(tmp_path / "a.csv")
    assert say_refusal(refused.value, lambda text: english[text]) == "a.csv: The file is empty."
    assert refused.value.sentence == "a.csv：文件是空的，没有任何内容。"
