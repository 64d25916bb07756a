"""What DuckDB and Spark write differently; everything else about the SQL of trees is the same for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from chuangju.rules.kinds import Kind

DialectName = Literal["duckdb", "spark"]
# A column's or a field's name at most: no matter how often it stands.
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Dialect:
    """Names and forms of one engine; `{...}` are filled in with SQL that is already in parentheses."""

    name: DialectName
    quote: str
    integer: str
    text: str
    divide: str
    lambda_: str
    transform: str
    keep: str
    length: str
    first: str
    total: str
    least: str
    greatest: str
    nth: str
    joined: str
    has: str
    days_of: str
    day_at: str
    field: str
    held: str
    listed: str
    at: str

    def name_of(self, name: str) -> str:
        """An identifier."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def text_of(self, value: str) -> str:
        """A text in quotes; Spark takes the backslash for a sign of its own."""
        if self.name == "spark":
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return "'" + value.replace("'", "''") + "'"

    def constant(self, value: Any, kind: Kind) -> str:
        """A constant of this kind; None is NULL of its type."""
        if value is None:
            return f"CAST(NULL AS {self.type_of(kind)})"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        return self.number(value) if isinstance(value, int) else self.text_of(str(value))

    def number(self, value: int) -> str:
        """A whole number of 64 bits."""
        return f"CAST({value} AS {self.integer})"

    def type_of(self, kind: Kind) -> str:
        """The type of a plain kind."""
        return {Kind.BOOL: "BOOLEAN", Kind.DATE: "DATE", Kind.TEXT: self.text}.get(kind, self.integer)

    def let(self, values: Mapping[str, str], body: Callable[..., str]) -> str:
        """What is long and stands in the body more than once is worked out once, as fields of the one element of a list."""
        if all(len(value) <= _SHORT for value in values.values()):
            return body(*values.values())
        pairs = ", ".join(self.field.format(name, value) for name, value in values.items())
        return self.held.format(pairs, body(*(f"held.{name}" for name in values)))

    def function(self, variable: str, body: str) -> str:
        """A function over elements."""
        return self.lambda_.format(variable=variable, body=body)


DUCKDB = Dialect(
    name="duckdb",
    quote='"',
    integer="BIGINT",
    text="VARCHAR",
    divide="({0} // {1})",
    lambda_="lambda {variable}: {body}",
    transform="list_transform({0}, {1})",
    keep="list_filter({0}, {1})",
    length="len({0})",
    first="list_slice({0}, 1, {1})",
    total="CAST(coalesce(list_sum({0}), 0) AS BIGINT)",
    least="list_min({0})",
    greatest="list_max({0})",
    nth="list_sort({0})[{1}]",
    joined="array_to_string({0}, '')",
    has="coalesce(list_contains({0}, {1}), FALSE)",
    days_of="CAST(({0} - DATE '1970-01-01') AS BIGINT)",
    day_at="(DATE '1970-01-01' + CAST({0} AS INTEGER))",
    field="{0} := {1}",
    held="list_transform([struct_pack({0})], lambda held: {1})[1]",
    listed="[{0}]",
    at="list_extract({0}, {1})",
)
SPARK = Dialect(
    name="spark",
    quote="`",
    integer="BIGINT",
    text="STRING",
    divide="({0} div {1})",
    lambda_="{variable} -> {body}",
    transform="transform({0}, {1})",
    keep="filter({0}, {1})",
    length="CAST(size({0}) AS BIGINT)",
    first="slice({0}, 1, {1})",
    total="aggregate({0}, CAST(0 AS BIGINT), (total, one) -> total + one)",
    least="array_min({0})",
    greatest="array_max({0})",
    nth="element_at(sort_array({0}), {1})",
    joined="array_join({0}, '')",
    has="coalesce(array_contains({0}, {1}), FALSE)",
    days_of="CAST(datediff({0}, DATE '1970-01-01') AS BIGINT)",
    day_at="date_add(DATE '1970-01-01', CAST({0} AS INT))",
    field="'{0}', {1}",
    held="element_at(transform(array(named_struct({0})), held -> {1}), 1)",
    listed="array({0})",
    at="element_at({0}, CAST({1} AS INT))",
)
DIALECTS: dict[DialectName, Dialect] = {"duckdb": DUCKDB, "spark": SPARK}
