"""What else an answer shows: points line by line, deductions in their order, and what a step of the applicant would bring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chuangju.rules.binding import Binder
from chuangju.rules.closures import compile_tree
from chuangju.rules.folding import fold
from chuangju.rules.given import clean_value, read_number
from chuangju.rules.judging import Judge
from chuangju.rules.kinds import Kind, Value
from chuangju.rules.program import Program
from chuangju.rules.sentences import tell
from chuangju.rules.tree import Add, Extremum, FactRef, Field, Node, walk

Facts = Mapping[str, Value]


def show_value(value: Value) -> Any:
    """A value as JSON has it: days as ISO text, records as objects."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [show_value(one) for one in value]
    if isinstance(value, dict):
        return {key: show_value(one) for key, one in value.items()}
    return value


def show_values(node: Node, values: Mapping[str, Value]) -> dict[str, Any]:
    """The values that a condition uses; of records only the fields it looks at, so that nothing else is shown."""
    fields = {one.fact.key for one in walk(node) if isinstance(one, Field)}
    return {key: show_value(_only(value, fields)) for key, value in values.items()}


def _only(value: Value, fields: set[str]) -> Value:
    if not isinstance(value, tuple | list):
        return value
    return [{key: one[key] for key in one if key in fields} if isinstance(one, dict) else one for one in value]


def show_points(program: Program, facts: Facts) -> list[dict[str, Any]]:
    """Each line of the points table: its value (None: unknown), and whether it counts (of a group only the best does)."""
    policy = program.policy
    binder = Binder(program.day, policy.parameters, policy.shared)
    values = [compile_tree(fold(binder.bind(one.value), program.day))(facts, None) for one in policy.points]
    best: dict[str, int] = {}
    for number, (item, value) in enumerate(zip(policy.points, values, strict=True)):
        if item.group and value is not None and (item.group not in best or value > values[best[item.group]]):
            best[item.group] = number
    return [
        {
            "id": item.id,
            "label": item.label.as_json(),
            "value": value,
            "counts": value is not None and (not item.group or best.get(item.group) == number),
            "group": item.group,
            "law": item.law,
        }
        for number, (item, value) in enumerate(zip(policy.points, values, strict=True))
    ]


def show_deductions(program: Program, facts: Facts) -> list[dict[str, Any]]:
    """Each tax with what is deducted from it, in order, until the limit is used up."""
    found = (
        [one for one in walk(program.amount_bound) if _is_deduction(one)] if program.amount_bound is not None else []
    )
    if not found or not isinstance(found[0], Extremum):
        return []
    limit_node, total = found[0].parts
    left: int | None = compile_tree(fold(limit_node, program.day))(facts, None)
    shown = []
    for tax in _terms(total):
        due = compile_tree(fold(tax, program.day))(facts, None)
        used = None if left is None or due is None else min(left, due)
        left = None if left is None or used is None else left - used
        shown.append({"label": tell(tax).as_json(), "due": due, "deducted": used})
    return shown


def _is_deduction(node: Node) -> bool:
    return isinstance(node, Extremum) and node.purpose == "deduct"


def _terms(total: Node) -> list[Node]:
    return [*_terms(total.left), total.right] if isinstance(total, Add) else [total]


def show_steps(judge: Judge, facts: Facts, verdict: str, amount: int | None) -> list[dict[str, Any]]:
    """For each declared step: the verdict and the amount after it, and the gain; steps that change nothing are left out."""
    shown = []
    for step in judge.program.policy.steps:
        changed = apply_change(judge.program, facts, step.change)
        if changed is None:
            continue
        after = judge.judge(changed)
        gain = (after.amount or 0) - (amount or 0) if after.verdict == "eligible" and after.amount is not None else 0
        if after.verdict != verdict or gain:
            shown.append(
                {"label": step.label.as_json(), "verdict": after.verdict, "amount": after.amount, "gain": gain}
            )
    return shown


def apply_change(program: Program, facts: Facts, change: Mapping[str, Any]) -> dict[str, Value] | None:
    """The facts after a step; None where what it starts from is unknown, or the step leads beyond what can be."""
    known = {one.fact.key: one.fact for tree in _trees(program) for one in walk(tree) if isinstance(one, FactRef)}
    found = dict(facts)
    for key, value in change.items():
        fact = known.get(key)
        if fact is None:
            continue
        now = facts.get(key)
        if isinstance(value, Mapping) and set(value) == {"add"}:
            if now is None:
                return None
            added = clean_value([value["add"]], fact)
            found[key] = (*now, *added)
        elif fact.kind in {Kind.INT, Kind.MONEY, Kind.RATE} and isinstance(value, str) and value[:1] in {"+", "-"}:
            if now is None:
                return None
            more = read_number(value[1:], fact)
            found[key] = now + more if value[0] == "+" else now - more
            if not fact.low <= found[key] <= fact.high:
                return None
        else:
            found[key] = clean_value(value, fact)
    return found


def _trees(program: Program) -> list[Node]:
    trees = [one.now for one in program.conditions]
    return [*trees, program.amount] if program.amount is not None else trees
