"""转外部办理 - a bank, the city, a school decides or confirms: sent with a date, receipt number, and the outcome noted.

While it lies outside the case bears a mark and its clock stands still. An outside body that works in the product itself
answers in its own limited view, which shows what was addressed to its officer by name; what another one answered is entered
by the clerk of the unit that leads the case. Where the case was approved before, a yes of the last body brings the decision
into force, and a no takes it back to its approval.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import (
    can_act_in_step,
    can_lead_case,
    outside_officers,
    outside_words,
    referred_steps_visible_to,
    stands_in_case,
)
from chuangju.applications.case_clocks import pause_case, resume_case
from chuangju.applications.case_locks import StepRefused, findings_of, keep_step, lock_step
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.decisions import take_back_decision
from chuangju.applications.desk_words import step_label
from chuangju.applications.flags import Kind as FlagKind
from chuangju.applications.flags import lower_flag, raise_flag
from chuangju.applications.models import Step
from chuangju.applications.notices import reopen_approval
from chuangju.applications.publications import approved_decision, publish_if_ready
from chuangju.applications.steps import finish_step
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import StaleForm

LONGEST_NUMBER, LONGEST_BODY = 60, 200


class ReferralRefused(StepRefused):
    """The referral cannot be sent or answered like this; the sentence says why."""


@dataclass(frozen=True)
class Outcome:
    """What an outside body answered: its result, its own number, the day, and in words why."""

    result: str
    receipt: str = ""
    answered_on: date | None = None
    words: str = ""


def mark_outside(step: Step, by: User | None, at: datetime) -> None:
    """A referral opens: the case waits for somebody outside, and its clock stands still."""
    body = step.body or (step.unit.name if step.unit else step.label)
    reason = _("等待%(body)s：%(step)s") % {"body": body, "step": partial(step_label, step)}
    pause_case(step.application, reason=reason[:200], by=by, at=at)
    raise_flag(step.application, FlagKind.EXTERNAL, reason=reason, by=by, at=at)


def mark_inside(step: Step, by: User | None, at: datetime) -> None:
    """A referral has ended: unless another one is open, the case is back at the desk."""
    others = step.application.steps.filter(kind=Step.Kind.REFERRAL, state=Step.State.OPEN).exclude(pk=step.pk)
    if others.exists():
        return
    if not step.application.flags.filter(kind__in=("correction", "suspended"), ended_at__isnull=True).exists():
        resume_case(step.application, by=by, at=at)
    lower_flag(step.application, FlagKind.EXTERNAL, by=by, at=at)


@transaction.atomic
def send_referral(
    step: Step, *, receipt: str, sent_on: date, body: str = "", officer: User | None = None, by: User, at: datetime
) -> Step:
    """Note that it was sent, to whom, and the number of the receipt; raises ReferralRefused, StaleForm.

    `officer` answers for the body in the product itself and sees the case from now on, instead of whoever saw it before.
    """
    fresh = _open_referral(step)
    _check_clerk(fresh, by, at)
    if officer is not None:
        _check_officer(fresh, officer, at)
    if sent_on > timezone.localdate(at):
        raise ReferralRefused(_("转出日期不能晚于今天"))
    before = snapshot(fresh)
    left = {"receipt": receipt.strip()[:LONGEST_NUMBER], "sent_on": sent_on.isoformat()}
    fresh.findings = json.dumps({**findings_of(fresh), **left}, ensure_ascii=False)
    fresh.body = " ".join(body.split())[:LONGEST_BODY] or fresh.body
    is_told = officer is not None and officer.pk != fresh.assignee_id
    fresh.assignee = officer
    keep_step(fresh)
    if officer is not None and is_told:
        _tell(fresh, officer, at=at)
    record_event(
        "applications.referred", fresh, by=by, at=at, before=before, after=snapshot(fresh), about=fresh.application
    )
    return fresh


@transaction.atomic
def record_outcome(step: Step, outcome: Outcome, *, revision: int | None = None, by: User, at: datetime) -> Step:
    """What the outside body decided: entered by a clerk, or by its own people in their view. Raises ReferralRefused."""
    fresh = _open_referral(step, revision=revision)
    today = timezone.localdate(at)
    if not referred_steps_visible_to(by, today).filter(pk=fresh.pk).exists():
        _check_clerk(fresh, by, at)
    if outcome.result not in {Step.Result.PASSED, Step.Result.FAILED}:
        raise ReferralRefused(_("请选择外部机构的办理结果"))
    day = outcome.answered_on or today
    if day > today:
        raise ReferralRefused(_("答复日期不能晚于今天"))
    left = {"answered_on": day.isoformat()}
    if outcome.receipt.strip():
        left["outcome_number"] = outcome.receipt.strip()[:LONGEST_NUMBER]
    approved = approved_decision(fresh.application)
    says_no = approved is not None and outcome.result == Step.Result.FAILED
    done = finish_step(fresh, outcome.result, opinion=outcome.words, findings=left, goes_on=not says_no, by=by, at=at)
    if approved is not None and says_no:
        reason = _("%(step)s：不同意。%(why)s") % {"step": fresh.label, "why": outcome.words}
        take_back_decision(approved, reason=reason, by=by, at=at)
        reopen_approval(fresh.application, reason=reason, by=by, at=at)
    elif approved is not None:
        publish_if_ready(fresh.application, by=None, at=at)
    return done


def _check_officer(step: Step, officer: User, at: datetime) -> None:
    if step.word not in outside_words()["limited_view"]:
        raise ReferralRefused(_("这个环节不在平台内办理，请不要选择平台内的承办人"))
    if not outside_officers(timezone.localdate(at)).filter(pk=officer.pk).exists():
        raise ReferralRefused(_("%(name)s不是银行或担保机构人员") % {"name": officer.name})
    others = step.application.steps.filter(kind=Step.Kind.REFERRAL, assignee=officer).exclude(word=step.word)
    if stands_in_case(officer, step.application) or others.exists():
        raise ReferralRefused(
            _("%(name)s是申请一方的人，或已在本件中代表另一机构办理，应当回避") % {"name": officer.name}
        )


def _tell(step: Step, officer: User, *, at: datetime) -> None:
    case = step.application
    values = {"title": partial(shown_case_title, case), "number": case.number or "", "step": partial(step_label, step)}
    notify(officer, "applications.step_assigned", case, at=at, values=values, address=f"/cases/referred/{step.pk}/")


def _open_referral(step: Step, *, revision: int | None = None) -> Step:
    fresh = lock_step(step, revision=revision)
    if fresh.kind != Step.Kind.REFERRAL or fresh.state != Step.State.OPEN:
        raise StaleForm(_("这次转办已经有结果或还没有开始，请刷新后查看"))
    return fresh


def _check_clerk(step: Step, by: User, at: datetime) -> None:
    today = timezone.localdate(at)
    if not can_act_in_step(by, step, today) and not can_lead_case(by, step.application, today):
        raise ReferralRefused(_("只有责任单位的经办人可以登记转办结果"))
