"""Clauses are recognised by their numbers in every style that such papers use; what is wrong is told by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sheets import write_xlsx
from chuangju.policies.clause_reader import read_clauses, read_package

STYLES = {
    "article": [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
        "第五条",
        "第六条",
        "第七条",
        "第八条",
        "第九条",
        "第十条",
        "第十一条",
    ],
    "chinese": [f"{each}、" for each in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一")],
    "chinese_in_brackets": [
        f"（{each}）" for each in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一")
    ],
    "figure": [f"{each}." for each in range(1, 12)],
    "figure_in_brackets": [f"({each})" for each in range(1, 12)],
}


@pytest.mark.parametrize("style", STYLES)
def test_each_style_of_numbers_is_recognised(style: str) -> None:
    lines = ["若干条款", *(f"{number} 题目{place}。正文{place}。" for place, number in enumerate(STYLES[style], 1))]
    read = read_clauses(lines)
    assert read.style == style
    assert read.title == "若干条款"
    assert [clause.number for clause in read.clauses] == list(range(1, 12))
    assert [clause.heading for clause in read.clauses][:2] == ["题目1", "题目2"]
    assert read.clauses[0].text == "正文1。"
    assert read.clauses[10].line == 12


def test_chapters_stand_over_clauses_and_parts_stay_within_them() -> None:
    lines = ["题", "", "一、引才", "1. 甲", "（1）小点", "（2）小点", "二、创业", "2. 乙", "（1）小点", "正文"]
    read = read_clauses(lines)
    assert read.style == "figure"
    assert [(clause.number, clause.chapter) for clause in read.clauses] == [(1, "一、引才"), (2, "二、创业")]
    assert read.clauses[0].text == "（1）小点\n（2）小点"
    assert read.clauses[1].text == "（1）小点\n正文"


def test_articles_go_before_every_other_number() -> None:
    read = read_clauses(
        ["第一章 总则", "第一条 目的。为了示例", "（一）甲", "（二）乙", "（三）丙", "第二章 附则", "第二条 附则"]
    )
    assert [clause.printed for clause in read.clauses] == ["第一条", "第二条"]
    assert [clause.chapter for clause in read.clauses] == ["第一章 总则", "第二章 附则"]
    assert read.clauses[0].text.endswith("（三）丙")


def test_unit_and_policy_are_taken_out_of_the_text() -> None:
    read = read_clauses(
        [
            "1. 场地支持（责任单位：区科委、区经委）（政策编号：rent_subsidy）",
            "2. 贷款：给予支持。",
            "牵头单位：区财政局。",
        ]
    )
    first, second = read.clauses
    assert (first.heading, first.unit, first.policy) == ("场地支持", "区科委、区经委", "rent_subsidy")
    assert (second.heading, second.text, second.unit) == ("贷款", "给予支持。", "区财政局")


def test_faults_name_the_line() -> None:
    lines = ["题", "1. 甲（责任单位：局）", "2. 乙（责任单位：局）", "4. 丁（责任单位：局）", "", "4. 又一个", "5."]
    read = read_clauses(lines)
    assert [(fault.line, fault.code, fault.is_warning) for fault in read.faults] == [
        (4, "number_gap", True),
        (6, "number_twice", False),
        (6, "no_unit", True),
        (7, "empty_clause", False),
        (7, "no_unit", True),
    ]
    assert read.faults[1].values == {"number": 4, "first": 4}


def test_a_text_without_numbers_and_a_clause_that_is_too_long_are_told() -> None:
    assert [fault.code for fault in read_clauses(["只有", "文字"]).faults] == ["no_clauses"]
    long = read_clauses(["1. 甲", "字" * 5001, "2. 乙"])
    assert "too_long" in [fault.code for fault in long.faults]
    many = read_clauses([f"{number}. 条款" for number in range(1, 203)])
    assert "too_many" in [fault.code for fault in many.faults]


def test_a_long_first_line_is_cut_for_the_heading_and_kept_whole_in_the_text() -> None:
    read = read_clauses(["1. " + "长" * 250, "2. 乙"])
    assert len(read.clauses[0].heading) == 200
    assert read.clauses[0].text == "长" * 250


def test_a_text_file_is_read_with_the_lines_that_an_editor_counts(tmp_path: Path) -> None:
    file = tmp_path / "package.txt"
    file.write_text("题\n\n\n1. 甲\n\n2. 乙\n", encoding="utf-8")
    read = read_package(file, name="包.txt")
    assert [clause["line"] for clause in read["clauses"]] == [4, 6]


def test_a_workbook_is_read_row_by_row(tmp_path: Path) -> None:
    rows = [
        (1, "引才", "积分：给予服务。", "区人社局", "residence_points"),
        ("第二条", "引才", "住房", "", ""),
        ("", "", "没有编号", "", ""),
        (None, None, None, None, None),
    ]
    file = tmp_path / "package.xlsx"
    file.write_bytes(write_xlsx(rows, header=("序号", "章节", "内容", "责任单位", "政策编号"), title="若干条款"))
    read = read_package(file, name="包.xlsx")
    assert [(clause["number"], clause["heading"], clause["unit"]) for clause in read["clauses"]] == [
        (1, "积分", "区人社局"),
        (2, "住房", ""),
    ]
    assert read["clauses"][0]["policy"] == "residence_points"
    assert read["clauses"][0]["text"] == "给予服务。"
    assert [fault["code"] for fault in read["faults"]] == ["no_unit", "no_number"]


def test_a_workbook_without_such_columns_is_read_as_text(tmp_path: Path) -> None:
    file = tmp_path / "package.xlsx"
    file.write_bytes(write_xlsx([("1. 甲",), ("2. 乙",)], header=("若干条款",), title="表"))
    assert [clause["heading"] for clause in read_package(file, name="包.xlsx")["clauses"]] == ["甲", "乙"]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "package.txt"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    with pytest.raises(UnreadableFile):
        read_package(file, name="包.txt")
