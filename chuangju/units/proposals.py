"""角色建议 - how the security administrator decides on the roles that were proposed with an invitation."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.units.access import has_role
from chuangju.units.assignments import grant_role
from chuangju.units.models import Role, RoleAssignment, RoleProposal


class ProposalRefused(Refused):
    """A proposed role that cannot be decided on like this."""


@transaction.atomic
def grant_proposal(proposal: RoleProposal, *, starts_on: date, by: User, at: datetime) -> RoleAssignment:
    """The person holds the proposed role from a day; raises ProposalRefused, AssignmentRefused."""
    fresh = _locked(proposal, by, at)
    user = fresh.invitation.user
    if user is None:
        raise ProposalRefused(_("%(name)s还没有接受邀请，接受后才能授予角色") % {"name": fresh.invitation.name})
    assignment = grant_role(user, role=fresh.role, unit=fresh.unit, starts_on=starts_on, by=by, at=at)
    _decide(fresh, RoleProposal.State.GRANTED, assignment, reason="", by=by, at=at)
    notify(user, "units.role_granted", assignment, at=at, values={"role": assignment.get_role_display})
    return assignment


@transaction.atomic
def decline_proposal(proposal: RoleProposal, *, reason: str, by: User, at: datetime) -> None:
    """The person does not get the role, and the log says why; raises ProposalRefused."""
    fresh = _locked(proposal, by, at)
    if not reason.strip():
        raise ProposalRefused(_("请写明不予授予的原因"))
    _decide(fresh, RoleProposal.State.DECLINED, None, reason=reason.strip(), by=by, at=at)


def decidable_proposals() -> QuerySet[RoleProposal]:
    """Proposed roles that can be decided on now: the person has accepted."""
    return RoleProposal.objects.filter(state=RoleProposal.State.PENDING, invitation__user__isnull=False)


def _locked(proposal: RoleProposal, by: User, at: datetime) -> RoleProposal:
    if not has_role(by, Role.SECURITY_ADMINISTRATOR, on=timezone.localdate(at)):
        raise ProposalRefused(_("只有安全保密管理员可以审定角色建议"))
    rows = RoleProposal.objects.select_for_update(of=("self",)).select_related("invitation__user", "unit")
    fresh = rows.get(pk=proposal.pk)
    if fresh.state != RoleProposal.State.PENDING:
        raise ProposalRefused(_("该角色建议已审定：%(state)s") % {"state": fresh.get_state_display()})
    return fresh


def _decide(
    proposal: RoleProposal,
    state: str,
    assignment: RoleAssignment | None,
    *,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    before = snapshot(proposal)
    proposal.state, proposal.assignment, proposal.reason = state, assignment, reason
    proposal.decided_by, proposal.decided_at = by, at
    proposal.save()
    record_event(
        "units.proposal_decided",
        proposal,
        by=by,
        at=at,
        before=before,
        after=snapshot(proposal),
        about=proposal.invitation,
        reason=reason,
    )
