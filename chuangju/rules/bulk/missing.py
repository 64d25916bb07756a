"""What is missing, as trees: for each fact whether it is one that leaves a condition unknown, as `gaps` names them."""

from __future__ import annotations

from collections.abc import Iterable

from chuangju.rules.bulk.nodes import IsUnknown
from chuangju.rules.kinds import Kind
from chuangju.rules.transforms import NO, conjunction, disjunction
from chuangju.rules.tree import Aggregate, And, Const, Contains, FactRef, If, Node, Not, Or, children, walk

Missing = dict[str, Node]


def missing_facts(node: Node) -> Missing:
    """By key: whether the fact is missing; a fact that never can be is left out.

    Where a part is unknown so is everything made of it, save for and, or, and the branch of an if that is not taken.
    """
    match node:
        case FactRef():
            return {node.fact.key: is_unknown(node)}
        case Contains() if isinstance(node.source, FactRef):
            return {node.source.fact.key: is_unknown(node)}
        case Aggregate():
            return _of_list(node)
        case If():
            return _of_choice(node)
    found = united(missing_facts(child) for child in children(node))
    if isinstance(node, And | Or):
        return {key: conjunction([is_unknown(node), one]) for key, one in found.items()}
    return found


def is_unknown(node: Node) -> Node:
    """Whether it is unknown."""
    return IsUnknown(Kind.BOOL, node)


def opposite(node: Node) -> Node:
    """Whether it is not so."""
    return Not(Kind.BOOL, node)


def surely(node: Node) -> Node:
    """Yes or no: unknown counts as no."""
    return And(Kind.BOOL, (node, opposite(is_unknown(node))))


def united(parts: Iterable[Missing]) -> Missing:
    """A fact is missing in the whole where it is in a part."""
    listed = list(parts)
    keys = dict.fromkeys(key for part in listed for key in part)
    return {key: disjunction([part.get(key, NO) for part in listed]) for key in keys}


def only_where(condition: Node, found: Missing) -> Missing:
    """What is missing, as far as the condition is fulfilled."""
    return {key: conjunction([condition, one]) for key, one in found.items()}


def _of_list(node: Aggregate) -> Missing:
    """The list itself, unless another fact that its parts ask for is what is unknown."""
    key, source, unknown = node.source.fact.key, is_unknown(node.source), is_unknown(node)
    inside = {one.fact.key: is_unknown(one) for one in walk(node) if isinstance(one, FactRef) and one.fact.key != key}
    if not inside:
        return {key: unknown}
    others = opposite(disjunction(list(inside.values())))
    found = {key: conjunction([unknown, disjunction([source, others])])}
    return found | only_where(conjunction([unknown, opposite(source)]), inside)


def _of_choice(node: If) -> Missing:
    """The branch that is taken; where that is unknown by itself, what led there."""
    condition = node.condition
    asked = sorted({one.fact.key for one in walk(condition) if isinstance(one, FactRef)})
    found = [only_where(is_unknown(condition), missing_facts(condition))]
    for taken, branch in ((condition, node.yes), (opposite(condition), node.no)):
        of_branch = missing_facts(branch)
        found.append(only_where(taken, of_branch))
        if _may_be_bare(branch):
            nothing = opposite(surely(disjunction(list(of_branch.values()))))
            is_bare = conjunction([taken, is_unknown(branch), nothing])
            found.append(dict.fromkeys(asked, is_bare))
    return united(found)


def _may_be_bare(node: Node) -> bool:
    """Whether it can be unknown although no fact is: only a figure that does not exist can, and what is made of it."""
    match node:
        case Const():
            return node.value is None
        case FactRef() | Aggregate() | Contains():
            return False
        case If():
            is_asked = any(isinstance(one, FactRef) for one in walk(node.condition))
            return any(_may_be_bare(one) for one in ((node.condition,) if is_asked else children(node)))
        case _:
            return any(_may_be_bare(one) for one in children(node))
