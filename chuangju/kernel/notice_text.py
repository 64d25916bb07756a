"""读通知 - days off and make-up days out of the words of the State Council's notice, or out of a plain list of days.

The notice says for each holiday, in one or two sentences, from when to when offices are closed and on which weekend days
they work: 「国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。」 What it says twice (the
weekday of a day, the count of days) is compared, so that a slip of typing is told and not believed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

WEEKDAYS = "一二三四五六日"
LONGEST_HOLIDAY = 15
SATURDAY = 5

_DAY = r"(?:(?P<year{n}>\d{{4}})年)?(?:(?P<month{n}>\d{{1,2}})月)?(?P<day{n}>\d{{1,2}})日(?:\((?P<note{n}>[^)]*)\))?"
_RANGE = re.compile(_DAY.format(n=1) + r"\s*(?:至|到|-|—|~|–)+\s*" + _DAY.format(n=2))
_SINGLE = re.compile(_DAY.format(n=1))
_COUNT = re.compile(r"共\s*(\d{1,2})\s*天")
_NAME = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])?\s*([^:,。;]{1,16}?)\s*:")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_YEAR = re.compile(r"(20\d{2}|21\d{2})年(?:[^。]{0,12})(?:节假日|放假)")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[\[〔(](?:19|20|21)\d{2}[\]〕)]\d{1,5}号")
_LISTED = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\s,]+(休|放假|上班|班|调休上班)(?:[\s,]+(\S{1,30}))?$"
)


@dataclass(frozen=True)
class NoticeDay:
    """One day that is not as the calendar says: off, or worked."""

    day: date
    is_working: bool
    name: str


@dataclass
class ReadNotice:
    """What was understood; `faults` hold what must be mended first, each a code with its parts."""

    year: int | None = None
    number: str = ""
    days: list[NoticeDay] = field(default_factory=list)
    faults: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def add_fault(self, code: str, **parts: str) -> None:
        """Note what is wrong, in the words that stand there."""
        self.faults.append((code, parts))


def read_notice(text: str, *, year: int | None = None) -> ReadNotice:
    """The days of a notice; the year is the one given, else the one its title names."""
    plain = unicodedata.normalize("NFKC", text).replace("：", ":").replace("（", "(").replace("）", ")")
    lines = [line.strip() for line in plain.split("\n") if line.strip()]
    read = ReadNotice(year=year or _year_of(plain), number=_number_of(text))
    if read.year is None:
        read.add_fault("no_year")
        return read
    for line in lines:
        listed = _LISTED.match(line)
        if listed:
            _add_listed(read, listed)
        else:
            _add_sentences(read, line)
    _check_whole(read)
    return read


def _year_of(text: str) -> int | None:
    found = _YEAR.search(text) or re.search(r"(?m)^(20\d{2}|21\d{2})[-/.年]\d{1,2}[-/.月]\d{1,2}", text)
    return int(found.group(1)) if found else None


def _number_of(text: str) -> str:
    # From the text as it was written: its brackets are part of the number.
    found = _NUMBER.search(text)
    return found.group(0)[-60:] if found else ""


def _add_listed(read: ReadNotice, found: re.Match[str]) -> None:
    year, month, day, kind, name = found.groups()
    when = _date(read, int(year), int(month), int(day), found.group(0))
    if when:
        read.days.append(NoticeDay(when, "班" in kind, name or ""))


def _add_sentences(read: ReadNotice, line: str) -> None:
    head = _NAME.match(line)
    name = head.group(1).strip() if head else ""
    body = line[head.end() :] if head else line
    for sentence in re.split(r"[。;]", body):
        if "上班" in sentence:
            off, _mark, work = sentence.rpartition("放假") if "放假" in sentence else ("", "", sentence)
            _add_off(read, off, name, sentence)
            for when, _text in _single_days(read, work):
                read.days.append(NoticeDay(when, True, name))
        elif "放假" in sentence:
            _add_off(read, sentence, name, sentence)


def _add_off(read: ReadNotice, words: str, name: str, sentence: str) -> None:
    if not words:
        return
    span = _RANGE.search(words)
    if span:
        first = _part(read, span, 1, month=None)
        last = _part(read, span, 2, month=first.month if first else None, after=first)
        if first is None or last is None:
            return
        if not first <= last <= first + timedelta(days=LONGEST_HOLIDAY):
            read.add_fault("bad_range", text=span.group(0))
            return
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    else:
        days = [when for when, _text in _single_days(read, words)]
    read.days += [NoticeDay(day, False, name) for day in days]
    told = _COUNT.search(sentence)
    if days and told and int(told.group(1)) != len(days):
        read.add_fault("bad_count", text=sentence.strip()[:60], told=told.group(1), counted=str(len(days)))


def _single_days(read: ReadNotice, words: str) -> Iterator[tuple[date, str]]:
    month: int | None = None
    for found in _SINGLE.finditer(words):
        when = _part(read, found, 1, month=month)
        if when:
            month = when.month
            yield when, found.group(0)


def _part(
    read: ReadNotice, found: re.Match[str], n: int, *, month: int | None, after: date | None = None
) -> date | None:
    """The n-th day of a match; a month that is not repeated is the one before, a year the notice's own."""
    given = {key: found.group(f"{key}{n}") for key in ("year", "month", "day", "note")}
    if given["month"] is None and month is None:
        return None
    year = int(given["year"]) if given["year"] else (after.year if after else read.year or 0)
    when = _date(read, year, int(given["month"] or month or 0), int(given["day"]), found.group(0))
    if when and after and not given["year"] and when < after:
        # 「12月30日至1月1日」: the end lies in the next year.
        when = _date(read, year + 1, when.month, when.day, found.group(0))
    told = _WEEKDAY.search(given["note"] or "")
    if when and told and WEEKDAYS[when.weekday()] != told.group(1).replace("天", "日"):
        read.add_fault(
            "bad_weekday", day=when.isoformat(), told=f"周{told.group(1)}", real=f"周{WEEKDAYS[when.weekday()]}"
        )
    return when


def _date(read: ReadNotice, year: int, month: int, day: int, text: str) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        read.add_fault("no_such_day", text=text)
        return None


def _check_whole(read: ReadNotice) -> None:
    year = read.year or 0
    first, last = date(year - 1, 12, 1), date(year + 1, 1, 31)
    told: dict[date, bool] = {}
    for one in read.days:
        if not first <= one.day <= last:
            read.add_fault("other_year", day=one.day.isoformat(), year=str(year))
        if told.setdefault(one.day, one.is_working) != one.is_working:
            read.add_fault("both", day=one.day.isoformat())
        if one.is_working and one.day.weekday() < SATURDAY:
            read.add_fault("makeup_on_weekday", day=one.day.isoformat(), real=f"周{WEEKDAYS[one.day.weekday()]}")
    read.days = sorted({one.day: one for one in read.days}.values(), key=lambda one: one.day)
    if not any(not one.is_working for one in read.days):
        read.add_fault("no_days")
