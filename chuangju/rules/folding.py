"""Folding: with the day known, every comparison with months, years or days gone by is a comparison of a date with one day.

This halves the work in every interpreter, and it keeps columns and SQL from computing months, which each does differently.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chuangju.rules.closures import compile_tree
from chuangju.rules.days import ONE_DAY, add_days, add_months, latest_start
from chuangju.rules.kinds import FAR, Kind
from chuangju.rules.transforms import MIRRORED, UNKNOWN, conjunction, disjunction, negate, rebuild, with_today
from chuangju.rules.tree import (
    Add,
    AddDays,
    AddMonths,
    Aggregate,
    And,
    Compare,
    Comparison,
    Const,
    DaysBetween,
    Extremum,
    FactRef,
    Field,
    FromDay,
    If,
    Item,
    MonthsBetween,
    Mul,
    MulDiv,
    Node,
    Not,
    Or,
    Sub,
    YearOf,
    YearsBetween,
    children,
)


def fold(node: Node, day: date) -> Node:
    """The tree with the day asked about taken in and everything constant worked out."""
    return rebuild(with_today(node, Const(Kind.DATE, day)), fold_node)


def settle_figures(node: Node) -> Node:
    """The tree with arithmetic of plain figures worked out and nothing else changed: for sentences (36 + 12 is 48)."""

    def _settle(one: Node) -> Node:
        parts = children(one)
        # A rate times days stays: the rate is what people know.
        is_figure = isinstance(one, Add | Sub | Mul | MulDiv | Extremum | If) and not (
            isinstance(one, Mul) and one.kind is Kind.RATE
        )
        return fold_node(one) if is_figure and parts and all(isinstance(part, Const) for part in parts) else one

    return rebuild(node, _settle)


def fold_node(node: Node) -> Node:
    """One node whose children are folded."""
    match node:
        case Const() | FactRef() | Field() | Item() | FromDay():
            return node
        case And():
            return conjunction(list(node.parts))
        case Or():
            return disjunction(list(node.parts))
        case Not():
            folded = negate(node.part)
            return node if isinstance(folded, Not) else folded
        case If() if isinstance(node.condition, Const):
            value = node.condition.value
            return Const(node.kind, None) if value is None else node.yes if value else node.no
        case Aggregate():
            return node
    if all(isinstance(child, Const) for child in children(node)):
        return Const(node.kind, compile_tree(node)({}, None))
    return _fold_comparison(node) if isinstance(node, Compare) else node


def _fold_comparison(node: Compare) -> Node:
    left, right, op = node.left, node.right, node.op
    if isinstance(left, Const):
        left, right, op = right, left, MIRRORED[op]
    if not isinstance(right, Const):
        return node
    if right.value is None:
        return Const(Kind.BOOL, None)
    folded = _fold_count(left, op, right.value)
    if folded is None:
        return Compare(Kind.BOOL, op, left, right)
    # What has become simpler may fold further: months of a date that is itself moved by months.
    return rebuild(folded, fold_node)


def _fold_count(left: Node, op: Comparison, bound: int | date) -> Node | None:
    """The comparison of a count (or of a moved date) with a constant as one of a date; None where it stays."""
    match left:
        case MonthsBetween() | YearsBetween() if isinstance(bound, int):
            months = 12 if isinstance(left, YearsBetween) else 1
            return _by_lower_bounds(op, bound, lambda n: _months_gone(left.start, left.end, n * months))
        case DaysBetween() if isinstance(bound, int):
            return _by_lower_bounds(op, bound, lambda n: _days_gone(left.start, left.end, n))
        case YearOf() if isinstance(bound, int) and 1 < bound < FAR.year:
            return _by_lower_bounds(op, bound, lambda n: _from_day_on(left.part, date(n, 1, 1)))
        case AddMonths() if (
            isinstance(left.months, Const) and isinstance(bound, date) and left.months.value is not None
        ):
            count = int(left.months.value)
            return _by_upper_bounds(op, bound, lambda day: _up_to(left.start, latest_start(day, count)))
        case AddDays() if isinstance(left.days, Const) and isinstance(bound, date) and left.days.value is not None:
            back = -int(left.days.value)
            return _by_upper_bounds(op, bound, lambda day: _up_to(left.start, add_days(day, back)))
        case _:
            return None


def _by_lower_bounds(op: Comparison, n: int, at_least: Callable[[int], Node | None]) -> Node | None:
    """All six comparisons from `>= n` alone; None where even that does not fold."""
    here, above = at_least(n), at_least(n + 1)
    if here is None or above is None:
        return None
    match op:
        case ">=":
            return here
        case ">":
            return above
        case "<":
            return negate(here)
        case "<=":
            return negate(above)
        case "==":
            return conjunction([here, negate(above)])
        case _:
            return disjunction([negate(here), above])


def _by_upper_bounds(op: Comparison, day: date, up_to: Callable[[date], Node]) -> Node:
    """All six comparisons of a moved date from `<= day` alone."""
    # No day lies before the calendar's first: the day before it is that day itself, which no fact can have.
    here, before = up_to(day), up_to(max(day, date.min + ONE_DAY) - ONE_DAY)
    match op:
        case "<=":
            return here
        case "<":
            return before
        case ">":
            return negate(here)
        case ">=":
            return negate(before)
        case "==":
            return conjunction([here, negate(before)])
        case _:
            return disjunction([negate(here), before])


def _months_gone(start: Node, end: Node, months: int) -> Node | None:
    """Whether at least so many months lie between, one of the two being a known day."""
    if isinstance(end, Const):
        return UNKNOWN if end.value is None else _up_to(start, latest_start(end.value, months))
    if isinstance(start, Const):
        return UNKNOWN if start.value is None else _from_day_on(end, add_months(start.value, months))
    return None


def _days_gone(start: Node, end: Node, days: int) -> Node | None:
    if isinstance(end, Const):
        return UNKNOWN if end.value is None else _up_to(start, add_days(end.value, -days))
    if isinstance(start, Const):
        return UNKNOWN if start.value is None else _from_day_on(end, add_days(start.value, days))
    return None


def _up_to(part: Node, day: date) -> Node:
    return Compare(Kind.BOOL, "<=", part, Const(Kind.DATE, day))


def _from_day_on(part: Node, day: date) -> Node:
    return Compare(Kind.BOOL, ">=", part, Const(Kind.DATE, day))
