"""The plain pass: yes, no or unknown, and the amount of those who qualify - all that is left when nobody asks why.

Amounts cost more than conditions do, so they are worked out for the rows that qualify, and only for those.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from chuangju.rules.bulk.batch import Stage
from chuangju.rules.bulk.columns import Schema
from chuangju.rules.bulk.nodes import Absent, without
from chuangju.rules.bulk.widths import width_of
from chuangju.rules.kinds import Kind
from chuangju.rules.program import Program
from chuangju.rules.tree import And, Node

HOLDS, AMOUNT = ".holds", ".amount"
_FOUND = "found"


class PlainDecider:
    """Decides frames of one schema by some programs under names of their own."""

    def __init__(self, programs: Mapping[str, Program], absent: Absent, schema: Schema) -> None:
        """For a register that lacks the facts that are `absent`."""
        self._names = list(programs)
        conditions: dict[str, Node] = {
            f"{name}{HOLDS}": And(Kind.BOOL, tuple(without(one.now, absent) for one in program.conditions))
            for name, program in programs.items()
        }
        self._holds = Stage(schema, conditions)
        amounts = {name: without(one.amount, absent) for name, one in programs.items() if one.amount is not None}
        self._amounts = {name: Stage(schema, {_FOUND: tree}) for name, tree in amounts.items()}
        self._wanted = list(conditions)
        self._widths = {name: width_of(amounts.get(name)) for name in programs}

    def decide(self, frame: pl.DataFrame) -> pl.DataFrame:
        """For each name NAME.holds, null where it is unknown, and NAME.amount (narrow), null for whoever does not qualify."""
        held = self._holds.add_to(frame.lazy()).select(self._wanted).collect(engine="streaming")
        return self.with_amounts(frame, held)

    def with_amounts(self, frame: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
        """The same where NAME.holds stands in `held` already."""
        worked_out = pl.collect_all([self._of_some(frame, held, name) for name in self._amounts])
        found = {name: one.to_series() for name, one in zip(self._amounts, worked_out, strict=True)}
        columns = []
        for name in self._names:
            holds = held[f"{name}{HOLDS}"]
            amount = pl.repeat(None, frame.height, dtype=self._widths[name], eager=True)
            if name in found:
                amount = amount.scatter(holds.arg_true(), found[name])
            columns += [holds, amount.alias(f"{name}{AMOUNT}")]
        return pl.DataFrame(columns)

    def _of_some(self, frame: pl.DataFrame, held: pl.DataFrame, name: str) -> pl.LazyFrame:
        """The amounts of the rows that qualify, in their order."""
        stage, holds = self._amounts[name], held[f"{name}{HOLDS}"]
        # An amount that asks for nothing still has to be given to each of them.
        asked = frame.select(stage.needs) if stage.needs else held.select(holds.name)
        return stage.add_to(asked.lazy().filter(holds)).select(pl.col(_FOUND).cast(self._widths[name]))
