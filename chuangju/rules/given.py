"""What somebody says about an applicant (a JSON object), read into the values that rules work with."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chuangju.rules.amounts import read_money, read_rate
from chuangju.rules.facts import Dictionary, Fact
from chuangju.rules.kinds import INT64, KIND_NAMES, Fault, Kind, Value, Words
from chuangju.rules.saying_values import say_value

Facts = dict[str, Value]
_MAX_TEXT = 1000
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}[0-9:.+Z-]*)?")


def clean_facts(given: Mapping[str, Any], dictionary: Dictionary) -> tuple[Facts, list[Words]]:
    """The values by key, and a sentence for each that cannot be taken; absent and null are unknown alike.

    Dates are ISO text, money fen or "3000元", rates basis points or "30%", records lists of objects.
    """
    facts: Facts = {}
    problems: list[Words] = []
    for key, value in given.items():
        fact = dictionary.facts.get(key)
        if fact is None:
            near = difflib.get_close_matches(key[:60], dictionary.facts, 1)
            zh, en = (f"，是不是“{near[0]}”？", f"; is it “{near[0]}”?") if near else ("", "")
            problems.append(Words(f"没有“{key[:40]}”这个数据项{zh}", f"there is no fact “{key[:40]}”{en}"))
            continue
        try:
            facts[key] = clean_value(value, fact)
        except Fault as fault:
            words = fault.words
            problems.append(Words(f"{fact.name.zh}（{key}）：{words.zh}", f"{fact.name.en} ({key}): {words.en}"))
    return facts, problems


def clean_value(value: Any, fact: Fact) -> Value:
    """One value as rules take it; raises Fault with the reason."""
    if value is None:
        return None
    match fact.kind:
        case Kind.BOOL:
            return _bool(value)
        case Kind.DATE:
            return _date(value, fact)
        case Kind.INT | Kind.MONEY | Kind.RATE:
            return _within(read_number(value, fact), fact)
        case Kind.TEXT:
            return _text(value, fact)
        case Kind.RECORDS:
            return _records(value, fact)
        case _:
            return _list(value, fact)


def _refuse(kind: Kind, value: Any) -> Fault:
    zh, en = KIND_NAMES[kind]
    if not isinstance(value, str | int | float | date):
        return Fault(f"这不是{zh}", f"this is not {en}")
    shown = _shown(value)
    return Fault(f"“{shown}”不是{zh}", f"“{shown}” is not {en}")


def _shown(value: str | float | date) -> str:
    """As much of it as a sentence bears; a number that Python itself will not write is said to be long."""
    try:
        return str(value)[:40]
    except ValueError:
        return "…"


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in {"true", "yes", "是"}:
        return True
    if isinstance(value, str) and value.strip().lower() in {"false", "no", "否"}:
        return False
    raise _refuse(Kind.BOOL, value)


def _date(value: Any, fact: Fact) -> date:
    text = value.isoformat() if isinstance(value, date) else value
    match = _DAY.fullmatch(text.strip()[:40]) if isinstance(text, str) else None
    if match is None:
        raise _refuse(Kind.DATE, value)
    try:
        day = date.fromisoformat(match[1])
    except ValueError as problem:
        raise Fault(f"“{text[:40]}”这一天不存在", f"“{text[:40]}” is no day of the calendar") from problem
    if not fact.first <= day <= fact.last:
        raise Fault(
            f"{day} 应在 {fact.first} 至 {fact.last} 之间", f"{day} must lie between {fact.first} and {fact.last}"
        )
    return day


def read_number(value: Any, fact: Fact) -> int:
    """A number (of a series: an element) in the fact's unit, whatever its bounds; raises Fault."""
    number, kind = value, _number_kind(fact)
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(r"-?\d{1,30}", text):
            number = int(text)
        elif kind is Kind.MONEY:
            number = read_money(text)
        elif kind is Kind.RATE:
            number = read_rate(text)
    elif isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, int):
        raise _refuse(kind, value)
    return number


def _number_kind(fact: Fact) -> Kind:
    return fact.items if fact.kind is Kind.INTS else fact.kind


def _within(number: int, fact: Fact) -> int:
    if not fact.low <= number <= fact.high:
        low, high = _in_words(fact.low, fact), _in_words(fact.high, fact)
        given = _in_words(number, fact) if -INT64 <= number <= INT64 else Words("这个数", "this number")
        raise Fault(f"{given.zh}应在 {low.zh} 至 {high.zh}之间", f"{given.en} must lie between {low.en} and {high.en}")
    return number


def _in_words(number: int, fact: Fact) -> Words:
    return say_value(number, _number_kind(fact), None)


def _text(value: Any, fact: Fact) -> str:
    if not isinstance(value, str) or "\x00" in value or len(value) > _MAX_TEXT:
        raise _refuse(Kind.TEXT, value)
    if fact.codes is None:
        return value
    code = fact.codes.normal(value)
    if code not in fact.codes.codes:
        name = fact.codes.name
        raise Fault(f"“{value[:40]}”不在代码表“{name.zh}”中", f"“{value[:40]}” is not in “{name.en}”")
    return code


def _list(value: Any, fact: Fact) -> tuple[Value, ...]:
    if not isinstance(value, list | tuple) or len(value) > fact.max_items:
        raise _refuse(fact.kind, value)
    if fact.kind is Kind.CODES:
        return tuple(None if one is None else _text(one, fact) for one in value)
    return tuple(None if one is None else _within(read_number(one, fact), fact) for one in value)


def _records(value: Any, fact: Fact) -> tuple[dict[str, Value], ...]:
    if not isinstance(value, list | tuple) or len(value) > fact.max_items:
        raise _refuse(Kind.RECORDS, value)
    return tuple(_record(number, one, fact) for number, one in enumerate(value, 1))


def _record(number: int, value: Any, fact: Fact) -> dict[str, Value]:
    if not isinstance(value, Mapping):
        raise _refuse(Kind.RECORDS, value)
    record: dict[str, Value] = dict.fromkeys(fact.fields)
    for key, one in value.items():
        known = fact.fields.get(key)
        if known is None:
            raise Fault(f"第 {number} 条没有“{key[:40]}”这一栏", f"record {number} has no field “{key[:40]}”")
        try:
            record[key] = clean_value(one, known)
        except Fault as fault:
            words = fault.words
            raise Fault(
                f"第 {number} 条的{known.name.zh}：{words.zh}", f"{known.name.en} of record {number}: {words.en}"
            ) from fault
    return record
