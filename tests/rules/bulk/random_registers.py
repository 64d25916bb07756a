"""Registers of every fact of the dictionary, drawn at random: likely values, edges, gaps, unknown elements of lists."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import polars as pl

from chuangju.rules.facts import Dictionary, Fact
from chuangju.rules.kinds import Kind

ON = date(2025, 6, 30)
_EDGES = (
    date(2024, 2, 29),
    date(2022, 6, 30),
    date(2025, 6, 29),
    date(2025, 6, 30),
    date(2025, 7, 1),
    date(2024, 12, 31),
)
_LIKELY = {"status": ("active",), "entity_type": ("company", "individual_business"), "size_class": ("micro", "small")}


def random_rows(dictionary: Dictionary, count: int, seed: int, *, gaps: float = 0.08) -> list[dict[str, Any]]:
    """So many applicants as plain facts."""
    draw = random.Random(seed)
    return [
        {
            "id": f"{number:018d}",
            **{key: _value(draw, fact, gaps) for key, fact in dictionary.facts.items() if key != "id"},
        }
        for number in range(count)
    ]


def as_frame(rows: list[dict[str, Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The rows with the columns of this schema."""
    return pl.DataFrame([pl.Series(key, [row.get(key) for row in rows], dtype=dtype) for key, dtype in schema.items()])


def _value(draw: random.Random, fact: Fact, gaps: float) -> Any:
    if draw.random() < gaps:
        return None
    match fact.kind:
        case Kind.BOOL:
            return draw.random() < 0.5
        case Kind.DATE:
            return _day(draw, fact)
        case Kind.TEXT:
            return _code(draw, fact)
        case Kind.CODES:
            return [_code(draw, fact) for _ in range(draw.randrange(3))] + ([None] if draw.random() < gaps else [])
        case Kind.INTS:
            length = min(draw.choice([0, 2, 3, 8]), fact.max_items)
            return [None if draw.random() < gaps / 4 else _number(draw, fact) for _ in range(length)]
        case Kind.RECORDS:
            fields = fact.fields.items()
            return [{key: _value(draw, field, gaps / 4) for key, field in fields} for _ in range(draw.randrange(4))]
        case _:
            return _number(draw, fact)


def _day(draw: random.Random, fact: Fact) -> date:
    day = draw.choice(_EDGES) if draw.random() < 0.2 else ON - timedelta(days=draw.randrange(-200, 3000))
    return min(max(day, fact.first), fact.last)


def _code(draw: random.Random, fact: Fact) -> str:
    if fact.codes is None:
        return "text"
    likely = _LIKELY.get(fact.key)
    return draw.choice(likely) if likely and draw.random() < 0.8 else draw.choice(list(fact.codes.codes))


def _number(draw: random.Random, fact: Fact) -> int:
    small = draw.choice([0, 1, 2, 3, 6, 10, 12, 20, 36, 100, 5_000, 300_000, 1_000_001])
    return min(max(small if draw.random() < 0.9 else fact.high, fact.low), fact.high)
