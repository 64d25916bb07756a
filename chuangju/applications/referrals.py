"""转外部办理 - a bank, the city, a school decides or confirms: sent with a date, receipt number, and the outcome noted.

While it lies outside the case bears a mark and its clock stands still. An outside body that works in the product itself
answers in its own limited view; what another one answered is entered by the clerk of the unit that leads the case.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step, can_lead_case, referred_steps_visible_to
from chuangju.applications.case_clocks import pause_case, resume_case
from chuangju.applications.case_locks import StepRefused, findings_of, keep_step, lock_step
from chuangju.applications.flags import Kind as FlagKind
from chuangju.applications.flags import lower_flag, raise_flag
from chuangju.applications.models import Step
from chuangju.applications.steps import finish_step
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
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
    reason = _("等待%(body)s：%(step)s") % {"body": body, "step": step.label}
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
def send_referral(step: Step, *, receipt: str, sent_on: date, body: str = "", by: User, at: datetime) -> Step:
    """Note that it was sent, to whom, and the number of the receipt; raises ReferralRefused, StaleForm."""
    fresh = _open_referral(step)
    _check_clerk(fresh, by, at)
    if sent_on > timezone.localdate(at):
        raise ReferralRefused(_("转出日期不能晚于今天"))
    before = snapshot(fresh)
    left = {"receipt": receipt.strip()[:LONGEST_NUMBER], "sent_on": sent_on.isoformat()}
    fresh.findings = json.dumps({**findings_of(fresh), **left}, ensure_ascii=False)
    fresh.body = " ".join(body.split())[:LONGEST_BODY] or fresh.body
    keep_step(fresh)
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
    return finish_step(fresh, outcome.result, opinion=outcome.words, findings=left, by=by, at=at)


def _open_referral(step: Step, *, revision: int | None = None) -> Step:
    fresh = lock_step(step, revision=revision)
    if fresh.kind != Step.Kind.REFERRAL or fresh.state != Step.State.OPEN:
        raise StaleForm(_("这次转办已经有结果或还没有开始，请刷新后查看"))
    return fresh


def _check_clerk(step: Step, by: User, at: datetime) -> None:
    today = timezone.localdate(at)
    if not can_act_in_step(by, step, today) and not can_lead_case(by, step.application, today):
        raise ReferralRefused(_("只有责任单位的经办人可以登记转办结果"))
