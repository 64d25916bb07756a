"""推荐要求 - what a policy file says of nominations: whether one is needed, and who may put somebody forward.

A file says so by a step of its process: `{step: nominate, label: …, by: [association, incubator, unit]}`. It comes before
the case and is no step of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from chuangju.applications.access import desk_units
from chuangju.applications.models import Nomination, Standing
from chuangju.applications.step_kinds import is_nomination
from chuangju.kernel.languages import reads_english
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_nominators import INCUBATOR, UNIT, nominator_word
from chuangju.policies.procedure_checks import NOMINATORS
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy
from chuangju.units.models import Role, Unit
from chuangju.ventures.access import acting_parties
from chuangju.ventures.models import Party

# Who speaks for a unit here.
UNIT_ROLES = (Role.CLERK, Role.APPROVER, Role.LIAISON_OFFICER, Role.POLICY_OFFICER)


class NominationRefused(Refused):
    """Nobody can be put forward, or apply, like this; the sentence says why."""


@dataclass(frozen=True)
class NominationRule:
    """Who may put somebody forward for a policy."""

    by: tuple[str, ...]

    def says(self, separator: str) -> str:
        """The kinds in words."""
        return separator.join(map(nominator_word, self.by))


def nomination_rule(policy: Policy) -> NominationRule | None:
    """What the file asks; None where anybody applies by themselves."""
    node = next((one for one in policy.process if is_nomination(one)), None)
    if node is None:
        return None
    given = node.get("by")
    named = [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)] if given else []
    return NominationRule(tuple(one for one in named if one in NOMINATORS) or NOMINATORS)


def nomination_title(nomination: Nomination) -> str:
    """For what somebody is put forward, in the reader's language."""
    policy = current_catalogue().latest(nomination.policy_id) if reads_english() else None
    return say(policy.title) if policy is not None else nomination.title


def nominated_policies(on: date, catalogue: Catalogue | None = None) -> list[Policy]:
    """The policies in force for which somebody is put forward; of the catalogue given, else of the one that counts now."""
    policies = (catalogue or current_catalogue()).in_force(on)
    return [policy for policy in policies if nomination_rule(policy) is not None]


def nominating_parties(user: User, rule: NominationRule, *, on: date) -> QuerySet[Party]:
    """The parties in whose name somebody may nominate: of the kinds named, or recognised as incubators."""
    allowed = Q(kind__in=rule.by)
    if INCUBATOR in rule.by:
        held = Standing.objects.filter(state=Standing.State.ACTIVE, policy_id__in=_incubator_policies())
        allowed |= Q(pk__in=held.exclude(ends_on__lt=on).values("party"))
    return acting_parties(user, on).filter(allowed)


def nominating_units(user: User, rule: NominationRule, *, on: date) -> QuerySet[Unit]:
    """The units in whose name somebody may nominate."""
    units: Iterable[int] = desk_units(user, on, *UNIT_ROLES) if UNIT in rule.by else ()
    return Unit.objects.filter(pk__in=units)


def may_nominate(user: User, *, on: date) -> bool:
    """Whether somebody may put anybody forward for anything at all."""
    rules = [rule for policy in nominated_policies(on) if (rule := nomination_rule(policy)) is not None]
    return any(
        nominating_parties(user, rule, on=on).exists() or nominating_units(user, rule, on=on).exists() for rule in rules
    )


def _incubator_policies() -> frozenset[str]:
    """Policies whose standings make an incubator, as their files say for whom they are."""
    return frozenset(one.id for one in current_catalogue().policies if INCUBATOR in one.audience)
