"""Agreement - closures, columns and SQL give the same, cell by cell, whatever the tree and the facts."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chuangju.rules.closures import FROM_KEY
from chuangju.rules.kinds import Kind
from chuangju.rules.tree import Node
from tests.rules.bulk.engines import by_closures, by_duckdb, by_polars, frame_of, smallest_difference
from tests.rules.bulk.random_trees import DAYS, FACTS, TreeMaker, rows

_KINDS = [Kind.BOOL, Kind.BOOL, Kind.INT, Kind.MONEY, Kind.RATE, Kind.DATE, Kind.TEXT]
# A failing tree is cut down by `smallest_difference`, which is quicker than shrinking and tells more.
QUICK = settings(
    deadline=None,
    max_examples=60,
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
    for engine in (by_polars, by_duckdb):
        if engine(case.trees, frame) != expected:
            raise AssertionError(smallest_difference(case.trees, case.rows, frame, engine))
