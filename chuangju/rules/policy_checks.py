"""What can be told of a policy without any applicant: figures for every day, conditions that can be fulfilled, words in place."""

from __future__ import annotations

from datetime import date

from chuangju.rules.binding import Binder
from chuangju.rules.folding import fold
from chuangju.rules.kinds import Kind
from chuangju.rules.policy import Policy
from chuangju.rules.reach import can_hold
from chuangju.rules.tree import BandRef, Node, ParamRef, walk
from chuangju.rules.yaml_nodes import Faults, Map, Place


def check_policy(policy: Policy, root: Map, faults: Faults) -> None:
    """Add to the faults what is wrong with a policy whose every part reads well."""
    _check_words(policy, root, faults)
    _check_figures(policy, root, faults)
    if not faults.found:
        _check_reach(policy, faults)


def _check_words(policy: Policy, root: Map, faults: Faults) -> None:
    if not policy.title.zh.strip():
        faults.add(root.values["title"], "缺少名称", "the title is missing")
    if not policy.source.document.strip():
        faults.add(root.values["source"], "缺少出处：文件名称", "the source names no document")


def _check_figures(policy: Policy, root: Map, faults: Faults) -> None:
    """Every figure that is used has a value from the first day of the term on."""
    used = {one.name for tree in _trees(policy) for one in walk(tree) if isinstance(one, ParamRef | BandRef)}
    at_a_day = {
        one.name for tree in _trees(policy) for one in walk(tree) if isinstance(one, ParamRef) and one.at is not None
    }
    own = root.values.get("parameters")
    for name in sorted(used):
        parameter = policy.parameters.get(name) or policy.shared.parameters.get(name)
        if parameter is None or parameter.on(policy.effective_from) is not None:
            continue
        if name in at_a_day and parameter.shared:
            continue
        at = own.keys[name] if isinstance(own, Map) and name in own.keys else root.values["effective"]
        day = policy.effective_from
        faults.add(at, f"参数 {name} 在 {day} 还没有数值", f"parameter {name} has no figure on {day}")


def _trees(policy: Policy) -> list[Node]:
    found = [one.when for one in policy.conditions] + [one.value for one in policy.points]
    found += [one for one in (policy.amount, policy.claim_by) if one is not None]
    if policy.grandfathering is not None:
        found.append(policy.grandfathering.when)
        found += [policy.grandfathering.until] if policy.grandfathering.until is not None else []
    return found + list(policy.lets.values())


def _check_reach(policy: Policy, faults: Faults) -> None:
    """A condition that nobody can ever fulfil is a slip, on the first day of the term and after each change of a figure."""
    days = {policy.effective_from}
    for parameter in policy.parameters.values():
        days |= {one.since for one in parameter.values if policy.is_in_force(one.since)}
    for condition in policy.conditions:
        for day in sorted(days):
            if not _can_be_fulfilled(policy, condition.when, day):
                place = Place(condition.line, 1)
                faults.add(
                    place,
                    f"条件 {condition.id} 在 {day} 永远不会成立",
                    f"condition {condition.id} can never hold on {day}",
                )
                break


def _can_be_fulfilled(policy: Policy, when: Node, day: date) -> bool:
    binder = Binder(day, policy.parameters, policy.shared)
    return when.kind is Kind.BOOL and can_hold(fold(binder.bind(when), day))
