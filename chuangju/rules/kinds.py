"""The kinds of value that the policy language knows, and sentences in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

# What stands for a value: unknown is None, money is whole fen, a rate is basis points, records are lists of mappings.
Value = Any

FAR = date(9999, 12, 31)
INT64 = 2**63 - 1


class Kind(StrEnum):
    """What a value is."""

    BOOL = "bool"
    INT = "int"
    MONEY = "money"
    RATE = "rate"
    DATE = "date"
    TEXT = "text"
    CODES = "codes"
    INTS = "ints"
    RECORDS = "records"


NUMBERS = frozenset({Kind.INT, Kind.MONEY, Kind.RATE})
LISTS = frozenset({Kind.CODES, Kind.INTS, Kind.RECORDS})

KIND_NAMES: dict[Kind, tuple[str, str]] = {
    Kind.BOOL: ("是非", "yes or no"),
    Kind.INT: ("整数", "a whole number"),
    Kind.MONEY: ("金额", "an amount of money"),
    Kind.RATE: ("比率", "a rate"),
    Kind.DATE: ("日期", "a date"),
    Kind.TEXT: ("代码或文字", "a code or text"),
    Kind.CODES: ("代码列表", "a list of codes"),
    Kind.INTS: ("数列", "a series of numbers"),
    Kind.RECORDS: ("明细", "a list of records"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in Chinese and in English."""

    zh: str
    en: str

    def as_json(self) -> dict[str, str]:
        """For answers that others read."""
        return {"zh": self.zh, "en": self.en}

    def __str__(self) -> str:
        return self.zh


class Fault(Exception):
    """Something in a text that the language does not take; `position` counts characters from the start of the text."""

    def __init__(self, zh: str, en: str, position: int = 0) -> None:
        super().__init__(zh)
        self.words = Words(zh, en)
        self.position = position
