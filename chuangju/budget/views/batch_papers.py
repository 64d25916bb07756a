"""What leaves the house about a batch and what comes back: files for the treasury, its answers, reconciliation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.budget.access import PAYERS
from chuangju.budget.answers import AnswersRefused, take_answers
from chuangju.budget.batch_exports import export_detail
from chuangju.budget.batch_files import DETAIL_HEAD, request_document
from chuangju.budget.forms_payments import AnswersForm
from chuangju.budget.models import PaymentBatch
from chuangju.budget.reconciliation import reconcile
from chuangju.budget.views.batches import visible_batch
from chuangju.programme.views.plan_steps import Step, answer_step, bound, document_response, sheet_response
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

_OUT = frozenset((PaymentBatch.State.APPROVED, PaymentBatch.State.SENT, PaymentBatch.State.SETTLED))


@never_cache
@require_safe
@roles_required(*PAYERS)
def batch_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """拨付明细表 (xlsx; only once approved, only for finance, and recorded) or 用款申请 (docx, pdf)."""
    if kind != "xlsx":
        return document_response(request_document(visible_batch(request, pk)), kind)
    batch = visible_batch(request, pk, is_kept=True)
    if batch.state not in _OUT:
        raise Http404
    rows = export_detail(batch, by=acting_user(request), at=timezone.now())
    return sheet_response(DETAIL_HEAD, rows, title=f"{batch.number}-拨付明细表")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def batch_answers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Upload the treasury's answers; every fault is shown with its row and cell, and nothing is taken in then."""
    batch = visible_batch(request, pk, is_kept=True)
    if batch.state not in {PaymentBatch.State.SENT, PaymentBatch.State.SETTLED}:
        raise Http404
    back = reverse("budget:batch", args=(pk,))
    faults: list[Any] = []
    step = Step(
        heading=_("导入国库回执"),
        submit=_("导入"),
        place=batch.number,
        back=back,
        done=_("已导入国库回执；内容相同的行不会重复记账"),
        extra={"batch": batch, "faults": faults},
    )
    form = AnswersForm(bound(request), request.FILES if request.method == "POST" else None)

    def act(data: dict[str, Any]) -> str:
        read = data["file"]
        try:
            take_answers(
                batch, read.rows, name=read.name, sha256=read.sha256, by=acting_user(request), at=timezone.now()
            )
        except AnswersRefused as refused:
            faults.extend(refused.faults)
            raise
        return back

    return answer_step(request, form, step, act, template="budget/answers.html")


@require_safe
@roles_required(*PAYERS)
def batch_reconciliation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was sent held against what was answered and what the ledger says."""
    batch = visible_batch(request, pk)
    context = {"batch": batch, "found": reconcile(batch), "answers": batch.answers.order_by("read_at", "pk")}
    return render(request, "budget/reconciliation.html", context)
