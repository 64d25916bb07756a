"""Nodes that only whole registers need: they never come from a text, and closures never meet them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chuangju.rules.kinds import Kind
from chuangju.rules.transforms import rebuild
from chuangju.rules.tree import Aggregate, Const, Contains, FactRef, Field, FromDay, Node, walk

# Keys of facts that a register does not have, and for lists of records the fields that theirs do not have.
Absent = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Held(Node):
    """A column worked out in an earlier step."""

    name: str


@dataclass(frozen=True, slots=True)
class IsUnknown(Node):
    """Whether a value is unknown: yes or no, never unknown itself."""

    part: Node


@dataclass(frozen=True, slots=True)
class Bits(Node):
    """A set of bits: the i-th is set where the i-th part is yes."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class One(Node):
    """Whether just one bit of a set is set."""

    bits: Node


@dataclass(frozen=True, slots=True)
class Pick(Node):
    """The number of the first case that is yes, else the one beyond them: `numbers` has one more than `cases`."""

    cases: tuple[Node, ...]
    numbers: tuple[int, ...]


def without(node: Node, absent: Absent) -> Node:
    """The tree for a register that does not have these facts: unknown stands for each."""
    if not absent:
        return node
    return rebuild(node, lambda one: _blank(one, absent))


def _blank(node: Node, absent: Absent) -> Node:
    match node:
        case FactRef() if node.fact.key in absent and not absent[node.fact.key]:
            return Const(node.kind, None)
        case Aggregate():
            return _blank_aggregate(node, absent)
        case Contains() if _is_blank(node.source):
            return Const(Kind.BOOL, None)
        case _:
            return node


def _blank_aggregate(node: Aggregate, absent: Absent) -> Node:
    if _is_blank(node.source):
        return Const(node.kind, None)
    fields = absent.get(node.source.fact.key, ())
    if not fields:
        return node

    def _blank_field(one: Node) -> Node:
        if isinstance(one, Field) and one.fact.key in fields:
            return Const(one.kind, None)
        return Const(Kind.BOOL, None) if isinstance(one, Contains) and _is_blank(one.source) else one

    body = rebuild(node.body, _blank_field) if node.body is not None else None
    where = rebuild(node.where, _blank_field) if node.where is not None else None
    return Aggregate(node.kind, node.op, node.source, body, where, node.n, node.latest)


def _is_blank(node: Node) -> bool:
    return isinstance(node, Const)


def outer_parts(node: Aggregate) -> tuple[Node, ...]:
    """What the parts of an aggregate say of the applicant instead of the element, each once."""
    found = [one for part in (node.body, node.where) if part is not None for one in walk(part)]
    return tuple(dict.fromkeys(one for one in found if isinstance(one, FactRef | FromDay | Held)))
