"""Trees as plain Python functions: the reference that every other interpreter is held against.

A function takes the facts (by key) and the element an aggregate looks at, and gives the value; None is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chuangju.rules.aggregates import AGGREGATORS
from chuangju.rules.counting import WorkingDayAfter
from chuangju.rules.days import add_days, add_months, months_between, years_between
from chuangju.rules.kinds import FAR, Value
from chuangju.rules.rounding import mul_div
from chuangju.rules.tree import (
    Add,
    AddDays,
    AddMonths,
    Aggregate,
    And,
    Compare,
    Const,
    Contains,
    DaysBetween,
    Extremum,
    FactRef,
    Field,
    FromDay,
    If,
    InSet,
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
    YearStart,
)

Facts = Mapping[str, Value]
Function = Callable[[Facts, Any], Value]
# Where the day from which conditions of time hold stands among the facts; no fact can be called so.
FROM_KEY = "from day"


def compile_tree(node: Node) -> Function:
    """The function of a bound tree; raises TypeError for a node that binding should have taken away."""
    make = _MAKERS.get(type(node))
    if make is None:
        raise TypeError(f"{type(node).__name__} is not bound to a day")
    return make(node)


def _const(node: Const) -> Function:
    value = node.value
    return lambda _facts, _item: value


def _fact(node: FactRef) -> Function:
    key = node.fact.key
    return lambda facts, _item: facts.get(key)


def _field(node: Field) -> Function:
    key = node.fact.key
    return lambda _facts, item: item.get(key)


def _item(_node: Item) -> Function:
    return lambda _facts, item: item


def _from_day(_node: FromDay) -> Function:
    return lambda facts, _item: facts.get(FROM_KEY)


def _not(node: Not) -> Function:
    part = compile_tree(node.part)

    def _run(facts: Facts, item: Any) -> Value:
        value = part(facts, item)
        return None if value is None else not value

    return _run


def _and(node: And) -> Function:
    parts = tuple(compile_tree(one) for one in node.parts)

    def _run(facts: Facts, item: Any) -> Value:
        found: Value = True
        for part in parts:
            value = part(facts, item)
            if value is False:
                return False
            if value is None:
                found = None
        return found

    return _run


def _or(node: Or) -> Function:
    parts = tuple(compile_tree(one) for one in node.parts)

    def _run(facts: Facts, item: Any) -> Value:
        found: Value = False
        for part in parts:
            value = part(facts, item)
            if value is True:
                return True
            if value is None:
                found = None
        return found

    return _run


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def _pairwise(node: Any, work: Callable[[Any, Any], Value], first: str = "left", second: str = "right") -> Function:
    left, right = compile_tree(getattr(node, first)), compile_tree(getattr(node, second))

    def _run(facts: Facts, item: Any) -> Value:
        one = left(facts, item)
        other = right(facts, item)
        return None if one is None or other is None else work(one, other)

    return _run


def _compare(node: Compare) -> Function:
    return _pairwise(node, _OPERATORS[node.op])


def _in_set(node: InSet) -> Function:
    part, values = compile_tree(node.part), frozenset(node.values)

    def _run(facts: Facts, item: Any) -> Value:
        value = part(facts, item)
        return None if value is None else value in values

    return _run


def _contains(node: Contains) -> Function:
    source, wanted, every = compile_tree(node.source), frozenset(node.values), node.every

    def _run(facts: Facts, item: Any) -> Value:
        codes = source(facts, item)
        if codes is None:
            return None
        found = wanted.intersection(codes)
        if (found == wanted) if every else found:
            return True
        return None if None in codes else False

    return _run


def _mul_div(node: MulDiv) -> Function:
    left, right, divisor = compile_tree(node.left), compile_tree(node.right), compile_tree(node.divisor)
    rounding = node.rounding

    def _run(facts: Facts, item: Any) -> Value:
        a, b, c = left(facts, item), right(facts, item), divisor(facts, item)
        return None if a is None or b is None or c is None else mul_div(a, b, c, rounding)

    return _run


def _if(node: If) -> Function:
    condition, yes, no = compile_tree(node.condition), compile_tree(node.yes), compile_tree(node.no)

    def _run(facts: Facts, item: Any) -> Value:
        value = condition(facts, item)
        if value is None:
            return None
        return yes(facts, item) if value else no(facts, item)

    return _run


def _extremum(node: Extremum) -> Function:
    parts, pick = tuple(compile_tree(one) for one in node.parts), max if node.greatest else min

    def _run(facts: Facts, item: Any) -> Value:
        values = [part(facts, item) for part in parts]
        return None if None in values else pick(values)

    return _run


def _one_part(work: Callable[[date], Value]) -> Callable[[Any], Function]:
    def _make(node: Any) -> Function:
        part = compile_tree(node.part)

        def _run(facts: Facts, item: Any) -> Value:
            value = part(facts, item)
            return None if value is None else work(value)

        return _run

    return _make


def _aggregate(node: Aggregate) -> Function:
    body = compile_tree(node.body) if node.body is not None else None
    where = compile_tree(node.where) if node.where is not None else None
    key, latest, aggregate, n = node.source.fact.key, node.latest, AGGREGATORS[node.op], node.n

    def _run(facts: Facts, _item: Any) -> Value:
        items = facts.get(key)
        if items is None:
            return None
        if latest is not None:
            items = items[:latest]
        return aggregate(facts, items, body, where, n)

    return _run


def _working_day_after(node: WorkingDayAfter) -> Function:
    start, since, days = compile_tree(node.start), node.since, node.days

    def _run(facts: Facts, item: Any) -> Value:
        day = start(facts, item)
        if day is None:
            return None
        place = max((day - since).days, 0)
        return days[place] if place < len(days) else FAR

    return _run


def _days_between(start: date, end: date) -> int:
    return (end - start).days


_MAKERS: dict[type[Node], Callable[[Any], Function]] = {
    Const: _const,
    FactRef: _fact,
    Field: _field,
    Item: _item,
    FromDay: _from_day,
    Not: _not,
    And: _and,
    Or: _or,
    Compare: _compare,
    InSet: _in_set,
    Contains: _contains,
    Add: lambda node: _pairwise(node, lambda a, b: a + b),
    Sub: lambda node: _pairwise(node, lambda a, b: a - b),
    Mul: lambda node: _pairwise(node, lambda a, b: a * b),
    MulDiv: _mul_div,
    If: _if,
    Extremum: _extremum,
    MonthsBetween: lambda node: _pairwise(node, months_between, "start", "end"),
    YearsBetween: lambda node: _pairwise(node, years_between, "start", "end"),
    DaysBetween: lambda node: _pairwise(node, _days_between, "start", "end"),
    AddMonths: lambda node: _pairwise(node, add_months, "start", "months"),
    AddDays: lambda node: _pairwise(node, add_days, "start", "days"),
    YearOf: _one_part(lambda day: day.year),
    YearStart: _one_part(lambda day: FAR if day == FAR else day.replace(month=1, day=1)),
    WorkingDayAfter: _working_day_after,
    Aggregate: _aggregate,
}
