"""Agreement - closures, columns and SQL give the same, cell by cell, whatever the tree and the facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chuangju.rules.bulk.missing import missing_facts
from chuangju.rules.closures import FROM_KEY
from chuangju.rules.gaps import find_missing
from chuangju.rules.kinds import Kind
from chuangju.rules.tree import (
    AddDays,
    AddMonths,
    Const,
    FactRef,
    MonthsBetween,
    MulDiv,
    Node,
    Rounding,
    YearsBetween,
    YearStart,
)
from tests.rules.bulk.engines import by_closures, by_duckdb, by_narrow_polars, by_polars, frame_of, smallest_difference
from tests.rules.bulk.random_facts import DAYS, FACTS, rows
from tests.rules.bulk.random_trees import TreeMaker

_KINDS = [Kind.BOOL, Kind.BOOL, Kind.INT, Kind.MONEY, Kind.RATE, Kind.DATE, Kind.TEXT]
# A failing tree is cut down by `smallest_difference`, which is quicker than shrinking and tells more.
QUICK = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


class Case:
    """Trees by name and rows of facts; what is wrong is told by `smallest_difference`, not by printing all of it."""

    def __init__(self, trees: dict[str, Node], found: list[dict[str, Any]]) -> None:
        self.trees, self.rows = trees, found

    def __repr__(self) -> str:
        return f"{len(self.trees)} trees over {len(self.rows)} rows"


@st.composite
def cases(draw: Any) -> Case:
    maker = TreeMaker(draw, with_from_day=True)
    trees = {f"t{place}": maker.tree(kind, draw(st.integers(1, 3))) for place, kind in enumerate(_KINDS)}
    found = draw(st.lists(rows(), min_size=4, max_size=8))
    for row in found:
        row[FROM_KEY] = draw(st.one_of(DAYS, DAYS, st.none()))
    return Case(trees, found)


@QUICK
@given(cases())
def test_every_engine_gives_the_same_cell_by_cell(case: Case) -> None:
    frame = frame_of(case.rows, FACTS, **{FROM_KEY: pl.Date()})
    expected = by_closures(case.trees, case.rows)
    for engine in (by_polars, by_narrow_polars, by_duckdb):
        if engine(case.trees, frame) != expected:
            raise AssertionError(smallest_difference(case.trees, case.rows, frame, engine))


@QUICK
@given(cases())
def test_what_is_missing_in_bulk_is_what_the_explained_answer_names(case: Case) -> None:
    # The day from which is never unknown where anybody asks what is missing on it.
    known = [{**row, FROM_KEY: row[FROM_KEY] or date(2025, 1, 1)} for row in case.rows]
    frame = frame_of(known, FACTS, **{FROM_KEY: pl.Date()})
    for tree in case.trees.values():
        # Under names of their own: a column called like a fact would stand in its place.
        found = by_polars({f"{key} lacks": one for key, one in missing_facts(tree).items()}, frame)
        find = find_missing(tree)
        for place, row in enumerate(known):
            lacking = {name.removesuffix(" lacks") for name, missing in found.items() if missing[place]}
            assert lacking == set(find(row)), tree


_DIVISORS = (1, 2, 3, 4, 10, 10_000)
_ROUNDINGS: tuple[Rounding, ...] = ("half_up", "half_even", "up", "down")


def test_every_rounding_gives_the_same_for_every_remainder_and_sign() -> None:
    numbers = [*range(-25, 26), 15_000, -15_000, 25_000, 10**15]
    fact = FactRef(Kind.INT, FACTS["money"])
    rows_ = [{"money": number} for number in numbers]
    trees: dict[str, Node] = {
        f"{rounding} {divisor}": MulDiv(Kind.INT, fact, Const(Kind.INT, 1), Const(Kind.INT, divisor), rounding, "share")
        for rounding in _ROUNDINGS
        for divisor in _DIVISORS
    }
    frame = frame_of(rows_, FACTS)
    expected = by_closures(trees, rows_)
    assert by_polars(trees, frame) == expected
    assert by_duckdb(trees, frame) == expected


def test_a_day_long_in_words_is_worked_out_once_and_to_the_same() -> None:
    day = AddDays(Kind.DATE, FactRef(Kind.DATE, FACTS["born"]), FactRef(Kind.INT, FACTS["small"]))
    trees: dict[str, Node] = {
        "months": MonthsBetween(Kind.INT, day, FactRef(Kind.DATE, FACTS["begun"])),
        "years": YearsBetween(Kind.INT, FactRef(Kind.DATE, FACTS["begun"]), day),
        "moved": AddMonths(Kind.DATE, day, FactRef(Kind.INT, FACTS["small"])),
        "days": AddDays(Kind.DATE, day, FactRef(Kind.INT, FACTS["small"])),
        "year": YearStart(Kind.DATE, day),
    }
    days = [date(2024, 1, 31), date(2024, 2, 29), date(2023, 2, 28), date(2200, 12, 31), None]
    rows_ = [{"born": one, "begun": other, "small": n} for one in days for other in days for n in (1, 12, None)]
    frame = frame_of(rows_, FACTS)
    expected = by_closures(trees, rows_)
    assert by_polars(trees, frame) == expected
    assert by_duckdb(trees, frame) == expected
