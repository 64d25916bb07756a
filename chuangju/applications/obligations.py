"""后续义务 - what is still to be done after a decision: reminded of, reported by its holder, looked at and settled by the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_lead_case, desk_units, reads_whole_desk
from chuangju.applications.applicant_access import can_hand_in, own_applications_visible_to
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_people import applicants_to_tell
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.decision_settings import days_of, decision_settings
from chuangju.applications.models import Decision, Obligation, Standing
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.languages import reads_english
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.units.access import Visitor

State = Obligation.State
_LONGEST_REPORT, _LONGEST_REMARK = 2000, 500
_LIVE = (State.OPEN, State.REPORTED)
_SETTLED = (State.MET, State.BROKEN, State.WAIVED)


class ObligationRefused(Refused):
    """The obligation cannot be reported or settled like this; the sentence says why."""


def obligations_visible_to(user: Visitor, on: date) -> QuerySet[Obligation]:
    """Obligations on the staff side: of one's unit's or town's cases; leaders and the office see all."""
    if reads_whole_desk(user, on):
        return Obligation.objects.all()
    units = desk_units(user, on)
    return Obligation.objects.filter(application__unit__in=units) | Obligation.objects.filter(
        application__town__in=units
    )


def own_obligations_visible_to(user: Visitor, on: date) -> QuerySet[Obligation]:
    """The obligations of one's own cases."""
    own = own_applications_visible_to(user, on).values("pk")
    return Obligation.objects.filter(application__in=own)


def shown_title(obligation: Obligation) -> str:
    """What is to be done, in the reader's language."""
    return (obligation.title_en if reads_english() else "") or obligation.title


def is_late(obligation: Obligation, on: date) -> bool:
    """Whether its day has passed without a report."""
    return obligation.state == State.OPEN and obligation.due_on < on


@transaction.atomic
def report_obligation(obligation: Obligation, *, report: str, by: User, at: datetime) -> Obligation:
    """The holder says how it stands; again while nobody has settled it. Raises ObligationRefused."""
    fresh = _locked(obligation)
    if not can_hand_in(by, fresh.application, timezone.localdate(at)):
        raise ObligationRefused(_("只有申请人或受托代理人可以报送"))
    if fresh.state not in {State.OPEN, State.REPORTED}:
        raise ObligationRefused(_("这项义务已经核实，不能再报送"))
    if fresh.document_id is not None:
        raise ObligationRefused(_("请在“补交材料”里直接上传；承诺由承办单位核查，不用报送"))
    words = report.replace("\r\n", "\n").strip()
    if not words or len(words) > _LONGEST_REPORT:
        raise ObligationRefused(_("请写明情况（不超过 2000 个字）"))
    before = snapshot(fresh)
    fresh.state, fresh.report, fresh.reported_at = State.REPORTED, words, at
    fresh.save()
    return _kept(fresh, "obligation_reported", before, by=by, at=at)


@transaction.atomic
def settle_obligation(obligation: Obligation, state: str, *, remark: str = "", by: User, at: datetime) -> Obligation:
    """The desk says whether it was met, was broken, or need not be met any more. Raises ObligationRefused."""
    fresh = _locked(obligation)
    if not can_lead_case(by, fresh.application, timezone.localdate(at)):
        raise ObligationRefused(_("只有责任单位或街镇的经办人可以核实"))
    if fresh.state in _SETTLED:
        raise ObligationRefused(_("这项义务已经核实"))
    if fresh.kind == Obligation.Kind.REPAYMENT:
        raise ObligationRefused(_("退回资金由财务人员登记到账后自动核销"))
    if fresh.document_id is not None:
        raise ObligationRefused(_("容缺和承诺的材料，请在材料上核对或处置"))
    if state not in _SETTLED:
        raise ObligationRefused(_("请选择已履行、未履行或已免除"))
    words = " ".join(remark.split())[:_LONGEST_REMARK]
    if state != State.MET and not words:
        raise ObligationRefused(_("未履行或免除的，请写明情况"))
    before = snapshot(fresh)
    fresh.state, fresh.remark, fresh.settled_by, fresh.settled_at = state, words, by, at
    fresh.save()
    return _kept(fresh, "obligation_settled", before, by=by, at=at)


def waive_obligations(decision: Decision, *, reason: str, by: User | None, at: datetime) -> int:
    """What a decision asked for that stands no more is asked of nobody; how many. Whoever calls it holds the case."""
    rows = Obligation.objects.select_for_update(of=("self",)).filter(decision=decision, state__in=_LIVE)
    waived = list(rows.select_related("application").order_by("pk"))
    for one in waived:
        before = snapshot(one)
        one.state, one.remark, one.settled_by, one.settled_at = State.WAIVED, reason[:_LONGEST_REMARK], by, at
        one.save()
        _kept(one, "obligation_settled", before, by=by, at=at)
    return len(waived)


def remind_of_obligations(period: DutyPeriod) -> int:
    """What the duty does every day: holders are told before the day, and once after it."""
    on, told = period.on, 0
    for days in sorted(decision_settings()["obligation"]["remind_days"]):
        due = _reported().filter(due_on__gte=on, due_on__lte=on + timedelta(days=days))
        told += _tell(due, "applications.obligation_due", f"due-{days}", at=period.at)
    late = _reported().filter(due_on__lt=on)
    return told + _tell(late, "applications.obligation_late", "late", at=period.at)


def remind_of_standings(period: DutyPeriod) -> int:
    """What the duty does every day: holders of standings that run out are told, once for each term."""
    on = period.on
    until = on + timedelta(days=days_of("standing", "expiring_days"))
    rows = Standing.objects.filter(state=Standing.State.ACTIVE, ends_on__gte=on, ends_on__lte=until)
    told = 0
    for standing in rows.select_related("decision__application__subject").order_by("pk"):
        application = standing.decision.application
        values = {"standing": standing.title, "code": standing.number, "until": standing.ends_on}
        for user in applicants_to_tell(application, on=on):
            key = f"standing-expiring-{standing.pk}-{standing.ends_on}"
            message = notify(
                user, "applications.standing_expiring", standing, at=period.at, values=values,
                address="/my/standings/", once_key=key,
            )  # fmt: skip
            told += message is not None
    return told


def _tell(obligations: Iterable[Obligation] | QuerySet[Obligation], template: str, mark: str, *, at: datetime) -> int:
    rows: Any = obligations
    told = 0
    for one in rows.select_related("application__subject").order_by("due_on", "pk"):
        application = one.application
        values = {
            "title": partial(shown_case_title, application),
            "number": application.number or "",
            "what": lambda one=one: shown_title(one),
            "due_on": one.due_on,
        }
        for user in applicants_to_tell(application, on=timezone.localdate(at)):
            message = notify(
                user, template, one, at=at, values=values, address=f"/my/obligations/{one.pk}/",
                once_key=f"obligation-{mark}-{one.pk}",
            )  # fmt: skip
            told += message is not None
    return told


def _reported() -> QuerySet[Obligation]:
    """Open, and to be reported in words: papers that follow and promises have reminders of their own."""
    return Obligation.objects.filter(state=State.OPEN, document__isnull=True)


def _locked(obligation: Obligation) -> Obligation:
    application = lock_application(obligation.application)
    fresh = Obligation.objects.select_for_update().get(pk=obligation.pk)
    fresh.application = application
    return fresh


def _kept(obligation: Obligation, action: str, before: dict[str, Any], *, by: User | None, at: datetime) -> Obligation:
    record_event(
        f"applications.{action}",
        obligation,
        by=by,
        at=at,
        before=before,
        after=snapshot(obligation),
        about=obligation.application,
    )
    return obligation
