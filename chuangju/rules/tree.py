"""The typed tree of an expression: few node types, all frozen; every interpreter is checked for each of them.

A node's `kind` says what its value is; unknown is None. Nodes marked (bound away) disappear when `binding` fixes a tree
to a day; interpreters never meet them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chuangju.rules.facts import Fact
from chuangju.rules.kinds import Kind, Value
from chuangju.rules.node_fields import parts_of

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Rounding = Literal["half_up", "half_even", "up", "down"]
AggregateOp = Literal["count", "sum", "any", "all", "min", "max", "run", "nth"]


@dataclass(frozen=True, slots=True)
class Node:
    """One node; `kind` is the kind of its value."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A value that stands in the text or was fixed by the day; None is unknown."""

    value: Value


@dataclass(frozen=True, slots=True)
class FactRef(Node):
    """A fact about the applicant."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class ParamRef(Node):
    """A dated parameter, on the day asked about or on `at`'s (bound away)."""

    name: str
    at: Node | None = None


@dataclass(frozen=True, slots=True)
class BandRef(Node):
    """The value of a banded parameter for a size (bound away)."""

    name: str
    size: Node


@dataclass(frozen=True, slots=True)
class Today(Node):
    """The day asked about (`on` in the text)."""


@dataclass(frozen=True, slots=True)
class FromDay(Node):
    """The day from which all conditions of time hold; used to look at the other conditions on that day."""


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A field of the record that an aggregate looks at."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Item(Node):
    """The element of a plain list that an aggregate looks at."""


@dataclass(frozen=True, slots=True)
class MonthVar(Node):
    """The first day of the month that an unrolled loop stands at (bound away)."""

    name: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Kleene's not."""

    part: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """Kleene's and: one no settles it."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Kleene's or: one yes settles it."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """Two values of one kind compared; unknown where either is."""

    op: Comparison
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class InSet(Node):
    """Whether a value is one of these; unknown where it is unknown."""

    part: Node
    values: tuple[Value, ...]
    shown: tuple[Value, ...] = ()  # as the text names them, where `values` holds what lies below them too


@dataclass(frozen=True, slots=True)
class InList(Node):
    """Whether a code stands in a dated list on the day asked about (bound away)."""

    part: Node
    name: str


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """Whether a list of codes holds one (any) or all of these; unknown where the list is."""

    source: FactRef | Field
    values: tuple[str, ...]
    every: bool


@dataclass(frozen=True, slots=True)
class Add(Node):
    """A sum of two."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Sub(Node):
    """A difference."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Mul(Node):
    """A product; at most one side is money or a rate."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class MulDiv(Node):
    """left * right / divisor (at least 1), rounded by name; `purpose` is share, prorate, interest or mean."""

    left: Node
    right: Node
    divisor: Node
    rounding: Rounding
    purpose: str


@dataclass(frozen=True, slots=True)
class If(Node):
    """One of two values."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Extremum(Node):
    """The least or greatest of some values; `purpose` "deduct" marks deductions in order below a limit, the first part."""

    greatest: bool
    parts: tuple[Node, ...]
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class MonthsBetween(Node):
    """The greatest n with add_months(start, n) <= end."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class YearsBetween(Node):
    """The greatest n with add_months(start, 12 n) <= end."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class DaysBetween(Node):
    """Days from start to end, negative backwards."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class WorkingDaysSince(Node):
    """Working days after a date up to the day asked about; only compared with a number (bound away)."""

    start: Node


@dataclass(frozen=True, slots=True)
class AddMonths(Node):
    """A date moved by months, clamped to the end of the month."""

    start: Node
    months: Node


@dataclass(frozen=True, slots=True)
class AddDays(Node):
    """A date moved by days."""

    start: Node
    days: Node


@dataclass(frozen=True, slots=True)
class YearOf(Node):
    """The calendar year of a date."""

    part: Node


@dataclass(frozen=True, slots=True)
class YearStart(Node):
    """The first day of the calendar year of a date."""

    part: Node


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """A figure over the elements of a list; unknown where the list is, or where an element's part is.

    count: how many fulfil `body` (None: all) among those that fulfil `where`; sum, min, max of `body`; any, all of `body`;
    run: whether `n` elements in a row fulfil `body`; nth: the n-th smallest date `body` (FAR where there are fewer).
    `latest` keeps the first so many elements (series are newest first).
    """

    op: AggregateOp
    source: FactRef
    body: Node | None = None
    where: Node | None = None
    n: int = 0
    latest: int | None = None


@dataclass(frozen=True, slots=True)
class OverMonths(Node):
    """A figure over the calendar months before the day asked about (bound away): sum, count, any, all, min or max."""

    op: AggregateOp
    months: int
    variable: str
    body: Node
    where: Node | None = None


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the text."""
    found: list[object] = []
    for name in parts_of(type(node)):
        value = getattr(node, name)
        found += value if isinstance(value, tuple) else (value,)
    return tuple(one for one in found if isinstance(one, Node))


def walk(node: Node) -> list[Node]:
    """The node and everything below it, depth first."""
    found, waiting = [], [node]
    while waiting:
        found.append(waiting.pop())
        waiting += reversed(children(found[-1]))
    return found
