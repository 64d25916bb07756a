"""完成时限 - the day a printed deadline means, where it means one.

A deadline includes what it names (11月30日前 and 11月前 both run to the end of November); of several dates the last
counts; what goes on for ever or comes round again (长期, 每月) has no day.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

from chuangju.programme.table.numbers import parse_chinese_number

_RECURRING = re.compile(r"每(?:年|半年|季|月|周|日|旬|学期)|定期|逐月|逐年|按月|按季")
_ENDLESS = re.compile(
    r"全年|长期|持续|常年|经常|日常|常态|不间断|长效|始终|贯穿|随时|即时|即办|适时|ongoing|continuous", re.IGNORECASE
)
_CHINESE = r"[〇零一二三四五六七八九十]"
_YEAR = r"(?:(?P<year>20\d{2})\s*年?度?|(?P<relative>今年|本年度?|当年|明年|次年|翌年|后年))"
_POINT = re.compile(
    rf"(?:{_YEAR}\s*[-./]?\s*)?"
    r"(?:(?P<month>(?<!\d)(?:0?[1-9]|1[0-2]))\s*(?:月份?|[-./](?=\d))\s*"
    r"(?:(?P<day>(?<!\d)(?:0?[1-9]|[12]\d|3[01]))\s*[日号]?(?!\d)|(?P<part>上旬|中旬|下旬|月?初|月?中|月?底|月?末))?"
    r"|(?:第?(?P<quarter>[1-4一二三四])\s*季度?|q(?P<q>[1-4]))"
    r"|(?P<half>上半年|下半年)|(?P<end>年底|年末|年内|年终|年度内|岁末)|(?P<middle>年中))",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?P<year>20\d{2})\s*[-./]\s*(?P<month>0?[1-9]|1[0-2])(?:\s*[-./]\s*(?P<day>\d{1,2}))?(?!\d)")
_YEAR_ALONE = re.compile(rf"(?<!\d){_YEAR}(?![-./]?\d)")
_MONTH_RANGE = re.compile(r"(?<!\d)(\d{1,2})\s*(?:月份?)?\s*[-–—~～至到]+\s*(?=(?:20\d{2}年)?\d{1,2}\s*月)")
_DAYS = {"上旬": 10, "初": 10, "月初": 10, "中旬": 20, "中": 15, "月中": 15}
_AHEAD = {"明年": 1, "次年": 1, "翌年": 1, "后年": 2}


def parse_due(text: str | None, *, year: int) -> dt.date | None:
    """The last day the words allow; `year` is the programme's, for deadlines that name none."""
    plain = _plain(text or "")
    if not plain or _RECURRING.search(plain):
        return None
    days: list[dt.date] = []
    current = year
    for match in sorted(
        [*_ISO.finditer(plain), *_POINT.finditer(plain)], key=lambda found: (found.start(), -found.end())
    ):
        groups = match.groupdict()
        current = _year_of(groups, current, year)
        days.append(_day_of(groups, current))
    if not days and not _ENDLESS.search(plain):
        days = [dt.date(_year_of(match.groupdict(), year, year), 12, 31) for match in _YEAR_ALONE.finditer(plain)]
    return max(days, default=None)


def _plain(text: str) -> str:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = _MONTH_RANGE.sub("", plain)
    return re.sub(rf"{_CHINESE}+(?=[年月日号])", lambda match: str(parse_chinese_number(match[0]) or match[0]), plain)


def _year_of(groups: dict[str, str | None], current: int, year: int) -> int:
    if groups.get("year"):
        return int(groups["year"] or year)
    relative = groups.get("relative")
    if relative:
        return year + _AHEAD.get(relative, 0)
    return current


def _day_of(groups: dict[str, str | None], year: int) -> dt.date:
    quarter = groups.get("quarter") or groups.get("q")
    if quarter:
        number = int(quarter) if quarter.isdigit() else parse_chinese_number(quarter) or 4
        return _month_end(year, number * 3)
    if groups.get("half") or groups.get("middle"):
        return dt.date(year, 12, 31) if groups.get("half") == "下半年" else dt.date(year, 6, 30)
    if groups.get("end"):
        return dt.date(year, 12, 31)
    written = groups.get("day")
    last = _month_end(year, int(groups["month"] or 12))
    # 11月31日 is written for the end of November.
    day = int(written) if written else _DAYS.get(groups.get("part") or "", last.day)
    return last.replace(day=max(1, min(day, last.day)))


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
