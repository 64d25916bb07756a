"""What is read out of a holiday notice, and what is told of slips in it."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from chuangju.kernel.notice_text import read_notice
from tests.kernel.notices import INVENTED_2027, NOTICE_2026


def test_the_published_notice_gives_the_days_that_the_library_knows() -> None:
    read = read_notice(NOTICE_2026)
    assert (read.year, read.number, read.faults) == (2026, "国办发明电〔2025〕7号", [])
    china = holidays.country_holidays("CN", years=2026, expand=False)
    assert {one.day for one in read.days if one.is_working} == {
        day for day in china.weekend_workdays if day.year == 2026
    }
    off = {one.day for one in read.days if not one.is_working}
    every_day = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    assert [day for day in every_day if day.weekday() < 5 and (day in off) != (day in china)] == []


def test_each_day_bears_the_name_of_its_holiday() -> None:
    names = {one.day: one.name for one in read_notice(NOTICE_2026).days}
    assert names[date(2026, 2, 28)] == "春节"
    assert names[date(2026, 10, 7)] == "国庆节"


def test_a_holiday_may_begin_in_the_year_before() -> None:
    read = read_notice(INVENTED_2027)
    assert read.faults == []
    assert [one.day for one in read.days][:4] == [
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(2027, 1, 3),
    ]


def test_an_end_without_its_year_lies_after_the_beginning() -> None:
    read = read_notice("元旦：2026年12月31日至1月2日放假，共3天。", year=2027)
    assert [one.day.isoformat() for one in read.days] == ["2026-12-31", "2027-01-01", "2027-01-02"]


def test_days_may_be_listed_one_a_line() -> None:
    read = read_notice("2027-01-01 休 元旦\n2027/1/3\t班\t元旦\n2027年2月13日，上班，春节")
    assert read.year == 2027
    assert [(one.day.isoformat(), one.is_working, one.name) for one in read.days] == [
        ("2027-01-01", False, "元旦"),
        ("2027-01-03", True, "元旦"),
        ("2027-02-13", True, "春节"),
    ]


@pytest.mark.parametrize(
    ("given", "instead", "fault", "parts"),
    [
        ("1月1日（周四）", "1月1日（周五）", "bad_weekday", {"day": "2026-01-01", "told": "周五", "real": "周四"}),
        ("共9天", "共8天", "bad_count", {"told": "8", "counted": "9"}),
        ("4月4日", "4月31日", "no_such_day", {}),
        ("1月4日（周日）上班", "1月5日（周一）上班", "makeup_on_weekday", {"day": "2026-01-05"}),
        ("5月1日（周五）至5日", "5月5日（周二）至1日", "bad_range", {}),
        ("2月28日（周六）上班", "2月21日（周六）上班", "both", {"day": "2026-02-21"}),
    ],
)
def test_slips_are_told(given: str, instead: str, fault: str, parts: dict[str, str]) -> None:
    assert given in NOTICE_2026
    faults = dict(read_notice(NOTICE_2026.replace(given, instead)).faults)
    assert fault in faults
    assert parts.items() <= faults[fault].items()


@pytest.mark.parametrize("text", ["", "今天天气很好。", "国庆节：放假七天。", "关于2027年部分节假日安排的通知"])
def test_words_without_days_are_refused(text: str) -> None:
    assert {code for code, _parts in read_notice(text).faults} & {"no_year", "no_days"}


def test_days_of_another_year_are_told() -> None:
    faults = read_notice(NOTICE_2026, year=2028).faults
    assert any(code in {"other_year", "bad_weekday"} for code, _parts in faults)
