"""Comparisons and membership: both sides of one kind, codes that exist, sets of plain values, dated lists."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.small import fault, value


def test_comparisons_in_a_chain_hold_all_together() -> None:
    assert value("1 <= staff < 5", staff=1) is True
    assert value("1 <= staff < 5", staff=5) is False
    assert value("1 <= staff < local_staff", staff=0) is False
    assert value("1 <= staff < local_staff", staff=3) is None


def test_equality_of_days_codes_and_yes_or_no() -> None:
    assert value("registered_on == 2024-02-29", registered_on=date(2024, 2, 29)) is True
    assert value("registered_on != 2024-02-29", registered_on=date(2024, 3, 1)) is True
    assert value("form == 'company'", form="company") is True
    assert value("form != 'company'") is None
    assert value("trained == first_time", trained=False, first_time=False) is True


def test_membership_and_its_opposite() -> None:
    assert value("form in {'company', 'individual'}", form="individual") is True
    assert value("form not in {'company', 'individual'}", form="individual") is False
    assert value("form not in ['company']") is None
    assert value("staff in (1, 2, 2, 3)", staff=3) is True
    assert value("registered_on in {2024-02-29}", registered_on=date(2024, 2, 28)) is False
    assert value("not (staff in {1})", staff=2) is True


def test_a_code_in_a_list_of_codes() -> None:
    assert value("'graduate' in groups", groups=["veteran", "graduate"]) is True
    assert value("'graduate' in groups", groups=[]) is False
    assert value("'graduate' not in groups", groups=["veteran"]) is True
    assert value("'graduate' in groups", groups=["veteran", None]) is None
    assert value("'graduate' in groups", groups=["graduate", None]) is True
    assert value("any('veteran' in e.groups for e in employees)", employees=[{"groups": ("veteran",)}]) is True


def test_a_dated_list_holds_from_its_first_day_to_its_last() -> None:
    for on, code, expected in (
        (date(2023, 12, 31), "A1", False),
        (date(2024, 1, 1), "A1", True),
        (date(2025, 6, 30), "B2", True),
        (date(2025, 7, 1), "B2", False),
        (date(2025, 7, 1), "C3", False),
        (date(2019, 1, 1), "B2", False),
        (date(2025, 7, 1), None, None),
    ):
        assert value("number in approved", on, number=code) is expected


@pytest.mark.parametrize(
    ("text", "position", "zh"),
    [
        ("form == 'compnay'", 8, "“compnay”不在主体类型的代码里，是不是“company”？"),
        ("'zzz' == form", 0, "“zzz”不在主体类型的代码里"),
        ("form in {'company', 'indvidual'}", 20, "“indvidual”不在主体类型的代码里，是不是“individual”？"),
        ("'nobody' in groups", 0, "“nobody”不在群体的代码里"),
        ("any(c == 'nobody' for c in groups)", 9, "“nobody”不在群体的代码里"),
        ("any(e.form == 'zzz' for e in employees)", 14, "不在形式的代码里"),
        ("has_any(groups, 'veteran')", 16, "这里要一组值"),
        ("any(size(e.groups) > 1 for e in employees)", 9, "这里要一个明细或列表"),
        ("has_any(groups, {'nobody'})", 17, "不在群体的代码里"),
        ("form in {}", 8, "这里要一组值"),
        ("form in {1}", 9, "这里要代码或文字，写的是整数"),
        ("staff in {quota}", 10, "只能写明确的值"),
        ("employees == employees", 0, "列表不能比较"),
        ("employees in {1}", 0, "列表请用 has_any 或 has_all"),
        ("form < 'company'", 7, "只能比较是否相等"),
        ("trained >= first_time", 11, "只能比较是否相等"),
        ("staff is 3", 0, "不能使用 is，请用 =="),
        ("staff is not 3", 0, "不能使用 is"),
        ("3 in staff", 5, "in 后面要一组值、一个代码列表或一份名单"),
        ("form in form", 8, "in 后面要一组值"),
        ("form in groups", 0, "这里要写明一个代码"),
        ("staff in approved", 0, "这里要代码或文字，写的是整数"),
        ("approved == 3", 0, "没有“approved”"),
        ("staff == 'three'", 9, "整数和代码或文字不能放在一起"),
        ("registered_on > 3", 16, "日期和整数不能放在一起"),
        ("working_days_since(registered_on) > staff", 36, "只能与一个 0 至 1000 的数或参数比较"),
        ("working_days_since(registered_on) > 1001", 36, "只能与一个 0 至 1000"),
        ("-1 <= working_days_since(registered_on)", 0, "只能与一个 0 至 1000"),
        ("working_days_since(registered_on) > at(quota, on)", 36, "只能与一个 0 至 1000"),
        ("working_days_since(registered_on) in {3}", 0, "只能直接与一个数比较"),
        ("1 < working_days_since(registered_on) in {3}", 4, "只能直接与一个数比较"),
        ("working_days_since(registered_on) + 1 > 3", 0, "只能直接与一个数比较"),
        ("min(working_days_since(registered_on), 3) > 3", 4, "只能直接与一个数比较"),
        ("working_days_since(registered_on)", 0, "只能直接与一个数比较"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told_where_it_stands(text: str, position: int, zh: str) -> None:
    found = fault(text)
    assert zh in found.words.zh
    assert found.position == position
