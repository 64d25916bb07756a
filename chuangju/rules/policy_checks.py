"""What can be told of a policy without any applicant: figures for every day, conditions that can be fulfilled, words in place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chuangju.rules.binding import Binder
from chuangju.rules.days import ONE_DAY, add_days, add_months
from chuangju.rules.extent import check_extent
from chuangju.rules.folding import fold
from chuangju.rules.kinds import Fault, Kind
from chuangju.rules.policy import Policy
from chuangju.rules.reach import can_hold
from chuangju.rules.transforms import conjunction
from chuangju.rules.tree import BandRef, Const, FactRef, Node, OverMonths, ParamRef, walk
from chuangju.rules.yaml_nodes import Faults, Map, Place

MOST_NODES = 20_000
MOST_FACTS = 63
# Days on which a condition is tried for whether anybody can fulfil it.
MOST_DAYS = 40
# Months that a term without a last day is looked at.
OPEN_TERM = 360


def check_policy(policy: Policy, root: Map, faults: Faults) -> None:
    """Add to the faults what is wrong with a policy whose every part reads well."""
    _check_words(policy, root, faults)
    _check_extent(policy, root, faults)
    _check_figures(policy, root, faults)
    if not faults.found:
        _check_reach(policy, faults)


def _check_words(policy: Policy, root: Map, faults: Faults) -> None:
    if not policy.title.zh.strip():
        faults.add(root.values["title"], "缺少名称", "the title is missing")
    if not policy.source.document.strip():
        faults.add(root.values["source"], "缺少出处：文件名称", "the source names no document")


def _check_extent(policy: Policy, root: Map, faults: Faults) -> None:
    """All expressions together stay within what an answer and a run over a register bear."""
    try:
        size = sum(check_extent(tree) for tree in _trees(policy))
    except Fault as fault:
        faults.add(root.values.get("points", root), fault.words.zh, fault.words.en)
        return
    if size > MOST_NODES:
        faults.add(root, "条件和金额的表达式合起来太大，请简化", "the expressions are too large together")
    facts = {one.fact.key for tree in _trees(policy) for one in walk(tree) if isinstance(one, FactRef)}
    if len(facts) > MOST_FACTS:
        faults.add(root, f"一项政策最多用 {MOST_FACTS} 个数据项", f"a policy uses at most {MOST_FACTS} facts")


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
    """A condition that nobody can ever fulfil is a slip: from the first day of the term, or once a figure has changed."""
    for condition in policy.conditions:
        for first, last in _spans(policy, condition.when):
            if not _can_be_fulfilled(policy, [condition.when], first, last):
                zh = f"条件 {condition.id} 在 {first} 永远不会成立"
                faults.add(Place(condition.line, 1), zh, f"condition {condition.id} can never hold on {first}")
                break
    if not faults.found:
        _check_together(policy, faults)


def _check_together(policy: Policy, faults: Faults) -> None:
    """Conditions that each can be fulfilled, but not all by one applicant."""
    together: list[Node] = []
    for condition in policy.conditions:
        together.append(condition.when)
        if not _can_be_fulfilled(policy, together, policy.effective_from, _last_day(policy)):
            zh = f"条件 {condition.id} 与前面的条件互相矛盾，没有人能同时满足"
            en = f"condition {condition.id} contradicts those before it: nobody can fulfil all of them"
            faults.add(Place(condition.line, 1), zh, en)
            return


def _can_be_fulfilled(policy: Policy, conditions: list[Node], first: date, last: date) -> bool:
    """Whether somebody can fulfil them together on one of the days between that matter to them."""
    return any(
        can_hold(
            conjunction([fold(Binder(day, policy.parameters, policy.shared).bind(one), day) for one in conditions])
        )
        for day in _days_to_try(conditions, first, last)
    )


def _days_to_try(conditions: list[Node], first: date, last: date) -> Iterator[date]:
    """Both ends, the days that stand in the conditions with those around them, and new years: windows have their place."""
    yield first
    yield last
    written = {
        one.value for tree in conditions for one in walk(tree) if isinstance(one, Const) and one.kind is Kind.DATE
    }
    around = {add_days(day, more) for day in written if day is not None for more in (-1, 0, 1)}
    if any(isinstance(one, OverMonths) for tree in conditions for one in walk(tree)):
        around |= {add_months(day, 1) for day in around}
    years = {date(year, 1, 1) for year in range(first.year + 1, last.year + 1)}
    yield from sorted(day for day in around | years if first < day < last)[:MOST_DAYS]


def _spans(policy: Policy, when: Node) -> list[tuple[date, date]]:
    """From which day to which the figures stay as they are that a condition takes from the policy's own parameters."""
    used = {one.name for one in walk(when) if isinstance(one, ParamRef | BandRef)}
    days = {one.since for name in used & policy.parameters.keys() for one in policy.parameters[name].values}
    starts = sorted({policy.effective_from, *(day for day in days if policy.is_in_force(day))})[:MOST_DAYS]
    ends = [*(day - ONE_DAY for day in starts[1:]), _last_day(policy)]
    return list(zip(starts, ends, strict=True))


def _last_day(policy: Policy) -> date:
    """The last day of the term; of an open one a day far enough for everybody's months to have gone by."""
    return policy.effective_to or add_months(policy.effective_from, OPEN_TERM)
