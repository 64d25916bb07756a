"""Figures over the elements of a list, with unknown kept: one element that cannot be judged leaves the figure unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chuangju.rules.kinds import FAR, Value

Facts = Mapping[str, Value]
Part = Callable[[Facts, Any], Value] | None
Aggregator = Callable[[Facts, Sequence[Any], Part, Part, int], Value]


def _kept(facts: Facts, items: Sequence[Any], where: Part) -> tuple[list[Any], bool]:
    """The elements that fulfil the condition, and whether any of them cannot be judged."""
    if where is None:
        return list(items), False
    kept, is_unsure = [], False
    for one in items:
        value = where(facts, one)
        if value is None:
            is_unsure = True
        elif value:
            kept.append(one)
    return kept, is_unsure


def _judged(facts: Facts, items: Sequence[Any], body: Part, where: Part) -> list[Value]:
    """For each element: whether it fulfils both parts, by Kleene's and."""
    found: list[Value] = []
    for one in items:
        wanted = True if where is None else where(facts, one)
        value = True if body is None or wanted is False else body(facts, one)
        found.append(False if wanted is False or value is False else None if wanted is None or value is None else True)
    return found


def _count(facts: Facts, items: Sequence[Any], body: Part, where: Part, _n: int) -> Value:
    if body is None and where is None:
        return len(items)
    judged = _judged(facts, items, body, where)
    return None if None in judged else judged.count(True)


def _any(facts: Facts, items: Sequence[Any], body: Part, where: Part, _n: int) -> Value:
    judged = _judged(facts, items, body, where)
    return True if True in judged else None if None in judged else False


def _all(facts: Facts, items: Sequence[Any], body: Part, where: Part, _n: int) -> Value:
    found: Value = True
    for one in items:
        wanted = True if where is None else where(facts, one)
        if wanted is False:
            continue
        value = None if body is None else body(facts, one)
        if value is False and wanted is True:
            return False
        if value is not True:
            found = None
    return found


def _values(facts: Facts, items: Sequence[Any], body: Part, where: Part) -> list[Value] | None:
    """The body of each element kept; None where any is unknown."""
    kept, is_unsure = _kept(facts, items, where)
    values = [body(facts, one) if body else None for one in kept]
    return None if is_unsure or None in values else values


def _sum(facts: Facts, items: Sequence[Any], body: Part, where: Part, _n: int) -> Value:
    values = _values(facts, items, body, where)
    return None if values is None else sum(values)


def _min(facts: Facts, items: Sequence[Any], body: Part, where: Part, _n: int) -> Value:
    values = _values(facts, items, body, where)
    return min(values) if values else None


def _max(facts: Facts, items: Sequence[Any], body: Part, where: Part, _n: int) -> Value:
    values = _values(facts, items, body, where)
    return max(values) if values else None


def _nth(facts: Facts, items: Sequence[Any], body: Part, where: Part, n: int) -> Value:
    values = _values(facts, items, body, where)
    if values is None:
        return None
    return sorted(values)[n - 1] if len(values) >= n else FAR


def _run(facts: Facts, items: Sequence[Any], body: Part, where: Part, n: int) -> Value:
    """Whether n elements in a row fulfil the body: yes by those that surely do, no where even the unsure are too few."""
    judged = _judged(facts, items, body, where)
    if _longest(judged, unsure=False) >= n:
        return True
    return None if _longest(judged, unsure=True) >= n else False


def _longest(judged: list[Value], *, unsure: bool) -> int:
    best = here = 0
    for value in judged:
        here = here + 1 if value or (value is None and unsure) else 0
        best = max(best, here)
    return best


AGGREGATORS: dict[str, Aggregator] = {
    "count": _count,
    "sum": _sum,
    "any": _any,
    "all": _all,
    "min": _min,
    "max": _max,
    "nth": _nth,
    "run": _run,
}
