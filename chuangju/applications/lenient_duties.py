"""容缺、承诺的例行处理 - reminders before a day; on the day after it the consequence, once, however many days were missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_people import (
    applicants_to_tell,
    case_approvers,
    case_clerks,
    tell_applicants,
    tell_staff,
)
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.flags import Kind as FlagKind
from chuangju.applications.flags import raise_flag
from chuangju.applications.lenient_consequences import can_revoke, end_case, revoke
from chuangju.applications.lenient_terms import END, lenient_terms
from chuangju.applications.models import Application, Obligation
from chuangju.applications.paper_duties import keep_duty, shown_paper
from chuangju.applications.publications import approved_decision
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify

Kind, State = Obligation.Kind, Obligation.State


def follow_lenient_cases(period: DutyPeriod) -> int:
    """The duty of every day: whoever owes a paper or a check is told, and what is overdue takes its course; how many."""
    on, at, done = period.on, period.at, 0
    settings = desk_settings()["follow"]
    for days in sorted(settings["remind_days"]):
        done += sum(_remind_applicant(one, f"due-{days}", at=at) for one in _due(Kind.DOCUMENT, on, days))
    for days in sorted(settings["check_remind_days"]):
        done += sum(_remind_desk(one, "applications.promise_due", at=at) for one in _due(Kind.PROMISE, on, days))
    late = Obligation.objects.filter(
        document__isnull=False, state=State.OPEN, due_on__lt=on, overdue_at__isnull=True
    ).order_by("due_on", "pk")
    for duty in late.select_related("application"):
        done += _go_overdue(duty, on=on, at=at)
    return done


def _due(kind: str, on: date, days: int) -> list[Obligation]:
    found = Obligation.objects.filter(
        document__isnull=False, kind=kind, state=State.OPEN, due_on__gte=on, due_on__lte=on + timedelta(days=days)
    )
    return list(found.select_related("application__subject", "document").order_by("due_on", "pk"))


@transaction.atomic
def _go_overdue(duty: Obligation, *, on: date, at: datetime) -> bool:
    application = lock_application(duty.application)
    fresh = Obligation.objects.select_for_update().get(pk=duty.pk)
    if fresh.state != State.OPEN or fresh.overdue_at is not None or fresh.due_on >= on:
        return False
    fresh.application = application
    if application.state not in {*Application.OPEN_STATES, Application.State.GRANTED}:
        with in_kept_language():
            fresh.remark = _("办件已经结束，不再需要")
        fresh.state, fresh.settled_at = State.WAIVED, at
        keep_duty(fresh, "obligation_settled", by=None, at=at)
        return True
    fresh.overdue_at = at
    if fresh.kind == Kind.PROMISE:
        keep_duty(fresh, "check_overdue", by=None, at=at)
        _remind_desk(fresh, "applications.promise_late", at=at)
        return True
    _follow_paper(fresh, application, at=at)
    return True


def _follow_paper(duty: Obligation, application: Application, *, at: datetime) -> None:
    """A paper is not there after its day: what the policy's file says, else the desk decides; both sides are told."""
    document, terms = duty.document, lenient_terms(pinned_policy(application))
    with in_kept_language():
        reason = _("“%(name)s”应于 %(day)s 前补交，逾期未补") % {
            "name": document.name if document else duty.title,
            "day": duty.due_on.isoformat(),
        }
    is_open = application.state in Application.OPEN_STATES
    ends = terms.overdue == END and is_open and approved_decision(application) is None
    revokes = terms.overdue == END and can_revoke(application)
    if ends or revokes:
        duty.state, duty.remark, duty.settled_at = State.BROKEN, reason, at
    keep_duty(duty, "paper_overdue", by=None, at=at, reason=reason)
    if ends:
        follows = gettext_noop("本件按撤回处理，条件仍符合的可以重新申请。")
        task = gettext_noop("已按政策规定终止办理。")
    elif revokes:
        follows = gettext_noop("已立案撤销决定、追回资金。")
        task = gettext_noop("已按政策规定立案追回，请接着办理。")
    else:
        follows = gettext_noop("请立即补交，或与承办单位联系；承办单位可以延期一次、终止办理或撤销决定。")
        task = gettext_noop("请决定延期一次、终止办理或撤销决定。")
    values: dict[str, Any] = {
        "what": lambda: shown_paper(document),
        "due_on": duty.due_on,
        "follows": lambda: _(follows),
    }
    tell_applicants(application, "applications.paper_late", at=at, values=values)
    said = {**values, "follows": lambda: _(task)}
    tell_staff(case_clerks(application, at=at), application, "applications.paper_overdue", at=at, values=said)
    if ends:
        end_case(application, reason=reason, by=None, at=at)
    elif revokes:
        revoke(application, terms, reason=reason, by=None, at=at)
    else:
        raise_flag(application, FlagKind.OVERDUE, reason=reason, by=None, at=at)


def _remind_applicant(duty: Obligation, mark: str, *, at: datetime) -> int:
    application = duty.application
    values = {
        "title": application.title,
        "number": application.number or "",
        "what": lambda: shown_paper(duty.document),
        "due_on": duty.due_on,
    }
    address, told = f"/my/cases/{application.pk}/papers/", 0
    for user in applicants_to_tell(application, on=timezone.localdate(at)):
        key = f"paper-{mark}-{duty.pk}-{duty.due_on}"
        message = notify(
            user, "applications.paper_due", duty, at=at, values=values, address=address, once_key=key
        )  # fmt: skip
        told += message is not None
    return told


def _remind_desk(duty: Obligation, template: str, *, at: datetime) -> int:
    """The clerks who lead the case; once its day has passed, who answers for the unit as well."""
    application = duty.application
    people: list[User] = case_clerks(application, at=at)
    if duty.overdue_at is not None:
        people += case_approvers(application, at=at)
    values = {
        "title": application.title,
        "number": application.number or "",
        "what": lambda: shown_paper(duty.document),
        "due_on": duty.due_on,
    }
    told = 0
    for user in dict.fromkeys(people):
        key = f"{template}-{duty.pk}-{duty.due_on}"
        message = notify(
            user, template, duty, at=at, values=values, address=f"/cases/obligations/{duty.pk}/", once_key=key
        )
        told += message is not None
    return told
