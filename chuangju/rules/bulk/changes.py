"""What a simulation changes of a policy: figures by name, conditions by id; refused in a sentence where it does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chuangju.rules.amounts import read_money, read_rate
from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.facts import Dictionary
from chuangju.rules.kinds import KIND_NAMES, Fault, Kind, Value
from chuangju.rules.parameters import Parameter
from chuangju.rules.parser import parse_expression
from chuangju.rules.policy import Policy
from chuangju.rules.reading import Scope

MOST_STEPS = 200


class ChangeRefused(ValueError):
    """The change does not fit the policy; the sentence says why."""


def with_figures(policy: Policy, figures: Mapping[str, str]) -> Policy:
    """The policy with other figures ("3500元", "60%", "24") for all days; raises ChangeRefused."""
    changed = {
        name: _parameter(policy, name).with_value(read_value(policy, name, text)) for name, text in figures.items()
    }
    return _within_bounds(replace(policy, parameters={**policy.parameters, **changed}))


def with_value(policy: Policy, name: str, value: Value) -> Policy:
    """The policy with one figure, given as it is kept (fen, basis points, a whole number)."""
    changed = _parameter(policy, name).with_value(value)
    return _within_bounds(replace(policy, parameters={**policy.parameters, name: changed}))


def with_conditions(policy: Policy, conditions: Mapping[str, str], dictionary: Dictionary) -> Policy:
    """The policy with other expressions for some conditions; raises ChangeRefused."""
    known = {one.id for one in policy.conditions}
    scope = Scope(dictionary, policy.shared, policy.parameters, policy.lets, policy.rounding)
    changed = {}
    for name, text in conditions.items():
        if name not in known:
            raise ChangeRefused(f"{policy.key} 没有条件“{name[:40]}”，有：{'、'.join(sorted(known))}")
        try:
            tree = parse_expression(text, scope)
            BoundsCheck(scope.parameter).check(tree)
        except Fault as fault:
            raise ChangeRefused(f"条件 {name} 第 {fault.position + 1} 个字符：{fault.words.zh}") from fault
        if tree.kind is not Kind.BOOL:
            raise ChangeRefused(f"条件 {name} 的结果要是是非，写出的是{KIND_NAMES[tree.kind][0]}")
        changed[name] = (tree, text)
    parts = (
        replace(one, when=changed[one.id][0], text=changed[one.id][1]) if one.id in changed else one
        for one in policy.conditions
    )
    return replace(policy, conditions=tuple(parts))


def read_value(policy: Policy, name: str, text: str) -> Value:
    """A figure of the parameter's own kind; raises ChangeRefused."""
    kind, plain = _parameter(policy, name).kind, text.strip()
    try:
        if kind is Kind.MONEY:
            return int(plain) if plain.lstrip("-").isdigit() else read_money(plain)
        if kind is Kind.RATE:
            return read_rate(plain)
        if kind is Kind.INT:
            return int(plain)
    except Fault as fault:
        raise ChangeRefused(f"参数 {name}：{fault.words.zh}") from fault
    except ValueError as problem:
        raise ChangeRefused(f"参数 {name} 要写整数，写的是“{text[:40]}”") from problem
    raise ChangeRefused(f"参数 {name} 不是数，不能改动")


def read_sweep(policy: Policy, text: str) -> tuple[str, list[Value]]:
    """The name and the values of "cap_month=2000元..5000元:500元"; raises ChangeRefused."""
    name, _, span = text.partition("=")
    ends, _, step_text = span.partition(":")
    first_text, _, last_text = ends.partition("..")
    if not (name and first_text and last_text and step_text):
        raise ChangeRefused(f"“{text[:60]}”请写成 参数=起..止:步长")
    first, last, step = (read_value(policy, name, one) for one in (first_text, last_text, step_text))
    if step <= 0 or last < first:
        raise ChangeRefused("步长要大于 0，止值不小于起值")
    values: Sequence[Value] = range(first, last + 1, step)
    if len(values) > MOST_STEPS:
        raise ChangeRefused(f"一次最多测算 {MOST_STEPS} 个值，这里有 {len(values)} 个")
    return name, list(values)


def _within_bounds(policy: Policy) -> Policy:
    """The same policy; refused where figures as large or as small as these cannot be computed with."""
    scope = Scope(Dictionary({}, {}), policy.shared, policy.parameters)
    amount = [policy.amount] if policy.amount is not None else []
    try:
        for tree in [*(one.when for one in policy.conditions), *amount]:
            BoundsCheck(scope.parameter).check(tree)
    except Fault as fault:
        raise ChangeRefused(f"{policy.key} 的参数不能这样改动：{fault.words.zh}") from fault
    return policy


def _parameter(policy: Policy, name: str) -> Parameter:
    found = policy.parameters.get(name) or policy.shared.parameters.get(name)
    if found is None:
        known = "、".join(sorted(policy.parameters)) or "无"
        raise ChangeRefused(f"{policy.key} 没有参数“{name[:40]}”，有：{known}")
    if found.is_banded:
        raise ChangeRefused(f"参数 {name} 分档，请改动用到它的条件")
    return found
