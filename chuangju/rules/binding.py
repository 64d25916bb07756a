"""Fixing a tree to a day: parameters become figures, dated lists sets, months of a loop single terms.

What remains speaks of facts and of the day asked about (`Today`); `folding` then takes that day in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from chuangju.rules.days import IsWorkingDay, is_working_day_by_notice, month_starts, nth_working_day_back
from chuangju.rules.folding import fold
from chuangju.rules.kinds import Kind
from chuangju.rules.parameters import Parameter, Shared
from chuangju.rules.transforms import MIRRORED, conjunction, disjunction, negate, rebuild
from chuangju.rules.tree import (
    Add,
    BandRef,
    Compare,
    Const,
    Extremum,
    If,
    InList,
    InSet,
    MonthVar,
    Node,
    OverMonths,
    ParamRef,
    WorkingDaysSince,
)


@dataclass(frozen=True, slots=True)
class Binder:
    """What trees are bound with: the day, the figures in force, and which days are worked."""

    day: date
    parameters: Mapping[str, Parameter]
    shared: Shared
    is_working_day: IsWorkingDay = is_working_day_by_notice

    def bind(self, node: Node) -> Node:
        """The tree on this day; `Today` still stands for the day in it."""
        unrolled = rebuild(node, self._unroll)
        return rebuild(unrolled, self._replace)

    def _parameter(self, name: str) -> Parameter:
        found = self.parameters.get(name) or self.shared.parameters.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def _unroll(self, node: Node) -> Node:
        if not isinstance(node, OverMonths):
            return node
        months = month_starts(self.day, node.months)
        bodies = [_at_month(node.body, node.variable, month) for month in months]
        wheres = [None if node.where is None else _at_month(node.where, node.variable, month) for month in months]
        pairs = list(zip(bodies, wheres, strict=True))
        if node.op == "any":
            return disjunction([body if where is None else conjunction([where, body]) for body, where in pairs])
        if node.op == "all":
            return conjunction([body if where is None else disjunction([negate(where), body]) for body, where in pairs])
        if node.op in {"min", "max"}:
            return Extremum(node.kind, node.op == "max", tuple(bodies))
        nothing = Const(node.kind, 0)
        if node.op == "count":
            one = Const(Kind.INT, 1)
            pairs = [
                (cast("Node", one), body if where is None else conjunction([where, body])) for body, where in pairs
            ]
        terms = [body if where is None else If(node.kind, where, body, nothing) for body, where in pairs]
        total = terms[0]
        for term in terms[1:]:
            total = Add(node.kind, total, term)
        return total

    def _replace(self, node: Node) -> Node:
        match node:
            case ParamRef():
                return self._figure(node)
            case BandRef():
                return self._banded(node)
            case InList():
                return InSet(Kind.BOOL, node.part, self.shared.lists[node.name].on(self.day))
            case Compare():
                return self._with_working_days(node)
            case _:
                return node

    def _figure(self, node: ParamRef) -> Node:
        parameter = self._parameter(node.name)
        if node.at is None:
            held = parameter.on(self.day)
            return Const(node.kind, held.value if held else None)
        day = fold(node.at, self.day)
        if isinstance(day, Const):
            held = parameter.on(day.value) if day.value else None
            return Const(node.kind, held.value if held else None)
        # On a day that differs from one applicant to the next: a step for each day on which it changed.
        found: Node = Const(node.kind, None)
        for one in parameter.values:
            since = Compare(Kind.BOOL, ">=", node.at, Const(Kind.DATE, one.since))
            found = If(node.kind, since, Const(node.kind, one.value), found)
        return found

    def _banded(self, node: BandRef) -> Node:
        held = self._parameter(node.name).on(self.day)
        if held is None:
            return Const(node.kind, None)
        found: Node = Const(node.kind, None)
        for band in reversed(held.bands):
            value = Const(node.kind, band.value)
            if band.upto is None:
                found = value
            else:
                upto = Compare(Kind.BOOL, "<=", node.size, Const(node.size.kind, band.upto))
                found = If(node.kind, upto, value, found)
        return found

    def _with_working_days(self, node: Compare) -> Node:
        """`working_days_since(d) >= 5` is `d <= the last day from which five have gone by`."""
        left, right, op = node.left, node.right, node.op
        if isinstance(right, WorkingDaysSince):
            left, right, op = right, left, MIRRORED[op]
        if not isinstance(left, WorkingDaysSince):
            return node
        count = fold(right, self.day)
        if not isinstance(count, Const) or count.value is None:
            return Const(Kind.BOOL, None)

        def _at_least(number: int) -> Node:
            border = nth_working_day_back(self.day, number, self.is_working_day)
            return Compare(Kind.BOOL, "<=", left.start, Const(Kind.DATE, border))

        n = int(count.value)
        return {
            ">=": lambda: _at_least(n),
            ">": lambda: _at_least(n + 1),
            "<": lambda: negate(_at_least(n)),
            "<=": lambda: negate(_at_least(n + 1)),
            "==": lambda: conjunction([_at_least(n), negate(_at_least(n + 1))]),
            "!=": lambda: disjunction([negate(_at_least(n)), _at_least(n + 1)]),
        }[op]()


def _at_month(node: Node, name: str, month: date) -> Node:
    def _put(one: Node) -> Node:
        return Const(Kind.DATE, month) if isinstance(one, MonthVar) and one.name == name else one

    return rebuild(node, _put)
