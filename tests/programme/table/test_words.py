"""Numbers, categories, titles and headers: the small words of a table."""

from __future__ import annotations

import pytest

from chuangju.papers.grids import Cell, Grid
from chuangju.programme.table.categories import clean_category
from chuangju.programme.table.header_words import meaning
from chuangju.programme.table.headers import find_header
from chuangju.programme.table.numbers import parse_number
from chuangju.programme.table.titles import find_title


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("１", 1), ("1.", 1), ("1.0", 1), ("01", 1), ("（3）", 3), ("第5项", 5), ("No.7", 7), ("③", 3), ("一", 1),
        ("十", 10), ("十二", 12), ("二十一", 21), ("（二十）", 20), ("一百零三", 103), ("", None), ("1.5", None), ("甲", None),
        ("1-2", None), ("任务三", 3), ("5#", 5), ("Ⅳ", 4), ("XII", 12), ("'6", 6), ("123456", None),
    ],
)  # fmt: skip
def test_a_number_however_it_is_written(text: str, number: int | None) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "category", "is_repeated"),
    [
        ("政\n策支持\n\n政策支持\n\n", "政策支持", True),
        ("创业服务\n\n创业服务", "创业服务", True),
        ("创业服务\n创业服务", "创业服务", True),
        ("\n".join(["创业服务"] * 6), "创业服务", True),
        ("政\n策\n支\n持", "政策支持", False),
        ("组 织　领导", "组织领导", False),
        ("一、组织领导", "组织领导", False),
        ("（二）政策支持", "政策支持", False),
        ("创业服务（续）", "创业服务", False),
        ("创业服务\n\n创业服务（续表）", "创业服务", True),
        ("Policy support", "Policy support", False),
        ("—", "", False),
        ("", "", False),
    ],
)
def test_a_category_comes_out_once(text: str, category: str, *, is_repeated: bool) -> None:
    assert clean_category(text) == (category, is_repeated)


@pytest.mark.parametrize(
    ("key", "headers"),
    [
        ("number", ["序号", "编 号", "序", "No.", "任务编号"]),
        ("category", ["类别", "工作类别", "分类", "板块", "任务类别", "领域"]),
        ("task", ["工作任务", "重点任务", "工作内容", "任务", "主要任务", "工作事项", "任务名称", "重点工作"]),
        (
            "lead",
            [
                "牵头部门",
                "牵头单位",
                "责任单位",
                "责任部门",
                "主办单位",
                "牵头\n部门",
                "牵头单位（盖章）",
                "主责部门",
                "责任主体",
            ],
        ),
        ("cooperating", ["配合单位", "配合部门", "协办单位", "协同单位", "参与单位", "配合责任单位", "配　合　单　位"]),
        ("measures", ["推进举措", "工作措施", "具体举措", "主要举措", "落实措施", "工作举措", "具体措施"]),
        ("due", ["完成时限", "时间节点", "完成时间", "时限", "完成期限", "时间安排"]),
        ("other", ["备注", "联系人", "牵头领导", "责任人", "开始时间", "完成情况", "分管领导"]),
        ("", ["闵行区", "一句很长的话，说明这不是表头。", ""]),
    ],
)
def test_headers_are_known_by_their_meaning(key: str, headers: list[str]) -> None:
    assert {meaning(header)[0] for header in headers} == {key}


def grid(*rows: list[str]) -> Grid:
    cells = [[Cell(text, row, column) for column, text in enumerate(line, 1)] for row, line in enumerate(rows, 1)]
    return Grid("", cells, source="xlsx")


def test_a_header_of_two_rows_names_each_column_by_its_lower_words() -> None:
    header = find_header(
        grid(
            ["序号", "工作任务", "责任分工", "", "推进举措"],
            ["", "", "牵头部门", "配合单位", ""],
            ["1", "甲", "乙局", "", "丙"],
        )
    )
    assert header is not None
    assert header.columns == [
        ("number", "序号"), ("task", "工作任务"), ("lead", "牵头部门"), ("cooperating", "配合单位"), ("measures", "推进举措"),
    ]  # fmt: skip
    assert (header.first, header.last) == (0, 1)


def test_of_two_columns_like_tasks_the_surer_is_the_task_and_the_other_says_how() -> None:
    header = find_header(grid(["序号", "工作内容", "重点任务", "责任单位"]))
    assert header is not None
    assert [key for key, _ in header.columns] == ["number", "measures", "task", "lead"]


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        (["主要任务", "具体任务", "责任单位"], ["task", "measures", "lead"]),
        (["工作任务", "工作目标", "责任单位"], ["task", "other", "lead"]),
        (["任务名称", "任务内容", "推进举措", "牵头单位"], ["task", "other", "measures", "lead"]),
        (["工作任务", "牵头单位", "责任科室"], ["task", "lead", "other"]),
        (["工作任务", "责任科室"], ["task", "lead"]),
        (["工作任务", "单位", "措施"], ["task", "lead", "measures"]),
        (["工作任务", "单位", "责任单位"], ["task", "other", "lead"]),
        (["工作任务", "牵头单位", "责任单位"], ["task", "lead", "cooperating"]),
        (["工作任务及措施", "责任单位"], ["task", "lead"]),
        (["一级指标", "二级指标", "责任单位", "完成时间", "时间节点"], ["category", "task", "lead", "due", "other"]),
        (["工作任务", "牵头及配合单位"], ["task", "lead"]),
    ],
)
def test_of_several_candidates_the_surest_is_the_column(row: list[str], keys: list[str]) -> None:
    header = find_header(grid(row))
    assert header is not None
    assert [key for key, _ in header.columns] == keys


def test_of_two_columns_of_numbers_the_one_nearer_to_the_task_counts() -> None:
    header = find_header(grid(["序号", "类别", "编号", "工作任务", "牵头部门"]))
    assert header is not None
    assert [key for key, _ in header.columns] == ["other", "category", "number", "task", "lead"]


@pytest.mark.parametrize(
    ("lines", "title", "headings"),
    [
        (["附件1", "甲区任务分解表"], "甲区任务分解表", ["附件1"]),
        (["附件 1", "", "甲区创建工作", "指标分解表", "（2026年）"], "甲区创建工作指标分解表", ["附件1"]),
        (["附件2：甲区任务分解表"], "甲区任务分解表", ["附件2"]),
        (
            ["各镇：", "现印发给你们。", "附件：1.甲区任务表", "甲区人民政府", "2026年1月5日", "附件1", "甲区任务表"],
            "甲区任务表",
            ["附件1"],
        ),
        (["附件1", "附件2", "甲区任务表"], "甲区任务表", ["附件1", "附件2"]),
        (["甲 区 任 务 分 解 表", "填报单位：区科委", "单位：万元"], "甲区任务分解表", []),
        (["甲区人力资源社会保障局", "甲区任务清单"], "甲区任务清单", []),
        (["请认真落实。", ""], "", []),
        (["甲区任务分解表", "（一）任务分工"], "甲区任务分解表", []),
        (["甲区创建工作", "一、组织领导"], "甲区创建工作", []),
        (["一、任务分解表"], "一、任务分解表", []),
        ([], "", []),
    ],
)
def test_the_title_is_told_from_what_stands_around_it(lines: list[str], title: str, headings: list[str]) -> None:
    found = find_title(lines)
    assert (found.text, found.headings) == (title, headings)


def test_the_name_of_a_sheet_serves_as_title_unless_it_is_nobodys() -> None:
    assert find_title([], sheet="创业型城区分解表").text == "创业型城区分解表"
    assert find_title([], sheet="Sheet1").text == ""
