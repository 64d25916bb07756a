"""Trees as Polars expressions: every enterprise of a register at once, unknown kept as null.

No function of the engine is trusted with unknowns, months, rounding or extremes: those skip nulls or differ from engine to
engine. Whole numbers are worked with in 64 bits throughout; a column that is narrower is widened where it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from chuangju.rules.bulk import column_days
from chuangju.rules.bulk.column_days import add_days, add_months, days_between, months_between, year_of, year_start
from chuangju.rules.bulk.column_lists import DTYPES, Element, aggregate, contains
from chuangju.rules.bulk.column_numbers import divided
from chuangju.rules.bulk.nodes import Bits, Held, IsUnknown, One, Pick, outer_parts
from chuangju.rules.bulk.widths import WORKED, bits_dtype, holds, is_narrow, is_never_negative
from chuangju.rules.counting import WorkingDayAfter
from chuangju.rules.kinds import NUMBERS, Kind
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
    walk,
)

Schema = Mapping[str, pl.DataType]
FROM_DAY = "from day"
# Up to so many values a chain of comparisons is quicker than membership.
_FEW = 4
_MONTHS = 12
# What takes many steps: elements get columns of their own for it.
_CALENDAR = (AddMonths, MonthsBetween, YearsBetween, YearOf, YearStart)


class Columns:
    """Makes expressions for frames of this schema; a fact must be a column (see `nodes.without` for those that are not)."""

    def __init__(self, schema: Schema) -> None:
        """For frames of this schema."""
        self._schema = schema
        self._element: Element | None = None
        self._steps: list[dict[str, pl.Expr]] = []
        self._level_of: dict[str, int] = {}

    def let(self, expression: pl.Expr) -> pl.Expr:
        """The expression as a column of an earlier step, where it is used more than once."""
        if self._element is not None:
            return self._element.let(expression)
        level = max((self._level_of.get(name, -1) + 1 for name in expression.meta.root_names()), default=0)
        name = f"let {len(self._level_of)}"
        self._level_of[name] = level
        if level == len(self._steps):
            self._steps.append({})
        self._steps[level][name] = expression
        return pl.col(name)

    def run(self, frame: pl.LazyFrame, wanted: Mapping[str, pl.Expr]) -> pl.LazyFrame:
        """The frame with these expressions, after the steps that they need."""
        for step in self._steps:
            frame = frame.with_columns(**step)
        return frame.with_columns(**wanted)

    def expression(self, node: Node) -> pl.Expr:
        """The expression of a tree; raises TypeError for a node that binding should have taken away."""
        make = _MAKERS.get(type(node))
        if make is None:
            raise TypeError(f"{type(node).__name__} is not bound to a day")
        return make(self, node)

    def fact(self, node: FactRef) -> pl.Expr:
        """The column of a fact, seen from an element too."""
        if self._element is not None:
            return self._element.outer(node)
        kept = self.kept(node)
        return pl.col(node.fact.key) if kept is None else kept[0].cast(WORKED)

    def kept(self, node: Node) -> tuple[pl.Expr, pl.DataType] | None:
        """The column of a fact that is narrower than what is worked with, as it is kept, and its type."""
        if self._element is not None or not isinstance(node, FactRef) or node.kind not in NUMBERS:
            return None
        dtype = self._schema[node.fact.key]
        return (pl.col(node.fact.key), dtype) if is_narrow(dtype) else None

    def field(self, node: Field) -> pl.Expr:
        """A field of the element."""
        return self.item().struct.field(node.fact.key)

    def item(self) -> pl.Expr:
        """The element itself; raises TypeError outside an aggregate."""
        if self._element is None:
            raise TypeError("an element stands in an aggregate only")
        return self._element.whole()

    def held(self, node: Held | FromDay) -> pl.Expr:
        """A column of an earlier step, seen from an element too."""
        if self._element is not None:
            return self._element.outer(node)
        return pl.col(node.name if isinstance(node, Held) else FROM_DAY)

    def aggregate(self, node: Aggregate) -> pl.Expr:
        """A figure over the elements of a list."""
        outer = tuple((one, self.expression(one), self._dtype(one)) for one in outer_parts(node))
        key = node.source.fact.key
        source = pl.col(key) if node.latest is None else pl.col(key).list.head(node.latest)
        is_wide = any(isinstance(one, _CALENDAR) for one in walk(node))
        element = self._element = Element(source, self._schema[key], outer, is_wide=is_wide)
        try:
            body = self.expression(node.body) if node.body is not None else None
            where = self.expression(node.where) if node.where is not None else None
        finally:
            self._element = None
        element.settle(self.let)
        return aggregate(node, element, body, where)

    def _dtype(self, node: Node) -> pl.DataType:
        is_number = node.kind in NUMBERS
        return self._schema[node.fact.key] if isinstance(node, FactRef) and not is_number else DTYPES[node.kind]


def literal(value: Any, kind: Kind) -> pl.Expr:
    """A constant of this kind; None is unknown."""
    return pl.lit(value, dtype=DTYPES[kind])


def _as_text(expression: pl.Expr, node: Node) -> pl.Expr:
    """Codes of different lists can only be compared as what they are written as."""
    return expression if isinstance(node, Const) else expression.cast(pl.String)


def _compare(columns: Columns, node: Compare) -> pl.Expr:
    left, right = columns.expression(node.left), columns.expression(node.right)
    if node.left.kind is Kind.TEXT and not isinstance(node.right, Const) and not isinstance(node.left, Const):
        left, right = _as_text(left, node.left), _as_text(right, node.right)
    kept = columns.kept(node.left)
    if kept is not None and isinstance(node.right, Const) and holds(kept[1], node.right.value):
        # Nothing is worked out with it, so that it stays as narrow as it is kept.
        left, right = kept[0], pl.lit(node.right.value, dtype=kept[1])
    return _COMPARE[node.op](left, right)


_COMPARE: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _in_set(columns: Columns, node: InSet) -> pl.Expr:
    part, kind = columns.expression(node.part), node.part.kind
    if not node.values:
        # In no value at all: no, as soon as the part is known.
        return part.is_null() & pl.lit(None, dtype=pl.Boolean)
    if len(node.values) <= _FEW:
        return reduce(lambda a, b: a | b, (part == literal(one, kind) for one in node.values))
    return part.is_in(list(node.values))


def _used_again(columns: Columns, node: Node) -> pl.Expr:
    found = columns.expression(node)
    return found if isinstance(node, Const | FactRef | Held) else columns.let(found)


def _if(columns: Columns, node: If) -> pl.Expr:
    condition = _used_again(columns, node.condition)
    yes, no = columns.expression(node.yes), columns.expression(node.no)
    if node.kind is Kind.TEXT:
        yes, no = yes.cast(pl.String), no.cast(pl.String)
    return pl.when(condition).then(yes).when(~condition).then(no)


def _extremum(columns: Columns, node: Extremum) -> pl.Expr:
    found = columns.expression(node.parts[0])
    for part in node.parts[1:]:
        bound = _used_again(columns, part)
        found = found.clip(lower_bound=bound) if node.greatest else found.clip(upper_bound=bound)
        if not isinstance(part, Const) or part.value is None:
            # A bound that is unknown bounds nothing: the figure is unknown then.
            found = pl.when(bound.is_not_null()).then(found)
    return found


def _mul_div(columns: Columns, node: MulDiv) -> pl.Expr:
    product = columns.let(columns.expression(node.left) * columns.expression(node.right))
    is_negative = not (is_never_negative(node.left) and is_never_negative(node.right))
    return divided(product, _used_again(columns, node.divisor), node.rounding, columns.let, is_negative=is_negative)


def _months(columns: Columns, node: MonthsBetween | YearsBetween) -> pl.Expr:
    return months_between(columns.expression(node.start), columns.expression(node.end), columns.let)


def _bits(columns: Columns, node: Bits) -> pl.Expr:
    """As narrow as it can be: most of the work of a run is writing these."""
    dtype = bits_dtype(len(node.parts))
    nothing = pl.lit(0, dtype=dtype)
    found = [
        pl.when(columns.expression(part)).then(pl.lit(1 << place, dtype=dtype)).otherwise(nothing)
        for place, part in enumerate(node.parts)
    ]
    return reduce(lambda a, b: a | b, found) if found else nothing


def _one(columns: Columns, node: One) -> pl.Expr:
    """A set of bits with one bit is a power of two."""
    bits = _used_again(columns, node.bits)
    return (bits != 0) & ((bits & (bits - 1)) == 0)


def _is_unknown(columns: Columns, node: IsUnknown) -> pl.Expr:
    kept = columns.kept(node.part)
    return (columns.expression(node.part) if kept is None else kept[0]).is_null()


def _pick(columns: Columns, node: Pick) -> pl.Expr:
    found = pl.lit(node.numbers[-1], dtype=pl.UInt8)
    for case, number in reversed(list(zip(node.cases, node.numbers, strict=False))):
        found = pl.when(columns.expression(case)).then(pl.lit(number, dtype=pl.UInt8)).otherwise(found)
    return found


def _joined(parts: tuple[Node, ...], columns: Columns, work: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> pl.Expr:
    nothing = pl.lit(True) if work is and_ else pl.lit(False)
    found = [columns.expression(one) for one in parts]
    return reduce(work, found) if found else nothing


_MAKERS: dict[type[Node], Callable[[Columns, Any], pl.Expr]] = {
    Const: lambda _columns, node: literal(node.value, node.kind),
    FactRef: Columns.fact,
    Field: Columns.field,
    Item: lambda columns, _node: columns.item(),
    FromDay: Columns.held,
    Held: Columns.held,
    Not: lambda columns, node: ~columns.expression(node.part),
    And: lambda columns, node: _joined(node.parts, columns, and_),
    Or: lambda columns, node: _joined(node.parts, columns, or_),
    Compare: _compare,
    InSet: _in_set,
    Contains: lambda columns, node: contains(columns.expression(node.source), node.values, every=node.every),
    Add: lambda columns, node: columns.expression(node.left) + columns.expression(node.right),
    Sub: lambda columns, node: columns.expression(node.left) - columns.expression(node.right),
    Mul: lambda columns, node: columns.expression(node.left) * columns.expression(node.right),
    MulDiv: _mul_div,
    If: _if,
    Extremum: _extremum,
    MonthsBetween: _months,
    YearsBetween: lambda columns, node: _months(columns, node) // _MONTHS,
    DaysBetween: lambda columns, node: days_between(columns.expression(node.start), columns.expression(node.end)),
    AddMonths: lambda columns, node: add_months(
        columns.expression(node.start), columns.expression(node.months), columns.let
    ),
    AddDays: lambda columns, node: add_days(columns.expression(node.start), columns.expression(node.days)),
    YearOf: lambda columns, node: year_of(columns.expression(node.part), columns.let),
    YearStart: lambda columns, node: year_start(columns.expression(node.part), columns.let),
    WorkingDayAfter: lambda columns, node: column_days.working_day_after(columns.expression(node.start), node),
    Aggregate: Columns.aggregate,
    IsUnknown: _is_unknown,
    Bits: _bits,
    One: _one,
    Pick: _pick,
}
