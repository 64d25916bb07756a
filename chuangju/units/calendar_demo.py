"""演示数据: a notice for next year that waits to be confirmed, its days invented and marked so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chuangju.kernel.holiday_notices import discard_notice, enter_notice
from chuangju.kernel.models import User
from chuangju.kernel.working_days import is_provisional

_TEXT = """关于{year}年部分节假日安排的通知
（演示用，日期系虚构，以国务院办公厅通知为准）
一、元旦：1月1日放假，共1天。
二、国庆节：10月1日至7日放假调休，共7天。{makeup}上班。
"""


def load_demo_calendar(at: datetime) -> None:
    """One draft given up and one to be looked at, for the first year whose notice is not built in."""
    office = User.objects.get(username="office")
    year = next(year for year in range(at.year, at.year + 5) if is_provisional(year))
    makeup = next(day for day in _days_after(date(year, 10, 7)) if day.weekday() >= 5)  # noqa: PLR2004 - a weekend
    text = _TEXT.format(year=year, makeup=f"{makeup.month}月{makeup.day}日")
    discard_notice(enter_notice(text, year=None, by=office, at=at), by=office, at=at)
    enter_notice(text, year=None, by=office, at=at)


def _days_after(day: date) -> list[date]:
    return [day + timedelta(days=offset) for offset in range(1, 8)]
