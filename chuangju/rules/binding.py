"""Fixing a tree to a day: parameters become figures, dated lists sets, months of a loop single terms.

What remains speaks of facts and of the day asked about (`Today`); `folding` then takes that day in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from chuangju.rules.counting import counts_months, months_back, working_day_after
from chuangju.rules.days import ONE_DAY, IsWorkingDay, is_working_day_by_notice, month_starts, nth_working_day_back
from chuangju.rules.folding import fold
from chuangju.rules.kinds import Kind
from chuangju.rules.parameters import Parameter, ParameterValue, Shared
from chuangju.rules.transforms import MIRRORED, conjunction, depends_on_today, disjunction, negate, rebuild
from chuangju.rules.tree import (
    Add,
    BandRef,
    Compare,
    Const,
    Extremum,
    FactRef,
    Field,
    If,
    InList,
    InSet,
    MonthVar,
    Node,
    OverMonths,
    ParamRef,
    Today,
    WorkingDaysSince,
    walk,
)


@dataclass(frozen=True, slots=True)
class Binder:
    """What trees are bound with: the day, the figures in force, and which days are worked.

    `is_counting` binds for later days as well: months before the day and working days count on with `Today`. With
    `is_moving` figures and lists change too where the file says that they will.
    """

    day: date
    parameters: Mapping[str, Parameter]
    shared: Shared
    is_working_day: IsWorkingDay = is_working_day_by_notice
    is_counting: bool = False
    is_moving: bool = False

    def bind(self, node: Node) -> Node:
        """The tree on this day; `Today` still stands for the day in it."""
        unrolled = rebuild(node, self._unroll) if any(isinstance(one, OverMonths) for one in walk(node)) else node
        return rebuild(unrolled, self._replace)

    def for_words(self, node: Node) -> Node:
        """The tree as sentences tell it: figures stand in it, loops over months stay loops."""
        return rebuild(node, self._tell_apart)

    def _tell_apart(self, node: Node) -> Node:
        """A figure of another day stays what it is called; all else as when bound."""
        is_dated = isinstance(node, ParamRef) and node.at is not None and not isinstance(node.at, Const)
        is_counted = isinstance(node, Compare) and isinstance(node.left, WorkingDaysSince)
        return node if is_dated or is_counted else self._replace(node)

    def _parameter(self, name: str) -> Parameter:
        found = self.parameters.get(name) or self.shared.parameters.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def _unroll(self, node: Node) -> Node:
        if not isinstance(node, OverMonths):
            return node
        months = months_back(node.months) if self.is_counting else _consts(month_starts(self.day, node.months))
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
                return self._listed(node)
            case InSet():
                return with_codes_below(node)
            case Compare(left=FactRef() | Field(), right=Const()) if node.left.kind is Kind.TEXT:
                return _equal_or_below(node)
            case Compare(left=Const(), right=FactRef() | Field()) if node.left.kind is Kind.TEXT:
                return _equal_or_below(Compare(Kind.BOOL, node.op, node.right, node.left))
            case Compare():
                return self._with_working_days(node)
            case _:
                return node

    def _figure(self, node: ParamRef) -> Node:
        parameter = self._parameter(node.name)
        if node.at is None:
            return self._changing(
                node.kind,
                [one.since for one in parameter.values],
                lambda day: Const(node.kind, held.value if (held := parameter.on(day)) else None),
            )
        is_later = depends_on_today(node.at) if self.is_moving else self.is_counting and counts_months(node.at)
        day = node.at if is_later else fold(node.at, self.day)
        if isinstance(day, Const):
            held = parameter.on(day.value) if day.value else None
            return Const(node.kind, held.value if held else None)
        # On a day that differs from one applicant to the next: a step for each day on which it changed.
        found: Node = Const(node.kind, None)
        for one in parameter.values:
            since = Compare(Kind.BOOL, ">=", node.at, Const(Kind.DATE, one.since))
            found = If(node.kind, since, Const(node.kind, one.value), found)
        return found

    def _changing(self, kind: Kind, days: Iterable[date], on: Callable[[date], Node]) -> Node:
        """What holds on the day; bound for later days, a step for each day on which it will change."""
        found = on(self.day)
        for day in sorted({one for one in days if one > self.day} if self.is_moving else ()):
            found = If(kind, Compare(Kind.BOOL, ">=", Today(Kind.DATE), Const(Kind.DATE, day)), on(day), found)
        return found

    def _listed(self, node: InList) -> Node:
        held = self.shared.lists[node.name]
        days = [one.starts_on for one in held.members]
        days += [one.ends_on + ONE_DAY for one in held.members if one.ends_on is not None]
        return self._changing(Kind.BOOL, days, lambda day: with_codes_below(InSet(Kind.BOOL, node.part, held.on(day))))

    def _banded(self, node: BandRef) -> Node:
        parameter = self._parameter(node.name)
        days = [one.since for one in parameter.values]
        return self._changing(node.kind, days, lambda day: self._bands_on(node, parameter.on(day)))

    def _bands_on(self, node: BandRef, held: ParameterValue | None) -> Node:
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
            if self.is_counting:
                full = working_day_after(left.start, number, self.day, self.is_working_day)
                return Compare(Kind.BOOL, ">=", Today(Kind.DATE), full)
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


def _consts(days: Iterable[date]) -> list[Node]:
    return [Const(Kind.DATE, day) for day in days]


def _at_month(node: Node, name: str, month: Node) -> Node:
    def _put(one: Node) -> Node:
        return month if isinstance(one, MonthVar) and one.name == name else one

    return rebuild(node, _put)


def with_codes_below(node: InSet) -> InSet:
    """A set of codes of several levels with everything below them: the industry 65 is 6510 too."""
    codes = node.part.fact.codes if isinstance(node.part, FactRef | Field) else None
    if codes is None or node.shown:
        return node
    values = tuple(dict.fromkeys(below for code in node.values for below in codes.below(code)))
    return node if values == node.values else replace(node, values=values, shown=node.values)


def _equal_or_below(node: Compare) -> Node:
    """`industry == '65'` means what lies below 65 as well; other codes are compared as they are."""
    values = tuple(one.value for one in (node.right,) if isinstance(one, Const) and one.value is not None)
    one_code = with_codes_below(InSet(Kind.BOOL, node.left, values))
    if not one_code.shown:
        return node
    return one_code if node.op == "==" else negate(one_code)
