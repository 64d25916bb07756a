"""核对与提交: everything on one page with its source, the pledge, handing in; then the receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.applications.applicant_access import can_hand_in
from chuangju.applications.case_words import title_of
from chuangju.applications.claim_conflicts import conflicts_of
from chuangju.applications.documents import documents_of, is_made_here, missing_documents
from chuangju.applications.forms_apply import WithdrawForm
from chuangju.applications.models import Application
from chuangju.applications.payee_accounts import account_of
from chuangju.applications.questions import known_topics
from chuangju.applications.receipts import find_receipt, receipt_code, receipt_document
from chuangju.applications.submissions import submit_application, withdraw_application
from chuangju.applications.views.apply_fill import draft_or_case
from chuangju.applications.views.apply_pages import Filling, filling_of, own_application, shown
from chuangju.kernel.masking import mask_account
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, signed_in_required


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def fill_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look it all over, promise that it is true, hand it in."""
    problem = ""
    if request.method == "POST":
        try:
            # The rule itself asks, in the query that holds the case, whose it is.
            submit_application(
                Application(pk=pk),
                pledge="pledge" in request.POST,
                insists="insists" in request.POST,
                by=acting_user(request),
                at=timezone.now(),
            )
            return redirect("applications:my_submitted", pk=pk)
        except Application.DoesNotExist as error:
            raise Http404 from error
        except Refused as refused:
            problem = refused.sentence
    application = draft_or_case(request, pk)
    if isinstance(application, HttpResponse):
        return application
    context = _review(request, filling_of(application), problem)
    return render(request, "applications/fill_review.html", context, status=422 if problem else 200)


def _review(request: HttpRequest, filling: Filling, problem: str) -> dict[str, Any]:
    application, evaluation = filling.application, filling.evaluation
    account = account_of(application)
    conflicts = [one for one in conflicts_of(application, evaluation.policy) if not one.is_same]
    return {
        **shown(filling, at="review"),
        "topics": known_topics(evaluation),
        "open_questions": filling.open_questions,
        "papers": [(one, is_made_here(one)) for one in documents_of(application)],
        "missing": missing_documents(application),
        "wants_account": filling.wants_account,
        "account": account,
        "masked": mask_account(account["number"]) if account else "",
        "conflicts": conflicts,
        "must_insist": evaluation.verdict != "eligible" or bool(conflicts),
        "may_hand_in": can_hand_in(acting_user(request), application, timezone.localdate())
        or application.channel == Application.Channel.COUNTER,
        "typed": request.POST,
        "problem": problem,
    }


@never_cache
@require_safe
@signed_in_required
def my_submitted(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Handed in: the number, the receipt, and what happens next."""
    application = own_application(request, pk)
    if application.number is None:
        return redirect("applications:my_case", pk=pk)
    steps = list(application.steps.order_by("position", "pk").select_related("unit"))
    context = {
        "application": application,
        "title": title_of(application, current_catalogue()),
        "steps": steps,
        "code": receipt_code(application),
    }
    return render(request, "applications/my_submitted.html", context)


@never_cache
@require_safe
@signed_in_required
def my_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt as a PDF."""
    from chuangju.papers.pdf_papers import document_pdf  # noqa: PLC0415 - weighs on a process that writes none

    application = own_application(request, pk)
    if application.number is None:
        raise Http404
    content = document_pdf(receipt_document(application, title=application.title))
    name = f"{_('收件回执')}-{application.number}.pdf"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


@never_cache
@require_safe
def receipt_check(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Whether a receipt is one of ours: what it says of the case and nothing of whom it belongs to."""
    application = find_receipt(number, code)
    context = {
        "application": application,
        "number": number,
        "title": title_of(application, current_catalogue()) if application is not None else "",
    }
    return render(request, "applications/receipt_check.html", context, status=200 if application else 404)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def my_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a case back."""
    application = own_application(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        withdraw_application(
            application, reason=form.cleaned_data["reason"], by=acting_user(request), at=timezone.now()
        )
        messages.success(request, _("已撤回"))
        return reverse("applications:my_case", args=(pk,))

    step = Confirmation(
        title=_("撤回：%(title)s") % {"title": title_of(application, current_catalogue())},
        sentence=_("撤回后不再办理，占用的名额和资金同时释放；以后可以重新申请"),
        action_label=_("撤回"),
        cancel_url=reverse("applications:my_case", args=(pk,)),
        is_dangerous=True,
        layout="ui/public.html",
    )
    return answer_form(request, form, step, act)
