"""Amounts as people write and read them, and the fen behind them."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from chuangju.kernel.money import MoneyRefused, format_wan, format_yuan, parse_yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("3000元", 300_000),
        ("3000", 300_000),
        ("20,000 元", 2_000_000),
        ("20，000元", 2_000_000),
        ("２０００元", 200_000),
        ("¥1,234.56", 123_456),
        ("￥0.5", 50),
        ("1.2万元", 1_200_000),
        ("1.2 万", 1_200_000),
        ("0.0001万元", 100),
        ("1亿元", 10_000_000_000),
        ("500元整", 50_000),
        ("-20元", -2_000),
        ("−20元", -2_000),
        ("0", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "元", "三千元", "1,00元", "12,3456元", "1.2.3", "3000美元", "1e5", "nan", "1 2万万", "=1+1"]
)
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MoneyRefused, match="不是金额，请写成“3000元”"):
        parse_yuan(text)


def test_nothing_below_a_fen_is_accepted() -> None:
    with pytest.raises(MoneyRefused, match="请写到分为止"):
        parse_yuan("0.001元")


def test_an_amount_that_no_column_holds_is_refused() -> None:
    with pytest.raises(MoneyRefused, match="超出可以记录的范围"):
        parse_yuan("9" * 17 + "亿元")
    assert parse_yuan("92233720368547758.07") == 2**63 - 1


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(2_000_000, "20,000 元"), (123_456, "1,234.56 元"), (5, "0.05 元"), (-2_010, "-20.10 元"), (0, "0 元")],
)
def test_amounts_are_shown_in_yuan_with_fen_only_where_there_are_any(fen: int, shown: str) -> None:
    assert format_yuan(fen) == shown


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (1_200_000, "1.2 万元"),
        (1_000_000, "1 万元"),
        (999_999, "9,999.99 元"),
        (1_234_500, "1.23 万元"),
        (1_235_000, "1.24 万元"),
        (10_000_000_000, "10,000 万元"),
        (-1_200_000, "-1.2 万元"),
    ],
)
def test_large_amounts_are_shown_in_wan_rounded_half_up(fen: int, shown: str) -> None:
    assert format_wan(fen) == shown


@given(st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_what_is_shown_is_read_back_exactly(fen: int) -> None:
    with translation.override("zh-hans"):
        assert parse_yuan(format_yuan(fen)) == fen
