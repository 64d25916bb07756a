"""四眼原则 - who may propose and who may approve: nobody decides on their own case, or alone on anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from chuangju.applications.access import has_reviewed, stands_in_case
from chuangju.applications.models import Application, Decision
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import assignments_of
from chuangju.units.models import Role

# Cases whose decision takes the place of the first one, or takes back what it gave; a slip put right does neither.
_TAKING_PLACE = (
    Application.Kind.OBJECTION,
    Application.Kind.REOPENING,
    Application.Kind.RECOVERY,
)


class DecisionRefused(Refused):
    """The decision cannot be taken, changed or published like this; the sentence says why."""


def holds_for_unit(user: User | None, application: Application, *roles: str, on: date) -> bool:
    """Whether somebody holds one of the roles for the unit that answers for the case."""
    return any(one.role in roles and one.unit_id == application.unit_id for one in assignments_of(user, on))


def may_propose(user: User, application: Application, *, on: date) -> bool:
    """Whether somebody puts decisions forward: a clerk or policy officer of the unit that answers, who did not apply.

    What grew out of a decision (an objection) is looked at by somebody else than whoever proposed that decision.
    """
    is_of_unit = holds_for_unit(user, application, Role.CLERK, Role.POLICY_OFFICER, on=on)
    return is_of_unit and not stands_in_case(user, application) and not _proposed_the_first(user, application)


def may_approve(user: User, decision: Decision, *, on: date) -> bool:
    """Whether somebody approves: an approver of the unit who neither applied, nor reviewed the case, nor proposed it."""
    application = decision.application
    if not holds_for_unit(user, application, Role.APPROVER, on=on) or decision.proposed_by_id == user.pk:
        return False
    return not stands_in_case(user, application) and not has_reviewed(user, application)


def _proposed_the_first(user: User, application: Application) -> bool:
    if application.kind != Application.Kind.OBJECTION or application.parent is None:
        return False
    return application.parent.decisions.filter(proposed_by=user).exists()


def gives_way(decision: Decision) -> bool:
    """Whether a decision is replaced or taken back, or is about to be: another one about the same case has been approved."""
    if decision.state == Decision.State.REPLACED:
        return True
    later = Decision.objects.filter(
        application__parent=decision.application_id,
        application__kind__in=_TAKING_PLACE,
        state__in=(Decision.State.APPROVED, Decision.State.PUBLISHED),
    )
    return later.exclude(outcome=Decision.Outcome.UPHELD).exists()


def is_taken_back(application: Application) -> bool:
    """Whether what a case was granted is revoked, or refused in the end, by a case that grew out of it."""
    later = Decision.objects.filter(
        application__parent=application, state__in=(Decision.State.APPROVED, Decision.State.PUBLISHED)
    )
    revoked = Q(application__kind=Application.Kind.RECOVERY, outcome=Decision.Outcome.REVOKED)
    refused = Q(application__kind=Application.Kind.REOPENING, outcome=Decision.Outcome.REFUSED)
    return later.filter(revoked | refused).exists()


def objects_to_recovery(application: Application) -> bool:
    """Whether a case is an objection to a recovery: what it changes is the money to be paid back, never a grant."""
    parent = application.parent if application.kind == Application.Kind.OBJECTION else None
    return parent is not None and parent.kind == Application.Kind.RECOVERY


def ancestors_of(application: Application) -> Iterator[Application]:
    """The cases that this one grew out of, the nearest first."""
    parent = application.parent
    while parent is not None:
        yield parent
        parent = parent.parent
