"""From which day: the comparisons of a condition turned round, so that "not yet" comes with its date.

`first_day` makes of a condition a tree that gives the first day from `day` on at which it holds: the day itself where it
holds already, FAR where time alone will not mend it, unknown where it is unknown. `rises` tells conditions that stay true
once they are; the others must be looked at again on the day found (`FromDay`). What counts whole months (`last_months`)
only changes as a month begins: such conditions are tried on the first of each month to come.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chuangju.rules.beginnings import NEVER, as_none_of, begin_of
from chuangju.rules.counting import is_of_whole_months, most_months_back
from chuangju.rules.days import add_months
from chuangju.rules.folding import fold
from chuangju.rules.kinds import Kind
from chuangju.rules.transforms import MIRRORED, conjunction, depends_on_today, disjunction, negate, with_today
from chuangju.rules.tree import (
    Aggregate,
    And,
    Compare,
    Const,
    Extremum,
    FromDay,
    If,
    InSet,
    Node,
    Not,
    Or,
    walk,
)

# How many months to come are tried beyond those that a condition looks back on, and at most; large trees get fewer.
_MORE_MONTHS, _MOST_MONTHS, _MOST_NODES = 12, 48, 40_000


def first_day(condition: Node, day: date, now: Node | None = None) -> Node:
    """The first day from `day` on at which a bound condition holds, as a folded tree; `now` is the condition on `day`."""
    holds = fold(condition, day) if now is None else now
    return fold(If(Kind.DATE, holds, Const(Kind.DATE, day), _first(condition, day)), day)


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
            return _rises_by_itself(condition)
        case If() if not depends_on_today(condition.condition):
            return rises(condition.yes) and rises(condition.no)
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


def _rises_by_itself(node: Compare) -> bool:
    other = as_none_of(node)
    return begin_of(node) is not None or _rising_count(node) is not None or (other != node and rises(other))


def _first(node: Node, day: date) -> Node:
    now = Const(Kind.DATE, day)
    if not depends_on_today(node):
        return If(Kind.DATE, node, now, NEVER)
    if is_of_whole_months(node):
        return _first_of_months(node, day)
    match node:
        case And() | Or():
            return _first_of_parts(node, day)
        case InSet():
            return _first(Or(Kind.BOOL, tuple(_equal(node.part, value) for value in node.values)), day)
        case Not():
            opposite = negate(node.part)
            if not isinstance(opposite, Not):
                return _first(opposite, day)
        case If() if not depends_on_today(node.condition):
            return If(Kind.DATE, node.condition, _first(node.yes, day), _first(node.no, day))
        case Compare():
            found = _first_of_comparison(node, day)
            if found is not None:
                return found
        case Aggregate(op="any" | "all", body=Node() as body):
            return _first_of_elements(node, body, day)
    return If(Kind.DATE, fold(node, day), now, NEVER)


def _first_of_parts(node: And | Or, day: date) -> Node:
    """All of them: the latest of their days; any of them: the earliest. What time does not touch decides first, if it can."""
    is_and, now = isinstance(node, And), Const(Kind.DATE, day)
    still = [one for one in node.parts if not depends_on_today(one)]
    days = tuple(fold(_first(one, day), day) for one in node.parts if depends_on_today(one))
    if (NEVER if is_and else now) in days:
        found: Node = NEVER if is_and else now
    else:
        found = days[0] if len(days) == 1 else Extremum(Kind.DATE, greatest=is_and, parts=days)
    if not still:
        return found
    if is_and:
        return If(Kind.DATE, conjunction(still), found, NEVER)
    return If(Kind.DATE, disjunction(still), now, found)


def _equal(part: Node, value: object) -> Node:
    return Compare(Kind.BOOL, "==", part, Const(part.kind, value))


def _first_of_comparison(node: Compare, day: date) -> Node | None:
    other = as_none_of(node)
    if other != node:
        return _first(other, day)
    if node.op in {"==", "!="}:
        return _first_of_equality(node, day)
    count = _rising_count(node)
    if count is not None:
        return _begin_of_count(count, day)
    begin = begin_of(node)
    return None if begin is None else Extremum(Kind.DATE, greatest=True, parts=(begin, Const(Kind.DATE, day)))


def _first_of_equality(node: Compare, day: date) -> Node | None:
    """Equal: neither less nor more; unequal: one of the two."""
    if node.left.kind in {Kind.BOOL, Kind.TEXT}:
        return None
    ends: tuple[Node, Node] = replace(node, op=">="), replace(node, op="<=")
    if node.op == "!=":
        ends = replace(node, op=">"), replace(node, op="<")
    if not any(rises(one) for one in ends):
        return None
    return _first((conjunction if node.op == "==" else disjunction)(list(ends)), day)


def _rising_count(node: Compare) -> Aggregate | None:
    """For a count that grows with time and is to reach a figure: the count, with how many are to be waited for."""
    count, op, n = node.left, node.op, node.right
    if isinstance(n, Aggregate):
        count, op, n = n, MIRRORED[op], count
    if not isinstance(count, Aggregate) or count.op != "count" or op not in {">=", ">"}:
        return None
    parts = [one for one in (count.where, count.body) if one is not None]
    if not isinstance(n, Const) or n.value is None or not all(rises(one) for one in parts):
        return None
    return replace(count, n=int(n.value) + (op == ">"))


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


def _first_of_months(node: Node, day: date) -> Node:
    """Today, or the first of a month to come on which it holds; beyond those that are tried it is not told."""
    months = min(most_months_back(node) + _MORE_MONTHS, _MOST_MONTHS, _MOST_NODES // len(walk(node)))
    cases: list[tuple[Node, date]] = []
    for begin in (day, *(add_months(day.replace(day=1), number) for number in range(1, months + 1))):
        holds = fold(node, begin)
        if not cases or holds != cases[-1][0]:
            cases.append((holds, begin))
    found: Node = NEVER
    for holds, begin in reversed(cases):
        found = If(Kind.DATE, holds, Const(Kind.DATE, begin), found)
    return found


def needs_another_look(condition: Node) -> bool:
    """Whether a condition that holds today may fail on the day found."""
    return depends_on_today(condition) and not rises(condition)
