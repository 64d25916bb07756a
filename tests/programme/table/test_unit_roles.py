"""Who leads and who cooperates, where one cell says both."""

from __future__ import annotations

import pytest

from chuangju.programme.table.unit_names import split_units
from chuangju.programme.table.unit_roles import first_leads, part_by_order, part_labelled


def names(lead: str, cooperating: str = "") -> tuple[list[str], list[str]]:
    parted = part_labelled(lead, cooperating)
    return split_units(parted[0]).names, split_units(parted[1]).names


@pytest.mark.parametrize(
    ("lead", "cooperating", "parted"),
    [
        ("牵头单位：区科委\n配合单位：区财政局", "", (["区科委"], ["区财政局"])),
        ("责任部门:区科委 配合:区民政局", "区残联", (["区科委"], ["区民政局", "区残联"])),
        ("牵头：区科委；配合：区财政局、团区委", "", (["区科委"], ["区财政局", "团区委"])),
        ("主办：区科委\n会办：团区委", "", (["区科委"], ["团区委"])),
        ("牵头单位\n区科委\n配合单位\n团区委", "", (["区科委"], ["团区委"])),
        ("牵头单位为区科委，配合单位为团区委", "", (["区科委"], ["团区委"])),
        ("（牵头）区科委\n（配合）团区委", "", (["区科委"], ["团区委"])),
        ("【牵头】区科委【配合】团区委、区民政局", "", (["区科委"], ["团区委", "区民政局"])),
        ("区科委（牵头）、区残联", "", (["区科委"], ["区残联"])),
        ("区科委 （ 牵头 ）、区残联", "", (["区科委"], ["区残联"])),
        ("区科委（牵头）\n团区委（配合）", "", (["区科委"], ["团区委"])),
        ("区科委(牵头单位)，团区委(配合单位)", "", (["区科委"], ["团区委"])),
        ("区科委、区残联（配合）", "", (["区科委"], ["区残联"])),
        ("区科委（牵头）、区残联", "区民政局", (["区科委"], ["区残联", "区民政局"])),
        ("区科委（牵头）", "区民政局（配合）", (["区科委"], ["区民政局"])),
        ("区科委、区残联", "配合单位：区民政局", (["区科委", "区残联"], ["区民政局"])),
        ("区科委牵头，区财政局、团区委配合", "", (["区科委"], ["区财政局", "团区委"])),
        ("由区科委牵头，区财政局、团区委配合。", "", (["区科委"], ["区财政局", "团区委"])),
        ("由区科委牵头负责", "区财政局", (["区科委"], ["区财政局"])),
        ("区科委、区财政局（按职责分工负责）", "", (["区科委", "区财政局"], [])),
        ("区科委、团区委", "", (["区科委", "团区委"], [])),
    ],
)
def test_a_cell_may_say_itself_who_leads(lead: str, cooperating: str, parted: tuple[list[str], list[str]]) -> None:
    assert names(lead, cooperating) == parted


@pytest.mark.parametrize(
    "text",
    [
        "责任单位（第一个为牵头单位）",
        "责任单位（排名第一的为牵头单位）",
        "责任单位\n（列首位的为牵头单位）",
        "备注：责任单位中排在第一位的为牵头部门，其余为配合单位。",
    ],
)
def test_a_header_or_a_note_may_say_that_the_first_leads(text: str) -> None:
    assert first_leads(text)


@pytest.mark.parametrize("text", ["责任单位", "第一季度由区科委牵头。", "牵头单位（第一批）"])
def test_other_words_do_not_make_the_first_the_lead(text: str) -> None:
    assert not first_leads(text)


def test_of_units_in_order_the_first_leads() -> None:
    assert part_by_order("区科委、团区委，区民政局", "") == ("区科委", "团区委，区民政局")
    assert part_by_order("区科委", "") == ("区科委", "")
