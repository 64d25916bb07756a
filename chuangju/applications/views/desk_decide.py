"""审定 at the desk: a decision is put forward, approved by somebody else, or sent back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chuangju.applications.access import DESK_ACTORS
from chuangju.applications.corrections import AGAINST_APPLICANTS
from chuangju.applications.decision_outcomes import is_granting, outcomes_for, recoverable
from chuangju.applications.decision_reasons import shown_reason
from chuangju.applications.decision_rights import objects_to_recovery
from chuangju.applications.decisions import approve_decision, propose_decision, return_decision
from chuangju.applications.evaluation import Evaluation
from chuangju.applications.models import Application, Decision, Window
from chuangju.applications.review_page import ReviewPage
from chuangju.applications.views.desk_case import desk_case
from chuangju.applications.views.desk_steps import FORM, form_step, with_reason
from chuangju.kernel.money import format_yuan
from chuangju.policies.check_reading import say
from chuangju.programme.forms_plans import RevisedForm
from chuangju.programme.views.plan_steps import answer_step, bound, today
from chuangju.units.permissions import acting_user, roles_required

_AREA = forms.Textarea(attrs={"rows": 3})


class ProposalForm(RevisedForm):
    """What is put forward: outcome, amount, grounds."""

    outcome = forms.ChoiceField(label=gettext_lazy("结果"), widget=forms.RadioSelect)
    amount = forms.DecimalField(
        label=gettext_lazy("核定金额（元）"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        help_text=gettext_lazy("不填则按规则算出的金额；核减的请写明理由。"),
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("依据的条件（不予支持时选择不符合的）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remark = forms.CharField(label=gettext_lazy("审核意见"), max_length=500, required=False, widget=_AREA)

    def __init__(self, *args: Any, application: Application, evaluation: Evaluation, **kwargs: Any) -> None:
        """Outcomes of this kind of case, conditions of its rule."""
        super().__init__(*args, **kwargs)
        allowed = outcomes_for(application)
        choices = [(one.value, one.label) for one in Decision.Outcome if one in allowed]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        grounds = [(one.program.condition.id, say(one.program.condition.label)) for one in evaluation.conditions]
        self.fields["reasons"].choices = grounds  # type: ignore[attr-defined]
        amount = self.fields["amount"]
        if application.kind == Application.Kind.RECOVERY:
            amount.label = gettext_lazy("追回金额（元）")
            amount.help_text = _("不填则全部追回：%(most)s") % {"most": format_yuan(recoverable(application))}
        elif objects_to_recovery(application):
            amount.label, amount.help_text = gettext_lazy("变更后应退回的金额（元）"), ""
        elif evaluation.money is None:
            del self.fields["amount"]

    def fen(self) -> int | None:
        """The amount in whole fen; None where none was typed."""
        amount = self.cleaned_data.get("amount")
        return int(amount * 100) if amount is not None else None


class ApprovalForm(RevisedForm):
    """A word with the approval."""

    opinion = forms.CharField(label=gettext_lazy("审定意见"), max_length=500, required=False, widget=_AREA)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a decision forward for approval."""
    application = desk_case(request, pk)
    evaluation = ReviewPage(application, on=today()).evaluation
    first = Decision.Outcome.GRANTED if evaluation.verdict == "eligible" else Decision.Outcome.REFUSED
    form = ProposalForm(bound(request), application=application, evaluation=evaluation, initial={"outcome": str(first)})
    by_rule = evaluation.money if application.kind not in AGAINST_APPLICANTS else None
    hint = _("规则测算：%(amount)s") % {"amount": format_yuan(by_rule)} if by_rule else ""
    step = form_step(application, _("拟定决定"), _("报审定"), _("已拟定决定，等待审定"), hint)

    def act(cleaned: dict[str, Any]) -> str:
        own = [{"zh": cleaned["remark"], "en": cleaned["remark"]}] if cleaned["remark"] else []
        is_refusal = cleaned["outcome"] != Decision.Outcome.GRANTED
        propose_decision(
            application,
            cleaned["outcome"],
            amount=form.fen(),
            reasons=cleaned["reasons"] or (own if is_refusal else []),
            remark=cleaned["remark"],
            by=acting_user(request),
            at=timezone.now(),
        )
        return step.back

    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """审定 by a second person."""
    decision = _proposed(request, pk)
    application = decision.application
    amount = format_yuan(decision.amount) if decision.amount else ""
    form = ApprovalForm(bound(request), initial={"revision": decision.revision})
    proposed = decision.proposed_by.name if decision.proposed_by else ""
    facts = [
        (_("拟定"), decision.get_outcome_display()),
        (_("核定金额"), amount),
        (_("理由"), "\n".join(shown_reason(one) for one in decision.reasons)),
        (_("审核意见"), decision.remark),
        (_("拟定人"), proposed),
    ]
    hint = _("审定时占用资金。") if _takes_money_now(decision) else ""
    step = form_step(application, _("审定"), _("同意，审定"), _("已审定"), hint, more_facts=facts)

    def act(cleaned: dict[str, Any]) -> str:
        approve_decision(
            decision,
            revision=cleaned["revision"],
            opinion=cleaned["opinion"],
            by=acting_user(request),
            at=timezone.now(),
        )
        return step.back

    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def decision_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a proposal back to whoever made it."""
    decision = _proposed(request, pk)
    step = form_step(decision.application, _("退回拟定"), _("退回"), _("已退回，经办人可重新拟定"))
    return with_reason(
        request, step, lambda words: return_decision(decision, reason=words, by=acting_user(request), at=timezone.now())
    )


def _takes_money_now(decision: Decision) -> bool:
    """Whether approving it sets money of a budget aside."""
    reserves = decision.application.window.reserves
    return bool(decision.amount) and is_granting(decision) and reserves == Window.Reserves.AT_DECISION


def _proposed(request: HttpRequest, pk: UUID) -> Decision:
    """The proposal of a case on the reader's desk; else 404."""
    application = desk_case(request, pk)
    found = application.decisions.filter(state=Decision.State.PROPOSED).select_related("proposed_by").first()
    if found is None:
        raise Http404
    found.application = application
    return found
