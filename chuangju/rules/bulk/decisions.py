"""The five steps from conditions to a verdict, as trees that every engine runs (see `program` for what they are).

Conditions that policies share are worked out once, as columns that everything else speaks of (`Held`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chuangju.rules.bulk.missing import Missing, is_unknown, missing_facts, only_where, opposite, surely, united
from chuangju.rules.bulk.nodes import Absent, Bits, Held, One, Pick, without
from chuangju.rules.folding import fold_node
from chuangju.rules.kinds import FAR, Kind
from chuangju.rules.program import VERDICTS, ConditionProgram, Program, facts_of
from chuangju.rules.transforms import conjunction, disjunction, rebuild
from chuangju.rules.tree import And, Compare, Const, Extremum, FromDay, If, Node, Or

MOST_BITS = 63
ELIGIBLE, NOT_YET, NEAR_MISS, UNKNOWN, NOT_ELIGIBLE = range(len(VERDICTS))
_FAR = Const(Kind.DATE, FAR)
_DAY = FromDay(Kind.DATE)


class CannotDecide(ValueError):
    """These policies cannot be decided in bulk; the sentence says why."""


@dataclass(frozen=True, slots=True)
class TimePlan:
    """For rows that fail only in conditions which time may mend (`waits`): the day from which, then verdict and missing."""

    waits: Node
    from_day: Node
    verdict: Node
    missing: Bits


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """One policy; its trees speak of columns that the steps of the plan have made. Bits are by `legend`."""

    program: Program
    facts: tuple[str, ...]
    columns: PolicyColumns
    missing: Bits
    amount: Node | None
    amount_missing: Bits
    time: TimePlan | None

    @property
    def id(self) -> str:
        """The policy's id."""
        return self.program.policy.id

    @property
    def verdict(self) -> Node:
        """The verdict of rows that do not wait."""
        cases = (self.columns.holds, is_unknown(self.columns.holds), self.columns.near)
        return Pick(Kind.INT, cases, (ELIGIBLE, UNKNOWN, NEAR_MISS, NOT_ELIGIBLE))

    def legend(self) -> dict[str, Any]:
        """What the bits of this policy mean, in their order."""
        failed = [one.id for one in self.program.conditions]
        return {"version": self.program.policy.version, "failed": failed, "missing": list(self.facts)}


class PolicyColumns:
    """The columns of a policy: whether all conditions hold, whether any is unknown, which fail, and whether just one does."""

    def __init__(self, policy_id: str) -> None:
        """For this policy."""
        self.holds = Held(Kind.BOOL, f"{policy_id} holds")
        self.unsure = Held(Kind.BOOL, f"{policy_id} unsure")
        self.failed = Held(Kind.INT, f"{policy_id}.failed")
        self.near = Held(Kind.BOOL, f"{policy_id} near")
        self.waits = Held(Kind.BOOL, f"{policy_id} waits")


@dataclass(frozen=True, slots=True)
class Plan:
    """All policies of a run; each step gives columns that the next ones speak of."""

    policies: tuple[PolicyPlan, ...]
    steps: tuple[dict[str, Node], ...]

    def legend(self) -> dict[str, Any]:
        """What verdicts and bits mean, by policy."""
        return {"verdicts": list(VERDICTS), "policies": {one.id: one.legend() for one in self.policies}}


def facts_asked(program: Program) -> tuple[str, ...]:
    """The facts that any of a program's trees asks for: those of `Program.facts`, then what only time asks for."""
    later = [tree for one in program.conditions for tree in (one.first, one.later) if tree is not None]
    return tuple(dict.fromkeys([*program.facts, *(key for tree in later for key in facts_of(tree))]))


def make_plan(programs: Sequence[Program], absent: Absent) -> Plan:
    """The plan for a register that lacks these facts; raises CannotDecide."""
    ids = [one.policy.id for one in programs]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise CannotDecide(f"政策 {twice} 给了不止一个版本，请只选一个。")
    maker = _PlanMaker(absent)
    policies = tuple(maker.policy(one) for one in programs)
    held = {column.name: tree for tree, column in maker.names.items()}
    return Plan(policies, (held, maker.first, maker.second))


class _PlanMaker:
    """Collects the steps while it makes the plans of the policies."""

    def __init__(self, absent: Absent) -> None:
        self._absent = absent
        self.names: dict[Node, Held] = {}
        self.first: dict[str, Node] = {}
        self.second: dict[str, Node] = {}

    def policy(self, program: Program) -> PolicyPlan:
        """The plan of one policy; raises CannotDecide."""
        facts, columns = _checked_facts(program), PolicyColumns(program.policy.id)
        trees = [without(one.now, self._absent) for one in program.conditions]
        held = [self.names.setdefault(tree, Held(Kind.BOOL, f"holds {len(self.names)}")) for tree in trees]
        self.first[columns.holds.name] = And(Kind.BOOL, tuple(held))
        self.first[columns.unsure.name] = Or(Kind.BOOL, tuple(is_unknown(one) for one in held))
        self.first[columns.failed.name] = Bits(Kind.INT, tuple(opposite(one) for one in held))
        self.second[columns.near.name] = conjunction([opposite(columns.unsure), One(Kind.BOOL, columns.failed)])
        missing = united(missing_facts(one.now) for one in program.conditions)
        of_amount = missing_facts(program.amount) if program.amount is not None else {}
        time = _TimePlanner(program, held, columns, self._absent).plan(missing, facts)
        if time is not None:
            self.second[columns.waits.name] = time.waits
        return PolicyPlan(
            program=program,
            facts=facts,
            columns=columns,
            missing=_bits(missing, facts, self._absent),
            amount=without(program.amount, self._absent) if program.amount is not None else None,
            amount_missing=_bits(of_amount, facts, self._absent),
            time=time,
        )


def _checked_facts(program: Program) -> tuple[str, ...]:
    facts = facts_asked(program)
    for number, what in ((len(program.conditions), "项条件"), (len(facts), "项数据")):
        if number > MOST_BITS:
            raise CannotDecide(f"政策 {program.policy.id} 用到 {number} {what}，成批计算每项政策最多 {MOST_BITS} 项。")
    return facts


def _bits(missing: Missing, facts: Sequence[str], absent: Absent) -> Bits:
    return Bits(Kind.INT, tuple(without(missing.get(key, Const(Kind.BOOL, False)), absent) for key in facts))


class _TimePlanner:
    """Works out what time can do for the failing conditions of a program."""

    def __init__(self, program: Program, held: Sequence[Held], columns: PolicyColumns, absent: Absent) -> None:
        self._program, self._held, self._columns, self._absent = program, held, columns, absent
        pairs = list(zip(program.conditions, held, strict=True))
        firsts = [(_once_it_fails(one), column) for one, column in pairs]
        self._timed = [(without(first, absent), column) for first, column in firsts if first is not None]
        self._others = [column for first, column in firsts if first is None]

    def plan(self, missing: Missing, facts: Sequence[str]) -> TimePlan | None:
        """None where time mends no condition."""
        if not self._timed:
            return None
        today = Const(Kind.DATE, self._program.day)
        days = tuple(If(Kind.DATE, surely(opposite(column)), first, today) for first, column in self._timed)
        waits: list[Node] = [opposite(self._columns.holds)]
        waits += [disjunction([is_unknown(column), column]) for column in self._others]
        return TimePlan(
            waits=conjunction(waits),
            from_day=Extremum(Kind.DATE, greatest=True, parts=days) if len(days) > 1 else days[0],
            verdict=self._verdict(),
            missing=_bits(united([missing, *self._missing()]), facts, self._absent),
        )

    def _verdict(self) -> Node:
        near = self._columns.near
        never = [
            conjunction([surely(opposite(column)), surely(Compare(Kind.BOOL, "==", first, _FAR))])
            for first, column in self._timed
        ]
        hopeless = disjunction(never)
        later = [one.later for one in self._program.conditions if one.later is not None]
        stays = conjunction([without(one, self._absent) for one in later])
        cases = (
            (conjunction([hopeless, near]), NEAR_MISS),
            (hopeless, NOT_ELIGIBLE),
            (self._columns.unsure, UNKNOWN),
            (is_unknown(_DAY), UNKNOWN),
            (stays, NOT_YET),
            (is_unknown(stays), UNKNOWN),
            (near, NEAR_MISS),
        )
        return Pick(Kind.INT, tuple(case for case, _ in cases), (*(number for _, number in cases), NOT_ELIGIBLE))

    def _missing(self) -> list[Missing]:
        """Where all answers are there: what the day from which lacks, else what is lacking on that day."""
        is_sure, has_day = opposite(self._columns.unsure), opposite(is_unknown(_DAY))
        found = []
        for one, column in zip(self._program.conditions, self._held, strict=True):
            if one.first is not None:
                is_open = conjunction([is_sure, is_unknown(_DAY), opposite(column)])
                found.append(only_where(is_open, missing_facts(one.first)))
            if one.later is not None:
                found.append(only_where(conjunction([is_sure, has_day]), missing_facts(one.later)))
        return found


def _once_it_fails(condition: ConditionProgram) -> Node | None:
    """The first day at which a condition that fails now holds; None where time alone never mends it."""
    if condition.first is None:
        return None

    def _not_now(node: Node) -> Node:
        return node.no if isinstance(node, If) and node.condition == condition.now else node

    found = rebuild(rebuild(condition.first, _not_now), fold_node)
    return None if found == _FAR else found
