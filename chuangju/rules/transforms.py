"""Changing a tree: every node is frozen, so a change is a new tree from the leaves up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chuangju.rules.kinds import Kind
from chuangju.rules.node_fields import parts_of
from chuangju.rules.tree import (
    Aggregate,
    And,
    Compare,
    Comparison,
    Const,
    FromDay,
    InSet,
    Node,
    Not,
    Or,
    Today,
    walk,
)

YES, NO, UNKNOWN = Const(Kind.BOOL, True), Const(Kind.BOOL, False), Const(Kind.BOOL, None)
OPPOSITE: dict[Comparison, Comparison] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED: dict[Comparison, Comparison] = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with `change` applied to every node, children first."""
    changed: dict[str, Any] = {}
    for name in parts_of(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            new = rebuild(value, change)
            if new is not value:
                changed[name] = new
        elif isinstance(value, tuple) and any(isinstance(one, Node) for one in value):
            parts = tuple(rebuild(one, change) for one in value)
            if any(new is not old for new, old in zip(parts, value, strict=True)):
                changed[name] = parts
    return change(replace(node, **changed) if changed else node)


def with_today(node: Node, instead: Node) -> Node:
    """The tree with something else for the day asked about."""
    return rebuild(node, lambda one: instead if isinstance(one, Today) else one)


def depends_on_today(node: Node) -> bool:
    """Whether the day asked about stands in it (or the day from which time conditions hold)."""
    return any(isinstance(one, Today | FromDay) for one in walk(node))


def negate(node: Node) -> Node:
    """The opposite, without a Not where another form says it; Kleene's laws hold."""
    match node:
        case Not():
            return node.part
        case Compare():
            return replace(node, op=OPPOSITE[node.op])
        case And():
            return Or(Kind.BOOL, tuple(negate(one) for one in node.parts))
        case Or():
            return And(Kind.BOOL, tuple(negate(one) for one in node.parts))
        case Const():
            return Const(Kind.BOOL, None if node.value is None else not node.value)
        case Aggregate() if node.op in {"any", "all"} and node.body is not None:
            return replace(node, op="all" if node.op == "any" else "any", body=negate(node.body))
        case _:
            return Not(Kind.BOOL, node)


def conjunction(parts: list[Node]) -> Node:
    """All of them: flat, without what always holds; one no is no."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    kept = [one for one in flat if one != YES]
    if NO in kept:
        return NO
    return kept[0] if len(kept) == 1 else And(Kind.BOOL, tuple(kept)) if kept else YES


def disjunction(parts: list[Node]) -> Node:
    """Any of them: flat, without what never holds; one yes is yes."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Or) else (part,)
    kept = [one for one in flat if one != NO]
    if YES in kept:
        return YES
    return kept[0] if len(kept) == 1 else Or(Kind.BOOL, tuple(kept)) if kept else NO


def in_set(part: Node, values: tuple[Any, ...]) -> Node:
    """Membership; in no value at all it is no as soon as the part is known, as in any other set."""
    return InSet(Kind.BOOL, part, values)
