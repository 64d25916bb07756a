"""Proposed roles: who decides, when, and that the one who makes accounts grants nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chuangju.kernel.models import Message, User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import forget_roles, has_role
from chuangju.units.invitations import Invitee, Sent, accept_invitation, invite
from chuangju.units.models import Role, RoleProposal, Unit
from chuangju.units.proposals import ProposalRefused, decidable_proposals, decline_proposal, grant_proposal
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(system_administrator: User, unit: Unit, now: datetime) -> Sent:
    """A clerk of `unit` has been invited."""
    return invite(Invitee("韩雪", "hanxue", "h@example.org", "", unit, (Role.CLERK,)), by=system_administrator, at=now)


def test_a_role_is_granted_once_there_is_an_account(
    sent: Sent, security_administrator: User, unit: Unit, now: datetime, today: date
) -> None:
    proposal = RoleProposal.objects.get()
    assert decidable_proposals().count() == 0
    with pytest.raises(ProposalRefused, match="还没有接受"):
        grant_proposal(proposal, starts_on=today, by=security_administrator, at=now)
    user = accept_invitation(sent.token, password=PASSWORD, at=now)
    assert decidable_proposals().count() == 1
    assignment = grant_proposal(proposal, starts_on=today, by=security_administrator, at=now)
    forget_roles(user)
    assert has_role(user, Role.CLERK, on=today)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.assignment, proposal.decided_by, assignment.unit) == (
        RoleProposal.State.GRANTED,
        assignment,
        security_administrator,
        unit,
    )
    assert Message.objects.filter(user=user, template="units.role_granted").exists()
    assert decidable_proposals().count() == 0


def test_a_decision_is_made_once(sent: Sent, security_administrator: User, now: datetime, today: date) -> None:
    accept_invitation(sent.token, password=PASSWORD, at=now)
    proposal = RoleProposal.objects.get()
    with pytest.raises(ProposalRefused, match="写明不予授予"):
        decline_proposal(proposal, reason=" ", by=security_administrator, at=now)
    decline_proposal(proposal, reason="岗位已满", by=security_administrator, at=now)
    with pytest.raises(ProposalRefused, match="已审定：不予授予"):
        grant_proposal(proposal, starts_on=today, by=security_administrator, at=now)


def test_whoever_invites_does_not_grant(sent: Sent, system_administrator: User, now: datetime, today: date) -> None:
    accept_invitation(sent.token, password=PASSWORD, at=now)
    with pytest.raises(ProposalRefused, match="只有安全保密管理员"):
        grant_proposal(RoleProposal.objects.get(), starts_on=today, by=system_administrator, at=now)
    with pytest.raises(ProposalRefused, match="只有安全保密管理员"):
        decline_proposal(RoleProposal.objects.get(), reason="x", by=system_administrator, at=now)


def test_three_administrators_stay_apart_here_too(
    system_administrator: User, security_administrator: User, now: datetime, today: date
) -> None:
    wanted = (Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR)
    sent = invite(Invitee("韩雪", "hanxue", "h@example.org", "", None, wanted), by=system_administrator, at=now)
    accept_invitation(sent.token, password=PASSWORD, at=now)
    first, second = RoleProposal.objects.order_by("pk")
    grant_proposal(first, starts_on=today, by=security_administrator, at=now)
    with pytest.raises(Refused, match="三员分立"):
        grant_proposal(second, starts_on=today, by=security_administrator, at=now)
    second.refresh_from_db()
    assert second.state == RoleProposal.State.PENDING
