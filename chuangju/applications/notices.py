"""公示 - what is about to be decided, shown to everybody for so many working days; objections only with a name.

A notice ends by itself after its last day (`end_notices`), once every objection against a decision has been answered. An
objection that is right takes that decision back for another one; the others come into force.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import desk_units, reads_whole_desk, stands_in_case
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.decision_settings import days_of
from chuangju.applications.decisions import locked_decision, take_back_decision
from chuangju.applications.flags import lower_flag, raise_flag
from chuangju.applications.letters import contact_sentence
from chuangju.applications.models import Application, ApplicationFlag, Decision, Objection, PublicNotice, Step
from chuangju.applications.publications import publish_if_ready
from chuangju.applications.steps import finish_step, return_to
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.working_days import add_working_days
from chuangju.units.access import Visitor
from chuangju.units.models import Role

State = PublicNotice.State
log = logging.getLogger(__name__)
LONGEST_TEXT, SHORTEST_TEXT = 2000, 5
_LONGEST_NAME = 100


@transaction.atomic
def begin_notice(
    decisions: Sequence[Decision],
    *,
    days: int | None = None,
    title: str = "",
    contact: str = "",
    by: User | None,
    at: datetime,
) -> PublicNotice:
    """Show approved decisions of one unit to everybody, from today for so many working days. Raises DecisionRefused."""
    if not decisions:
        raise DecisionRefused(_("请选择要公示的决定"))
    fresh = [locked_decision(one, Decision.State.APPROVED) for one in sorted(decisions, key=lambda one: str(one.pk))]
    units = {one.application.unit_id: one.application.unit for one in fresh}
    if len(units) != 1:
        raise DecisionRefused(_("一次公示只能包含同一单位的决定"))
    if PublicNotice.objects.filter(decisions__in=[one.pk for one in fresh], state=State.RUNNING).exists():
        raise DecisionRefused(_("有的决定正在公示"))
    on = timezone.localdate(at)
    notice = PublicNotice.objects.create(
        title=(title.strip() or _usual_title(fresh))[:200],
        unit=next(iter(units.values())),
        starts_on=on,
        ends_on=add_working_days(on, days or days_of("notice")),
        contact=(contact.strip() or contact_sentence())[:300],
        published_by=by,
        published_at=at,
        is_demo=all(one.application.is_demo for one in fresh),
    )
    notice.decisions.set(fresh)
    record_event("applications.notice_begun", notice, by=by, at=at, after=snapshot(notice))
    for one in fresh:
        reason = _("公示至 %(day)s") % {"day": notice.ends_on.isoformat()}
        raise_flag(one.application, ApplicationFlag.Kind.NOTICE, reason=reason, by=by, at=at)
        tell_applicants(one.application, "applications.in_notice", at=at, values={"until": notice.ends_on})
    return notice


def begin_for_step(step: Step, by: User | None, at: datetime) -> None:
    """A case has come to its public notice: begin it; batches show their decisions together themselves."""
    decision = step.application.decisions.filter(state=Decision.State.APPROVED).first()
    if decision is None or decision.batch_id is not None:
        return
    with in_kept_language():
        notice = begin_notice([decision], days=step.days, by=by, at=at)
    Step.objects.filter(pk=step.pk).update(due_on=notice.ends_on)
    step.due_on = notice.ends_on


@transaction.atomic
def object_to(notice: PublicNotice, decision: Decision, *, name: str, phone: str, text: str, at: datetime) -> Objection:
    """Take somebody's objection in, with their name; anonymous ones are refused. Raises DecisionRefused."""
    on = timezone.localdate(at)
    fresh = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if fresh.state != State.RUNNING or not fresh.starts_on <= on <= fresh.ends_on:
        raise DecisionRefused(_("公示期已过，请联系公示单位"))
    if not fresh.decisions.filter(pk=decision.pk).exists():
        raise DecisionRefused(_("请选择公示名单中的一项"))
    who, number, words = " ".join(name.split()), "".join(phone.split()), text.replace("\r\n", "\n").strip()
    if not who or not number:
        raise DecisionRefused(_("请填写真实姓名（单位名称）和联系电话；匿名的不予受理"))
    if len(who) > _LONGEST_NAME or not SHORTEST_TEXT <= len(words) <= LONGEST_TEXT:
        raise DecisionRefused(_("请写明异议的内容和依据（不超过 2000 个字）"))
    objection = Objection.objects.create(
        notice=fresh, decision=decision, name=who, phone=number[:30], text=words, made_at=at
    )
    application = lock_application(decision.application)
    after = {"notice": fresh.pk, "decision": decision.pk}
    record_event("applications.objection_made", objection, by=None, at=at, after=after, about=application)
    reason = _("公示期间收到异议，正在核查")
    raise_flag(application, ApplicationFlag.Kind.OBJECTION, reason=reason, by=None, at=at)
    return objection


@transaction.atomic
def answer_objection(objection: Objection, *, is_right: bool, answer: str, by: User, at: datetime) -> Objection:
    """Say what was found; one that is right takes the decision back, so that another is made. Raises DecisionRefused."""
    application = lock_application(objection.decision.application)
    fresh = Objection.objects.select_for_update(of=("self",)).select_related("decision", "notice").get(pk=objection.pk)
    if not may_answer(by, application, on=timezone.localdate(at)):
        raise DecisionRefused(_("只有责任单位的经办人和审批人可以答复；拟定该决定的人应当回避"))
    if fresh.decision.proposed_by_id == by.pk:
        raise DecisionRefused(_("异议应由拟定该决定以外的人核查"))
    if fresh.state != Objection.State.RECEIVED:
        raise DecisionRefused(_("这件异议已经答复"))
    words = answer.replace("\r\n", "\n").strip()
    if not SHORTEST_TEXT <= len(words) <= LONGEST_TEXT:
        raise DecisionRefused(_("请写明核查经过和结论"))
    before = {"state": fresh.state}
    fresh.state = Objection.State.UPHELD if is_right else Objection.State.REJECTED
    fresh.answer, fresh.decided_by, fresh.decided_at = words, by, at
    fresh.save()
    after = {"state": fresh.state}
    record_event("applications.objection_answered", fresh, by=by, at=at, before=before, after=after, about=application)
    if not fresh.decision.objections.filter(state=Objection.State.RECEIVED).exists():
        lower_flag(application, ApplicationFlag.Kind.OBJECTION, by=by, at=at)
    if is_right:
        _take_back(fresh, application, by=by, at=at)
    return fresh


@transaction.atomic
def end_notice(notice: PublicNotice, *, by: User | None, at: datetime) -> list[Decision]:
    """The last day has passed: decisions without an open objection go on. The published ones; the rest waits on."""
    fresh = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if fresh.state != State.RUNNING or timezone.localdate(at) <= fresh.ends_on:
        return []
    decisions = list(fresh.decisions.filter(state=Decision.State.APPROVED).order_by("pk"))
    if any(one.objections.filter(state=Objection.State.RECEIVED).exists() for one in decisions):
        return []
    fresh.state = State.OVER
    fresh.save(update_fields=["state"])
    record_event(
        "applications.notice_over", fresh, by=by, at=at, before={"state": State.RUNNING}, after={"state": State.OVER}
    )
    published = []
    for one in decisions:
        _pass_notice(one.application, by=by, at=at)
        done = publish_if_ready(one.application, by=by, at=at)
        published += [done] if done is not None else []
    return published


def end_due_notices(period: DutyPeriod) -> int:
    """What the duty does every day: notices whose last day has passed."""
    due = PublicNotice.objects.filter(state=State.RUNNING, ends_on__lt=timezone.localdate(period.at)).order_by("pk")
    return sum(_try_to_end(notice, at=period.at) for notice in due)


def _try_to_end(notice: PublicNotice, *, at: datetime) -> int:
    """One that cannot end holds up none of the others; it is tried again next time."""
    try:
        return len(end_notice(notice, by=None, at=at))
    except Refused as refused:
        log.warning("notice %s does not end: %s", notice.pk, refused.sentence)
        return 0


def public_notices() -> QuerySet[PublicNotice]:
    """What everybody reads: notices that run, and those that are over."""
    return PublicNotice.objects.exclude(state=State.WITHDRAWN)


def objections_visible_to(user: Visitor, on: date) -> QuerySet[Objection]:
    """Objections, with the names of who made them: for the desk of the unit that answers, and for nobody else."""
    if reads_whole_desk(user, on):
        return Objection.objects.all()
    units = desk_units(user, on, Role.CLERK, Role.APPROVER)
    return Objection.objects.filter(decision__application__unit__in=units)


def may_answer(user: User, application: Application, *, on: date) -> bool:
    """Whether somebody answers objections against a decision on this case: of its unit, and not of those who applied."""
    is_of_unit = application.unit_id in desk_units(user, on, Role.CLERK, Role.APPROVER)
    return is_of_unit and not stands_in_case(user, application)


def _take_back(objection: Objection, application: Application, *, by: User, at: datetime) -> None:
    decision = Decision.objects.get(pk=objection.decision_id)
    if decision.state != Decision.State.APPROVED:
        return
    objection.notice.decisions.remove(decision)
    take_back_decision(decision, reason=_("公示异议成立，重新审核"), by=by, at=at)
    lower_flag(application, ApplicationFlag.Kind.NOTICE, by=by, at=at)
    reopen_approval(application, reason=_("公示异议成立，重新审核"), by=by, at=at)


def reopen_approval(application: Application, *, reason: str, by: User, at: datetime) -> None:
    """Let the approval begin anew, with what was said kept beside it."""
    step = application.steps.filter(kind=Step.Kind.APPROVE, state=Step.State.DONE).first()
    if step is not None:
        step.application = application
        return_to(step, reason=reason, by=by, at=at)


def _pass_notice(application: Application, *, by: User | None, at: datetime) -> None:
    step = application.steps.filter(kind=Step.Kind.NOTICE, state=Step.State.OPEN).first()
    if step is not None:
        step.application = application
        finish_step(step, Step.Result.PASSED, opinion=_("公示期满，无异议或异议不成立"), by=by, at=at)


def _usual_title(decisions: Sequence[Decision]) -> str:
    titles = list(dict.fromkeys(one.application.title for one in decisions))
    name = titles[0] if len(titles) == 1 else _("扶持政策")
    return _("“%(title)s”拟支持名单公示") % {"title": name}


def unit_notices(user: Visitor, on: date) -> QuerySet[PublicNotice]:
    """The notices of one's own unit; leaders and the office see all."""
    if reads_whole_desk(user, on):
        return PublicNotice.objects.all()
    return PublicNotice.objects.filter(unit__in=desk_units(user, on))
