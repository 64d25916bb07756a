"""A batch of a register decided by Polars: conditions for all rows; amounts, waiting and what is missing for the rows concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import polars as pl

from chuangju.rules.bulk.columns import FROM_DAY, Columns, Schema, bits_dtype
from chuangju.rules.bulk.decisions import ELIGIBLE, UNKNOWN, Plan, PolicyPlan, TimePlan
from chuangju.rules.bulk.nodes import Held
from chuangju.rules.bulk.results import VERDICT
from chuangju.rules.bulk.sharing import share
from chuangju.rules.tree import FactRef, Node, walk

_THREADS = 2
_FOUND = "found"


class Stage:
    """Some trees worked out together, with the steps they need, over frames that have the columns they ask for."""

    def __init__(self, schema: Schema, trees: Mapping[str, Node]) -> None:
        """Make the expressions once."""
        self._steps: list[tuple[Columns, dict[str, pl.Expr]]] = []
        for step in share(trees):
            columns = Columns(schema)
            self._steps.append((columns, {name: columns.expression(tree) for name, tree in step.items()}))
        self.needs = sorted({name for tree in trees.values() for name in _columns_of(tree)})

    def add_to(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with the trees' columns."""
        for columns, wanted in self._steps:
            frame = columns.run(frame, wanted)
        return frame

    def of_rows(self, frame: pl.DataFrame, places: pl.Series, also: Sequence[str] = ()) -> pl.DataFrame:
        """The trees' columns for some rows only, with what they ask for and these columns beside."""
        names = sorted({*self.needs, *also})
        rows = frame.select(pl.col(names).gather(places)) if names else places.to_frame("place")
        return self.add_to(rows.lazy()).collect()


def _columns_of(tree: Node) -> set[str]:
    found = set()
    for node in walk(tree):
        if isinstance(node, FactRef):
            found.add(node.fact.key)
        elif isinstance(node, Held):
            found.add(node.name)
    return found


class _Waiting:
    """For rows that time may mend: the day from which, then the verdict and what is missing."""

    def __init__(self, schema: Schema, time: TimePlan) -> None:
        self._day = Stage(schema, {FROM_DAY: time.from_day})
        self._verdict, self._missing = Stage(schema, {_FOUND: time.verdict}), Stage(schema, {_FOUND: time.missing})
        self._needs = sorted({*self._day.needs, *self._verdict.needs, *self._missing.needs} - {FROM_DAY})

    def of_rows(self, frame: pl.DataFrame, places: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
        """The verdict of each row; the places of those that are unknown, and what they miss."""
        rows = self._day.add_to(frame.select(pl.col(self._needs).gather(places)).lazy())
        judged = self._verdict.add_to(rows).collect()
        is_open = judged[_FOUND] == UNKNOWN
        rest = judged.filter(is_open).drop(_FOUND)
        return judged[_FOUND], places.filter(is_open), self._missing.add_to(rest.lazy()).collect()[_FOUND]


class BatchDecider:
    """Decides frames of one schema by one plan; everything that does not depend on the rows is made once."""

    def __init__(self, plan: Plan, schema: Schema) -> None:
        """For frames of this schema, `id` included."""
        self.plan = plan
        self._steps = [Stage(schema, step) for step in plan.steps]
        self._codes = Stage(schema, {f"{one.id}.verdict": one.verdict for one in plan.policies})
        self._amounts = {one.id: Stage(schema, {_FOUND: one.amount}) for one in plan.policies if one.amount}
        self._missing = {one.id: Stage(schema, {_FOUND: one.missing}) for one in plan.policies}
        self._waiting = {one.id: _Waiting(schema, one.time) for one in plan.policies if one.time}
        self._of_amount = {one.id: Stage(schema, {_FOUND: one.amount_missing}) for one in plan.policies if one.amount}

    def decide(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The decisions on these rows: `id`, and for each policy verdict, amount, failed and missing."""
        rows = frame.lazy()
        for step in (*self._steps, self._codes):
            rows = step.add_to(rows)
        decided = rows.collect()
        with ThreadPoolExecutor(_THREADS) as pool:
            found = pool.map(lambda policy: self._finish(policy, decided), self.plan.policies)
            return pl.DataFrame([frame["id"], *chain.from_iterable(found)])

    def _finish(self, policy: PolicyPlan, decided: pl.DataFrame) -> Sequence[pl.Series]:
        name, count = policy.id, len(decided)
        verdict = decided[f"{name}.verdict"]
        missing = pl.repeat(0, count, dtype=bits_dtype(len(policy.facts)), eager=True)
        missing = _put(missing, self._missing[name], decided, (verdict == UNKNOWN).arg_true())
        if policy.time is not None:
            places = decided[f"{name} waits"].arg_true()
            found, still_open, lacking = self._waiting[name].of_rows(decided, places)
            verdict, missing = verdict.scatter(places, found), missing.scatter(still_open, lacking)
        amount = pl.repeat(None, count, dtype=pl.Int64, eager=True)
        if policy.amount is not None:
            eligible = (verdict == ELIGIBLE).arg_true()
            amounts = self._amounts[name].of_rows(decided, eligible)[_FOUND]
            amount = amount.scatter(eligible, amounts)
            missing = _put(missing, self._of_amount[name], decided, eligible.filter(amounts.is_null()))
        return (
            verdict.cat.to(VERDICT).alias(f"{name}.verdict"),
            amount.alias(f"{name}.amount"),
            decided[f"{name}.failed"],
            missing.alias(f"{name}.missing"),
        )


def _put(series: pl.Series, stage: Stage, frame: pl.DataFrame, places: pl.Series) -> pl.Series:
    return series.scatter(places, stage.of_rows(frame, places)[_FOUND]) if len(places) else series
