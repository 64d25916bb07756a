"""Comparisons and membership: both sides of one kind, codes that exist, sets of constants, dated lists."""

from __future__ import annotations

import ast

from chuangju.rules.kinds import LISTS, Kind
from chuangju.rules.reading import Reading
from chuangju.rules.tree import (
    And,
    Compare,
    Comparison,
    Const,
    Contains,
    FactRef,
    Field,
    InList,
    InSet,
    Node,
    Not,
    WorkingDaysSince,
)

_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def read_comparison(reading: Reading, node: ast.Compare) -> Node:
    """`a < b`, `a <= b < c`, `a in {…}`, `'code' in codes`, `id in a_list`."""
    found: list[Node] = []
    sides = [node.left, *node.comparators]
    for index, op in enumerate(node.ops):
        left, right = sides[index], sides[index + 1]
        if isinstance(op, ast.In | ast.NotIn):
            inside = _membership(reading, left, right)
            found.append(inside if isinstance(op, ast.In) else Not(Kind.BOOL, inside))
        elif type(op) in _COMPARISONS:
            found.append(_compare(reading, node, _COMPARISONS[type(op)], reading.read(left), reading.read(right)))
        else:
            raise reading.fault(node, "不能使用 is，请用 ==", "“is” is not allowed; use ==")
    return found[0] if len(found) == 1 else And(Kind.BOOL, tuple(found))


def _compare(reading: Reading, at: ast.AST, op: Comparison, left: Node, right: Node) -> Node:
    left, right = reading.alike(at, left, right)
    if left.kind in LISTS:
        raise reading.fault(
            at, "列表不能比较，请用 in、count 等", "lists cannot be compared; use in, count and the like"
        )
    if left.kind in {Kind.TEXT, Kind.BOOL} and op not in {"==", "!="}:
        raise reading.fault(at, "代码和是非只能比较是否相等", "codes and yes-or-no can only be equal or not")
    for one, other in ((left, right), (right, left)):
        reading.check_code(at, one, other)
        if isinstance(one, WorkingDaysSince) and not isinstance(other, Const):
            raise reading.fault(at, "工作日天数只能与一个数比较", "working days can only be compared with a number")
    return Compare(Kind.BOOL, op, left, right)


def _membership(reading: Reading, left: ast.expr, right: ast.expr) -> Node:
    if isinstance(right, ast.Name) and right.id in reading.scope.shared.lists and right.id not in reading.loops:
        return InList(Kind.BOOL, reading.read_as(left, Kind.TEXT), right.id)
    if isinstance(right, ast.Set | ast.List | ast.Tuple):
        part = reading.read(left)
        if part.kind in LISTS:
            raise reading.fault(left, "列表请用 has_any 或 has_all", "use has_any or has_all for a list")
        return InSet(Kind.BOOL, part, reading.values_of(right, part))
    source = reading.read(right)
    if not isinstance(source, FactRef | Field) or source.kind is not Kind.CODES:
        zh = "in 后面要一组值、一个代码列表或一份名单"
        raise reading.fault(right, zh, "“in” wants a set of values, a list of codes or a dated list")
    code = reading.read_as(left, Kind.TEXT)
    if not isinstance(code, Const):
        raise reading.fault(left, "这里要写明一个代码", "a code must be written here")
    reading.check_code(left, source, code)
    return Contains(Kind.BOOL, source, (code.value,), every=False)
