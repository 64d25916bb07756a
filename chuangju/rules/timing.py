"""From which day: the comparisons of a condition turned round, so that "not yet" comes with its date.

`first_day` makes of a condition a tree that gives the first day from `day` on at which it holds: the day itself where it
holds already, FAR where time alone will not mend it, unknown where it is unknown. `rises` tells conditions that stay true
once they are; the others must be looked at again on the day found (`FromDay`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chuangju.rules.folding import fold
from chuangju.rules.kinds import FAR, Kind
from chuangju.rules.transforms import MIRRORED, conjunction, depends_on_today, disjunction, negate, with_today
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
    FromDay,
    If,
    InSet,
    MonthsBetween,
    Mul,
    Node,
    Not,
    Or,
    Today,
    YearOf,
    YearsBetween,
    YearStart,
)

_NEVER = Const(Kind.DATE, FAR)


def first_day(condition: Node, day: date) -> Node:
    """The first day from `day` on at which a bound condition holds, as a folded tree."""
    holds, now = fold(condition, day), Const(Kind.DATE, day)
    return fold(If(Kind.DATE, holds, now, _first(condition, day)), day)


def on_that_day(condition: Node, day: date) -> Node:
    """The condition as it stands on the day found; `day` only tells what is constant."""
    return fold(with_today(condition, FromDay(Kind.DATE)), day)


def rises(condition: Node) -> bool:
    """Whether a condition that holds once holds ever after, as far as its form tells."""
    if not depends_on_today(condition):
        return True
    match condition:
        case And() | Or():
            return all(rises(one) for one in condition.parts)
        case Compare():
            return _rising(condition) is not None
        case Not():
            opposite = negate(condition.part)
            return not isinstance(opposite, Not) and rises(opposite)
        case Aggregate() if condition.op in {"any", "all"} and condition.body is not None:
            where = condition.where
            return rises(condition.body) and (
                where is None or (condition.op == "any" and rises(where)) or not depends_on_today(where)
            )
        case _:
            return False


def _first(node: Node, day: date) -> Node:
    now = Const(Kind.DATE, day)
    if not depends_on_today(node):
        return If(Kind.DATE, node, now, _NEVER)
    match node:
        case And() | Or():
            return _first_of_parts(node, day)
        case InSet():
            return _first(Or(Kind.BOOL, tuple(_equal(node.part, value) for value in node.values)), day)
        case Not():
            opposite = negate(node.part)
            if not isinstance(opposite, Not):
                return _first(opposite, day)
        case Compare():
            found = _first_of_comparison(node, day)
            if found is not None:
                return found
        case Aggregate(op="any" | "all", body=Node() as body):
            return _first_of_elements(node, body, day)
    return If(Kind.DATE, fold(node, day), now, _NEVER)


def _first_of_parts(node: And | Or, day: date) -> Node:
    """All of them: the latest of their days; any of them: the earliest. What time does not touch decides first, if it can."""
    is_and, now = isinstance(node, And), Const(Kind.DATE, day)
    still = [one for one in node.parts if not depends_on_today(one)]
    days = tuple(fold(_first(one, day), day) for one in node.parts if depends_on_today(one))
    if (_NEVER if is_and else now) in days:
        found: Node = _NEVER if is_and else now
    else:
        found = days[0] if len(days) == 1 else Extremum(Kind.DATE, greatest=is_and, parts=days)
    if not still:
        return found
    if is_and:
        return If(Kind.DATE, conjunction(still), found, _NEVER)
    return If(Kind.DATE, disjunction(still), now, found)


def _equal(part: Node, value: object) -> Node:
    return Compare(Kind.BOOL, "==", part, Const(part.kind, value))


def _first_of_comparison(node: Compare, day: date) -> Node | None:
    if node.op == "==" and node.left.kind in {Kind.INT, Kind.DATE}:
        both: list[Node] = [replace(node, op=">="), replace(node, op="<=")]
        return _first(conjunction(both), day) if any(rises(one) for one in both) else None
    begin = _rising(node)
    if begin is None:
        return None
    if isinstance(begin, Aggregate) and begin.op == "count":
        return _begin_of_count(begin, day)
    return Extremum(Kind.DATE, greatest=True, parts=(begin, Const(Kind.DATE, day)))


def _begin_of_count(count: Aggregate, day: date) -> Node:
    """The day at which the n-th element fulfils its part: the n-th smallest of their first days."""
    if count.n < 1:
        return Const(Kind.DATE, day)
    parts = [one for one in (count.where, count.body) if one is not None]
    return Aggregate(Kind.DATE, "nth", count.source, _first(conjunction(parts), day), None, count.n, count.latest)


def _first_of_elements(node: Aggregate, body: Node, day: date) -> Node:
    if node.op == "any":
        return _begin_of_count(replace(node, n=1), day)
    where_now = None if node.where is None else fold(node.where, day)
    latest = Aggregate(Kind.DATE, "max", node.source, _first(body, day), where_now, 0, node.latest)
    is_empty = Compare(
        Kind.BOOL, "==", Aggregate(Kind.INT, "count", node.source, None, where_now, 0, node.latest), Const(Kind.INT, 0)
    )
    return If(Kind.DATE, is_empty, Const(Kind.DATE, day), latest)


def _rising(node: Compare) -> Node | None:
    """For a comparison that time makes true and keeps true: the day from which it holds, or the count to wait for."""
    left, right, op = node.left, node.right, node.op
    if depends_on_today(right) and not depends_on_today(left):
        left, right, op = right, left, MIRRORED[op]
    if op not in {">=", ">"} or depends_on_today(right):
        return None
    return _begin(left, op, right)


def _begin(left: Node, op: Comparison, right: Node) -> Node | None:
    match left:
        case Today():
            return right if op == ">=" else AddDays(Kind.DATE, right, Const(Kind.INT, 1))
        case MonthsBetween(end=Today()):
            return AddMonths(Kind.DATE, left.start, _plus(right, 0 if op == ">=" else 1))
        case YearsBetween(end=Today()):
            years = _plus(right, 0 if op == ">=" else 1)
            return AddMonths(Kind.DATE, left.start, Mul(Kind.INT, years, Const(Kind.INT, 12)))
        case DaysBetween(end=Today()):
            return AddDays(Kind.DATE, left.start, _plus(right, 0 if op == ">=" else 1))
        case YearOf(part=Today()):
            if isinstance(right, YearOf):
                of = right.part if op == ">=" else AddMonths(Kind.DATE, right.part, Const(Kind.INT, 12))
                return YearStart(Kind.DATE, of)
            if isinstance(right, Const) and right.value is not None:
                return _new_year(int(right.value) + (op == ">"))
            return None
        case Aggregate(op="count"):
            parts = [one for one in (left.where, left.body) if one is not None]
            if isinstance(right, Const) and right.value is not None and all(rises(one) for one in parts):
                return replace(left, n=int(right.value) + (op == ">"))
            return None
        case _:
            return None


def _new_year(year: int) -> Node:
    """The first day of a year; a year beyond the calendar never begins, one before it always has."""
    if year >= FAR.year:
        return _NEVER
    return Const(Kind.DATE, date(max(year, 1), 1, 1))


def _plus(node: Node, more: int) -> Node:
    return node if more == 0 else Add(Kind.INT, node, Const(Kind.INT, more))


def needs_another_look(condition: Node) -> bool:
    """Whether a condition that holds today may fail on the day found."""
    return depends_on_today(condition) and not rises(condition)
