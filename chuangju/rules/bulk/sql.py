"""Trees as SQL text, in the dialects of DuckDB and Spark, from one renderer; every part stands in parentheses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chuangju.rules.bulk import sql_days, sql_lists
from chuangju.rules.bulk.dialects import Dialect
from chuangju.rules.bulk.nodes import Bits, Held, IsUnknown, One, Pick
from chuangju.rules.counting import WorkingDayAfter
from chuangju.rules.kinds import Kind
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
    children,
)

FROM_DAY = "from day"
_ELEMENT = "one"
_OPERATORS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Sql:
    """Writes trees in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        """For this engine."""
        self.dialect = dialect

    def text(self, node: Node) -> str:
        """The SQL of a tree; raises TypeError for a node that binding should have taken away."""
        make = _MAKERS.get(type(node))
        if make is None:
            raise TypeError(f"{type(node).__name__} is not bound to a day")
        return make(self, node)

    def texts(self, nodes: Sequence[Node]) -> list[str]:
        """Of several."""
        return [self.text(one) for one in nodes]

    def named(self, name: str) -> str:
        """A column."""
        return self.dialect.name_of(name)


def written_again(node: Node) -> tuple[Node, ...]:
    """The parts of a node that stand more than once in its SQL."""
    match node:
        case If():
            return (node.condition,)
        case MulDiv() if node.rounding == "down":
            return ()
        case Extremum() | MulDiv() | MonthsBetween() | YearsBetween() | AddMonths() | AddDays() | YearStart():
            return children(node)
        case WorkingDayAfter():
            return (node.start,)
        case _:
            return ()


def _joined(sql: Sql, node: And | Or, word: str, nothing: str) -> str:
    return f"({f' {word} '.join(sql.texts(node.parts))})" if node.parts else nothing


def _compare(sql: Sql, node: Compare) -> str:
    return f"({sql.text(node.left)} {_OPERATORS[node.op]} {sql.text(node.right)})"


def _in_set(sql: Sql, node: InSet) -> str:
    part, dialect = sql.text(node.part), sql.dialect
    if not node.values:
        return f"(({part} IS NULL) AND {dialect.constant(None, Kind.BOOL)})"
    values = ", ".join(dialect.constant(one, node.part.kind) for one in node.values)
    return f"({part} IN ({values}))"


def _arithmetic(sign: str) -> Callable[[Sql, Any], str]:
    return lambda sql, node: f"({sql.text(node.left)} {sign} {sql.text(node.right)})"


def _mul_div(sql: Sql, node: MulDiv) -> str:
    """Dividing cuts off towards zero: what rounding adds first has the sign of the product."""
    product, divisor = f"({sql.text(node.left)} * {sql.text(node.right)})", sql.text(node.divisor)
    if node.rounding == "down":
        return sql.dialect.divide.format(product, divisor)
    return sql.dialect.let({"product": product, "divisor": divisor}, lambda *held: _rounded(sql, node, *held))


def _rounded(sql: Sql, node: MulDiv, product: str, divisor: str) -> str:
    dialect = sql.dialect
    half = dialect.divide.format(divisor, dialect.number(2))
    more = f"({divisor} - {dialect.number(1)})" if node.rounding == "up" else half
    raised = f"({product} + (CASE WHEN ({product} < 0) THEN (- {more}) ELSE {more} END))"
    whole = dialect.divide.format(raised, divisor)
    if node.rounding != "half_even":
        return whole
    is_between = f"((({raised} % {divisor}) = 0) AND (({divisor} % 2) = 0) AND (({whole} % 2) <> 0))"
    return f"({whole} - (CASE WHEN {is_between} THEN (CASE WHEN ({product} < 0) THEN -1 ELSE 1 END) ELSE 0 END))"


def _if(sql: Sql, node: If) -> str:
    condition, yes, no = sql.texts((node.condition, node.yes, node.no))
    return f"(CASE WHEN {condition} THEN {yes} WHEN (NOT {condition}) THEN {no} END)"


def _extremum(sql: Sql, node: Extremum) -> str:
    """The engine's own skips what is unknown: so it is only asked where nothing is."""
    parts = sql.texts(node.parts)
    unknown = " OR ".join(f"({one} IS NULL)" for one in parts)
    name = "GREATEST" if node.greatest else "LEAST"
    return f"(CASE WHEN ({unknown}) THEN NULL ELSE {name}({', '.join(parts)}) END)" if len(parts) > 1 else parts[0]


def _field(sql: Sql, node: Field) -> str:
    return f"({_ELEMENT}.{sql.named(node.fact.key)})"


def _contains(sql: Sql, node: Contains) -> str:
    return sql_lists.contains(sql.dialect, sql.text(node.source), node.values, every=node.every)


def _aggregate(sql: Sql, node: Aggregate) -> str:
    body = sql.text(node.body) if node.body is not None else None
    where = sql.text(node.where) if node.where is not None else None
    source = sql.named(node.source.fact.key)
    if node.latest is not None:
        source = sql.dialect.first.format(source, node.latest)
    return sql_lists.aggregate(sql_lists.Elements(sql.dialect, source, _ELEMENT), node, body, where)


def _bits(sql: Sql, node: Bits) -> str:
    """A choice by cases costs much more than a yes or no taken for a number."""
    dialect = sql.dialect
    found = [
        f"(coalesce(CAST({part} AS {dialect.integer}), 0) * {dialect.number(1 << place)})"
        for place, part in enumerate(sql.texts(node.parts))
        if part != "FALSE"
    ]
    return f"({' + '.join(found)})" if found else dialect.number(0)


def _one(sql: Sql, node: One) -> str:
    return f"(bit_count({sql.text(node.bits)}) = 1)"


def _pick(sql: Sql, node: Pick) -> str:
    cases = " ".join(
        f"WHEN {case} THEN {number}" for case, number in zip(sql.texts(node.cases), node.numbers, strict=False)
    )
    return f"(CASE {cases} ELSE {node.numbers[-1]} END)" if cases else str(node.numbers[-1])


def _between(work: Callable[[Dialect, str, str], str]) -> Callable[[Sql, Any], str]:
    return lambda sql, node: work(sql.dialect, sql.text(node.start), sql.text(node.end))


_MAKERS: dict[type[Node], Callable[[Sql, Any], str]] = {
    Const: lambda sql, node: sql.dialect.constant(node.value, node.kind),
    FactRef: lambda sql, node: sql.named(node.fact.key),
    Held: lambda sql, node: sql.named(node.name),
    FromDay: lambda sql, _node: sql.named(FROM_DAY),
    Field: _field,
    Item: lambda _sql, _node: _ELEMENT,
    Not: lambda sql, node: f"(NOT {sql.text(node.part)})",
    And: lambda sql, node: _joined(sql, node, "AND", "TRUE"),
    Or: lambda sql, node: _joined(sql, node, "OR", "FALSE"),
    Compare: _compare,
    InSet: _in_set,
    Contains: _contains,
    Add: _arithmetic("+"),
    Sub: _arithmetic("-"),
    Mul: _arithmetic("*"),
    MulDiv: _mul_div,
    If: _if,
    Extremum: _extremum,
    MonthsBetween: _between(sql_days.months_between),
    YearsBetween: _between(sql_days.years_between),
    DaysBetween: _between(sql_days.days_between),
    AddMonths: lambda sql, node: sql_days.add_months(sql.dialect, sql.text(node.start), sql.text(node.months)),
    AddDays: lambda sql, node: sql_days.add_days(sql.dialect, sql.text(node.start), sql.text(node.days)),
    YearOf: lambda sql, node: sql_days.year_of(sql.dialect, sql.text(node.part)),
    YearStart: lambda sql, node: sql_days.year_start(sql.dialect, sql.text(node.part)),
    WorkingDayAfter: lambda sql, node: sql_days.working_day_after(sql.dialect, sql.text(node.start), node),
    Aggregate: _aggregate,
    IsUnknown: lambda sql, node: f"({sql.text(node.part)} IS NULL)",
    Bits: _bits,
    One: _one,
    Pick: _pick,
}
