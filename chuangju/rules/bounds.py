"""Overflow refused before anything runs: from the bounds of the facts, the least and greatest value of every part.

Columns and SQL count in 64 bits and overflow in silence; a tree that passes here cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chuangju.rules.facts import FIRST_DAY, LAST_DAY, Fact
from chuangju.rules.kinds import FAR, INT64, Fault, Kind
from chuangju.rules.parameters import Parameter
from chuangju.rules.tree import (
    Add,
    AddDays,
    AddMonths,
    Aggregate,
    BandRef,
    Const,
    DaysBetween,
    Extremum,
    FactRef,
    Field,
    If,
    Item,
    MonthsBetween,
    Mul,
    MulDiv,
    Node,
    OverMonths,
    ParamRef,
    Sub,
    YearOf,
    YearsBetween,
    YearStart,
    children,
)

Bounds = tuple[int, int]
_NUMERIC = {Kind.INT, Kind.MONEY, Kind.RATE, Kind.DATE}
_DAYS: Bounds = (FIRST_DAY.toordinal(), LAST_DAY.toordinal())
# No date of a rule is moved further than this.
MOST_MONTHS = 1200


class BoundsCheck:
    """Looks through one tree; `parameter` finds the figures that it refers to."""

    def __init__(self, parameter: Callable[[str], Parameter | None]) -> None:
        """With these parameters."""
        self._parameter = parameter
        self._list: Fact | None = None

    def check(self, node: Node) -> None:
        """Raise Fault where a part could leave 64 bits, divide by nothing, or move a date beyond reason."""
        if node.kind in _NUMERIC:
            self.of(node)
            return
        if isinstance(node, Aggregate):
            self._aggregate(node)
            return
        for child in children(node):
            self.check(child)

    def of(self, node: Node) -> Bounds:
        """The least and the greatest value; dates as days since year 1."""
        low, high = self._of(node)
        if low < -INT64 or high > INT64:
            raise Fault(
                "这里的数可能超出能计算的范围，请用 min(…) 加上限",
                "this could become larger than can be computed; put a cap with min(…)",
            )
        return low, high

    def _of(self, node: Node) -> Bounds:
        match node:
            case Const():
                return _constant(node)
            case FactRef() | Field():
                return _of_fact(node.fact)
            case Item():
                return (self._list.low, self._list.high) if self._list is not None else (0, 0)
            case ParamRef() | BandRef():
                return self._figure(node)
            case Aggregate():
                return self._aggregate(node)
            case OverMonths():
                return self._months(node)
            case If():
                self.check(node.condition)
                return _hull(self.of(node.yes), self.of(node.no))
            case Extremum():
                return self._extremum(node)
            case Add() | Sub() | Mul() | MulDiv():
                return self._arithmetic(node)
            case _:
                return self._dates(node)

    def _figure(self, node: ParamRef | BandRef) -> Bounds:
        for child in children(node):
            self.of(child)
        parameter = self._parameter(node.name)
        if parameter is None or node.kind not in {Kind.INT, Kind.MONEY, Kind.RATE}:
            return _DAYS if node.kind is Kind.DATE else (0, 0)
        return parameter.bounds()

    def _aggregate(self, node: Aggregate) -> Bounds:
        before, self._list = self._list, node.source.fact
        try:
            if node.where is not None:
                self.check(node.where)
            inner = (0, 0)
            if node.body is not None:
                self.check(node.body)
                inner = self.of(node.body) if node.body.kind in _NUMERIC else inner
        finally:
            self._list = before
        most = min(node.source.fact.max_items, node.latest or node.source.fact.max_items)
        if node.op == "count":
            return 0, most
        if node.op == "sum":
            return min(0, inner[0] * most), max(0, inner[1] * most)
        return (inner[0], FAR.toordinal()) if node.op == "nth" else inner

    def _months(self, node: OverMonths) -> Bounds:
        if node.where is not None:
            self.check(node.where)
        self.check(node.body)
        if node.op == "count":
            return 0, node.months
        low, high = self.of(node.body)
        return (min(0, low * node.months), max(0, high * node.months)) if node.op == "sum" else (low, high)

    def _extremum(self, node: Extremum) -> Bounds:
        found = [self.of(one) for one in node.parts]
        pick = max if node.greatest else min
        return pick(low for low, _ in found), pick(high for _, high in found)

    def _arithmetic(self, node: Add | Sub | Mul | MulDiv) -> Bounds:
        (a, b), (c, d) = self.of(node.left), self.of(node.right)
        if isinstance(node, Add):
            return a + c, b + d
        if isinstance(node, Sub):
            return a - d, b - c
        corners = (a * c, a * d, b * c, b * d)
        low, high = min(corners), max(corners)
        if isinstance(node, Mul):
            return low, high
        least, _ = self.of(node.divisor)
        if least < 1:
            raise Fault("除数可能是 0，请改用不会为 0 的数", "the divisor could be 0; use one that cannot be")
        if low < -INT64 or high > INT64:
            return low, high
        return min(0, low // least - 1), max(0, high // least + 1)

    def _dates(self, node: Node) -> Bounds:
        match node:
            case AddMonths() | AddDays():
                (a, b), (c, d) = self.of(node.start), self.of(children(node)[1])
                size = 31 if isinstance(node, AddMonths) else 1
                if max(abs(c), abs(d)) * size > MOST_MONTHS * 31:
                    zh = f"日期移动不能超过 {MOST_MONTHS} 个月"
                    raise Fault(zh, f"a date cannot be moved by more than {MOST_MONTHS} months")
                if not date.min.toordinal() <= a + c * size <= b + d * size <= FAR.toordinal():
                    raise Fault("日期可能超出日历", "the date could leave the calendar")
                return a + c * size, b + d * size
            case MonthsBetween() | YearsBetween() | DaysBetween():
                (a, b), (c, d) = self.of(node.start), self.of(node.end)
                least, most = {MonthsBetween: (28, 31), YearsBetween: (365, 366), DaysBetween: (1, 1)}[type(node)]
                low, high = c - b, d - a
                return low // (least if low < 0 else most) - 1, high // (most if high < 0 else least) + 1
            case YearOf():
                low, high = self.of(node.part)
                return date.fromordinal(low).year, date.fromordinal(high).year
            case YearStart():
                low, high = self.of(node.part)
                return low - 366, high
            case _:
                return _DAYS if node.kind is Kind.DATE else (0, 0)


def _constant(node: Const) -> Bounds:
    if node.value is None:
        return _DAYS if node.kind is Kind.DATE else (0, 0)
    number = node.value.toordinal() if isinstance(node.value, date) else int(node.value)
    return number, number


def _of_fact(fact: Fact) -> Bounds:
    return (fact.first.toordinal(), fact.last.toordinal()) if fact.kind is Kind.DATE else (fact.low, fact.high)


def _hull(one: Bounds, other: Bounds) -> Bounds:
    return min(one[0], other[0]), max(one[1], other[1])
