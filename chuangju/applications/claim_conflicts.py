"""重复与互斥 - what the subject has, or has applied for, that does not go with this policy: told before anything is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from chuangju.applications.models import Application
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy
from chuangju.ventures.models import Party


@dataclass(frozen=True)
class Conflict:
    """One case that stands in the way: its policy, number, state; `is_granted` where money or standing came of it."""

    application: Application
    title: str
    is_same: bool
    is_granted: bool


def conflicts_of(application: Application, policy: Policy, *, catalogue: Catalogue | None = None) -> list[Conflict]:
    """The subject's other cases that exclude this policy or are excluded by it, and earlier ones of the same; one query."""
    excluded = excluding_policies(policy, catalogue)
    entries = Party.objects.same_body(application.subject)
    counting = (*Application.LIVE_STATES, Application.State.GRANTED)
    same = Q(policy_id=policy.id) if is_once_only(policy) else Q(policy_id=policy.id, period=application.period)
    found = (
        Application.objects.filter(subject__in=entries.values("pk"), state__in=counting)
        .filter(Q(policy_id__in=excluded) | same)
        .exclude(pk=application.pk)
        .order_by("-started_at", "pk")
    )
    return [
        Conflict(one, one.title, one.policy_id == policy.id, one.state == Application.State.GRANTED)
        for one in found
        if one.state not in {Application.State.DRAFT, Application.State.OFFERED}
    ]


def excluding_policies(policy: Policy, catalogue: Catalogue | None = None) -> set[str]:
    """The policies that cannot be had together with this one, whichever of the two says so."""
    every = (catalogue or current_catalogue()).policies
    found = {one.id for one in every if policy.id in one.stacking.excludes}
    return (found | set(policy.stacking.excludes)) - {policy.id}


def is_once_only(policy: Policy) -> bool:
    """Whether it excludes itself: whoever had it once has it no second time, whatever the period."""
    return policy.id in policy.stacking.excludes


def titles_of(policy_ids: set[str], *, on: date) -> list[str]:
    """Their titles, of those that can be had on a day."""
    catalogue = current_catalogue()
    found = (catalogue.version_for(policy_id, on) for policy_id in sorted(policy_ids))
    return [say(one.title) for one in found if one is not None]
