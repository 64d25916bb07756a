"""政策模拟 - what a change would cost: the policy as it is and as it would be, over the same register on the same day.

Where only the amount changes, the conditions are decided once and the amounts of those who qualify worked out for every
value; else all variants are decided in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from chuangju.rules.bulk.batch import Stage
from chuangju.rules.bulk.comparing import BASE, HAS, VARIANT, Comparison
from chuangju.rules.bulk.nodes import without
from chuangju.rules.bulk.plain import AMOUNT, HOLDS, PlainDecider
from chuangju.rules.bulk.registers import Source
from chuangju.rules.bulk.run import facts_of_all
from chuangju.rules.bulk.widths import WORKED
from chuangju.rules.days import add_months
from chuangju.rules.kinds import Kind
from chuangju.rules.policy import Policy
from chuangju.rules.program import Program, prepare_policy
from chuangju.rules.tree import And

QUARTER_MONTHS = 3
# What results are broken down by, where the register has it.
GROUPS = {"by_town": "town", "by_size": "size_class", "by_industry": "industry_section"}
_HOLDS = "all conditions hold"
Register = Path | str | pl.DataFrame


@dataclass(slots=True)
class Simulation:
    """One variant against the policy as it is: how many qualify, what it costs, who gains and who loses.

    Amounts are fen; an eligible enterprise whose amount is unknown counts with nothing. `groups` holds the same figures
    by town, size and industry.
    """

    policy: Policy
    on: date
    base: dict[str, int]
    changed: dict[str, int]
    winners: int
    losers: int
    groups: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    value: Any = None
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As formats.md says; a swept value stands under `value`."""
        found: dict[str, Any] = {
            "policy": self.policy.id,
            "version": self.policy.version,
            "on": self.on.isoformat(),
            "base": self.base,
            "changed": self.changed,
            "winners": self.winners,
            "losers": self.losers,
            **self.groups,
        }
        return found if self.value is None else {"value": self.value, **found}


def simulate(register: Register, policy: Policy, changed: Policy, *, on: date) -> Simulation:
    """One variant of a policy over a register; raises CannotDecide with a sentence."""
    return simulate_variants(register, policy, [changed], on=on)[0]


def simulate_quarters(
    register: Register, policy: Policy, changed: Policy, *, on: date, quarters: int = 4
) -> list[Simulation]:
    """The same now and at the end of each of the next quarters, the register staying as it is."""
    days = [add_months(on, QUARTER_MONTHS * number) for number in range(quarters + 1)]
    return [simulate(register, policy, changed, on=day) for day in days]


def simulate_variants(
    register: Register, policy: Policy, variants: Sequence[Policy], *, on: date, values: Sequence[Any] = ()
) -> list[Simulation]:
    """Several variants at once; `values` are what was swept, in the same order. Raises CannotDecide with a sentence."""
    base = prepare_policy(policy, on)
    programs = [prepare_policy(one, on) for one in variants]
    source = Source(register, facts_of_all([base, *programs]), beside=tuple(GROUPS.values()))
    decide = _amounts_only if _same_conditions(base, programs) else _everything
    decided = pl.concat(decide(source, base, programs))
    compared = Comparison(decided, len(programs))
    told = compared.told()
    groups = {key: compared.told_by(column) for key, column in GROUPS.items() if column in decided.columns}
    return [
        Simulation(
            policy,
            on,
            **figures,
            groups={key: {name: each[number] for name, each in found.items()} for key, found in groups.items()},
            value=values[number] if values else None,
            warnings=source.warnings,
        )
        for number, figures in enumerate(told)
    ]


def _same_conditions(base: Program, programs: Sequence[Program]) -> bool:
    conditions = [[one.now for one in program.conditions] for program in (base, *programs)]
    return all(one == conditions[0] for one in conditions)


def _amounts_only(source: Source, base: Program, programs: Sequence[Program]) -> Iterator[pl.DataFrame]:
    """Who qualifies, once; then every amount of those who do. Only their rows are given."""
    absent = source.survey.absent
    trees = {BASE: base.amount, **{f"{VARIANT}{number}": one.amount for number, one in enumerate(programs)}}
    wanted = {name: without(tree, absent) for name, tree in trees.items() if tree is not None}
    holds = without(And(Kind.BOOL, tuple(one.now for one in base.conditions)), absent)
    stages: tuple[Stage, Stage] | None = None
    for piece in source.pieces():
        who, amounts = stages = stages or (Stage(piece.schema, {_HOLDS: holds}), Stage(piece.schema, wanted))
        held = who.add_to(piece.lazy()).collect()
        yield amounts.where(held, pl.col(_HOLDS), source.beside).select(
            *source.beside,
            *(pl.col(name) if name in wanted else pl.lit(None, dtype=pl.Int64).alias(name) for name in trees),
            *(pl.lit(True).alias(f"{name}{HAS}") for name in trees),
        )


def _everything(source: Source, base: Program, programs: Sequence[Program]) -> Iterator[pl.DataFrame]:
    """All variants beside the policy as it is, in one pass; only rows that qualify by any are given."""
    names = [BASE, *(f"{VARIANT}{number}" for number in range(len(programs)))]
    named, decider = dict(zip(names, (base, *programs), strict=True)), None
    for piece in source.pieces():
        decider = decider or PlainDecider(named, source.survey.absent, piece.schema)
        found = decider.decide(piece).select(
            *(piece[name] for name in source.beside),
            *(pl.col(f"{name}{AMOUNT}").cast(WORKED).alias(name) for name in names),
            *(pl.col(f"{name}{HOLDS}").fill_null(value=False).alias(f"{name}{HAS}") for name in names),
        )
        yield found.filter(pl.any_horizontal(f"{name}{HAS}" for name in names))
