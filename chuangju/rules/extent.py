"""How large a tree is once named parts stand in it and months are unrolled: the guard against texts that grow without bound."""

from __future__ import annotations

from chuangju.rules.kinds import Fault
from chuangju.rules.tree import Node, OverMonths, children

MAX_NODES = 5_000
MAX_LEVELS = 200


def check_extent(node: Node) -> int:
    """How many nodes a tree comes to; raises Fault where it is too large or too deep to be worked with.

    A named part that is used twice counts twice, but is looked at once: doubling forty times is told at once.
    """
    nodes, levels = _measure(node, {})
    if nodes > MAX_NODES or levels > MAX_LEVELS:
        raise Fault(
            "表达式（连同所引用的名称）太大，请拆开或简化", "the expression, with the names it uses, is too large"
        )
    return nodes


def _measure(node: Node, seen: dict[int, tuple[int, int]]) -> tuple[int, int]:
    found = seen.get(id(node))
    if found is not None:
        return found
    below = [_measure(child, seen) for child in children(node)]
    times = node.months if isinstance(node, OverMonths) else 1
    nodes = 1 + times * sum(one for one, _ in below)
    levels = times + max((deep for _, deep in below), default=0)
    seen[id(node)] = nodes, levels
    return nodes, levels
