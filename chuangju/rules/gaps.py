"""What is missing, and how far short: for a condition that is unknown the facts that could settle it, for one that fails the gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from chuangju.rules.closures import compile_tree
from chuangju.rules.kinds import NUMBERS, Kind, Value
from chuangju.rules.transforms import negate, with_today
from chuangju.rules.tree import (
    Aggregate,
    And,
    Compare,
    Const,
    Contains,
    DaysBetween,
    FactRef,
    If,
    MonthsBetween,
    Mul,
    Node,
    Not,
    Or,
    YearsBetween,
    children,
    walk,
)

Facts = Mapping[str, Value]
FindMissing = Callable[[Facts], list[str]]
_RATIO = Const(Kind.INT, 10_000)
_COUNT_UNITS: dict[type[Node], str] = {MonthsBetween: "months", YearsBetween: "years", DaysBetween: "days"}


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a value is from what is asked; `unit` is money, rate, months, years, days or count."""

    short_by: int
    unit: str


def find_missing(node: Node) -> FindMissing:
    """A function that names the facts which leave a tree unknown; only unknown parts of and, or and if are followed."""
    value = compile_tree(node)
    match node:
        case FactRef():
            return lambda facts: [node.fact.key] if facts.get(node.fact.key) is None else []
        case Contains() if isinstance(node.source, FactRef):
            key = node.source.fact.key
            return lambda facts: [key] if value(facts, None) is None else []
        case Aggregate():
            inside = [one.fact.key for one in walk(node) if isinstance(one, FactRef) and one is not node.source]
            return lambda facts: _of_list(facts, node.source.fact.key, inside) if value(facts, None) is None else []
        case If():
            return _of_choice(node)
    parts = [find_missing(child) for child in children(node)]

    def _find(facts: Facts) -> list[str]:
        if value(facts, None) is not None:
            return []
        return list(dict.fromkeys(key for part in parts for key in part(facts)))

    return _find


def _of_list(facts: Facts, key: str, inside: list[str]) -> list[str]:
    outside = [one for one in inside if facts.get(one) is None]
    return [key] if facts.get(key) is None or not outside else list(dict.fromkeys(outside))


def _of_choice(node: If) -> FindMissing:
    """The branch that is taken; where that is unknown by itself (no band reaches so far, a quarter lacks), what led there."""
    value, condition = compile_tree(node), compile_tree(node.condition)
    of_condition, of_yes, of_no = find_missing(node.condition), find_missing(node.yes), find_missing(node.no)
    asked = list(dict.fromkeys(one.fact.key for one in walk(node.condition) if isinstance(one, FactRef)))

    def _find(facts: Facts) -> list[str]:
        if value(facts, None) is not None:
            return []
        chosen = condition(facts, None)
        return of_condition(facts) if chosen is None else (of_yes(facts) if chosen else of_no(facts)) or asked

    return _find


def find_gap(bound: Node, day: date) -> Callable[[Facts], Gap | None]:
    """A function that tells how far short a failing condition is; None where that is no number."""
    return _gap(with_today(bound, Const(Kind.DATE, day)))


def _gap(node: Node) -> Callable[[Facts], Gap | None]:
    match node:
        case Not():
            opposite = negate(node.part)
            return _nothing if isinstance(opposite, Not) else _gap(opposite)
        case And():
            pairs = [(compile_tree(one), _gap(one)) for one in node.parts]
            return lambda facts: next((gap(facts) for part, gap in pairs if part(facts, None) is False), None)
        case Or():
            gaps = [_gap(one) for one in node.parts]
            return lambda facts: _least([gap(facts) for gap in gaps])
        case Compare() if node.left.kind in NUMBERS | {Kind.DATE} and node.op != "!=":
            return _of_comparison(node)
        case _:
            return _nothing


def _nothing(_facts: Facts) -> Gap | None:
    return None


def _least(gaps: list[Gap | None]) -> Gap | None:
    known = [one for one in gaps if one is not None]
    return min(known, key=lambda one: one.short_by) if known and len({one.unit for one in known}) == 1 else None


def _of_comparison(node: Compare) -> Callable[[Facts], Gap | None]:
    left, right = compile_tree(node.left), compile_tree(node.right)
    strict = int(node.op in {"<", ">"})
    is_ratio = isinstance(node.left, Mul) and node.left.right == _RATIO
    unit = "money" if is_ratio and _is_of_money(node.left) else _unit(node)

    def _find(facts: Facts) -> Gap | None:
        one, other = left(facts, None), right(facts, None)
        if one is None or other is None:
            return None
        distance = abs((one - other).days) if isinstance(one, date) else abs(one - other)
        if is_ratio:
            return Gap(-(-distance // 10_000), unit)
        return Gap(distance + strict, unit)

    return _find


def _is_of_money(product: Node) -> bool:
    """Whether the part of a ratio is an amount, made a plain number by a factor of one."""
    return any(one.kind is Kind.MONEY for one in walk(product))


def _unit(node: Compare) -> str:
    for side in (node.left, node.right):
        if type(side) in _COUNT_UNITS:
            return _COUNT_UNITS[type(side)]
    return {Kind.MONEY: "money", Kind.RATE: "rate", Kind.DATE: "days"}.get(node.left.kind, "count")
