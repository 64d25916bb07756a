"""Whether a condition can hold for anybody at all, as far as the bounds of the facts tell: the guard against slips of the pen."""

from __future__ import annotations

from datetime import date

from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.kinds import Fault, Kind
from chuangju.rules.transforms import MIRRORED, negate
from chuangju.rules.tree import Aggregate, And, Compare, Const, FactRef, InSet, Node, Not, Or

_INFINITE = 2**70
_RANGED = {Kind.INT, Kind.MONEY, Kind.RATE, Kind.DATE}


def can_hold(node: Node) -> bool:
    """False only where a folded condition surely never holds."""
    match node:
        case Const():
            return node.value is True
        case And():
            return all(can_hold(one) for one in node.parts) and _agree(node.parts)
        case Or():
            return any(can_hold(one) for one in node.parts)
        case Not():
            opposite = negate(node.part)
            return isinstance(opposite, Not) or can_hold(opposite)
        case Compare():
            return _comparison_can_hold(node)
        case InSet():
            return bool(node.values)
        case _:
            return True


def _comparison_can_hold(node: Compare) -> bool:
    if node.left.kind not in _RANGED:
        return True
    try:
        check = BoundsCheck(lambda _name: None)
        (a, b), (c, d) = check.of(node.left), check.of(node.right)
    except Fault:
        return True
    return {
        "==": a <= d and c <= b,
        "!=": not (a == b == c == d),
        "<": a < d,
        "<=": a <= d,
        ">": b > c,
        ">=": b >= c,
    }[node.op]


def _agree(parts: tuple[Node, ...]) -> bool:
    """Whether what several conditions say of one fact leaves anything."""
    ranges: dict[str, tuple[int, int]] = {}
    codes: dict[str, set[object]] = {}
    for part in parts:
        if isinstance(part, Compare):
            _narrow(part, ranges, codes)
        elif isinstance(part, InSet) and isinstance(part.part, FactRef):
            key, given = part.part.fact.key, set(part.values)
            codes[key] = codes.get(key, given) & given
    return all(low <= high for low, high in ranges.values()) and all(codes.values())


def _narrow(part: Compare, ranges: dict[str, tuple[int, int]], codes: dict[str, set[object]]) -> None:
    left, right, op = part.left, part.right, part.op
    if isinstance(left, Const):
        left, right, op = right, left, MIRRORED[op]
    if not isinstance(right, Const) or right.value is None or not isinstance(left, FactRef | Aggregate):
        return
    key = left.fact.key if isinstance(left, FactRef) else repr(left)
    if left.kind not in _RANGED:
        if op == "==":
            codes[key] = codes.get(key, {right.value}) & {right.value}
        return
    value = right.value.toordinal() if isinstance(right.value, date) else int(right.value)
    low, high = ranges.get(key, (-_INFINITE, _INFINITE))
    low = max(low, {"==": value, ">=": value, ">": value + 1}.get(op, low))
    high = min(high, {"==": value, "<=": value, "<": value - 1}.get(op, high))
    ranges[key] = (low, high)
