"""结果 - which outcomes a case of each kind may have, and what each of them wants: an amount, grounds, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from chuangju.applications.case_money import paid_for, replaced_by
from chuangju.applications.decision_reasons import (
    checked_amount,
    checked_reasons,
    granting_reasons,
    refuse_unless_eligible,
)
from chuangju.applications.decision_rights import DecisionRefused, objects_to_recovery
from chuangju.applications.evaluation import Evaluation
from chuangju.applications.grown_cases import owed_back, repaid
from chuangju.applications.models import Application, Decision, Instalment
from chuangju.kernel.money import format_yuan

Kind, Outcome = Application.Kind, Decision.Outcome
# What asks for something under a policy, and is therefore judged by its rule.
BY_RULE = (Kind.APPLICATION, Kind.REOPENING, Kind.RENEWAL)
_OTHERS: dict[str, tuple[str, ...]] = {
    Kind.OBJECTION: (Outcome.UPHELD, Outcome.CHANGED, Outcome.REVOKED),
    Kind.CORRECTION: (Outcome.CHANGED, Outcome.UPHELD),
    Kind.RECOVERY: (Outcome.REVOKED, Outcome.UPHELD),
    Kind.SAMPLE: (Outcome.UPHELD, Outcome.REVOKED),
}
# An objection to these can only leave them or lift them: there is no grant in them to be changed.
_GIVING_NOTHING = frozenset({Kind.SAMPLE, Kind.CORRECTION})


def outcomes_for(application: Application) -> tuple[str, ...]:
    """What a case of this kind can come to."""
    parent = application.parent if application.kind == Kind.OBJECTION else None
    if parent is not None and parent.kind in _GIVING_NOTHING:
        return (Outcome.UPHELD, Outcome.REVOKED)
    return _OTHERS.get(application.kind, (Outcome.GRANTED, Outcome.REFUSED))


def is_granting(decision: Decision) -> bool:
    """Whether a decision grants something by the rule: an application, or an objection that changes the first one."""
    if decision.application.kind == Kind.OBJECTION:
        return decision.outcome == Outcome.CHANGED and not objects_to_recovery(decision.application)
    return decision.application.kind in BY_RULE and decision.outcome == Outcome.GRANTED


def apply_outcome(decision: Decision, evaluation: Evaluation, reasons: Sequence[str | Mapping[str, str]]) -> None:
    """Bring amount and grounds of a proposed decision into order; raises DecisionRefused."""
    application, explanation = decision.application, evaluation.explanation
    if decision.outcome not in outcomes_for(application):
        raise DecisionRefused(_("请选择这类办件可以有的结果"))
    if is_granting(decision):
        refuse_unless_eligible(explanation, remark=decision.remark)
        decision.amount = checked_amount(explanation, decision.amount, remark=decision.remark)
        decision.reasons = checked_reasons(explanation, decision.outcome, reasons) or granting_reasons(explanation)
        return
    if application.kind == Kind.RECOVERY and decision.outcome == Outcome.REVOKED:
        _check_recovery(decision)
    elif objects_to_recovery(application) and decision.outcome == Outcome.CHANGED:
        _check_less_recovery(decision)
    else:
        decision.amount = None
    decision.reasons = checked_reasons(explanation, decision.outcome, reasons)
    if application.kind not in BY_RULE and not (decision.reasons or decision.remark):
        raise DecisionRefused(_("请写明理由"))


def recoverable(application: Application) -> int:
    """What can be taken back of what a case's parent was paid, itself or by the decisions that it replaced, in fen."""
    parent = application.parent
    cases = [parent, *replaced_by(parent)] if parent is not None else []
    return paid_for(Instalment.objects.filter(entitlement__application__in=cases))


def _check_recovery(decision: Decision) -> None:
    most = recoverable(decision.application)
    if decision.amount is None:
        decision.amount = most or None
    if decision.amount == 0:
        raise DecisionRefused(_("追回金额要大于 0"))
    if decision.amount is not None and decision.amount > most:
        raise DecisionRefused(_("已到账、尚未追回的只有 %(most)s") % {"most": format_yuan(most)})


def _check_less_recovery(decision: Decision) -> None:
    """An objection to a recovery asks for less of it, and for no less than has come back."""
    recovery, amount = decision.application.parent, decision.amount
    assert recovery is not None  # noqa: S101 - it objects to this one
    most, least = owed_back(recovery), repaid(recovery)
    if not amount or not least <= amount < most:
        raise DecisionRefused(
            _("请填写变更后应退回的金额：低于原决定的 %(most)s，不低于已退回的 %(least)s；全部不退的，选择撤销原决定")
            % {"most": format_yuan(most), "least": format_yuan(least)}
        )
