"""决定 - proposed by a clerk, approved by somebody else, published afterwards; what was decided is never edited.

With the approval the facts are frozen, money is set aside, and the steps that follow begin. `publications.py` brings a
decision into force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_money import release_for, reserve_for
from chuangju.applications.decision_outcomes import BY_RULE, apply_outcome, is_granting
from chuangju.applications.decision_reasons import checked_amount, refuse_unless_eligible
from chuangju.applications.decision_rights import DecisionRefused, may_approve, may_propose, objects_to_recovery
from chuangju.applications.evaluation import Evaluation, evaluate, freeze_facts, pinned_policy
from chuangju.applications.exclusions import refuse_beside_others
from chuangju.applications.flags import blocking_flag, lower_flag, raise_flag
from chuangju.applications.law_changes import newer_version
from chuangju.applications.lenient_terms import refuse_untrue
from chuangju.applications.models import (
    Application,
    ApplicationFlag,
    Decision,
    DecisionBatch,
    FrozenFacts,
    Step,
)
from chuangju.applications.nomination_cases import refuse_nomination_gone
from chuangju.applications.steps import finish_step
from chuangju.kernel.audit import events_about, record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry

__all__ = [
    "DecisionRefused",
    "approve_decision",
    "locked_decision",
    "open_decision",
    "propose_decision",
    "return_decision",
    "take_back_decision",
]

# What is made ready before a decision on a case of a kind is approved: an earlier one pays nothing more, for example.
preparations: Registry[str, Callable[[Decision, User | None, datetime], None]] = Registry("applications.preparations")
# What becomes of an approved decision once the approval step has ended; publications.py is above this file.
after_approval: Registry[str, Callable[..., object]] = Registry("applications.after_approval")
Outcome, State = Decision.Outcome, Decision.State
_LONGEST = 500


def open_decision(application: Application) -> Decision | None:
    """The decision of a case that counts: proposed, approved or published."""
    counting = (State.PROPOSED, State.APPROVED, State.PUBLISHED)
    return application.decisions.filter(state__in=counting).select_related("proposed_by", "approved_by").first()


@transaction.atomic
def propose_decision(  # noqa: PLR0913 - what a decision says, each by name
    application: Application,
    outcome: str,
    *,
    amount: int | None = None,
    reasons: Sequence[str | Mapping[str, str]] = (),
    remark: str = "",
    batch: DecisionBatch | None = None,
    by: User,
    at: datetime,
) -> Decision:
    """Put a decision forward for approval, alone or as one of a list; raises DecisionRefused."""
    fresh, on = lock_application(application), timezone.localdate(at)
    if batch is None and outcome == Outcome.GRANTED and fresh.is_decided_in_round:
        raise DecisionRefused(_("这一批次集中评选，请在评选名单上统一拟定"))
    if not may_propose(by, fresh, on=on):
        raise DecisionRefused(_("只有责任单位的经办人可以拟定决定；申请人本人和原决定的拟定人应当回避"))
    _refuse_unless_ready(fresh)
    if fresh.decisions.filter(state=State.PROPOSED).exists():
        raise DecisionRefused(_("本件已有拟定的决定，正等待审定"))
    if fresh.kind in BY_RULE:
        _refuse_undecided_law(fresh, at)
    decision = Decision(
        application=fresh, outcome=outcome, remark=remark.strip(), proposed_by=by, proposed_at=at, amount=amount,
        batch=batch,
    )  # fmt: skip
    if is_granting(decision):
        refuse_untrue(fresh)
        refuse_nomination_gone(fresh, pinned_policy(fresh))
    apply_outcome(decision, evaluate(fresh, on=on), reasons)
    decision.save(force_insert=True)
    Application.objects.filter(pk=fresh.pk).update(changed_at=at)
    record_event("applications.decision_proposed", decision, by=by, at=at, after=snapshot(decision), about=fresh)
    return decision


@transaction.atomic
def approve_decision(
    decision: Decision,
    *,
    revision: int | None = None,
    opinion: str = "",
    batch: DecisionBatch | None = None,
    by: User,
    at: datetime,
) -> Decision:
    """审定: by a second person; freezes what it rests on, sets the money aside or queues. Raises DecisionRefused."""
    fresh = locked_decision(decision, State.PROPOSED, revision=revision)
    _refuse_outside_list(fresh, batch)
    application, on = fresh.application, timezone.localdate(at)
    if not may_approve(by, fresh, on=on):
        raise DecisionRefused(_("审定应由责任单位的另一名审批人办理；申请、审核或拟定过本件的人不能审定"))
    _refuse_unless_ready(application)
    policy = pinned_policy(application)
    _hold_parties(application)
    evaluation: Evaluation | None = None
    if is_granting(fresh):
        refuse_untrue(application)
        refuse_nomination_gone(application, policy)
        evaluation = evaluate(application, on=on)
        refuse_unless_eligible(evaluation.explanation, remark=fresh.remark)
        checked_amount(evaluation.explanation, fresh.amount, remark=fresh.remark or "-")
        refuse_beside_others(fresh, policy, on=on)
    prepare = preparations.find(application.kind)
    if prepare is not None:
        prepare(fresh, by, at)
    has_money = reserve_for(fresh, policy, by=by, at=at)
    before = snapshot(fresh)
    if application.kind in BY_RULE or evaluation is not None:
        fresh.frozen = freeze_facts(application, FrozenFacts.Moment.DECIDED, by=by, at=at, evaluation=evaluation)
    fresh.state, fresh.approved_by, fresh.approved_at = State.APPROVED, by, at
    fresh.revision += 1
    fresh.save()
    application.decided_at, application.changed_at = at, at
    is_grant = fresh.outcome in {Outcome.GRANTED, Outcome.CHANGED} and not objects_to_recovery(application)
    application.granted_amount = fresh.amount if is_grant else None
    application.save(update_fields=["decided_at", "changed_at", "granted_amount"])
    record_event(
        "applications.decision_approved", fresh, by=by, at=at, before=before, after=snapshot(fresh), about=application
    )
    _mark_funds(application, has_money=has_money, by=by, at=at)
    _finish_approval(fresh, opinion=opinion, by=by, at=at)
    for follow in after_approval.values():
        follow(application, by=by, at=at)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def return_decision(
    decision: Decision,
    *,
    reason: str,
    revision: int | None = None,
    batch: DecisionBatch | None = None,
    by: User,
    at: datetime,
) -> Decision:
    """The approver sends a proposal back; it stays on record, and another one may follow. Raises DecisionRefused."""
    fresh = locked_decision(decision, State.PROPOSED, revision=revision)
    _refuse_outside_list(fresh, batch)
    if not may_approve(by, fresh, on=timezone.localdate(at)):
        raise DecisionRefused(_("只有能审定本件的审批人可以退回"))
    return _return(fresh, reason, by=by, at=at)


@transaction.atomic
def take_back_decision(decision: Decision, *, reason: str, by: User | None, at: datetime) -> Decision:
    """An approved decision does not come into force (an objection was right): its money is free, approval begins anew.

    Whoever calls it has decided that they may. Raises DecisionRefused.
    """
    fresh = locked_decision(decision, State.APPROVED)
    application = fresh.application
    release_for(fresh, pinned_policy(application), reason=reason, by=by, at=at)
    application.granted_amount, application.decided_at = None, None
    application.save(update_fields=["granted_amount", "decided_at"])
    lower_flag(application, ApplicationFlag.Kind.FUNDS, by=by, at=at)
    return _return(fresh, reason, by=by, at=at)


def locked_decision(decision: Decision, *states: str, revision: int | None = None) -> Decision:
    """The decision with its case, both held; raises DecisionRefused in another state than these."""
    application = lock_application(Application.objects.get(pk=decision.application_id))
    rows = Decision.objects.select_for_update(of=("self",)).select_related("proposed_by", "approved_by", "batch")
    fresh = rows.get(pk=decision.pk)
    fresh.application = application
    if fresh.state not in states or (revision is not None and revision != fresh.revision):
        raise DecisionRefused(
            _("这项决定现在是“%(state)s”，可能刚由他人办理，请刷新后查看") % {"state": fresh.get_state_display()}
        )
    return fresh


def approval_step(application: Application) -> Step | None:
    """The open step at which a case is to be decided."""
    found = application.steps.filter(kind=Step.Kind.APPROVE, state=Step.State.OPEN)
    # Of several side by side whoever leads says the last word.
    return found.order_by("position", "is_lead", "pk").first()


def _mark_funds(application: Application, *, has_money: bool, by: User, at: datetime) -> None:
    """A case that waits for money says so, and one that waited when it was handed in and has it now does not any more."""
    if has_money:
        lower_flag(application, ApplicationFlag.Kind.FUNDS, by=by, at=at)
        return
    reason = _("审定时资金条目可用金额不足，按审定先后等待资金")
    raise_flag(application, ApplicationFlag.Kind.FUNDS, reason=reason, by=by, at=at)


def _hold_parties(application: Application) -> None:
    """Hold whom a grant is for, under whichever entry, so that what excludes each other is not granted at once."""
    bodies = {one.body_id for one in (application.subject, application.payee) if one is not None}
    take_locks(*(f"applications.party:{key}" for key in sorted(bodies, key=str)))


def _refuse_outside_list(decision: Decision, batch: DecisionBatch | None) -> None:
    """What stands on a list is decided with the list."""
    if decision.batch_id != (batch.pk if batch is not None else None):
        raise DecisionRefused(_("这项决定在评选名单上，请随名单一并审定或退回"))


def _refuse_unless_ready(application: Application) -> None:
    if application.state != Application.State.IN_REVIEW:
        raise DecisionRefused(_("只有办理中的办件可以作出决定"))
    flag = blocking_flag(application)
    if flag is not None:
        raise DecisionRefused(
            _("办件%(state)s，暂不能作出决定：%(reason)s") % {"state": flag.get_kind_display(), "reason": flag.reason}
        )
    if approval_step(application) is None:
        waiting = application.steps.filter(state=Step.State.OPEN).order_by("position", "pk").first()
        label = waiting.label if waiting else "—"
        raise DecisionRefused(_("还没有到审定环节，目前在“%(step)s”") % {"step": label})
    decided = application.decisions.filter(state__in=(State.APPROVED, State.PUBLISHED))
    if decided.exists():
        raise DecisionRefused(_("本件已经作出决定"))


def _refuse_undecided_law(application: Application, at: datetime) -> None:
    newer = newer_version(application, on=timezone.localdate(at))
    if newer is None:
        return
    if not events_about(application).filter(action__in=("applications.kept", "applications.rebased")).exists():
        raise DecisionRefused(
            _("办理期间政策有了新版 %(version)s，请先决定按新版还是仍按原版办理，并写明理由")
            % {"version": newer.version}
        )


def _finish_approval(decision: Decision, *, opinion: str, by: User, at: datetime) -> None:
    step = approval_step(decision.application)
    if step is None:
        return
    step.application = decision.application
    is_refusal = decision.outcome == Outcome.REFUSED
    words = opinion or (_("同意不予支持") if is_refusal else _("同意"))
    finish_step(step, Step.Result.FAILED if is_refusal else Step.Result.PASSED, opinion=words, by=by, at=at)


def _return(decision: Decision, reason: str, *, by: User | None, at: datetime) -> Decision:
    words = " ".join(reason.split())[:_LONGEST]
    if not words:
        raise DecisionRefused(_("请写明退回的原因"))
    before = snapshot(decision)
    decision.state, decision.return_reason = State.RETURNED, words
    decision.revision += 1
    decision.save()
    record_event(
        "applications.decision_returned",
        decision,
        by=by,
        at=at,
        before=before,
        after=snapshot(decision),
        about=decision.application,
        reason=words,
    )
    return decision
