"""环节 - how a case moves through the steps of its policy's process, one after the other or side by side.

`begin_process` lays the whole process out from the policy's version; `complete_step` ends a step by somebody's hand and
opens what comes next; `finish_step` does the same for rules that have checked the hand themselves (acceptance, decisions,
payments, silence). What a kind of step does when it opens or ends is registered in step_kinds.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangju.applications.access import can_act_in_step, hides_cases
from chuangju.applications.case_clocks import start_intake_clock
from chuangju.applications.case_locks import StepRefused, findings_of, keep_step, lock_application, lock_step
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.flags import blocking_flag
from chuangju.applications.models import Application, Step
from chuangju.applications.step_kinds import (
    REVIEW_KINDS,
    planned_steps,
    step_behaviours,
)
from chuangju.applications.step_rows import rows_of
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days
from chuangju.rules.policy import Policy

Kind, State, Result, Join = Step.Kind, Step.State, Step.Result, Step.Join
LONGEST_OPINION = 2000
# These may be answered while the applicant mends or the case is suspended.
_NEVER_BLOCKED = frozenset({Kind.CONSULT, Kind.NOTICE, Kind.PAY, Kind.CONFIRM})
# These end by what belongs to them: a decision, the last day of a notice, the other side's words, an outside body's answer.
_ENDED_BY_RULES = frozenset({Kind.APPROVE, Kind.NOTICE, Kind.CONFIRM, Kind.REFERRAL})
# A refusal here ends the review: what is left of it is not needed, and the case goes to approval.
_DECISIVE = (REVIEW_KINDS - {Kind.CONSULT}) | {Kind.REFERRAL}


@transaction.atomic
def begin_process(application: Application, *, by: User | None, at: datetime) -> Step:
    """Lay out the steps of a case that was handed in, and open its acceptance; raises StepRefused where it has steps."""
    fresh = lock_application(application)
    if fresh.steps.exists():
        raise StepRefused(_("这个办件的流程已经开始"))
    first = lay_out_steps(fresh, pinned_policy(fresh), by=by, at=at)
    Application.objects.filter(pk=fresh.pk).update(due_on=first.due_on, changed_at=at)
    return first


def lay_out_steps(application: Application, policy: Policy, *, by: User | None, at: datetime) -> Step:
    """The same for a case that is held and has no steps yet; whoever calls it records the event and keeps the due day."""
    rows = rows_of(planned_steps(policy), application, on=timezone.localdate(at))
    first = [row for row in rows if row.position == rows[0].position]
    readable = _readable_from(application, on=timezone.localdate(at))
    for row in first:
        _make_open(row, at=at, from_day=readable)
    Step.objects.bulk_create(rows)
    start_intake_clock(application, counts_after=readable, by=by, at=at)
    for row in first:
        _behave_on_opening(row, by=by, at=at)
    return first[0]


@transaction.atomic
def complete_step(
    step: Step,
    result: str,
    *,
    opinion: str = "",
    findings: Mapping[str, Any] | None = None,
    revision: int | None = None,
    by: User,
    at: datetime,
) -> Step:
    """End an open step and open what comes next; raises StepRefused, StaleForm where somebody was faster."""
    fresh = lock_step(step, revision=revision)
    if fresh.state != State.OPEN:
        raise StaleForm(_("这个环节已经办结，请刷新后查看"))
    if not can_act_in_step(by, fresh, timezone.localdate(at)):
        raise StepRefused(_("您不能办理这个环节：它属于其他单位，或按回避规定应由他人办理"))
    if fresh.kind == Kind.ACCEPT:
        raise StepRefused(_("收件环节请用“受理”或“不予受理”办理"))
    if fresh.kind in _ENDED_BY_RULES or (fresh.kind == Kind.PAY and fresh.application.entitlements.exists()):
        raise StepRefused(_("这个环节有自己的办理方式，不能直接办结"))
    if fresh.kind == Kind.PANEL and fresh.application.is_decided_in_round:
        raise StepRefused(_("集中评选的批次由专家评审的结果办结这个环节"))
    check_not_blocked(fresh)
    return finish_step(fresh, result, opinion=opinion, findings=findings, by=by, at=at)


@transaction.atomic
def finish_step(
    step: Step,
    result: str,
    *,
    opinion: str = "",
    findings: Mapping[str, Any] | None = None,
    goes_on: bool = True,
    by: User | None,
    at: datetime,
) -> Step:
    """End an open step for a rule that has checked who may; raises StepRefused, StaleForm.

    Without `goes_on` nothing opens after it: the rule itself says what becomes of the case.
    """
    fresh = lock_step(step)
    if fresh.state != State.OPEN:
        raise StaleForm(_("这个环节已经办结，请刷新后查看"))
    if result not in Result.values or result == Result.NONE:
        raise StepRefused(_("请选择办理结果"))
    words = opinion.strip()[:LONGEST_OPINION]
    if result == Result.FAILED and not words and by is not None:
        raise StepRefused(_("不通过时请写明理由"))
    _check_others_answered(fresh)
    before = snapshot(fresh)
    fresh.state, fresh.result, fresh.opinion = State.DONE, result, words
    fresh.done_at, fresh.done_by = at, by
    if findings:
        fresh.findings = json.dumps({**findings_of(fresh), **findings}, ensure_ascii=False)
    keep_step(fresh)
    behaviour = step_behaviours.find(fresh.kind)
    if behaviour is not None and behaviour.on_done is not None:
        behaviour.on_done(fresh, by, at)
    record_event(
        "applications.step_completed",
        fresh,
        by=by,
        at=at,
        before=before,
        after=snapshot(fresh),
        about=fresh.application,
        reason=words[:500],
    )
    if goes_on:
        _go_on(fresh, by=by, at=at)
    return fresh


@transaction.atomic
def open_next(application: Application, *, by: User | None, at: datetime) -> list[Step]:
    """Open the steps of the first position that waits; an empty list where the process is at its end."""
    waiting = list(application.steps.filter(state=State.WAITING).order_by("position", "pk"))
    rows = [step for step in waiting if step.position == waiting[0].position]
    for step in rows:
        step.application = application
        _open(step, by=by, at=at)
    Application.objects.filter(pk=application.pk).update(changed_at=at)
    return rows


@transaction.atomic
def return_to(step: Step, *, reason: str, by: User, at: datetime) -> Step:
    """Send a case back to an earlier step, which opens again with what was said kept beside it; raises StepRefused."""
    fresh = lock_step(step)
    words = " ".join(reason.split())[:LONGEST_OPINION]
    if not words:
        raise StepRefused(_("请写明退回原因，前一环节的承办人会看到"))
    if fresh.state != State.DONE or fresh.kind == Kind.ACCEPT:
        raise StepRefused(_("只能退回到已经办结的审核环节"))
    later = list(fresh.application.steps.filter(position__gte=fresh.position).exclude(state=State.WAITING))
    for one in later:
        one.application = fresh.application
        before = snapshot(one)
        _forget_result(one, reason=words, by=by, at=at)
        record_event(
            "applications.step_returned", one, by=by, at=at, before=before, after=snapshot(one),
            about=fresh.application, reason=words[:500],
        )  # fmt: skip
    open_next(fresh.application, by=by, at=at)
    return Step.objects.get(pk=fresh.pk)


def check_not_blocked(step: Step) -> None:
    """Raise StepRefused while a mark keeps everybody from this step."""
    flag = None if step.kind in _NEVER_BLOCKED else blocking_flag(step.application)
    if flag is not None:
        raise StepRefused(
            _("办件%(state)s，暂不能办理：%(reason)s") % {"state": flag.get_kind_display(), "reason": flag.reason}
        )


def open_steps(application: Application) -> list[Step]:
    """The steps at which a case is now."""
    return list(
        application.steps.filter(state=State.OPEN).select_related("unit", "assignee").order_by("position", "pk")
    )


def _open(step: Step, *, by: User | None, at: datetime) -> None:
    before = snapshot(step)
    _make_open(step, at=at)
    keep_step(step)
    _follow_opening(step, before=before, by=by, at=at)


def _readable_from(application: Application, *, on: date) -> date:
    """The day after which somebody can begin with a case: a sealed round's is its last."""
    window = application.window
    return window.closes_on if window.closes_on is not None and hides_cases(window, on) else on


def _make_open(step: Step, *, at: datetime, from_day: date | None = None) -> None:
    step.state, step.opened_at, step.due_on = State.OPEN, at, None
    days = step.silence_days or step.days
    if step.kind == Kind.ACCEPT:
        usual: int = desk_settings()["clocks"]["intake_days"]
        days = min(step.days or usual, usual)
    elif step.kind == Kind.REFERRAL:
        days = step.days or desk_settings()["referrals"]["days"]
    if days:
        step.due_on = add_working_days(from_day or timezone.localdate(at), days)


def _follow_opening(step: Step, *, before: dict[str, Any] | None, by: User | None, at: datetime) -> None:
    after = snapshot(step)
    record_event("applications.step_opened", step, by=by, at=at, before=before, after=after, about=step.application)
    _behave_on_opening(step, by=by, at=at)


def _behave_on_opening(step: Step, *, by: User | None, at: datetime) -> None:
    behaviour = step_behaviours.find(step.kind)
    if behaviour is not None and behaviour.on_open is not None:
        behaviour.on_open(step, by, at)


def _check_others_answered(step: Step) -> None:
    """The lead decides once all who were asked have answered, or their silence counts."""
    if step.join != Join.LEAD or not step.is_lead:
        return
    beside = step.application.steps.filter(position=step.position, state=State.OPEN).exclude(pk=step.pk)
    count = beside.count()
    if count:
        raise StepRefused(
            ngettext("还有 %(count)d 个单位没有答复会签", "还有 %(count)d 个单位没有答复会签", count) % {"count": count}
        )


def _go_on(step: Step, *, by: User | None, at: datetime) -> None:
    """Open the next position once this one is complete, by its rule of joining."""
    beside = list(step.application.steps.filter(position=step.position).order_by("pk"))
    still_open = [one for one in beside if one.state == State.OPEN]
    if step.join == Join.ANY and step.result in {Result.PASSED, Result.SILENT}:
        skip_steps(still_open, by=by, at=at)
    elif still_open:
        return
    waiting = step.application.steps.filter(state=State.WAITING, position__gt=step.position)
    if _has_failed(beside):
        last = None if step.kind == Kind.APPROVE else waiting.filter(kind=Kind.APPROVE).order_by("position").first()
        skip_steps(list(waiting.filter(position__lt=last.position) if last else waiting), by=by, at=at)
    open_next(step.application, by=by, at=at)


def _has_failed(beside: list[Step]) -> bool:
    """Whether a position as a whole says no: its lead, all of them (any), or one of them (all); opinions alone never."""
    counted = [one for one in beside if one.state == State.DONE and one.kind in (*_DECISIVE, Kind.APPROVE)]
    if not counted:
        return False
    if counted[0].join == Join.LEAD:
        counted = [one for one in counted if one.is_lead]
    failed = [one for one in counted if one.result == Result.FAILED]
    return len(failed) == len(counted) if counted and counted[0].join == Join.ANY else bool(failed)


def skip_steps(steps: list[Step], *, by: User | None, at: datetime) -> None:
    """These steps are not needed any more."""
    for one in steps:
        before = snapshot(one)
        one.state = State.SKIPPED
        keep_step(one)
        record_event(
            "applications.step_skipped", one, by=by, at=at, before=before, after=snapshot(one), about=one.application
        )


def _forget_result(step: Step, *, reason: str, by: User, at: datetime) -> None:
    """The step waits again; what was said before stays readable beside it."""
    said = {"result": step.result, "opinion": step.opinion, "by": step.done_by.name if step.done_by else ""}
    history = [
        *findings_of(step).get("returned", []),
        {**said, "reason": reason, "returned_by": by.name, "at": at.isoformat()},
    ]
    step.findings = json.dumps({**findings_of(step), "returned": history}, ensure_ascii=False)
    step.state, step.result, step.opinion = State.WAITING, Result.NONE, ""
    step.opened_at = step.due_on = step.done_at = step.done_by = None
    keep_step(step)
