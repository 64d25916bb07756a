"""A batch of a register decided by Polars: conditions for all rows; amounts, waiting and what is missing for the rows concerned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import polars as pl

from chuangju.rules.bulk.columns import FROM_DAY, Columns, Schema
from chuangju.rules.bulk.decisions import UNKNOWN, Plan, PolicyPlan, TimePlan
from chuangju.rules.bulk.nodes import Held, IsUnknown
from chuangju.rules.bulk.results import VERDICT
from chuangju.rules.bulk.sharing import share
from chuangju.rules.bulk.widths import bits_dtype, width_of
from chuangju.rules.tree import And, Const, FactRef, Node, Not, Or, walk

ROW = "row of the batch"
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

    def where(self, frame: pl.DataFrame, rows: pl.Expr, also: Sequence[str] = ()) -> pl.DataFrame:
        """The trees' columns for some rows only, with what they ask for and these columns beside."""
        return self.add_to(frame.lazy().filter(rows).select(sorted({*self.needs, *also}))).collect()


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
        self._needs = sorted({ROW, *self._day.needs, *self._verdict.needs, *self._missing.needs} - {FROM_DAY})

    def where(self, frame: pl.DataFrame, rows: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Each row and its verdict; those that are unknown, and what they miss."""
        waiting = self._day.add_to(frame.lazy().filter(rows).select(self._needs))
        judged = self._verdict.add_to(waiting).collect()
        still_open = judged.lazy().filter(pl.col(_FOUND) == UNKNOWN).drop(_FOUND)
        return judged.select(ROW, _FOUND), self._missing.add_to(still_open).select(ROW, _FOUND).collect()


class BatchDecider:
    """Decides frames of one schema by one plan; everything that does not depend on the rows is made once."""

    def __init__(self, plan: Plan, schema: Schema) -> None:
        """For frames of this schema, `id` included."""
        self.plan = plan
        # What only asks which facts are there costs less for all rows than finding the rows that want it.
        light = {_lacking(one.id): one.missing for one in plan.policies if _is_light(one.missing)}
        codes = {_code(one.id): one.verdict for one in plan.policies}
        self._steps = [Stage(schema, step) for step in (*plan.steps, codes | light)]
        self._last = list(chain.from_iterable(_answers(one, light=_lacking(one.id) in light) for one in plan.policies))
        self._amounts = {one.id: Stage(schema, {_FOUND: one.amount}) for one in plan.policies if one.amount}
        self._of_amount = {one.id: Stage(schema, {_FOUND: one.amount_missing}) for one in plan.policies if one.amount}
        self._widths = {one.id: width_of(one.amount) for one in plan.policies}
        self._waiting = {one.id: _Waiting(schema, one.time) for one in plan.policies if one.time}
        self._missing = {
            one.id: Stage(schema, {_FOUND: one.missing}) for one in plan.policies if _lacking(one.id) not in light
        }

    def decide(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The decisions on these rows: `id`, and for each policy verdict, amount (narrow), failed and missing."""
        rows = frame.lazy().with_row_index(ROW)
        for step in self._steps:
            rows = step.add_to(rows)
        decided = rows.with_columns(self._last).collect()
        with ThreadPoolExecutor(_THREADS) as pool:
            found = pool.map(lambda policy: list(self._finish(policy, decided)), self.plan.policies)
            return pl.DataFrame([frame["id"], *chain.from_iterable(found)])

    def _finish(self, policy: PolicyPlan, decided: pl.DataFrame) -> Iterator[pl.Series]:
        name = policy.id
        verdict, missing = decided[f"{name}.verdict"], decided[f"{name}.missing"]
        if name in self._missing:
            found = self._missing[name].where(decided, pl.col(_code(name)) == UNKNOWN, [ROW])
            missing = _put(missing, found)
        if name in self._waiting:
            judged, lacking = self._waiting[name].where(decided, pl.col(policy.columns.waits.name))
            verdict = _put(verdict, judged.with_columns(pl.col(_FOUND).cat.to(VERDICT)))
            missing = _put(missing, lacking)
        width = self._widths[name]
        amount = pl.repeat(None, len(decided), dtype=width, eager=True)
        if name in self._amounts:
            of_amount = self._of_amount[name]
            found = self._amounts[name].where(decided, pl.col(policy.columns.holds.name), [ROW, *of_amount.needs])
            amount = _put(amount, found.with_columns(pl.col(_FOUND).cast(width)))
            if found[_FOUND].null_count():
                unknown = found.filter(pl.col(_FOUND).is_null()).drop(_FOUND)
                missing = _put(missing, of_amount.add_to(unknown.lazy()).collect())
        yield verdict.alias(f"{name}.verdict")
        yield amount.alias(f"{name}.amount")
        yield decided[policy.columns.failed.name]
        yield missing.alias(f"{name}.missing")


def _put(series: pl.Series, found: pl.DataFrame) -> pl.Series:
    return series.scatter(found[ROW], found[_FOUND]) if len(found) else series


def _code(name: str) -> str:
    return f"{name} code"


def _lacking(name: str) -> str:
    return f"{name} lacking"


def _is_light(tree: Node) -> bool:
    """Whether it only asks what is known, of facts and of columns made before."""
    parts = [node for part in getattr(tree, "parts", ()) for node in walk(part)]
    return all(isinstance(one, FactRef | Held | Const | IsUnknown | And | Or | Not) for one in parts)


def _answers(policy: PolicyPlan, *, light: bool) -> list[pl.Expr]:
    """Verdict and missing as far as they are known for all rows."""
    code, nothing = pl.col(_code(policy.id)), pl.lit(0, dtype=bits_dtype(len(policy.facts)))
    missing = pl.when(code == UNKNOWN).then(pl.col(_lacking(policy.id))).otherwise(nothing) if light else nothing
    return [code.cat.to(VERDICT).alias(f"{policy.id}.verdict"), missing.alias(f"{policy.id}.missing")]
