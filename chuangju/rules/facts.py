"""数据项 - the dictionary of facts: what a policy, a form, a register's column and a facts file may speak of.

The file's format stands in docs/policy-authors.md. Values of strangers come in through `clean_facts`.
"""

from __future__ import annotations

import re
import tomllib
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from chuangju.rules.kinds import INT64, NUMBERS, Kind, Words

_KEY = re.compile(r"[a-z][a-z0-9_]*")
# Calculations with dates stay inside these days whatever a file says.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
MOST_ITEMS = 1_000_000


class DictionaryFault(ValueError):
    """The dictionary's own file is wrong; the sentence names the fact."""


class CodeTree(Mapping[str, Words]):
    """Codes of several levels, where a code stands for everything below it too (an industry for its groups and classes)."""

    @abstractmethod
    def normal(self, text: str) -> str:
        """The code as it is kept, of whatever way it is written in."""

    @abstractmethod
    def below(self, code: str) -> tuple[str, ...]:
        """The code and every code below it."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A dated list of codes with their names."""

    key: str
    name: Words
    codes: Mapping[str, Words]

    def normal(self, text: str) -> str:
        """The code as it is kept: `I65` is 65 in a list of several levels."""
        return self.codes.normal(text) if isinstance(self.codes, CodeTree) else text

    def below(self, code: str) -> tuple[str, ...]:
        """What a code stands for: itself, and in a list of several levels everything below it."""
        return self.codes.below(code) if isinstance(self.codes, CodeTree) else (code,)

    def starting_with(self, prefix: str) -> tuple[str, ...]:
        """The codes that begin so; in a list of several levels the one that stands for them."""
        if isinstance(self.codes, CodeTree):
            code = self.codes.normal(prefix)
            return (code,) if code in self.codes else ()
        return tuple(code for code in self.codes if code.startswith(prefix))


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One entry: what it is called, what it can be, who knows it, and how a person is asked for it.

    `low` and `high` bound numbers (fen, basis points, whole numbers) and the elements of series; dates are bounded by
    `first` and `last`; `max_items` bounds lists.
    """

    key: str
    kind: Kind
    name: Words
    question: Words
    help: Words
    source: Words
    unit: Words
    owner: str = ""
    group: str = ""
    sensitivity: str = "internal"
    mendable: bool = False
    # Of a series: what its elements are.
    items: Kind = Kind.INT
    low: int = 0
    high: int = 0
    first: date = FIRST_DAY
    last: date = LAST_DAY
    max_items: int = 0
    codes: CodeList | None = None
    fields: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether a stranger may see it in the register."""
        return self.sensitivity == "public"

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All facts and code lists."""

    facts: Mapping[str, Fact]
    lists: Mapping[str, CodeList]

    def __hash__(self) -> int:
        return id(self)


def load_dictionary(facts: Path, lists: Path) -> Dictionary:
    """The dictionary in these two TOML files; raises DictionaryFault."""
    code_lists = {key: _code_list(key, entry) for key, entry in _read(lists).get("lists", {}).items()}
    entries = _read(facts).get("facts", {})
    return Dictionary({key: _fact(key, entry, code_lists) for key, entry in entries.items()}, code_lists)


def make_dictionary(facts: Mapping[str, Any], lists: Mapping[str, Any] | None = None) -> Dictionary:
    """A dictionary from what the files would hold, for tests and notebooks; raises DictionaryFault."""
    code_lists = {key: _code_list(key, entry) for key, entry in (lists or {}).items()}
    return Dictionary({key: _fact(key, entry, code_lists) for key, entry in facts.items()}, code_lists)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise DictionaryFault(f"{path.name}：{problem}") from problem


def _words(value: Any, fallback: str = "") -> Words:
    if isinstance(value, Mapping):
        zh = str(value.get("zh", fallback))
        return Words(zh, str(value.get("en", zh)))
    text = str(value) if value else fallback
    return Words(text, text)


def _code_list(key: str, entry: Mapping[str, Any]) -> CodeList:
    codes = entry.get("codes", [])
    if not codes:
        raise DictionaryFault(f"代码表 {key} 没有代码")
    if not all(isinstance(one, Mapping) and "code" in one and "zh" in one for one in codes):
        raise DictionaryFault(f"代码表 {key} 的每个代码要有 code 和 zh")
    named = {str(one["code"]): Words(str(one["zh"]), str(one.get("en", one["zh"]))) for one in codes}
    if len(named) != len(codes):
        raise DictionaryFault(f"代码表 {key} 有重复的代码")
    return CodeList(key, _words(entry.get("name"), key), named)


def _fact(key: str, entry: Mapping[str, Any], lists: Mapping[str, CodeList], inside: str = "") -> Fact:
    label = f"{inside}{key}"
    if not _KEY.fullmatch(key):
        raise DictionaryFault(f"数据项 {label} 的名称只能用小写字母、数字和下划线")
    if not isinstance(entry, Mapping):
        raise DictionaryFault(f"数据项 {label} 要写成一张表：type = …, name = …")
    try:
        kind = Kind(entry["type"])
    except (KeyError, ValueError) as problem:
        raise DictionaryFault(f"数据项 {label} 的类型不在允许范围内：{entry.get('type')}") from problem
    code_list = entry.get("codes")
    if code_list is not None and code_list not in lists:
        raise DictionaryFault(f"数据项 {label} 引用的代码表 {code_list} 不存在")
    fields = {name: _fact(name, one, lists, f"{key}.") for name, one in entry.get("fields", {}).items()}
    if kind is Kind.RECORDS and (not fields or inside):
        raise DictionaryFault(f"明细 {label} 要有字段，且不能嵌套")
    low, high, first, last = _bounds(label, kind, entry)
    return Fact(
        key=key,
        kind=kind,
        name=_words(entry.get("name"), key),
        question=_words(entry.get("question")),
        help=_words(entry.get("help")),
        source=_words(entry.get("source")),
        unit=_words(entry.get("unit")),
        owner=str(entry.get("owner", "")),
        group=str(entry.get("group", "")),
        sensitivity=str(entry.get("sensitivity", "internal")),
        mendable=bool(entry.get("mendable", False)),
        items=Kind(entry.get("items", "int")),
        low=low,
        high=high,
        first=first,
        last=last,
        max_items=_most_items(label, entry),
        codes=lists[code_list] if code_list is not None else None,
        fields=fields,
    )


def _most_items(label: str, entry: Mapping[str, Any]) -> int:
    most = entry.get("max_items", 1000)
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_ITEMS:
        raise DictionaryFault(f"数据项 {label} 的 max_items 应为 1 至 {MOST_ITEMS} 的整数")
    return most


def _bounds(label: str, kind: Kind, entry: Mapping[str, Any]) -> tuple[int, int, date, date]:
    if kind is Kind.DATE:
        try:
            first = date.fromisoformat(str(entry.get("min", FIRST_DAY)))
            last = date.fromisoformat(str(entry.get("max", LAST_DAY)))
        except ValueError as problem:
            raise DictionaryFault(f"数据项 {label} 的日期范围要写成 2000-01-01") from problem
        if not FIRST_DAY <= first <= last <= LAST_DAY:
            raise DictionaryFault(f"数据项 {label} 的日期范围应在 {FIRST_DAY} 与 {LAST_DAY} 之间")
        return 0, 0, first, last
    if kind not in NUMBERS | {Kind.INTS}:
        return 0, 0, FIRST_DAY, LAST_DAY
    if "min" not in entry or "max" not in entry:
        raise DictionaryFault(f"数据项 {label} 要写明 min 和 max")
    low, high = entry["min"], entry["max"]
    if isinstance(low, bool) or isinstance(high, bool) or not isinstance(low, int) or not isinstance(high, int):
        raise DictionaryFault(f"数据项 {label} 的 min 和 max 要写整数（金额为分，比率为万分之一）")
    if not -INT64 <= low <= high <= INT64:
        raise DictionaryFault(f"数据项 {label} 的范围不对")
    return low, high, FIRST_DAY, LAST_DAY
