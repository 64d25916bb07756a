"""One cell's text: every usual way to write a value, and what is none."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.words import Trouble, read_text

FACTS = dictionary().facts


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("turnover_year", "3000", 3000),
        ("turnover_year", "3000元", 300_000),
        ("turnover_year", "１.５万元", 1_500_000),
        ("turnover_year", "¥1,234.56元", 123_456),
        ("turnover_year", "3 亿元", 30_000_000_000),
        ("founder_share", "2.5%", 250),
        ("founder_share", "250", 250),
        ("registered_on", "2024/3/1", date(2024, 3, 1)),
        ("registered_on", "2024.03.01", date(2024, 3, 1)),
        ("registered_on", "20240301", date(2024, 3, 1)),
        ("registered_on", "2024-03-01 00:00:00", date(2024, 3, 1)),
        ("labour_dispatch", "是", True),
        ("labour_dispatch", "N", False),
        ("staff_count", "1,200人", 1200),
        ("staff_count", "7.0", 7),
        ("town", "江川街道", "310112001"),
        ("town", "101", "310112101"),
        ("town", "Qibao Town", "310112102"),
        ("industry", "C 34", "34"),
        ("industry", "i", "I"),
        ("industry", "软件和信息技术服务业", "65"),
        ("founder_groups", "无", []),
        ("founder_groups", "graduate;veteran", ["graduate", "veteran"]),
        ("staff_quarters", "[3, 4，5]", [3, 4, 5]),
        ("name", " 甲公司 ", "甲公司"),
    ],
)
def test_what_people_write_is_read(key: str, text: str, value: object) -> None:
    assert read_text(text, FACTS[key]) == value


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [("万元", "3.5", 3_500_000), ("元", "3", 300), ("分", "3", 3), ("", "3", 3), ("万元", "3元", 300)],
)
def test_the_unit_in_a_columns_name_counts_for_plain_numbers(unit: str, text: str, value: int) -> None:
    assert read_text(text, FACTS["turnover_year"], unit) == value


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("turnover_year", "很多", "wrong_type"),
        ("turnover_year", "0.001元", "too_fine"),
        ("turnover_year", "99999999999999999999亿元", "out_of_bounds"),
        ("founder_share", "三成", "wrong_type"),
        ("founder_share", "0.005%", "too_fine"),
        ("registered_on", "2024-02-30", "impossible_date"),
        ("registered_on", "2024-03", "wrong_type"),
        ("registered_on", "2024-03-01 10:20", "wrong_type"),
        ("labour_dispatch", "或许", "wrong_type"),
        ("staff_count", "7.5", "not_whole"),
        ("staff_count", "七", "wrong_type"),
        ("staff_count", "9" * 30, "out_of_bounds"),
        ("town", "310112999", "unknown_code"),
        ("industry", "9811", "unknown_code"),
        ("founder_groups", "graduate,moon", "unknown_code"),
        ("name", "甲\x07", "hidden_signs"),
        ("employees", "[]", "wrong_type"),
    ],
)
def test_what_is_no_value_is_named(key: str, text: str, code: str) -> None:
    with pytest.raises(Trouble) as trouble:
        read_text(text, FACTS[key])
    assert trouble.value.code == code
