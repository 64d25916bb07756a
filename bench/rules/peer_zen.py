"""zen-engine: one decision with all policies as expressions, row by row, and one answer with its trace.

Run by the Python of .venv-bench: `peer_zen.py REGISTER ROWS AMOUNTS`. Unknown becomes a default value, dates day numbers.
"""

from __future__ import annotations

import ast
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import zen

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.rules.measuring import measure, tell
from bench.rules.plain import ALL_FACTS, POLICIES

_EPOCH = date(1970, 1, 1)
_SIGNS: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
}


def in_zen(node: ast.AST) -> str:
    """The text of a tree in zen's own language."""
    match node:
        case ast.Name():
            return node.id
        case ast.Constant():
            return f"'{node.value}'" if isinstance(node.value, str) else str(node.value)
        case ast.Compare():
            return f"({in_zen(node.left)} {_SIGNS[type(node.ops[0])]} {in_zen(node.comparators[0])})"
        case ast.UnaryOp():
            return f"(not {in_zen(node.operand)})"
        case ast.BinOp(op=ast.BitOr()):
            return f"({in_zen(node.left)} or {in_zen(node.right)})"
        case ast.BinOp(op=ast.FloorDiv()):
            return f"floor({in_zen(node.left)} / {in_zen(node.right)})"
        case ast.BinOp():
            return f"({in_zen(node.left)} {_SIGNS[type(node.op)]} {in_zen(node.right)})"
        case ast.Call(func=ast.Name(id=name), args=given):
            return _call(name, given)
        case _:
            raise TypeError(ast.dump(node))


def _call(name: str, given: list[ast.expr]) -> str:
    if name == "day":
        return str((date.fromisoformat(ast.literal_eval(given[0])) - _EPOCH).days)
    if name == "months":
        # It has no form there that keeps the clamping of month ends: the row brings the answer along.
        return "unemployed_months"
    texts = [in_zen(one) for one in given if not isinstance(one, ast.Tuple)]
    if name == "isin":
        return f"({texts[0]} in [{', '.join(repr(code) for code in ast.literal_eval(given[1]))}])"
    return f"({texts[0]} ? {texts[1]} : {texts[2]})" if name == "pick" else f"min([{', '.join(texts)}])"


def zen_text(text: str) -> str:
    """A text of the measured policies in zen's own language."""
    return in_zen(ast.parse(text, mode="eval").body)


def make_decision() -> Any:
    """The decision: for each policy the amount, or -1."""
    expressions = [
        {
            "id": name,
            "key": name,
            "value": f"({' and '.join(zen_text(one) for one in conditions)}) ? {zen_text(amount)} : -1",
        }
        for name, (conditions, amount) in POLICIES.items()
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "x",
            "type": "expressionNode",
            "name": "x",
            "position": {"x": 1, "y": 0},
            "content": {"expressions": expressions},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "x", "type": "edge"},
        {"id": "b", "sourceId": "x", "targetId": "out", "type": "edge"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def read_rows(register: str, count: int) -> list[dict[str, Any]]:
    """Rows as zen takes them."""
    start, end = pl.col("founder_unemployed_since"), pl.col("registered_on")
    months = (end.dt.year() - start.dt.year()) * 12 + (end.dt.month() - start.dt.month()).cast(pl.Int32)
    late = (start.dt.day() > end.dt.day()) & (end != end.dt.month_end())
    frame = pl.scan_parquet(register).head(count).with_columns(unemployed_months=months - late.cast(pl.Int32)).collect()
    dates = [name for name, dtype in frame.schema.items() if dtype == pl.Date]
    numbers = [pl.col(dates).cast(pl.Int32).cast(pl.Int64)]
    frame = frame.with_columns(numbers).select(*ALL_FACTS, "unemployed_months")
    filled = [
        pl.col(name).cast(pl.String).fill_null("")
        if isinstance(dtype, pl.Enum)
        else pl.col(name).fill_null(False if dtype == pl.Boolean else 0)
        for name, dtype in frame.schema.items()
    ]
    return frame.select(filled).to_dicts()


def main() -> None:
    """Measure rows in a loop and one traced answer, then write the amounts."""
    register, count, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    decision, rows = make_decision(), read_rows(register, count)
    found = [decision.evaluate(row)["result"] for row in rows]
    tell(what="zen-engine, rows", rows=count, **measure(lambda: [decision.evaluate(row) for row in rows], runs=2))
    tell(
        what="zen-engine, one answer with trace",
        **measure(lambda: decision.evaluate(rows[0], {"trace": True}), runs=50),
    )
    pl.DataFrame({name: [int(row[name]) for row in found] for name in POLICIES}).write_parquet(target)


if __name__ == "__main__":
    main()
