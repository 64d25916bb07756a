"""Random facts, as strategies: every kind there is, with unknown values, ends of months and of what a fact may be."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from chuangju.rules.facts import Dictionary, Fact, make_dictionary
from chuangju.rules.kinds import Kind

CODES = ("red", "green", "it's \\ blue", "黄")
_NUMBER = {"type": "int", "min": -1_000_000, "max": 1_000_000}
_WIDE = {"type": "money", "min": -(10**15), "max": 10**15}
_SMALL = {"type": "int", "min": 1, "max": 60}
_RATE = {"type": "rate", "min": 0, "max": 10_000}
_DATE = {"type": "date", "min": "1900-01-01", "max": "2200-12-31"}
_TEXT = {"type": "text", "codes": "colour"}
_CODES = {"type": "codes", "codes": "colour"}
_FLAG = {"type": "bool"}


def make_facts() -> Dictionary:
    """Facts of every kind, with wide and with narrow bounds."""
    series = {"type": "ints", "min": -100, "max": 100, "max_items": 6}
    fields = {
        "tone": _TEXT,
        "since": _DATE,
        "until": _DATE,
        "size": _NUMBER,
        "paid": _FLAG,
        "tags": _CODES,
        "from": _RATE,
    }
    return make_dictionary(
        {
            "number": _NUMBER,
            "other": _NUMBER,
            "money": _WIDE,
            "small": _SMALL,
            "rate": _RATE,
            "born": _DATE,
            "begun": _DATE,
            "tone": _TEXT,
            "tint": _TEXT,
            "flag": _FLAG,
            "tags": _CODES,
            "series": series,
            "records": {"type": "records", "max_items": 6, "fields": fields},
        },
        {"colour": {"name": "colour", "codes": [{"code": code, "zh": code} for code in CODES]}},
    )


FACTS = make_facts().facts
BY_KIND: dict[Kind, list[Fact]] = {kind: [one for one in FACTS.values() if one.kind is kind] for kind in Kind}
FIELDS: dict[Kind, list[Fact]] = {
    kind: [one for one in FACTS["records"].fields.values() if one.kind is kind] for kind in Kind
}
_EDGES = [
    date(1900, 1, 1),
    date(2000, 2, 29),
    date(2023, 2, 28),
    date(2024, 2, 29),
    date(2024, 1, 31),
    date(2024, 12, 31),
    date(2025, 6, 30),
    date(2100, 2, 28),
    date(2200, 12, 31),
]
DAYS = st.one_of(
    st.sampled_from(_EDGES),
    st.dates(date(2022, 1, 1), date(2026, 12, 31)),
    st.dates(date(1900, 1, 1), date(2200, 12, 31)),
)
NUMBERS = st.one_of(st.integers(-7, 7), st.integers(-1_000_000, 1_000_000), st.sampled_from([-1_000_000, 1_000_000]))
AMOUNTS = st.one_of(st.integers(-50, 50), st.integers(-(10**15), 10**15), st.sampled_from([-(10**15), 10**15]))
ROUNDINGS = st.sampled_from(["half_up", "half_even", "up", "down"])
COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(strategy, strategy, strategy, st.none())


def values_of(fact: Fact) -> st.SearchStrategy[Any]:
    """Values a fact can have, unknown among them; elements of lists are unknown at times."""
    match fact.kind:
        case Kind.BOOL:
            return _maybe(st.booleans())
        case Kind.DATE:
            return _maybe(DAYS)
        case Kind.TEXT:
            return _maybe(st.sampled_from(CODES))
        case Kind.CODES:
            return _maybe(st.lists(_maybe(st.sampled_from(CODES)), max_size=3))
        case Kind.INTS:
            return _maybe(st.lists(_maybe(st.integers(-3, 3)), max_size=6))
        case Kind.RECORDS:
            one = st.fixed_dictionaries({key: values_of(field) for key, field in fact.fields.items()})
            return _maybe(st.lists(one, max_size=4))
        case _:
            wide = NUMBERS if fact.high <= 1_000_000 else AMOUNTS
            return _maybe(wide.map(lambda value: min(max(value, fact.low), fact.high)))


def rows() -> st.SearchStrategy[dict[str, Any]]:
    """One applicant's facts."""
    return st.fixed_dictionaries({key: values_of(fact) for key, fact in FACTS.items()})
