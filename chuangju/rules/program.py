"""A policy made ready for one day: the trees that every interpreter runs, the explained answer and the bulk run alike.

The verdict follows from the conditions by these steps, the same everywhere:

1. all yes: `eligible`.
2. some unknown, and no failing condition is one that time surely does not mend (its `first` is FAR): `unknown`.
3. at least one no, none unknown, and there is a day (the latest `first` of the failing conditions) on which all others
   (`later`) still hold: `not_yet`, from that day. Where that cannot be told, because a `first` or a `later` is unknown
   and nothing else speaks against it: `unknown`.
4. exactly one no, none unknown: `near_miss`.
5. else `not_eligible`: a definite no settles it, whatever is unknown.

So no verdict but `unknown` changes when an unknown fact is filled in, save that `not_eligible` may become `near_miss`.
A day after the version's last day is none: `first` is FAR then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from chuangju.rules.binding import Binder
from chuangju.rules.folding import fold
from chuangju.rules.kinds import FAR, Kind, Words
from chuangju.rules.parameters import Parameter
from chuangju.rules.policy import Condition, Policy
from chuangju.rules.timing import first_day, needs_another_look, on_that_day
from chuangju.rules.transforms import depends_on_today
from chuangju.rules.tree import (
    And,
    BandRef,
    Compare,
    Const,
    Extremum,
    FactRef,
    If,
    InList,
    Node,
    Or,
    OverMonths,
    ParamRef,
    Today,
    WorkingDaysSince,
    walk,
)

VERDICTS = ("eligible", "not_yet", "near_miss", "unknown", "not_eligible")


@dataclass(frozen=True, slots=True)
class ConditionProgram:
    """One condition on this day.

    `bound` still speaks of the day asked about, for sentences; `now` is folded; `first` gives the first day from now on at
    which it holds, FAR where there is none within the term (None: time plays no part in it); `later` is to be looked at
    again on the day found, with the figures of that day (None: no need).
    `facts` are asked for by `now`; `is_mendable` says that the applicant can change one of them.
    """

    condition: Condition
    bound: Node
    now: Node
    first: Node | None
    later: Node | None
    facts: tuple[str, ...]
    is_mendable: bool

    @property
    def id(self) -> str:
        """The condition's id in the file."""
        return self.condition.id


@dataclass(frozen=True, slots=True)
class Program:
    """One version on one day: `amount` (folded, never below zero) counts only where the verdict is eligible."""

    policy: Policy
    day: date
    conditions: tuple[ConditionProgram, ...]
    amount: Node | None
    amount_bound: Node | None
    claim_by: Node | None
    last_day: date | None

    def __hash__(self) -> int:
        return id(self)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that any of its trees asks for, in the order of the text; the legend of `missing`."""
        found = [key for one in self.conditions for key in one.facts]
        if self.amount is not None:
            found += facts_of(self.amount)
        return tuple(dict.fromkeys(found))


@lru_cache(maxsize=512)
def prepare_policy(policy: Policy, day: date) -> Program:
    """The policy's program for a day."""
    return prepare_with(policy, day, policy.parameters)


def prepare_with(policy: Policy, day: date, parameters: Mapping[str, Parameter]) -> Program:
    """The same with other figures: what a simulation asks about."""
    binder = Binder(day, parameters, policy.shared)
    last_day = policy.effective_to if policy.grandfathering is None else None
    conditions = tuple(_condition(binder, one, last_day) for one in conditions_on(policy, day))
    bound = binder.bind(policy.amount) if policy.amount is not None else None
    amount = None
    if bound is not None:
        amount = fold(Extremum(bound.kind, greatest=True, parts=(bound, Const(bound.kind, 0))), day)
    claim_by = fold(binder.bind(policy.claim_by), day) if policy.claim_by is not None else None
    return Program(policy, day, conditions, amount, bound, claim_by, last_day)


def conditions_on(policy: Policy, day: date) -> list[Condition]:
    """The conditions of a version on a day: its own, the last day to claim, and what its term and grandfathering add."""
    found = list(policy.conditions)
    if policy.claim_by is not None:
        found.append(
            _until(
                "claim_by",
                policy.claim_by,
                "在申领期限内",
                "Within the time allowed for claiming",
                policy.source.document,
            )
        )
    return found + _of_term(policy, day)


def _of_term(policy: Policy, day: date) -> list[Condition]:
    """None within a plain term; before it its first day, after it grandfathering, or that it is over."""
    kept, last, law = policy.grandfathering, policy.effective_to, policy.source.number or policy.source.document
    found: list[Condition] = []
    if day < policy.effective_from:
        begun = Compare(Kind.BOOL, ">=", Today(Kind.DATE), Const(Kind.DATE, policy.effective_from))
        found = [Condition("begun", Words("政策已经施行", "The policy has begun"), begun, "", law, is_implied=True)]
    if last is None or (kept is None and day <= last):
        return found
    in_term = _until("in_force", Const(Kind.DATE, last), "在政策有效期内", "Within the policy's term", law)
    if kept is None:
        return [in_term]
    until = (
        []
        if kept.until is None
        else [_until("grandfathered_until", kept.until, "在延续期限内", "Within the extended term", kept.law)]
    )
    if day > last:
        label = Words("政策到期后仍可享受的情形", "Still covered after the policy has ended")
        return [Condition("grandfathered", label, kept.when, kept.text, kept.law, is_implied=True), *until]
    going_on = And(Kind.BOOL, (kept.when, *(one.when for one in until)))
    label = Words("在政策有效期内，或到期后仍可享受", "Within the policy's term, or still covered after it")
    when = Or(Kind.BOOL, (in_term.when, going_on))
    return [*found, Condition("in_force", label, when, kept.text, kept.law, is_implied=True)]


def facts_of(node: Node) -> tuple[str, ...]:
    """The facts a tree asks for, in the order of the text."""
    return tuple(dict.fromkeys(one.fact.key for one in walk(node) if isinstance(one, FactRef)))


def _condition(binder: Binder, condition: Condition, last_day: date | None) -> ConditionProgram:
    bound = binder.bind(condition.when)
    now = fold(bound, binder.day)
    nodes = walk(condition.when)
    is_counting = any(isinstance(one, OverMonths | WorkingDaysSince) for one in nodes)
    waiting = replace(binder, is_counting=True).bind(condition.when) if is_counting else bound
    first = None
    if depends_on_today(waiting):
        first = _first_within(first_day(waiting, binder.day, now), last_day, binder.day)
    is_moving = any(isinstance(one, ParamRef | BandRef | InList) for one in nodes)
    moving = replace(binder, is_counting=True, is_moving=True).bind(condition.when) if is_moving else waiting
    later = on_that_day(moving, binder.day) if moving != waiting or needs_another_look(waiting) else None
    is_mendable = any(one.fact.mendable for one in walk(now) if isinstance(one, FactRef))
    return ConditionProgram(condition, bound, now, first, later, facts_of(now), is_mendable)


def _first_within(first: Node, last_day: date | None, day: date) -> Node | None:
    """The first day where it lies within the term, else FAR; None where it is FAR for everybody."""
    if last_day is not None:
        is_within = Compare(Kind.BOOL, "<=", first, Const(Kind.DATE, last_day))
        first = fold(If(Kind.DATE, is_within, first, Const(Kind.DATE, FAR)), day)
    return None if first == Const(Kind.DATE, FAR) else first


def _until(name: str, last: Node, zh: str, en: str, law: str) -> Condition:
    when = Compare(Kind.BOOL, "<=", Today(Kind.DATE), last)
    return Condition(name, Words(zh, en), when, "", law, is_implied=True)
