"""Names in unit cells: where they part, and where a break runs through one of them."""

from __future__ import annotations

import pytest

from chuangju.programme.table.unit_names import (
    is_open_ended,
    is_undecided_group,
    split_units,
    whole_names,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "团区委、区科委，区农委,区财政局；区民政局;区残联",
            ["团区委", "区科委", "区农委", "区财政局", "区民政局", "区残联"],
        ),
        ("区科委 区经委\n区财政局", ["区科委", "区经委", "区财政局"]),
        ("各街镇（工业区）、区科委", ["各街镇（工业区）", "区科委"]),
        ("各街镇(工业区、 园区)", ["各街镇(工业区、园区)"]),
        ("各街镇 （工业区）", ["各街镇（工业区）"]),
        ("区人力资源社会\n保障局、团区委", ["区人力资源社会保障局", "团区委"]),
        ("区人力\n资源社会\n保障局\n区教育局", ["区人力资源社会保障局", "区教育局"]),
        ("团\n区委", ["团区委"]),
        ("区委\n宣传部", ["区委宣传部"]),
        ("区委\n区政府", ["区委", "区政府"]),
        ("区发展改革\n委员会", ["区发展改革委员会"]),
        ("区 财 政 局", ["区财政局"]),
        ("上海市闵行\n区税务局", ["上海市闵行区税务局"]),
        ("财政局\n教育局\n科技局", ["财政局", "教育局", "科技局"]),
        ("江川路街道\n七宝镇\n莘庄工业区", ["江川路街道", "七宝镇", "莘庄工业区"]),
        ("华东师大\n上海交大\n区教育局", ["华东师大", "上海交大", "区教育局"]),
        ("1.区财政局\n2.区科委", ["区财政局", "区科委"]),
        ("1、区财政局 2、区科委", ["区财政局", "区科委"]),
        ("Bureau A, Bureau B", ["Bureau A", "Bureau B"]),
        ("（区科委", ["（区科委"]),
        ("区科委、2、区财政局", ["区科委", "区财政局"]),
        ("区科委、3", ["区科委"]),
        ("区科委。", ["区科委"]),
        ("区级部门：区财政局；街镇：七宝镇", ["区财政局", "七宝镇"]),
        ("区科委和区财政局", ["区科委", "区财政局"]),
        ("区文化和旅游局及区规划和自然资源局", ["区文化和旅游局", "区规划和自然资源局"]),
        ("各街镇及莘庄工业区", ["各街镇", "莘庄工业区"]),
        ("区人力资源和社会保障局", ["区人力资源和社会保障局"]),
        ("区发展和改革委员会", ["区发展和改革委员会"]),
        ("—", []),
        ("无", []),
        ("", []),
    ],
)
def test_names_part_at_signs_and_breaks_but_not_within_a_name(text: str, names: list[str]) -> None:
    assert split_units(text).names == names


def test_a_name_that_stands_whole_elsewhere_is_joined_without_a_second_look() -> None:
    known = whole_names(["区城管执法局、区科委", "区城管\n执法局"])
    assert known == {"区城管执法局", "区科委"}
    assert split_units("区城管\n执法局", known).joined == []
    assert split_units("区城管\n执法局").joined == ["区城管执法局"]


def test_two_names_that_both_stand_whole_elsewhere_stay_apart() -> None:
    assert split_units("紫竹\n大零号湾", frozenset({"紫竹", "大零号湾"})).names == ["紫竹", "大零号湾"]


def test_a_name_written_twice_counts_once_and_is_told() -> None:
    cell = split_units("区科委、区财政局、区科委、区科委")
    assert (cell.names, cell.doubled) == (["区科委", "区财政局"], ["区科委"])


@pytest.mark.parametrize("name", ["相关创建成员单位", "有关部门", "各相关单位", "区有关部门"])
def test_groups_that_leave_open_who_is_meant(name: str) -> None:
    assert is_undecided_group(name)


@pytest.mark.parametrize("name", ["各创建成员单位", "各街镇（工业区）", "区科委"])
def test_groups_and_units_that_are_certain(name: str) -> None:
    assert not is_undecided_group(name)
    assert not is_open_ended(name)


def test_a_list_that_ends_with_and_others_is_open() -> None:
    assert is_open_ended("区经委等")
    assert is_open_ended("区经委等部门")
    assert is_open_ended("团区委等有关单位")
