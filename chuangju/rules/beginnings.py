"""The day from which a comparison holds, for those that time makes true and keeps true: the comparison turned round.

What moves with the day (a count of months, a date moved, the larger of two) is taken away step by step from the side on
which it stands, until the day itself is left. A comparison of which that cannot be done has no such day here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chuangju.rules.kinds import FAR, Kind
from chuangju.rules.transforms import MIRRORED, conjunction, depends_on_today, negate
from chuangju.rules.tree import (
    Add,
    AddDays,
    AddMonths,
    Aggregate,
    Compare,
    Comparison,
    Const,
    DaysBetween,
    Extremum,
    If,
    MonthsBetween,
    Mul,
    Node,
    Sub,
    Today,
    YearOf,
    YearsBetween,
    YearStart,
)

NEVER, ALWAYS = Const(Kind.DATE, FAR), Const(Kind.DATE, date.min)
_RISING, _FALLING = frozenset({">=", ">"}), frozenset({"<=", "<"})


def begin_of(node: Compare) -> Node | None:
    """The first day of all from which it holds and goes on to hold; None where the form does not tell."""
    left, right, op = node.left, node.right, node.op
    if depends_on_today(right) and not depends_on_today(left):
        left, right, op = right, left, MIRRORED[op]
    return None if depends_on_today(right) else _begin(left, op, right)


def as_none_of(node: Compare) -> Node:
    """`count(…) == 0`, `< 1` or `<= 0` as: all of them are not so; everything else as it is."""
    left, op = node.left, node.op
    is_none = (op, node.right) in {("<", Const(Kind.INT, 1)), ("<=", Const(Kind.INT, 0)), ("==", Const(Kind.INT, 0))}
    if not isinstance(left, Aggregate) or left.op != "count" or not is_none:
        return node
    parts = [one for one in (left.where, left.body) if one is not None]
    return Aggregate(Kind.BOOL, "all", left.source, negate(conjunction(parts)), None, 0, left.latest)


def _begin(left: Node, op: Comparison, right: Node) -> Node | None:
    """For `left op right`, where only the left side moves with the day."""
    match left:
        case Today():
            return _after(right, op) if op in _RISING else None
        case AddDays() | AddMonths():
            return _of_moved(left, op, right)
        case MonthsBetween() | YearsBetween() | DaysBetween():
            return _of_count(left, op, right)
        case YearOf() if op in _RISING:
            return _begin(left.part, ">=", _new_year(right, 0 if op == ">=" else 1))
        case Add():
            moving, still = (left.left, left.right) if depends_on_today(left.left) else (left.right, left.left)
            return None if depends_on_today(still) else _begin(moving, op, Sub(right.kind, right, still))
        case Sub():
            return _of_difference(left, op, right)
        case Extremum() if op in _RISING | _FALLING:
            return _of_extremum(left, op, right)
        case If() if not depends_on_today(left.condition):
            yes, no = _begin_or_never(left.yes, op, right), _begin_or_never(left.no, op, right)
            return None if yes is None or no is None else If(Kind.DATE, left.condition, yes, no)
        case Aggregate():
            return _of_aggregate(left, op, right)
        case _:
            return None


def _after(day: Node, op: Comparison) -> Node:
    """The first day that is not before it, or that is after it."""
    return day if op == ">=" else AddDays(Kind.DATE, day, Const(Kind.INT, 1))


def _of_moved(left: AddDays | AddMonths, op: Comparison, right: Node) -> Node | None:
    if op not in _RISING:
        return None
    bound, start = _after(right, op), left.start
    if isinstance(left, AddDays):
        back: Node | None = None if depends_on_today(left.days) else AddDays(Kind.DATE, bound, _minus(left.days))
    else:
        back = None if depends_on_today(left.months) else _earliest_start(bound, left.months)
    return None if back is None else _begin(start, ">=", back)


def _earliest_start(bound: Node, months: Node) -> Node:
    """The first day that, so many months on, is not before the bound: the end of a short month is one day too early."""
    back = AddMonths(Kind.DATE, bound, _minus(months))
    reaches = Compare(Kind.BOOL, ">=", AddMonths(Kind.DATE, back, months), bound)
    return If(Kind.DATE, reaches, back, AddDays(Kind.DATE, back, Const(Kind.INT, 1)))


def _of_count(left: MonthsBetween | YearsBetween | DaysBetween, op: Comparison, right: Node) -> Node | None:
    """What has gone by since a day grows, what is left until a day shrinks; each is a comparison of two days."""
    start, end = left.start, left.end
    is_growing = depends_on_today(end)
    if is_growing == depends_on_today(start) or op not in (_RISING if is_growing else _FALLING):
        return None
    # `> n` is `>= n + 1`; `<= n` is not `>= n + 1`.
    count = _plus(right, 1 if op in {">", "<="} else 0)
    if isinstance(left, DaysBetween):
        if is_growing:
            return _begin(end, ">=", AddDays(Kind.DATE, start, count))
        return _begin(start, ">", AddDays(Kind.DATE, end, _minus(count)))
    months = Mul(Kind.INT, count, Const(Kind.INT, 12)) if isinstance(left, YearsBetween) else count
    moved = AddMonths(Kind.DATE, start, months)
    return _begin(end, ">=", moved) if is_growing else _begin(moved, ">", end)


def _of_difference(left: Sub, op: Comparison, right: Node) -> Node | None:
    if not depends_on_today(left.right):
        return _begin(left.left, op, Add(right.kind, right, left.right))
    if depends_on_today(left.left):
        return None
    return _begin(left.right, MIRRORED[op], Sub(right.kind, left.left, right))


def _of_extremum(left: Extremum, op: Comparison, right: Node) -> Node | None:
    """The largest reaches a bound with the first that does, the least with the last; for a limit the other way round."""
    days = [_begin_or_never(part, op, right) for part in left.parts]
    found = tuple(day for day in days if day is not None)
    if len(found) < len(days):
        return None
    return Extremum(Kind.DATE, greatest=left.greatest is (op in _FALLING), parts=found)


def _begin_or_never(part: Node, op: Comparison, right: Node) -> Node | None:
    """The same for a part that need not move with the day: what holds then always has."""
    if depends_on_today(part):
        return _begin(part, op, right)
    return If(Kind.DATE, Compare(Kind.BOOL, op, part, right), ALWAYS, NEVER)


def _of_aggregate(left: Aggregate, op: Comparison, right: Node) -> Node | None:
    if left.where is not None and depends_on_today(left.where):
        return None
    if left.op not in {"min", "max"} or left.body is None or op not in _RISING | _FALLING:
        return None
    day = _begin(left.body, op, right)
    is_last = (left.op == "max") is (op in _FALLING)
    return None if day is None else replace(left, kind=Kind.DATE, op="max" if is_last else "min", body=day)


def _new_year(year: Node, more: int) -> Node:
    """The first day of a year, or of the year after it; a year beyond the calendar never begins, one before it always has."""
    if isinstance(year, YearOf):
        of = year.part if more == 0 else AddMonths(Kind.DATE, year.part, Const(Kind.INT, 12))
        return YearStart(Kind.DATE, of)
    within = Extremum(Kind.INT, greatest=True, parts=(year, Const(Kind.INT, 0)))
    within = Extremum(Kind.INT, greatest=False, parts=(within, Const(Kind.INT, FAR.year + 1)))
    months = Mul(Kind.INT, Add(Kind.INT, within, Const(Kind.INT, more - 1)), Const(Kind.INT, 12))
    return AddMonths(Kind.DATE, ALWAYS, months)


def _plus(node: Node, more: int) -> Node:
    return node if more == 0 else Add(Kind.INT, node, Const(Kind.INT, more))


def _minus(node: Node) -> Node:
    return Sub(node.kind, Const(node.kind, 0), node)
