"""Figures over lists: `count(… for e in employees if …)`, over plain lists, and over the months before the day asked about."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from chuangju.rules.facts import Fact
from chuangju.rules.kinds import LISTS, NUMBERS, Kind
from chuangju.rules.reading import Reading
from chuangju.rules.tree import Aggregate, AggregateOp, Const, FactRef, Node, OverMonths, walk

MAX_MONTHS = 60
AGGREGATES: dict[str, AggregateOp] = {
    "count": "count",
    "sum": "sum",
    "any": "any",
    "all": "all",
    "min": "min",
    "max": "max",
}


@dataclass(frozen=True, slots=True)
class _Source:
    """What a loop runs over: a list (its first `latest` elements) or so many months."""

    ref: FactRef | None
    latest: int | None = None
    months: int = 0

    @property
    def fact(self) -> Fact | None:
        return self.ref.fact if self.ref else None


def read_aggregate(reading: Reading, node: ast.Call, op: AggregateOp, argument: ast.expr, n: int = 0) -> Node:
    """One figure over a list; raises Fault."""
    if not isinstance(argument, ast.GeneratorExp):
        source = _source(reading, argument)
        if op != "count" or source.ref is None:
            zh = "这里要写成 … for 变量 in 明细"
            raise reading.fault(argument, zh, "write … for variable in list here")
        return Aggregate(Kind.INT, "count", source.ref, latest=source.latest)
    if len(argument.generators) != 1 or argument.generators[0].is_async:
        raise reading.fault(argument, "只能有一层循环", "only one loop is allowed")
    loop = argument.generators[0]
    source = _source(reading, loop.iter)
    if not isinstance(loop.target, ast.Name) or _is_taken(reading, loop.target.id):
        raise reading.fault(loop.target, "循环变量要用一个没有用过的名称", "the loop variable must be a fresh name")
    if source.ref is not None and any(fact is not None for fact in reading.loops.values()):
        raise reading.fault(argument, "明细里面不能再套明细", "a list cannot be looked at inside another list")
    if source.ref is None and any(fact is None for fact in reading.loops.values()):
        raise reading.fault(argument, "月份里面不能再套月份", "months cannot be looked at inside months")
    reading.loops[loop.target.id] = source.fact
    try:
        body = reading.read(argument.elt)
        _check_body(reading, argument.elt, op, body)
        wheres = [reading.read_as(one, Kind.BOOL) for one in loop.ifs]
    finally:
        del reading.loops[loop.target.id]
    if len(wheres) > 1:
        raise reading.fault(argument, "只能写一个 if，请用 and 连接", "only one if is allowed; use and")
    where = wheres[0] if wheres else None
    if source.ref is not None and any(isinstance(one, Aggregate) for part in (body, *wheres) for one in walk(part)):
        zh = "明细里面不能再统计明细（size、quarter_mean 和引用的名称也算）"
        raise reading.fault(argument, zh, "no figure over a list inside another list, nor a name that holds one")
    kind = {"count": Kind.INT, "any": Kind.BOOL, "all": Kind.BOOL, "run": Kind.BOOL}.get(op, body.kind)
    if source.ref is None:
        if op == "run":
            raise reading.fault(node, "has_run 要用于数列", "has_run wants a series")
        if where is not None and op in {"min", "max"}:
            raise reading.fault(
                node, "按月取最大最小时不能写 if", "no if where the least or greatest of months is taken"
            )
        return OverMonths(kind, op, source.months, loop.target.id, body, where)
    return Aggregate(kind, op, source.ref, body, where, n, source.latest)


def _is_taken(reading: Reading, name: str) -> bool:
    scope = reading.scope
    known = name in scope.dictionary.facts or name in scope.lets or scope.parameter(name) is not None
    return known or name in reading.loops or name == "on" or name.startswith("_")


def _check_body(reading: Reading, at: ast.AST, op: AggregateOp, body: Node) -> None:
    if op in {"count", "any", "all", "run"}:
        if body.kind is not Kind.BOOL:
            raise reading.wrong_kind(at, body.kind, Kind.BOOL)
    elif op == "sum":
        if body.kind not in NUMBERS:
            raise reading.wrong_kind(at, body.kind, *sorted(NUMBERS))
    elif body.kind not in NUMBERS | {Kind.DATE}:
        raise reading.wrong_kind(at, body.kind, *sorted(NUMBERS), Kind.DATE)


def _source(reading: Reading, node: ast.expr) -> _Source:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id == "latest" and len(node.args) == len(("list", "count")):
            inner = _source(reading, node.args[0])
            if inner.ref is not None and inner.latest is None:
                return _Source(inner.ref, latest=literal_count(reading, node.args[1], 10_000))
        if node.func.id == "last_months" and len(node.args) == 1:
            return _Source(None, months=literal_count(reading, node.args[0], MAX_MONTHS))
    found = reading.read(node)
    if not isinstance(found, FactRef) or found.kind not in LISTS:
        raise reading.fault(node, "这里要一个明细或列表", "a list belongs here")
    return _Source(found)


def literal_count(reading: Reading, node: ast.expr, most: int) -> int:
    """A whole number written in the text, from 1 to `most`."""
    found = reading.read_as(node, Kind.INT)
    if not isinstance(found, Const) or not 1 <= found.value <= most:
        raise reading.fault(
            node, f"这里要写明 1 至 {most} 的整数", f"a whole number from 1 to {most} must be written here"
        )
    return int(found.value)
