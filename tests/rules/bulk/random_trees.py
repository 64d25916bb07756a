"""Random typed trees, as strategies: whatever the language can say once it is bound to a day, and more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.counting import working_day_after
from chuangju.rules.days import is_working_day_by_notice
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import FAR, Fault, Kind
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
    Today,
    YearOf,
    YearsBetween,
    YearStart,
)
from tests.rules.bulk.random_facts import AMOUNTS, BY_KIND, CODES, COMPARISONS, DAYS, FACTS, FIELDS, NUMBERS, ROUNDINGS

Draw = Callable[[Any], Any]


class TreeMaker:
    """Draws trees; inside an aggregate, fields or the element itself stand beside facts."""

    def __init__(self, draw: Draw, *, with_today: bool = False, with_from_day: bool = False) -> None:
        self._draw = draw
        self._list: Fact | None = None
        self._with_today, self._with_from_day = with_today, with_from_day

    def tree(self, kind: Kind, depth: int) -> Node:
        """A tree of this kind that the check against overflow lets pass."""
        made = self._compound(kind, depth) if depth > 0 else self._leaf(kind)
        try:
            self._check(made)
        except Fault:
            return self._leaf(kind)
        return made

    def _check(self, node: Node) -> None:
        check = BoundsCheck(lambda _name: None)
        check._list = self._list
        check.check(node)

    def _pick(self, choices: list[Any]) -> Any:
        return self._draw(st.sampled_from(choices))

    def _leaf(self, kind: Kind) -> Node:
        choices: list[Callable[[], Node]] = [lambda: self._constant(kind)]
        facts = BY_KIND[kind]
        if facts:
            choices += [lambda: FactRef(kind, self._pick(facts))] * 3
        if self._list is not None and self._list.kind is Kind.RECORDS and FIELDS[kind]:
            choices += [lambda: Field(kind, self._pick(FIELDS[kind]))] * 6
        if self._list is not None and kind is {Kind.INTS: Kind.INT, Kind.CODES: Kind.TEXT}.get(self._list.kind):
            choices += [lambda: Item(kind)] * 6
        if kind is Kind.DATE and self._with_today:
            choices += [lambda: Today(Kind.DATE)] * 4
        if kind is Kind.DATE and self._with_from_day:
            choices += [lambda: FromDay(Kind.DATE)] * 2
        return self._pick(choices)()

    def _constant(self, kind: Kind) -> Node:
        values: dict[Kind, st.SearchStrategy[Any]] = {
            Kind.BOOL: st.booleans(),
            Kind.DATE: st.one_of(DAYS, st.just(FAR)) if self._with_from_day else DAYS,
            Kind.TEXT: st.sampled_from(CODES),
            Kind.RATE: st.integers(0, 10_000),
            Kind.MONEY: AMOUNTS,
        }
        return Const(kind, self._draw(st.one_of(values.get(kind, NUMBERS), values.get(kind, NUMBERS), st.none())))

    def _compound(self, kind: Kind, depth: int) -> Node:
        if kind is Kind.BOOL:
            return self._pick(self._booleans())(depth - 1)
        if kind is Kind.DATE:
            return self._pick(self._dates())(depth - 1)
        if kind is Kind.TEXT:
            return self._choice(kind, depth - 1)
        return self._pick(self._numbers(kind))(depth - 1)

    def _booleans(self) -> list[Callable[[int], Node]]:
        found = [self._not, self._and, self._or, self._compare, self._compare, self._in_set, self._contains]
        found.append(lambda depth: self._choice(Kind.BOOL, depth))
        if self._list is None:
            found += [lambda depth: self._aggregate(Kind.BOOL, depth)] * 2
        return found

    def _dates(self) -> list[Callable[[int], Node]]:
        found: list[Callable[[int], Node]] = [
            lambda depth: AddMonths(Kind.DATE, self.tree(Kind.DATE, depth), self._step(1200)),
            lambda depth: AddDays(Kind.DATE, self.tree(Kind.DATE, depth), self._step(30_000)),
            lambda depth: YearStart(Kind.DATE, self.tree(Kind.DATE, depth)),
            self._working_day,
            lambda depth: self._extremum(Kind.DATE, depth),
            lambda depth: self._choice(Kind.DATE, depth),
        ]
        if self._list is None:
            found += [lambda depth: self._aggregate(Kind.DATE, depth)] * 2
        return found

    def _working_day(self, depth: int) -> Node:
        count, day = self._draw(st.integers(0, 30)), self._draw(st.dates(date(2022, 1, 1), date(2026, 12, 31)))
        return working_day_after(self.tree(Kind.DATE, depth), count, day, is_working_day_by_notice)

    def _step(self, most: int) -> Node:
        if self._draw(st.booleans()):
            return FactRef(Kind.INT, FACTS["small"])
        return Const(Kind.INT, self._draw(st.one_of(st.integers(-40, 40), st.integers(-most, most), st.none())))

    def _numbers(self, kind: Kind) -> list[Callable[[int], Node]]:
        found: list[Callable[[int], Node]] = [
            lambda depth: Add(kind, self.tree(kind, depth), self.tree(kind, depth)),
            lambda depth: Sub(kind, self.tree(kind, depth), self.tree(kind, depth)),
            lambda depth: Mul(kind, self.tree(kind, depth), self.tree(Kind.INT, depth)),
            lambda depth: self._mul_div(kind, depth),
            lambda depth: self._extremum(kind, depth),
            lambda depth: self._choice(kind, depth),
        ]
        if kind is Kind.INT:
            found += [self._gap] * 3
            found.append(lambda depth: YearOf(kind, self.tree(Kind.DATE, depth)))
        if self._list is None:
            found += [lambda depth: self._aggregate(kind, depth)] * 2
        return found

    def _gap(self, depth: int) -> Node:
        make = self._pick([MonthsBetween, YearsBetween, DaysBetween])
        made: Node = make(Kind.INT, self.tree(Kind.DATE, depth), self.tree(Kind.DATE, depth))
        return made

    def _mul_div(self, kind: Kind, depth: int) -> Node:
        divisors = [
            Const(Kind.INT, self._draw(st.integers(1, 12))),
            Const(Kind.INT, 10_000),
            FactRef(Kind.INT, FACTS["small"]),
        ]
        left, right = self.tree(kind, depth), self.tree(Kind.INT, depth)
        return MulDiv(kind, left, right, self._pick(divisors), self._draw(ROUNDINGS), "share")

    def _not(self, depth: int) -> Node:
        return Not(Kind.BOOL, self.tree(Kind.BOOL, depth))

    def _and(self, depth: int) -> Node:
        return And(Kind.BOOL, self._several(Kind.BOOL, depth, 1))

    def _or(self, depth: int) -> Node:
        return Or(Kind.BOOL, self._several(Kind.BOOL, depth, 1))

    def _several(self, kind: Kind, depth: int, least: int = 2) -> tuple[Node, ...]:
        return tuple(self.tree(kind, depth) for _ in range(self._draw(st.integers(least, 3))))

    def _compare(self, depth: int) -> Node:
        kind = self._pick([Kind.INT, Kind.MONEY, Kind.RATE, Kind.DATE, Kind.DATE, Kind.TEXT, Kind.BOOL])
        signs = COMPARISONS[:2] if kind in {Kind.TEXT, Kind.BOOL} else COMPARISONS
        return Compare(Kind.BOOL, self._pick(signs), self.tree(kind, depth), self.tree(kind, depth))

    def _in_set(self, depth: int) -> Node:
        kind = self._pick([Kind.TEXT, Kind.INT, Kind.DATE])
        values = {Kind.TEXT: st.sampled_from([*CODES, "no such code"]), Kind.INT: st.integers(-3, 3), Kind.DATE: DAYS}[
            kind
        ]
        return InSet(Kind.BOOL, self.tree(kind, depth), tuple(self._draw(st.lists(values, max_size=6, unique=True))))

    def _contains(self, _depth: int) -> Node:
        source: FactRef | Field = FactRef(Kind.CODES, FACTS["tags"])
        if self._list is not None and self._list.kind is Kind.RECORDS:
            source = Field(Kind.CODES, FACTS["records"].fields["tags"])
        wanted = self._draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True))
        return Contains(Kind.BOOL, source, tuple(wanted), self._draw(st.booleans()))

    def _extremum(self, kind: Kind, depth: int) -> Node:
        return Extremum(kind, self._draw(st.booleans()), self._several(kind, depth))

    def _choice(self, kind: Kind, depth: int) -> Node:
        return If(kind, self.tree(Kind.BOOL, depth), self.tree(kind, depth), self.tree(kind, depth))

    def _aggregate(self, kind: Kind, depth: int) -> Node:
        ops = {
            Kind.BOOL: ["any", "all", "run"],
            Kind.DATE: ["min", "max", "nth"],
            Kind.INT: ["count", "sum", "min", "max"],
        }
        op = self._pick(ops.get(kind, ["sum", "min", "max"]))
        source = FACTS[self._pick(["records", "records", "series", "tags"])]
        self._list = source
        try:
            bodiless = op == "count" and self._draw(st.booleans())
            body_kind = Kind.BOOL if op in {"any", "all", "run", "count"} else kind
            body = None if bodiless else self.tree(body_kind, depth)
            where = self.tree(Kind.BOOL, depth) if self._draw(st.booleans()) else None
        finally:
            self._list = None
        latest = self._draw(st.one_of(st.none(), st.integers(1, 4)))
        return Aggregate(kind, op, FactRef(source.kind, source), body, where, self._draw(st.integers(1, 3)), latest)
