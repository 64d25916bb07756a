"""办件进程 - past, now and next of a case in the words of whoever applied, with days and the names of units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_words import step_doing, step_done, step_name
from chuangju.applications.models import Application, ApplicationFlag, Correction, Decision, Instalment, Step
from chuangju.kernel.money import format_yuan
from chuangju.kernel.working_days import add_working_days
from chuangju.units.models import Unit

PAST, NOW, NEXT = "past", "now", "next"
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Moment:
    """One line: when, what, by whom; of what is still to come the day it is expected."""

    kind: str
    title: str
    day: date | None = None
    unit: str = ""
    detail: str = ""
    is_expected: bool = False
    # Of what is past: when exactly, where that is known, so that what happened on one day stands in its order.
    at: datetime | None = None


@dataclass(frozen=True)
class CaseRecords:
    """What a timeline is read from, fetched once."""

    steps: list[Step]
    flags: list[ApplicationFlag]
    corrections: list[Correction]
    decisions: list[Decision]
    instalments: list[Instalment]


def timeline_of(application: Application, records: CaseRecords, *, on: date) -> list[Moment]:
    """The lines of a case in their order."""
    return [
        *sorted(_past(application, records), key=_when),
        *_now(application, records, on),
        *_next(application, records, on),
    ]


def _when(moment: Moment) -> tuple[date, datetime]:
    """A day without its hour stands after what happened on it."""
    return moment.day or date.min, moment.at or _LATEST


def _past(application: Application, records: CaseRecords) -> Iterable[Moment]:
    if application.submitted_at is not None:
        yield _at(application.submitted_at, str(_("您提交了申请")))
    for step in records.steps:
        if step.state == Step.State.DONE and step.done_at is not None:
            yield _at(step.done_at, step_done(step), _who(step), _step_detail(step))
    for one in records.corrections:
        yield _at(one.asked_at, str(_("通知您补正")))
        if one.answered_at is not None:
            yield _at(one.answered_at, str(_("您补正了")))
    for decision in records.decisions:
        if decision.published_at is not None:
            amount = str(format_yuan(decision.amount)) if decision.amount else ""
            title = _("决定：%(outcome)s") % {"outcome": decision.get_outcome_display()}
            yield _at(decision.published_at, title, detail=amount)
    for part in records.instalments:
        if part.paid_on is not None:
            title = _("第 %(number)d 期到账") % {"number": part.number}
            yield Moment(PAST, title, part.paid_on, detail=str(format_yuan(part.amount)))
    if application.state in {Application.State.WITHDRAWN, Application.State.LAPSED} and application.closed_at:
        yield _at(application.closed_at, str(application.get_state_display()), detail=application.end_reason)


def _at(at: datetime, title: str, unit: str = "", detail: str = "") -> Moment:
    return Moment(PAST, title, timezone.localdate(at), unit, detail, at=at)


def _now(application: Application, records: CaseRecords, on: date) -> Iterable[Moment]:
    if application.state == Application.State.DRAFT:
        yield Moment(NOW, str(_("您正在填写")), detail=str(_("填完提交以后才开始办理")))
        return
    if application.state == Application.State.OFFERED:
        yield Moment(NOW, str(_("等您确认领取")))
        return
    asked = next((one for one in records.corrections if one.state == Correction.State.ASKED), None)
    if asked is not None:
        yield Moment(NOW, str(_("等您补正")), asked.due_on, detail=str(_("补齐以前不计时")), is_expected=True)
    for flag in records.flags:
        if flag.kind in {ApplicationFlag.Kind.SUSPENDED, ApplicationFlag.Kind.FUNDS, ApplicationFlag.Kind.OBJECTION}:
            yield Moment(NOW, str(flag.get_kind_display()), detail=flag.reason)
    if asked is not None:
        return
    for step in records.steps:
        if step.state == Step.State.OPEN:
            late = step.due_on is not None and step.due_on < on
            detail = str(_("已超过承诺日期，可以在下面留言催办")) if late else ""
            yield Moment(NOW, step_doing(step), step.due_on, _who(step), detail, is_expected=True)


def _next(application: Application, records: CaseRecords, on: date) -> Iterable[Moment]:
    """What comes after, with the days that the policy promises counted on from what is open."""
    if application.state not in Application.OPEN_STATES and application.state != Application.State.GRANTED:
        return
    open_due = [step.due_on for step in records.steps if step.state == Step.State.OPEN and step.due_on is not None]
    day, is_known, seen = max([on, *open_due]), True, None
    for step in records.steps:
        if step.state != Step.State.WAITING:
            continue
        if step.position != seen:
            is_known = is_known and step.days is not None
            day = add_working_days(day, step.days) if step.days else day
            seen = step.position
        yield Moment(NEXT, step_name(step), day if is_known else None, _who(step), is_expected=True)
    for part in records.instalments:
        if part.paid_on is None and part.state in {Instalment.State.PLANNED, Instalment.State.REQUESTED}:
            title = _("第 %(number)d 期拨付") % {"number": part.number}
            yield Moment(NEXT, title, part.due_on, detail=str(format_yuan(part.amount)), is_expected=True)


def _who(step: Step) -> str:
    unit = step.unit
    return unit.shown_name if isinstance(unit, Unit) else step.body


def _step_detail(step: Step) -> str:
    """What an applicant may read of a step that is done: what came of a notice or an outside body, not opinions."""
    return str(step.get_result_display()) if step.kind == Step.Kind.REFERRAL and step.result else ""
