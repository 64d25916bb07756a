"""Who reads, writes and decides about drafts of policies."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from chuangju.policies.access import keeps_every_policy, keeps_policies, policy_unit_ids
from chuangju.policies.models import PolicyDraft, PublishedPolicy
from chuangju.units.access import Visitor, has_role, units_of
from chuangju.units.models import Role

READERS = (Role.LEADER, Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.APPROVER, Role.AUDITOR)
WRITERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER)
DECIDERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.APPROVER)


def drafts_visible_to(user: Visitor, *, on: date) -> QuerySet[PolicyDraft]:
    """Whoever has to do with policies reads every draft; what was given up only its author."""
    if not has_role(user, *READERS, on=on):
        return PolicyDraft.objects.none()
    found = PolicyDraft.objects.all()
    given_up = PolicyDraft.State.DISCARDED
    return found.exclude(state=given_up) | found.filter(state=given_up, author_id=user.pk if user else None)


def published_visible_to(user: Visitor, *, on: date) -> QuerySet[PublishedPolicy]:
    """What is published is law for everybody."""
    del user, on
    return PublishedPolicy.objects.all()


def can_write_drafts(user: Visitor, *, on: date) -> bool:
    """Whether the user may begin a version of any policy."""
    return keeps_policies(user, on=on)


def can_write_for(user: Visitor, unit_id: int | None, *, on: date) -> bool:
    """Whether the user may write policies of this unit: its policy officer, or the programme office."""
    return keeps_every_policy(user, on=on) or (unit_id is not None and unit_id in policy_unit_ids(user, on=on))


def can_change_draft(user: Visitor, draft: PolicyDraft, *, on: date) -> bool:
    """Only its author writes a draft: whoever publishes it must not have written any of it."""
    return user is not None and draft.author_id == user.pk and draft.is_open and can_write_drafts(user, on=on)


def can_decide_draft(user: Visitor, draft: PolicyDraft, *, on: date) -> bool:
    """Somebody else than the author: an approver or policy officer of its unit, or the programme office."""
    if user is None or draft.author_id == user.pk or draft.state != PolicyDraft.State.SUBMITTED:
        return False
    if keeps_every_policy(user, on=on):
        return True
    approved = {unit.pk for unit in units_of(user, Role.APPROVER, on)}
    return draft.unit_id is not None and draft.unit_id in (approved | policy_unit_ids(user, on=on))
