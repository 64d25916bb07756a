"""Comparisons and membership: both sides of one kind, codes that exist, sets of constants, dated lists."""

from __future__ import annotations

import ast
from dataclasses import replace

from chuangju.rules.kinds import LISTS, Kind
from chuangju.rules.reading import Reading
from chuangju.rules.transforms import MIRRORED
from chuangju.rules.tree import (
    And,
    Compare,
    Comparison,
    Const,
    Contains,
    FactRef,
    Field,
    If,
    InList,
    InSet,
    MulDiv,
    Node,
    Not,
    ParamRef,
    WorkingDaysSince,
)

MAX_WORKING_DAYS = 1000

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
            found.append(_compare(reading, _COMPARISONS[type(op)], left, right))
        else:
            raise reading.fault(node, "不能使用 is，请用 ==", "“is” is not allowed; use ==")
    return found[0] if len(found) == 1 else And(Kind.BOOL, tuple(found))


def _compare(reading: Reading, op: Comparison, first: ast.expr, second: ast.expr) -> Node:
    reading.compared |= {first, second}
    left, right = reading.alike(second, reading.read(first), reading.read(second))
    if left.kind in LISTS:
        zh = "列表不能比较，请用 in、count 等"
        raise reading.fault(first, zh, "lists cannot be compared; use in, count and the like")
    if left.kind in {Kind.TEXT, Kind.BOOL} and op not in {"==", "!="}:
        raise reading.fault(second, "代码和是非只能比较是否相等", "codes and yes-or-no can only be equal or not")
    for at, one, other in ((second, left, right), (first, right, left)):
        reading.check_code(at, one, other)
        if isinstance(one, WorkingDaysSince):
            _check_working_days(reading, at, other)
    return Compare(Kind.BOOL, op, _exact(left, op), _exact(right, MIRRORED[op]))


def _exact(side: Node, op: Comparison) -> Node:
    """A mean is a whole number; rounded so that comparing it says what comparing the mean itself would say.

    Up for `<=` and `>`, down for `>=` and `<`: 299.5 is below 300, and not at least 300.
    """
    if op in {">=", "<"} and isinstance(side, If) and isinstance(side.yes, MulDiv) and side.yes.purpose == "mean":
        return replace(side, yes=replace(side.yes, rounding="down"))
    return side


def _check_working_days(reading: Reading, at: ast.expr, number: Node) -> None:
    """Working days are counted one by one: the number must be there to be seen, and small."""
    low = high = -1
    if isinstance(number, Const):
        low = high = number.value
    elif isinstance(number, ParamRef) and number.at is None:
        parameter = reading.scope.parameter(number.name)
        low, high = parameter.bounds() if parameter is not None else (low, high)
    if not 0 <= low <= high <= MAX_WORKING_DAYS:
        zh = f"工作日天数只能与一个 0 至 {MAX_WORKING_DAYS} 的数或参数比较"
        en = f"working days can only be compared with a number or parameter from 0 to {MAX_WORKING_DAYS}"
        raise reading.fault(at, zh, en)


def _membership(reading: Reading, left: ast.expr, right: ast.expr) -> Node:
    if isinstance(right, ast.Name) and right.id in reading.scope.shared.lists and right.id not in reading.loops:
        return InList(Kind.BOOL, reading.read_as(left, Kind.TEXT), right.id)
    if isinstance(right, ast.Set | ast.List | ast.Tuple):
        reading.compared.discard(left)
        part = reading.read(left)
        if part.kind in LISTS:
            raise reading.fault(left, "列表请用 has_any 或 has_all", "use has_any or has_all for a list")
        return InSet(Kind.BOOL, part, reading.values_of(right, part))
    if isinstance(right, ast.Dict):
        raise reading.fault(right, "这里要一组值，如 {'a', 'b'}", "a set of values belongs here, as {'a', 'b'}")
    source = reading.read(right)
    if not isinstance(source, FactRef | Field) or source.kind is not Kind.CODES:
        zh = "in 后面要一组值、一个代码列表或一份名单"
        raise reading.fault(right, zh, "“in” wants a set of values, a list of codes or a dated list")
    code = reading.read_as(left, Kind.TEXT)
    if not isinstance(code, Const):
        raise reading.fault(left, "这里要写明一个代码", "a code must be written here")
    reading.check_code(left, source, code)
    return Contains(Kind.BOOL, source, (code.value,), every=False)
