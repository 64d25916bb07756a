"""What every part of the parser needs: what an expression may speak of, where a fault stands, and whether kinds go together."""

from __future__ import annotations

import ast
import difflib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from chuangju.rules.facts import Dictionary, Fact
from chuangju.rules.kinds import KIND_NAMES, NUMBERS, Fault, Kind, Value
from chuangju.rules.parameters import Parameter, Shared
from chuangju.rules.text import Prepared
from chuangju.rules.tree import Const, FactRef, Field, Item, Node, Rounding


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may speak of."""

    dictionary: Dictionary
    shared: Shared = field(default_factory=Shared)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    lets: Mapping[str, Node] = field(default_factory=dict)
    rounding: Rounding = "half_up"

    def parameter(self, name: str) -> Parameter | None:
        """The policy's own parameter of this name, else the shared one."""
        return self.parameters.get(name) or self.shared.parameters.get(name)


class Reading(ABC):
    """One expression being read; `loops` holds what the loop variables stand for: a list's fact, or None for months."""

    def __init__(self, scope: Scope, prepared: Prepared) -> None:
        """Read within this scope."""
        self.scope = scope
        self.loops: dict[str, Fact | None] = {}
        # Pieces of syntax that stand on one side of a comparison.
        self.compared: set[ast.AST] = set()
        self.prepared = prepared
        self._lines = prepared.text.split("\n")

    def fault(self, at: ast.AST, zh: str, en: str) -> Fault:
        """A fault at this place of the text."""
        column = getattr(at, "col_offset", 0)
        index = len(self._lines[0].encode()[:column].decode(errors="ignore"))
        return Fault(zh, en, self.prepared.original(index))

    @abstractmethod
    def read(self, node: ast.AST) -> Node:
        """The tree of one piece of syntax."""

    def read_as(self, node: ast.AST, *kinds: Kind) -> Node:
        """The tree, which must be of one of these kinds."""
        found = self.read(node)
        if found.kind not in kinds:
            raise self.wrong_kind(node, found.kind, *kinds)
        return found

    def wrong_kind(self, at: ast.AST, found: Kind, *kinds: Kind) -> Fault:
        """What is here, and what belongs here."""
        names = [KIND_NAMES[one] for one in Kind if one in kinds]
        zh, en = "或".join(one[0] for one in names), " or ".join(one[1] for one in names)
        return self.fault(
            at, f"这里要{zh}，写的是{KIND_NAMES[found][0]}", f"this must be {en}, and is {KIND_NAMES[found][1]}"
        )

    def alike(self, at: ast.AST, left: Node, right: Node) -> tuple[Node, Node]:
        """Both of one kind; a plain 0 goes with money and rates."""
        if left.kind is right.kind:
            return left, right
        if right == Const(Kind.INT, 0) and left.kind in NUMBERS:
            return left, Const(left.kind, 0)
        if left == Const(Kind.INT, 0) and right.kind in NUMBERS:
            return Const(right.kind, 0), right
        zh = f"{KIND_NAMES[left.kind][0]}和{KIND_NAMES[right.kind][0]}不能放在一起"
        en = f"{KIND_NAMES[left.kind][1]} does not go with {KIND_NAMES[right.kind][1]}"
        if {left.kind, right.kind} == {Kind.INT, Kind.MONEY}:
            zh, en = f"{zh}；金额请带单位，如 3000元", f"{en}; write amounts with their unit, as 3000元"
        raise self.fault(at, zh, en)

    def check_code(self, at: ast.AST, of: Node, given: Node) -> None:
        """A code must be one that the fact can have."""
        fact = of.fact if isinstance(of, FactRef | Field) else self._list_of(of)
        if fact is None or fact.codes is None or not isinstance(given, Const):
            return
        if given.value not in fact.codes.codes:
            near = difflib.get_close_matches(str(given.value), fact.codes.codes, 1)
            zh, en = (f"，是不是“{near[0]}”？", f"; is it “{near[0]}”?") if near else ("", "")
            raise self.fault(
                at,
                f"“{given.value}”不在{fact.name.zh}的代码里{zh}",
                f"“{given.value}” is no code of {fact.name.en}{en}",
            )

    def _list_of(self, of: Node) -> Fact | None:
        """The list whose element this is; there is only one list at a time."""
        return next((fact for fact in self.loops.values() if fact is not None), None) if isinstance(of, Item) else None

    def values_of(self, node: ast.expr, of: Node) -> tuple[Value, ...]:
        """The constants of a set, checked against what they are compared with."""
        if not isinstance(node, ast.Set | ast.List | ast.Tuple) or not node.elts:
            raise self.fault(node, "这里要一组值，如 {'a', 'b'}", "a set of values belongs here, as {'a', 'b'}")
        found: list[Value] = []
        for one in node.elts:
            value = self.read(one)
            kind = Kind.TEXT if of.kind is Kind.CODES else of.kind
            if value.kind is not kind:
                raise self.wrong_kind(one, value.kind, kind)
            if not isinstance(value, Const):
                raise self.fault(one, "集合里只能写明确的值", "only plain values can stand in a set")
            self.check_code(one, of, value)
            if value.value not in found:
                found.append(value.value)
        return tuple(found)
