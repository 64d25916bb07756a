"""复核审定 - a further approval that a policy's file asks for: somebody else again agrees, or the decision is taken back.

The first approval of a process decides (`decisions.py`); what stands after it, beside it or after the notice confirms that.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step
from chuangju.applications.case_locks import StepRefused, lock_step
from chuangju.applications.decisions import after_approval, take_back_decision
from chuangju.applications.flags import Kind as FlagKind
from chuangju.applications.flags import lower_flag
from chuangju.applications.models import Application, Decision, Step
from chuangju.applications.notices import reopen_approval
from chuangju.applications.publications import approved_decision
from chuangju.applications.steps import check_not_blocked, finish_step
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm


def may_endorse(user: User, decision: Decision) -> bool:
    """Whether somebody who may end an approval has had no part in this decision yet."""
    if user.pk in {decision.proposed_by_id, decision.approved_by_id}:
        return False
    return not Step.objects.filter(application=decision.application_id, kind=Step.Kind.APPROVE, done_by=user).exists()


@transaction.atomic
def endorse_decision(
    step: Step, result: str, *, opinion: str = "", revision: int | None = None, by: User, at: datetime
) -> Step:
    """Agree to what was approved, or say no: then it is taken back to its first approval. Raises StepRefused, StaleForm."""
    fresh = lock_step(step, revision=revision)
    application = fresh.application
    if fresh.state != Step.State.OPEN or fresh.kind != Step.Kind.APPROVE:
        raise StaleForm(_("这个环节已经办结，请刷新后查看"))
    decision = approved_decision(application)
    if decision is None:
        raise StepRefused(_("还没有审定的决定，请先拟定并审定"))
    if not can_act_in_step(by, fresh, timezone.localdate(at)) or not may_endorse(by, decision):
        raise StepRefused(_("复核审定应由没有拟定、审核或审定过本件的审批人办理"))
    check_not_blocked(fresh)
    if result == Step.Result.PASSED:
        done = finish_step(fresh, result, opinion=opinion, by=by, at=at)
        for follow in after_approval.values():
            follow(application, by=by, at=at)
        return done
    done = finish_step(fresh, Step.Result.FAILED, opinion=opinion, goes_on=False, by=by, at=at)
    _take_back(application, decision, done.opinion, by=by, at=at)
    return done


def _take_back(application: Application, decision: Decision, words: str, *, by: User, at: datetime) -> None:
    reason = _("复核审定不同意：%(why)s") % {"why": words}
    for notice in decision.notices.all():
        notice.decisions.remove(decision)
    take_back_decision(decision, reason=reason, by=by, at=at)
    lower_flag(application, FlagKind.NOTICE, by=by, at=at)
    reopen_approval(application, reason=reason, by=by, at=at)
