"""完成时限 in the words offices use, as a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangju.programme.table.due_dates import parse_due


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年11月30日", (2026, 11, 30)), ("2026年11月30日前", (2026, 11, 30)), ("2026-11-30", (2026, 11, 30)),
        ("2026.11.3", (2026, 11, 3)), ("2026/1/5", (2026, 1, 5)), ("２０２６年６月", (2026, 6, 30)), ("2026.11", (2026, 11, 30)),
        ("2026年11月底", (2026, 11, 30)), ("11月30日前", (2026, 11, 30)), ("11月", (2026, 11, 30)), ("11月前", (2026, 11, 30)),
        ("12月上旬", (2026, 12, 10)), ("6月中旬", (2026, 6, 20)), ("2月下旬", (2026, 2, 28)), ("2月30日", (2026, 2, 28)),
        ("第三季度", (2026, 9, 30)), ("三季度末", (2026, 9, 30)), ("Q3", (2026, 9, 30)), ("2027年第一季度", (2027, 3, 31)),
        ("上半年", (2026, 6, 30)), ("下半年", (2026, 12, 31)), ("年中", (2026, 6, 30)), ("年底前", (2026, 12, 31)),
        ("2026年底", (2026, 12, 31)), ("2026年", (2026, 12, 31)), ("2026年度", (2026, 12, 31)), ("2025—2027年", (2027, 12, 31)),
        ("明年3月底前", (2027, 3, 31)), ("3月-11月", (2026, 11, 30)), ("3-11月", (2026, 11, 30)),
        ("2026年3月至2027年2月", (2027, 2, 28)), ("2026年9月1日-2026年10月15日", (2026, 10, 15)),
        ("6月底前完成方案，12月底前建成", (2026, 12, 31)), ("二〇二六年十一月底", (2026, 11, 30)), ("十二月三十一日", (2026, 12, 31)),
        ("2026年12月底前，并长期坚持", (2026, 12, 31)), ("2026 年\n11 月", (2026, 11, 30)),
    ],
)  # fmt: skip
def test_words_that_mean_a_day(text: str, day: tuple[int, int, int]) -> None:
    assert parse_due(text, year=2026) == dt.date(*day)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "—",
        "全年",
        "2026年全年",
        "长期",
        "长期坚持",
        "持续推进",
        "每月10日前",
        "每季度末",
        "定期",
        "常态化",
        "适时",
        "按要求",
    ],
)
def test_words_that_mean_no_day(text: str | None) -> None:
    assert parse_due(text, year=2026) is None


@given(day=st.dates(dt.date(2020, 1, 1), dt.date(2039, 12, 31)))
def test_every_day_written_out_is_that_day(day: dt.date) -> None:
    for text in (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.month}月{day.day}日前"):
        assert parse_due(text, year=day.year) == day


@given(text=st.text(alphabet="0123456789年月日底前第一二三四十季度上下半旬初末至-./QqTu明", max_size=20))
def test_no_words_break_it(text: str) -> None:
    found = parse_due(text, year=2026)
    assert found is None or 2000 <= found.year < 2100
