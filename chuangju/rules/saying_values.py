"""Values in words: amounts, rates, days and the names of codes, in Chinese and English."""

from __future__ import annotations

from datetime import date

from chuangju.rules.amounts import write_money, write_money_en, write_rate
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import FAR, Kind, Value, Words

COMPARISONS: dict[str, tuple[str, str]] = {
    "==": ("等于", "is"),
    "!=": ("不等于", "is not"),
    "<": ("少于", "below"),
    "<=": ("不超过", "at most"),
    ">": ("多于", "above"),
    ">=": ("不少于", "at least"),
}
_UNKNOWN = Words("未知", "unknown")


def say_value(value: Value, kind: Kind, fact: Fact | None) -> Words:
    """One value as people write it; a code by its name where the fact has a code list."""
    if value is None:
        return _UNKNOWN
    match kind:
        case Kind.MONEY:
            return Words(write_money(value), write_money_en(value))
        case Kind.RATE:
            return Words(write_rate(value), write_rate(value))
        case Kind.DATE:
            return say_day(value)
        case Kind.BOOL:
            return Words("是", "yes") if value else Words("否", "no")
        case Kind.RECORDS:
            return Words(f"{len(value)} 条", f"{len(value)} records")
        case Kind.CODES:
            names = [_code(one, fact) for one in value]
            return Words("、".join(one.zh for one in names) or "无", ", ".join(one.en for one in names) or "none")
        case Kind.INTS:
            listed = ["—" if one is None else str(one) for one in value[:12]]
            return Words("、".join(listed), ", ".join(listed))
        case Kind.TEXT:
            return _code(value, fact)
        case _:
            unit = fact.unit if fact is not None else Words("", "")
            return Words(f"{value:,} {unit.zh}".strip(), f"{value:,} {unit.en}".strip())


def say_day(day: date) -> Words:
    """As 2026年3月1日 and 1 March 2026; a day that never comes is said so."""
    if day == FAR:
        return Words("不会到来的一天", "a day that never comes")
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


_GAP_UNITS = {"months": ("个月", "months"), "years": ("年", "years"), "days": ("天", "days")}


def say_gap(short_by: int, unit: str) -> Words:
    """How far short, in words: 4 个月, 2,000 元, 5%, 1."""
    if unit in {"money", "rate"}:
        return say_value(short_by, Kind(unit), None)
    zh, en = _GAP_UNITS.get(unit, ("", ""))
    return Words(f"{short_by:,} {zh}".strip(), f"{short_by:,} {en}".strip())


def lower_first(text: str) -> str:
    """The text as it stands inside an English sentence."""
    return text[:1].lower() + text[1:]


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _code(value: Value, fact: Fact | None) -> Words:
    if value is None:
        return _UNKNOWN
    names = fact.codes.codes if fact is not None and fact.codes is not None else {}
    return names.get(value, Words(str(value), str(value)))
