"""办件相关人 - who is told about a case: the people of its applicant, and those at whose desk it lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from chuangju.applications.access import actors_of
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.models import Application, ApplicationRole, Step
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify, notify_mobile
from chuangju.kernel.refusals import Refused
from chuangju.units.models import Role, RoleAssignment
from chuangju.ventures.models import Claim, Party

# Whoever handed it in is told as long as they are, or act for, its subject: a former employee is not, nor the counter's clerk.
_TOLD = (ApplicationRole.Kind.CO_EDITOR, ApplicationRole.Kind.AGENT)


def applicants_to_tell(application: Application, *, on: date) -> list[User]:
    """Everybody on the applicant's side with an account: the person, whoever acts for the firm, agents and co-editors."""
    entries = Party.objects.same_body(application.subject).values("pk")
    holding = Claim.objects.holding_on(on).filter(party__in=entries).values("user")
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    given = application.roles.filter(still, kind__in=_TOLD, consent=ApplicationRole.Consent.GIVEN).values("user")
    wanted = Q(pk__in=holding) | Q(pk__in=given) | Q(party__in=entries)
    return list(User.objects.filter(wanted, is_active=True).distinct().order_by("pk"))


def tell_applicants(
    application: Application, template: str, *, at: datetime, values: Mapping[str, Any] | None = None
) -> None:
    """Tell the applicant's people something about their case; every template may name the case."""
    said = {"title": partial(shown_case_title, application), "number": application.number or "", **(values or {})}
    users = applicants_to_tell(application, on=timezone.localdate(at))
    if not users and application.subject.mobile:
        _tell_by_telephone(application, template, said, at=at)
    for user in users:
        notify(user, template, application, at=at, values=said, address=f"/my/cases/{application.pk}/")


def _tell_by_telephone(application: Application, template: str, said: Mapping[str, Any], *, at: datetime) -> None:
    """Whoever applied at the counter and has no account is told by SMS, where the installation sends any."""
    try:
        notify_mobile(application.subject.mobile, template, at=at, values=said)
    except Refused:
        # No gateway, or no number that takes an SMS: the counter tells them.
        return


def people_at_step(step: Step, *, on: date) -> list[User]:
    """Whose step it is: the one in charge, else everybody of its unit who may end it."""
    if step.assignee is not None and step.assignee.is_active:
        return [step.assignee]
    roles = actors_of(step)
    held = RoleAssignment.objects.held_on(on).filter(unit=step.unit_id, role__in=roles)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def tell_staff(
    people: Iterable[User],
    application: Application,
    template: str,
    *,
    at: datetime,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Tell colleagues something about a case on their desk; every template may name the case."""
    said = {"title": partial(shown_case_title, application), "number": application.number or "", **(values or {})}
    for user in dict.fromkeys(people):
        notify(user, template, application, at=at, values=said, address=f"/cases/{application.pk}/")


def case_clerks(application: Application, *, at: datetime) -> list[User]:
    """The clerks who lead a case, whatever step it is at: whoever has its step, else all of its unit and its town."""
    on = timezone.localdate(at)
    assigned = application.steps.filter(state=Step.State.OPEN, assignee__isnull=False).values("assignee")
    held = RoleAssignment.objects.held_on(on).filter(
        unit__in=[key for key in (application.unit_id, application.town_id) if key is not None], role=Role.CLERK
    )
    clerks = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")
    return list(clerks.filter(pk__in=assigned)) or list(clerks)


def case_approvers(application: Application, *, at: datetime) -> list[User]:
    """Who answers for the unit of a case."""
    held = RoleAssignment.objects.held_on(timezone.localdate(at)).filter(unit=application.unit_id, role=Role.APPROVER)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def approvers_of(step: Step, *, on: date) -> list[User]:
    """Who answers for the unit of a step when its day has passed."""
    held = RoleAssignment.objects.held_on(on).filter(unit=step.unit_id, role=Role.APPROVER)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))
