"""审核意见报审定、退回 - the last review and the proposal that follows from it, in one go; and the way back before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step
from chuangju.applications.case_locks import StepRefused, lock_step
from chuangju.applications.decision_outcomes import BY_RULE
from chuangju.applications.decision_rights import may_propose
from chuangju.applications.decisions import approval_step, open_decision, propose_decision
from chuangju.applications.endorsements import endorse_decision
from chuangju.applications.evaluation import evaluate
from chuangju.applications.models import Application, Decision, Step
from chuangju.applications.publications import close_case
from chuangju.applications.steps import check_not_blocked, complete_step, open_steps, return_to
from chuangju.kernel.models import User

# From these a case is sent back; before a decision is proposed, and never past one that was approved.
_SENDING = frozenset({Step.Kind.SCREEN, Step.Kind.VERIFY, Step.Kind.APPROVE})


@transaction.atomic
def send_back(step: Step, *, reason: str, by: User, at: datetime) -> Step:
    """Whoever has a case before them sends it back to an earlier step; raises StepRefused."""
    fresh, on = lock_step(step), timezone.localdate(at)
    application = fresh.application
    if application.state != Application.State.IN_REVIEW or open_decision(application) is not None:
        raise StepRefused(_("已拟定或作出决定的办件不能直接退回，请先退回决定"))
    mine = [one for one in open_steps(application) if one.kind in _SENDING and one.position > fresh.position]
    if not any(can_act_in_step(by, _of(one, application), on) for one in mine):
        raise StepRefused(_("只有正在办理后面环节的人可以退回"))
    check_not_blocked(_of(mine[0], application))
    return return_to(fresh, reason=reason, by=by, at=at)


def _of(step: Step, application: Application) -> Step:
    step.application = application
    return step


def _failing(application: Application, *, on: date) -> list[str | dict[str, str]]:
    """The conditions that the rule holds against a case; none of a case that is not decided by a rule."""
    if application.kind not in BY_RULE:
        return []
    return [one.program.id for one in evaluate(application, on=on).explanation.failing]


@transaction.atomic
def review_step(
    step: Step,
    result: str,
    *,
    opinion: str = "",
    reasons: Sequence[str] = (),
    revision: int | None = None,
    by: User,
    at: datetime,
) -> Decision | None:
    """End a review, or a further approval; where the case comes to its approval by that, what was found is proposed. Raises StepRefused,
    DecisionRefused, StaleForm.

    None where other steps follow, or somebody of the unit that answers for the case has to propose.
    """
    if step.kind == Step.Kind.APPROVE:
        endorse_decision(step, result, opinion=opinion, revision=revision, by=by, at=at)
        return None
    if step.kind == Step.Kind.PAY:
        # Somebody else pays, and it was heard that they did.
        close_case(
            complete_step(step, result, opinion=opinion, revision=revision, by=by, at=at).application, by=by, at=at
        )
        return None
    ended = complete_step(step, result, opinion=opinion, revision=revision, by=by, at=at)
    application = Application.objects.select_related("subject", "unit").get(pk=ended.application_id)
    if approval_step(application) is None or not may_propose(by, application, on=timezone.localdate(at)):
        return None
    outcome = Decision.Outcome.REFUSED if result == Step.Result.FAILED else Decision.Outcome.GRANTED
    grounds: list[str | dict[str, str]] = list(reasons)
    remark = opinion
    if outcome == Decision.Outcome.REFUSED and not grounds:
        # What the rule itself holds against it comes first; else the words of the review are the ground, and said once.
        grounds = _failing(application, on=timezone.localdate(at))
        if not grounds:
            grounds, remark = [{"zh": opinion, "en": opinion}], ""
    return propose_decision(application, outcome, reasons=grounds, remark=remark, by=by, at=at)
