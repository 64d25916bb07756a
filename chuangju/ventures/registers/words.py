"""One cell's text read as a fact: money as people write it, days in any of the usual forms, codes by code or by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache

from chuangju.rules.amounts import read_money, read_rate
from chuangju.rules.facts import CodeList, Fact
from chuangju.rules.kinds import Fault, Kind, Value
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.industries import normal_industry
from chuangju.ventures.sheets.columns import even_out

# What people write where they do not know; none is a value where a list of codes or a free text has it.
UNKNOWN_WORDS = (
    "null",
    "none",
    "nan",
    "n/a",
    "na",
    "-",
    "--",
    "—",
    "——",
    "/",
    "不详",
    "未知",
    "暂无",
    "空",
    "无数据",
    "unknown",
)
_YES = frozenset({"true", "yes", "y", "是", "有", "真", "√", "1"})
_NO = frozenset({"false", "no", "n", "否", "无", "没有", "假", "×", "0"})
_DAY = re.compile(r"(\d{4})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_DAY_OF_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WHOLE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_LONGEST_NUMBER = 18
_BETWEEN = re.compile(r"[、,，;；|]+")
_LONGEST_TEXT = 500
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_RATE_UNITS = frozenset({"%", "百分比"})


class Trouble(Exception):
    """The text is no value of this kind; `code` is the finding's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_text(text: str, fact: Fact, unit: str = "") -> Value:
    """The value that a cell's text gives for a fact, its bounds not yet looked at; raises Trouble.

    `unit` is what the column's name says of plain numbers in it (万元, %).
    """
    match fact.kind:
        case Kind.BOOL:
            return _bool(text)
        case Kind.DATE:
            return _day(text)
        case Kind.INT:
            return _whole(text)
        case Kind.MONEY:
            return _money(text, unit)
        case Kind.RATE:
            return _rate(text, unit)
        case Kind.TEXT:
            return _code(text, fact.codes) if fact.codes else _free(text)
        case Kind.CODES:
            return _codes(text, fact.codes)
        case Kind.INTS:
            return [_whole(part) for part in _parts(text, r"[、,;|\s]+")]
        case _:
            raise Trouble("wrong_type")


def unknown_words(fact: Fact) -> list[str]:
    """The cells that tell nothing in a column of this fact, in small letters."""
    may_be_none = fact.kind is Kind.TEXT and (fact.codes is None or "none" in fact.codes.codes)
    return ["", *(word for word in UNKNOWN_WORDS if not (may_be_none and word == "none"))]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _bool(text: str) -> bool:
    plain = _plain(text).lower()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise Trouble("wrong_type")


def _day(text: str) -> date:
    plain = _plain(text)
    match = _DAY.fullmatch(plain) or _DAY_OF_DIGITS.fullmatch(plain)
    if not match:
        raise Trouble("wrong_type")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as problem:
        raise Trouble("impossible_date") from problem


def _whole(text: str) -> int:
    plain = re.sub(r"(人|个月|个|年|天|户|家|次|平方米|㎡|m²)$", "", _plain(text))
    if not _WHOLE.fullmatch(plain):
        raise Trouble("not_whole" if _NUMBER.fullmatch(plain) else "wrong_type")
    digits = plain.split(".")[0].replace(",", "")
    if len(digits.lstrip("-")) > _LONGEST_NUMBER:
        raise Trouble("out_of_bounds")
    return int(digits)


def _money(text: str, unit: str) -> int:
    plain = _plain(text)
    if _NUMBER.fullmatch(plain) and unit not in {"", "分"}:
        plain += unit
    if _NUMBER.fullmatch(plain):
        return _whole(plain)
    try:
        return read_money(plain)
    except Fault as fault:
        raise Trouble(_trouble_of(fault)) from fault


def _rate(text: str, unit: str) -> int:
    plain = _plain(text)
    if _NUMBER.fullmatch(plain) and unit in _RATE_UNITS:
        plain += "%"
    if _NUMBER.fullmatch(plain):
        return _whole(plain)
    try:
        return read_rate(plain)
    except Fault as fault:
        raise Trouble(_trouble_of(fault)) from fault


def _trouble_of(fault: Fault) -> str:
    if "以下" in fault.words.zh:
        return "too_fine"
    return "out_of_bounds" if "太大" in fault.words.zh else "wrong_type"


def _free(text: str) -> str:
    if _CONTROLS.search(text):
        raise Trouble("hidden_signs")
    if len(text) > _LONGEST_TEXT:
        raise Trouble("too_long")
    return text.strip()


def _code(text: str, codes: CodeList) -> str:
    plain = _plain(text)
    plain = normal_industry(plain) if codes.key == "industry" else plain
    if plain in codes.codes:
        return plain
    found = _names_of(codes.key).get(even_out(plain))
    if found is None:
        raise Trouble("unknown_code")
    return found


def _codes(text: str, codes: CodeList | None) -> list[str]:
    parts = [] if _plain(text) in {"无", "[]", "none"} else _parts(text, _BETWEEN.pattern)
    return [_code(part, codes) if codes else _free(part) for part in parts]


def _parts(text: str, between: str) -> list[str]:
    return [part for part in re.split(between, _plain(text).strip("[]")) if part.strip()]


@cache
def _names_of(key: str) -> Mapping[str, str]:
    """Codes by what people call them."""
    names: dict[str, str] = {}
    for code, words in dictionary().lists[key].codes.items():
        for name in (code, words.zh, words.en):
            names.setdefault(even_out(name), code)
    if key == "town":
        names |= {
            even_out(words.zh.replace("路街道", "街道")): code for code, words in dictionary().lists[key].codes.items()
        }
        names |= {even_out(code[6:]): code for code in dictionary().lists[key].codes}
    return names
