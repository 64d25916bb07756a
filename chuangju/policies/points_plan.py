"""积分规划 - every line of a points table, what adds points fastest, from when, and the other ways to the same end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from chuangju.kernel.languages import reads_english
from chuangju.policies.check_cards import Card
from chuangju.policies.check_explaining import Asked, asked_of, card_of, explain_all, policies_answering
from chuangju.policies.check_reading import say
from chuangju.rules.binding import Binder
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.closures import Function, compile_tree
from chuangju.rules.days import add_months
from chuangju.rules.folding import fold
from chuangju.rules.given import Facts
from chuangju.rules.judging import judge_for
from chuangju.rules.policy import Policy
from chuangju.rules.program import Program, facts_of, prepare_policy
from chuangju.rules.showing import apply_change, show_points
from chuangju.rules.tree import Compare, Const, Extremum
from chuangju.ventures.registers import dictionary

WAYS = frozenset({"points", "residence"})
YEARS_AHEAD = 12
# What a policy file calls the condition that the total reaches the points asked for.
_STANDARD = "standard"
# What grows by one with every year of going on as now.
_YEARLY = ("founder_insured_years", "founder_public_service_years", "founder_outer_area_years")


@dataclass(frozen=True)
class PointLine:
    """One line of the table: its points, its cap, whether it counts, on what evidence."""

    label: str
    value: int | None
    cap: int | None
    counts: bool
    group: str
    law: str
    evidence: str
    missing: str


@dataclass(frozen=True)
class PlanStep:
    """What a step adds."""

    label: str
    gain: int
    total: int
    is_enough: bool


@dataclass(frozen=True)
class PointsPlan:
    """Everything the planner says."""

    policy: Policy
    title: str
    lines: tuple[PointLine, ...]
    known: int
    open_lines: int
    standard: int | None
    steps: tuple[PlanStep, ...]
    reached_on: date | None
    ways: tuple[Card, ...]

    @property
    def short_by(self) -> int:
        """How many points are missing to the standard."""
        return max(0, (self.standard or 0) - self.known)

    @property
    def is_reached(self) -> bool:
        """Whether the points known reach the standard."""
        return self.standard is not None and self.known >= self.standard


def points_policies(catalogue: Catalogue, on: date) -> list[Policy]:
    """The policies with a points table that answer on a day."""
    return [one for one in policies_answering(catalogue, on) if one.points]


def way_policies(catalogue: Catalogue, on: date) -> list[Policy]:
    """The ways to points and residence that answer on a day."""
    return [one for one in policies_answering(catalogue, on) if one.benefit in WAYS]


def plan_points(policy: Policy, catalogue: Catalogue, facts: Facts, *, on: date) -> PointsPlan:
    """The plan for somebody on a day."""
    plan = _plan(asked_of(policy, facts, on=on), get_language() or "")
    ways = explain_all(way_policies(catalogue, on), facts, on=on)
    return replace(plan, ways=tuple(card_of(one, catalogue) for one in ways))


@lru_cache(maxsize=200)
def _plan(asked: Asked, _language: str) -> PointsPlan:
    """The plan but for the ways to residence; kept while nothing of what it asks changes."""
    policy, facts, on = asked.policy, asked.facts, asked.on
    shown = show_points(prepare_policy(policy, on), facts)
    standard, known = _standard(policy, on), _total(shown)
    return PointsPlan(
        policy=policy,
        title=say(policy.title),
        lines=tuple(_line(policy, number, one, facts, on) for number, one in enumerate(shown)),
        known=known,
        open_lines=sum(one["value"] is None for one in shown),
        standard=standard,
        steps=tuple(_steps(policy, facts, known, standard, on)),
        reached_on=_reached(policy, facts, standard, on) if standard is not None and known < standard else None,
        ways=(),
    )


def _total(shown: list[dict[str, Any]]) -> int:
    return sum(one["value"] for one in shown if one["counts"] and one["value"] is not None)


@lru_cache(maxsize=128)
def _compiled(program: Program) -> tuple[tuple[str, Function], ...]:
    """Each line's group and its value as a function; made once for a version and a day."""
    policy, day = program.policy, program.day
    binder = Binder(day, policy.parameters, policy.shared)
    return tuple((one.group, compile_tree(fold(binder.bind(one.value), day))) for one in policy.points)


def _total_with(program: Program, facts: Facts) -> int:
    """The total for these facts: of each group the best line, what is unknown left out."""
    total, best = 0, dict[str, int]()
    for group, value_of in _compiled(program):
        value = value_of(facts, None)
        if value is None:
            continue
        if group:
            best[group] = max(value, best.get(group, value))
        else:
            total += value
    return total + sum(best.values())


def _standard(policy: Policy, on: date) -> int | None:
    """The points asked for: the constant of the condition that compares the total with one."""
    for one in prepare_policy(policy, on).conditions:
        tree = one.now
        if one.id == _STANDARD and isinstance(tree, Compare) and tree.op == ">=" and isinstance(tree.right, Const):
            return int(tree.right.value)
    return None


def _line(policy: Policy, number: int, shown: Mapping[str, Any], facts: Facts, on: date) -> PointLine:
    item = policy.points[number]
    known = dictionary().facts
    keys = facts_of(item.value)
    bound = fold(Binder(on, policy.parameters, policy.shared).bind(item.value), on)
    cap = bound.parts[1] if isinstance(bound, Extremum) and not bound.greatest else None
    sources = list(dict.fromkeys(say(known[key].source) for key in keys))
    missing = [say(known[key].name) for key in keys if facts.get(key) is None] if shown["value"] is None else []
    joint = ", " if reads_english() else "、"
    return PointLine(
        label=say(item.label),
        value=shown["value"],
        cap=int(cap.value) if isinstance(cap, Const) and cap.value is not None else None,
        counts=shown["counts"],
        group=item.group,
        law=item.law,
        evidence=joint.join(sources),
        missing=joint.join(missing),
    )


def _steps(policy: Policy, facts: Facts, known: int, standard: int | None, on: date) -> list[PlanStep]:
    """The steps that the policy names, by the points they add."""
    program = judge_for(prepare_policy(policy, on)).program
    found = []
    for step in policy.steps:
        changed = apply_change(program, facts, step.change)
        if changed is None:
            continue
        total = _total_with(program, changed)
        if total > known:
            found.append(PlanStep(say(step.label), total - known, total, standard is not None and total >= standard))
    return sorted(found, key=lambda one: -one.gain)


def _reached(policy: Policy, facts: Facts, standard: int, on: date) -> date | None:
    """The first year's day on which the points suffice if everything goes on as now, year by year."""
    for years in range(1, YEARS_AHEAD + 1):
        day = add_months(on, 12 * years)
        if policy.effective_to is not None and day > policy.effective_to:
            return None
        then = {key: value + years if key in _YEARLY and value is not None else value for key, value in facts.items()}
        if _total_with(prepare_policy(policy, day), then) >= standard:
            return day
    return None
