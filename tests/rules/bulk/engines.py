"""The same trees through every engine, over the same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from chuangju.rules.bulk.batch import Stage
from chuangju.rules.bulk.columns import FROM_DAY
from chuangju.rules.bulk.dialects import DUCKDB
from chuangju.rules.bulk.sql import Sql
from chuangju.rules.bulk.widths import narrowed
from chuangju.rules.closures import FROM_KEY, compile_tree
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import Kind
from chuangju.rules.tree import Aggregate, FactRef, Field, FromDay, Node, children, walk

Rows = Sequence[Mapping[str, Any]]
Engine = Callable[[Mapping[str, Node], pl.DataFrame], dict[str, list[Any]]]


def dtype_of(fact: Fact) -> pl.DataType:
    """How a fact stands in a frame."""
    codes = pl.Enum(list(fact.codes.codes)) if fact.codes else pl.String()
    plain = {Kind.BOOL: pl.Boolean(), Kind.DATE: pl.Date(), Kind.TEXT: codes, Kind.CODES: pl.List(codes)}
    if fact.kind is Kind.RECORDS:
        return pl.List(pl.Struct({key: dtype_of(one) for key, one in fact.fields.items()}))
    return pl.List(pl.Int64()) if fact.kind is Kind.INTS else plain.get(fact.kind, pl.Int64())


def frame_of(rows: Rows, facts: Mapping[str, Fact], **more: Any) -> pl.DataFrame:
    """The rows as a frame with the columns of these facts."""
    schema = {key: dtype_of(fact) for key, fact in facts.items()} | more
    return pl.DataFrame([pl.Series(key, [row.get(key) for row in rows], dtype=dtype) for key, dtype in schema.items()])


def by_closures(trees: Mapping[str, Node], rows: Rows) -> dict[str, list[Any]]:
    """The reference."""
    compiled = {name: compile_tree(tree) for name, tree in trees.items()}
    return {name: [run(row, None) for row in rows] for name, run in compiled.items()}


def by_polars(trees: Mapping[str, Node], frame: pl.DataFrame) -> dict[str, list[Any]]:
    """Through columns."""
    found = Stage(frame.schema, trees).add_to(frame.lazy()).collect()
    return {name: found[name].to_list() for name in trees}


def by_narrow_polars(trees: Mapping[str, Node], frame: pl.DataFrame) -> dict[str, list[Any]]:
    """Through columns as narrow as their values allow."""
    return by_polars(trees, frame.select(narrowed(column) for column in frame))


def by_duckdb(trees: Mapping[str, Node], frame: pl.DataFrame) -> dict[str, list[Any]]:
    """Through SQL."""
    sql = Sql(DUCKDB)
    wanted = ", ".join(f"{sql.text(tree)} AS {sql.named(name)}" for name, tree in trees.items())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        frame.write_parquet(file)
        with duckdb.connect(config={"threads": 1}) as connection:
            found = connection.execute(f"SELECT {wanted} FROM read_parquet('{file}')").fetchall()  # noqa: S608 - our own text
    return {name: [row[place] for row in found] for place, name in enumerate(trees)}


def smallest_difference(trees: Mapping[str, Node], rows: Rows, frame: pl.DataFrame, engine: Engine) -> str:
    """Of all parts of the trees that can stand alone the smallest on which an engine differs, with a row to show it."""
    parts = sorted({part for tree in trees.values() for part in _parts(tree)}, key=lambda part: len(walk(part)))
    for part in parts:
        try:
            found = engine({"x": part}, frame)["x"]
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is told with the tree that brought it
            return f"{part}\nfails with {problem}"
        expected = by_closures({"x": part}, rows)["x"]
        for place, (is_, should) in enumerate(zip(found, expected, strict=True)):
            if is_ != should:
                asked = {
                    one.fact.key if isinstance(one, FactRef) else FROM_KEY
                    for one in walk(part)
                    if isinstance(one, FactRef | FromDay)
                }
                shown = {key: rows[place][key] for key in sorted(asked)}
                return f"{engine.__name__}: {is_!r} instead of {should!r} for\n{_brief(part)}\non {shown}"
    return "only the whole differs"


def _brief(node: Node) -> str:
    """The tree without its kinds and the rest of its facts."""
    if isinstance(node, FactRef | Field):
        return f"{type(node).__name__}({node.fact.key})"
    shown = [getattr(node, name) for name in node.__dataclass_fields__ if name != "kind"]
    return f"{type(node).__name__}({', '.join(_shown(one) for one in shown)})"


def _shown(value: Any) -> str:
    if isinstance(value, Node):
        return _brief(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(one) for one in value)}]"
    return repr(value)


def _parts(node: Node) -> list[Node]:
    """The node and all below it, save for what only means something inside an aggregate."""
    if isinstance(node, Aggregate):
        return [node]
    found = [node]
    for child in children(node):
        found += _parts(child)
    return found


assert FROM_KEY == FROM_DAY
