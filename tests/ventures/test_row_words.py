"""What people write into cells, and what it means."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangju.ventures.models import Party, PartyRelation
from chuangju.ventures.row_words import day_of, share_of, word_of


@pytest.mark.parametrize(
    ("table", "text", "meaning"),
    [
        ("kind", " 有限责任公司 ", Party.Kind.FIRM),
        ("kind", "个体户", Party.Kind.INDIVIDUAL_BUSINESS),
        ("kind", "FIRM", Party.Kind.FIRM),
        ("kind", "众创空间", Party.Kind.PROVIDER),
        ("id_kind", "身份证", Party.IdKind.RESIDENT),
        ("id_kind", "台湾居民居住证", Party.IdKind.HMT_PERMIT),
        ("status", "存续（在营、开业、在册）", Party.Status.ACTIVE),
        ("status", "吊销,未注销", Party.Status.REVOKED),
        ("relation", "法人", PartyRelation.Kind.LEGAL_REPRESENTATIVE),
        ("relation", "火星人", ""),
    ],
)
def test_words_of_the_trade_are_understood(table: str, text: str, meaning: str) -> None:
    assert word_of(table, text) == meaning


@pytest.mark.parametrize(
    "text", ["2026年3月1日", "2026-3-1", "2026/03/01", "2026.3.1", "20260301", "２０２６-03-01", "2026-03-01 00:00:00"]
)
def test_a_day_however_written(text: str) -> None:
    assert day_of(text) == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["", "昨天", "2026-02-30", "2026-13-01", "26-3-1", "2026", "20261301"])
def test_what_is_no_day(text: str) -> None:
    assert day_of(text) is None


@given(st.dates())
def test_every_day_comes_back(day: date) -> None:
    if day.year >= 1000:
        assert day_of(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "share"), [("30%", 3000), ("30", 3000), ("0.3", 3000), ("30.55 %", 3055), ("100%", 10_000), ("1", 10_000)]
)
def test_a_share_however_written(text: str, share: int) -> None:
    assert share_of(text) == share


@pytest.mark.parametrize("text", ["", "一半", "33.333%", "NaN", "Infinity"])
def test_what_is_no_share(text: str) -> None:
    assert share_of(text) is None
