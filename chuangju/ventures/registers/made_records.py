"""演示名录 - the employees, leases, grants and loans of made-up enterprises, one row each until they are gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import enum_of, schema
from chuangju.ventures.registers.draws import Draws
from chuangju.ventures.registers.made_words import (
    DISTRICTS,
    GROUPS,
    POLICIES,
    POLICY_AMOUNTS,
    POLICY_LEVELS,
    STAFF_RESIDENCE,
)
from chuangju.ventures.registers.records import gather_records
from chuangju.ventures.registers.tables import AT

# More records than this no enterprise has: their rows are numbered in steps of it.
_STEP = 4096
# In a thousand, how many cells of a record are not known.
_FIELD_GAP = 15
_YUAN = 100
_MONTH_TENTHS = 304
_LONGEST_SERVICE = 3650

Stage = Mapping[str, pl.Expr]
Made = Callable[[Draws, date], Iterator[Stage]]


def record_columns(frame: pl.DataFrame, seed: int, on: date) -> list[pl.Series]:
    """The lists of related records for the enterprises of a frame that knows row, days and heads."""
    draws = Draws(seed, "row")
    rent = draws.sized("leases", ((220, 0), (680, 1), (100, 2)))
    counts: Mapping[str, tuple[pl.Expr, Made]] = {
        "employees": (pl.col("heads"), _employees),
        "leases": (rent, _leases),
        "grants": (draws.sized("grants", ((840, 0), (110, 1), (50, 3))), _grants),
        "founder_grants": (draws.sized("founder_grants", ((930, 0), (70, 1))), _grants),
        "loans": (draws.sized("loans", ((940, 0), (50, 1), (10, 2))), _loans),
    }
    return [_make(frame, key, count, made, seed, on) for key, (count, made) in counts.items()]


def _make(frame: pl.DataFrame, key: str, count: pl.Expr, made: Made, seed: int, on: date) -> pl.Series:
    long = frame.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(AT),
        "row", "days", "is_startup_minded",
        pl.int_ranges(0, count, dtype=pl.Int64).alias("place"),
    )  # fmt: skip
    long = long.explode("place", empty_as_null=False).with_columns(
        record=pl.col("row") * _STEP + pl.col("place").cast(pl.UInt64)
    )
    draws = Draws(seed + 1, "record")
    for stage in made(draws, on):
        long = long.with_columns(expression.alias(name) for name, expression in stage.items())
    fields = dictionary().facts[key].fields
    known = [name for name in fields if name in long.columns]
    gaps = (
        pl.when(draws.chance(f"gap/{key}.{name}", _FIELD_GAP)).then(None).otherwise(pl.col(name)).alias(name)
        for name in known
    )
    return gather_records(long.select(AT, *gaps), dictionary().facts[key], frame.height)


def _employees(draws: Draws, on: date) -> Iterator[Stage]:
    yield {
        "worked": pl.min_horizontal(draws.within("worked", pl.col("days")), pl.lit(_LONGEST_SERVICE, dtype=pl.Int64)),
        "residence": _coded(draws, "residence", "residence", STAFF_RESIDENCE),
        "groups": draws.pick("groups", pl.Series([list(each) for each in GROUPS], dtype=_field("employees", "groups"))),
    }
    insured = pl.max_horizontal(pl.col("worked") - draws.below("waited", 30), pl.lit(0, dtype=pl.Int64))
    yield {
        "hired_on": _before(on, pl.col("worked")),
        "contract_months": draws.pick("contract", pl.Series([6, 12, 12, 24, 36, 36, 999], dtype=pl.Int64)),
        "insured_from": _before(on, insured),
        "insured_months": insured * 10 // _MONTH_TENTHS,
        "base": draws.sized("base", ((350, 75), (450, 130), (200, 350))) * 100 * _YUAN,
        "graduated_on": pl.when(draws.chance("recent", 200)).then(
            _before(on, pl.col("worked") + draws.below("since", 900))
        ),
        "first_job": draws.chance("first_job", 150),
        "unemployed_months": pl.when(draws.chance("was_unemployed", 120))
        .then(draws.between("unemployed", 1, 18))
        .otherwise(0),
        "full_time": draws.chance("full_time", 920),
        "other_scheme": draws.chance("other_scheme", 30),
    }


def _leases(draws: Draws, on: date) -> Iterator[Stage]:
    yield {
        "begun": draws.within("begun", pl.col("days") + 60),
        "area": draws.sized("area", ((400, 60), (400, 200), (200, 1200))) + 8,
    }
    yield {
        "district": _coded(draws, "district", "district", DISTRICTS),
        "from": _before(on, pl.col("begun")),
        "to": _before(on, pl.col("begun") - draws.pick("term", pl.Series([180, 365, 365, 730, 1095], dtype=pl.Int64))),
        "monthly_rent": pl.col("area") * draws.between("rent", 60, 210) * _YUAN,
        "independent": draws.chance("independent", 760),
    }


def _grants(draws: Draws, on: date) -> Iterator[Stage]:
    yield {"policy": draws.choice("policy", POLICIES)}
    names = list(POLICIES)
    level = pl.col("policy").replace_strict(names, [POLICY_LEVELS[name] for name in names])
    yield {
        "level": level.cast(_field("grants", "level")),
        "paid_on": _before(on, draws.within("paid", pl.col("days"))),
        "amount": pl.col("policy").replace_strict(
            names, [POLICY_AMOUNTS[name] for name in names], return_dtype=pl.Int64
        ),
    }


def _loans(draws: Draws, on: date) -> Iterator[Stage]:
    yield {
        "lent": draws.within("lent", pl.col("days")),
        "term": draws.pick("term", pl.Series([365, 365, 730, 1095], dtype=pl.Int64)),
        "principal": draws.pick("principal", pl.Series([10, 20, 30, 50, 50, 100, 300], dtype=pl.Int64)) * 1_000_000,
        "overdue": draws.chance("overdue", 40),
    }
    yield {
        "rate": draws.between("rate", 345, 485),
        "from": _before(on, pl.col("lent")),
        "to": _before(on, pl.col("lent") - pl.col("term")),
        "repaid_on": pl.when((pl.col("lent") > pl.col("term")) & ~pl.col("overdue")).then(
            _before(on, pl.col("lent") - pl.col("term"))
        ),
    }


def _before(on: date, days: pl.Expr) -> pl.Expr:
    return (pl.lit(on).cast(pl.Int32) - days.cast(pl.Int32)).cast(pl.Date)


def _coded(draws: Draws, name: str, codes: str, weights: Mapping[str, int]) -> pl.Expr:
    return draws.choice(name, weights, enum_of(dictionary().lists[codes]))


def _field(key: str, name: str) -> pl.DataType:
    struct = schema()[key].inner  # type: ignore[attr-defined]
    found: Sequence[pl.Field] = [each for each in struct.fields if each.name == name]
    return found[0].dtype  # type: ignore[return-value]
