"""审核意见报审定 - the last review and the proposal that follows from it, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from chuangju.applications.decision_outcomes import BY_RULE
from chuangju.applications.decision_rights import may_propose
from chuangju.applications.decisions import approval_step, propose_decision
from chuangju.applications.evaluation import evaluate
from chuangju.applications.models import Application, Decision, Step
from chuangju.applications.steps import complete_step
from chuangju.kernel.models import User


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
    """End a review; where the case comes to its approval by that, what was found is proposed. Raises StepRefused,
    DecisionRefused, StaleForm.

    None where other steps follow, or somebody of the unit that answers for the case has to propose.
    """
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
