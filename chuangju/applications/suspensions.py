"""暂停 - a case stands still for a reason that is nobody's at the desk (a lawsuit, an inquiry), and goes on again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_lead_case
from chuangju.applications.case_clocks import pause_case, resume_case
from chuangju.applications.case_locks import StepRefused, lock_application
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.flags import Kind, lower_flag, raise_flag
from chuangju.applications.models import Application, Correction
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days, working_days_between


class SuspensionRefused(StepRefused):
    """The case cannot be suspended or taken up again like this; the sentence says why."""


@transaction.atomic
def suspend_application(application: Application, *, reason: str, by: User, at: datetime) -> Application:
    """Let a case stand still; the clock pauses. Raises SuspensionRefused, StaleForm."""
    fresh = _led(application, by=by, at=at)
    words = " ".join(reason.split())[:500]
    if not words:
        raise SuspensionRefused(_("请写明暂停的原因，申请人会看到"))
    if fresh.flags.filter(kind=Kind.SUSPENDED, ended_at__isnull=True).exists():
        raise StaleForm(_("这个办件已经暂停，请刷新后查看"))
    pause_case(fresh, reason=words, by=by, at=at)
    tell_applicants(fresh, "applications.suspended", at=at, values={"reason": words})
    raise_flag(fresh, Kind.SUSPENDED, reason=words, by=by, at=at)
    record_event("applications.suspended", fresh, by=by, at=at, reason=words)
    return fresh


@transaction.atomic
def resume_application(application: Application, *, by: User, at: datetime) -> Application:
    """Take a suspended case up again; raises SuspensionRefused, StaleForm."""
    fresh = _led(application, by=by, at=at)
    if not fresh.flags.filter(kind=Kind.SUSPENDED, ended_at__isnull=True).exists():
        raise StaleForm(_("这个办件没有暂停，请刷新后查看"))
    if not fresh.flags.filter(kind__in=(Kind.CORRECTION, Kind.EXTERNAL), ended_at__isnull=True).exists():
        resume_case(fresh, by=by, at=at)
    tell_applicants(fresh, "applications.resumed", at=at)
    _give_days_back(fresh, at=at)
    lower_flag(fresh, Kind.SUSPENDED, by=by, at=at)
    record_event("applications.resumed", fresh, by=by, at=at)
    return fresh


def _give_days_back(application: Application, *, at: datetime) -> None:
    """The applicant's day to mend moves by the working days that the case rested."""
    flag = application.flags.filter(kind=Kind.SUSPENDED, ended_at__isnull=True).first()
    asked = application.corrections.filter(state=Correction.State.ASKED).first()
    if flag is None or asked is None:
        return
    rested = working_days_between(timezone.localdate(flag.began_at), timezone.localdate(at))
    asked.due_on = add_working_days(asked.due_on, rested)
    asked.save(update_fields=["due_on"])


def _led(application: Application, *, by: User, at: datetime) -> Application:
    fresh = lock_application(application)
    if fresh.state not in Application.OPEN_STATES:
        raise StaleForm(_("这个办件已经结束，请刷新后查看"))
    if not can_lead_case(by, fresh, timezone.localdate(at)):
        raise SuspensionRefused(_("只有责任单位或受理街镇的经办人可以暂停和恢复办件"))
    return fresh
