"""Money and rates as people write them: whole fen and basis points, or a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangju.rules.amounts import read_money, read_rate, write_money, write_money_en, write_rate
from chuangju.rules.kinds import INT64, Fault


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("3000元", 300_000),
        ("1.5万元", 1_500_000),
        ("0.50元", 50),
        ("1,234,567.89元", 123_456_789),
        ("2亿元", 20_000_000_000),
        ("2亿", 20_000_000_000),
        ("３００元", 30_000),
        ("￥12 元", 1200),
        ("-5圆", -500),
        ("−5元", -500),
        ("7分", 7),
        ("0.0001万元", 100),
    ],
)
def test_money_is_read_to_the_fen(text: str, fen: int) -> None:
    assert read_money(text) == fen


@pytest.mark.parametrize(
    ("text", "points"), [("30%", 3000), ("2.5%", 250), ("15‱", 15), ("-1%", -100), ("３０％", 3000)]
)
def test_rates_are_read_to_the_basis_point(text: str, points: int) -> None:
    assert read_rate(text) == points


@pytest.mark.parametrize(
    "text", ["", "3000", "元", "1,00元", "三千元", "3000元整", "1e5元", "0x10元", "1.元", "元3000"]
)
def test_what_is_no_money_is_told_with_what_to_write(text: str) -> None:
    with pytest.raises(Fault) as caught:
        read_money(text)
    assert "3000元" in caught.value.words.zh
    assert "write 3000元" in caught.value.words.en


@pytest.mark.parametrize("text", ["", "30", "%", "3,0%", "30%元"])
def test_what_is_no_rate_is_told(text: str) -> None:
    with pytest.raises(Fault, match="不是比率"):
        read_rate(text)


def test_nothing_is_finer_than_a_fen_or_a_basis_point() -> None:
    with pytest.raises(Fault, match="精确到分以下"):
        read_money("0.005元")
    with pytest.raises(Fault, match="精确到万分之一以下"):
        read_rate("2.555%")


def test_nothing_is_larger_than_64_bits() -> None:
    with pytest.raises(Fault, match="太大"):
        read_money("99999999999999亿元")
    with pytest.raises(Fault, match="太大"):
        read_rate(f"{10**18}%")


def test_a_long_text_is_shown_in_part() -> None:
    with pytest.raises(Fault) as caught:
        read_money("九" * 10_000)
    assert len(caught.value.words.zh) < 100


@given(st.integers(-INT64 // 10, INT64 // 10))
def test_money_written_is_read_again(fen: int) -> None:
    assert read_money(write_money(fen)) == fen
    yuan = write_money_en(fen).removesuffix(" yuan").replace(",", "")
    assert Decimal(yuan) * 100 == fen


@given(st.integers(-INT64 // 100, INT64 // 100))
def test_rates_written_are_read_again(points: int) -> None:
    assert read_rate(write_rate(points)) == points


def test_money_and_rates_are_written_plainly() -> None:
    assert write_money(2_000_000) == "20,000 元"
    assert write_money(93_203) == "932.03 元"
    assert write_money(-50) == "-0.50 元"
    assert write_rate(250) == "2.5%"
    assert write_rate(-5) == "-0.05%"
