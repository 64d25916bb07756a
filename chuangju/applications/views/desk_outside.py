"""Outside bodies: what went to them and came back, and the view of a bank or guarantor, limited to what it is asked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.applications.access import DESK_ACTORS, outside_officers, outside_words, referred_steps_visible_to
from chuangju.applications.case_locks import findings_of
from chuangju.applications.desk_words import step_label
from chuangju.applications.forms_desk import OutcomeForm, ReferralForm
from chuangju.applications.models import Step
from chuangju.applications.referral_listing import referrals_listing
from chuangju.applications.referrals import Outcome, record_outcome, send_referral
from chuangju.applications.views.desk_steps import FORM, desk_step, form_step, page_of
from chuangju.kernel.money import format_yuan
from chuangju.programme.views.plan_steps import Step as FormStep
from chuangju.programme.views.plan_steps import answer_step, bound, today
from chuangju.ui.list_views import render_list
from chuangju.units.access import has_role
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def referral_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Note to whom a case went, when, and the number of the receipt."""
    found = _referral(desk_step(request, pk))
    said = findings_of(found)
    initial = {
        "body": found.body or (found.unit.name if found.unit else ""),
        "sent_on": said.get("sent_on") or today(),
        "receipt": said.get("receipt", ""),
        "officer": found.assignee_id,
    }
    works_here = found.word in outside_words()["limited_view"]
    form = ReferralForm(bound(request), initial=initial, officers=outside_officers(today()) if works_here else None)
    frame = form_step(found.application, _("登记转出"), _("登记"), _("已登记转出"))

    def act(cleaned: dict[str, Any]) -> str:
        send_referral(
            found,
            receipt=cleaned["receipt"],
            sent_on=cleaned["sent_on"],
            body=cleaned["body"],
            officer=cleaned.get("officer"),
            by=acting_user(request),
            at=timezone.now(),
        )
        return page_of(found)

    return answer_step(request, form, frame, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def referral_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what an outside body answered."""
    found = _referral(desk_step(request, pk))
    frame = form_step(found.application, _("登记外部办理结果"), _("登记"), _("已登记外部办理结果"))
    return _outcome(request, found, frame)


@require_safe
@roles_required(Role.BANK_OFFICER)
def referred_list(request: HttpRequest) -> HttpResponse:
    """What the bank or guarantor is asked about."""
    steps = referred_steps_visible_to(request.user, today()).select_related("application__subject", "unit")
    return render_list(request, referrals_listing(on=today()), steps, template="applications/referred_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.BANK_OFFICER)
def referred(request: HttpRequest, pk: int) -> HttpResponse:
    """One case as an outside body sees it: who asks, for what, and its answer; nothing else of the file."""
    steps = referred_steps_visible_to(request.user, today())
    found = steps.filter(pk=pk).select_related("application__subject", "application__unit", "unit").first()
    if found is None:
        raise Http404
    back = request.path.rsplit("/", 2)[0] + "/"
    facts = _shown_outside(found)
    if found.state != Step.State.OPEN:
        context = {"step": found, "facts": facts, "said": findings_of(found)}
        return render(request, "applications/referred.html", context)
    frame = FormStep(found.label, _("提交结果"), _("转来的办件"), back, _("已提交办理结果"), "", facts)
    return _outcome(request, found, frame)


def _shown_outside(step: Step) -> tuple[tuple[str, object], ...]:
    """What an outside body needs of a case: who, what, how much, and what the body before it answered."""
    case = step.application
    amount = case.granted_amount if case.granted_amount is not None else case.expected_amount
    before = (
        case.steps.filter(kind=Step.Kind.REFERRAL, state=Step.State.DONE, position__lt=step.position)
        .order_by("position", "pk")
        .last()
    )
    return (
        (_("申请主体"), case.subject.name),
        (_("统一社会信用代码"), case.subject.credit_code),
        (_("办件编号"), case.number),
        (_("事项"), case.title),
        (_("核定额度"), format_yuan(amount) if amount else ""),
        (_("责任单位"), case.unit.shown_name),
        (step_label(before), _said_before(before)) if before is not None else ("", ""),
    )


def _said_before(step: Step) -> str:
    number = findings_of(step).get("outcome_number", "")
    return " · ".join(part for part in (step.body, str(step.get_result_display()), number) if part)


def _outcome(request: HttpRequest, found: Step, frame: FormStep) -> HttpResponse:
    form = OutcomeForm(bound(request), initial={"answered_on": today(), "revision": found.revision})

    def act(cleaned: dict[str, Any]) -> str:
        outcome = Outcome(cleaned["result"], cleaned["receipt"], cleaned["answered_on"], cleaned["words"])
        record_outcome(found, outcome, revision=cleaned["revision"], by=acting_user(request), at=timezone.now())
        # Whoever lends goes on with the contract.
        is_bank = has_role(request.user, Role.BANK_OFFICER, on=today())
        return request.path if is_bank and found.word in outside_words()["lends"] else frame.back

    return answer_step(request, form, frame, act, template=FORM)


def _referral(step: Step) -> Step:
    if step.kind != Step.Kind.REFERRAL or step.state != Step.State.OPEN:
        raise Http404
    return step
