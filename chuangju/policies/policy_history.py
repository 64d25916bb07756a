"""政策沿革 - how a policy changed: version by version, and within a version where a figure changed; in words, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chuangju.policies.check_reading import say
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy
from chuangju.rules.program import prepare_policy
from chuangju.rules.sentences import tell


@dataclass(frozen=True)
class Change:
    """What changed: `kind` is new, gone, changed or amount."""

    kind: str
    label: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Moment:
    """A day on which a policy began or changed."""

    day: date
    until: date | None
    policy: Policy
    is_first: bool
    is_new_version: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Reading:
    """What a version says on a day, in words."""

    conditions: Mapping[str, tuple[str, str]]
    amount: str


def history_of(policy_id: str, catalogue: Catalogue) -> list[Moment]:
    """All days on which the policy changed, the newest first, each with what changed against the one before."""
    moments: list[Moment] = []
    before: _Reading | None = None
    for policy in catalogue.versions(policy_id):
        days = _days_of(policy)
        for number, day in enumerate(days):
            reading = _read(policy, day)
            changes = tuple(_changes(before, reading)) if before is not None else ()
            is_new = number == 0
            if is_new or changes:
                later = days[number + 1] if number + 1 < len(days) else None
                until = policy.effective_to if later is None else None
                moments.append(Moment(day, until, policy, before is None, is_new, changes))
            before = reading
    return moments[::-1]


def _days_of(policy: Policy) -> list[date]:
    """The first day of the version, and the days within its term on which one of its figures changed."""
    days = {policy.effective_from}
    for parameter in policy.parameters.values():
        for value in parameter.values:
            if policy.is_in_force(value.since):
                days.add(value.since)
    return sorted(days)


def _read(policy: Policy, day: date) -> _Reading:
    program = prepare_policy(policy, day)
    conditions = {one.id: (say(one.condition.label), say(tell(one.bound))) for one in program.conditions}
    amount = say(tell(program.amount_bound)) if program.amount_bound is not None else ""
    return _Reading(conditions, amount)


def _changes(before: _Reading, after: _Reading) -> list[Change]:
    found = []
    if before.amount != after.amount:
        found.append(Change("amount", "", before.amount, after.amount))
    for key, (label, sentence) in after.conditions.items():
        if key not in before.conditions:
            found.append(Change("new", label, new=sentence))
        elif before.conditions[key][1] != sentence:
            found.append(Change("changed", label, before.conditions[key][1], sentence))
    gone = [key for key in before.conditions if key not in after.conditions]
    found += [Change("gone", before.conditions[key][0], old=before.conditions[key][1]) for key in gone]
    return found
