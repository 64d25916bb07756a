"""检索 - what of money can be found: lines by name and code, batches and payments by number."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangju.budget.access import batches_visible_to, lines_visible_to, payments_visible_to
from chuangju.budget.models import BudgetLine, Payment, PaymentBatch
from chuangju.kernel.search import SearchSource

SOURCES = (
    SearchSource(
        key="budget.line",
        label=_("资金条目"),
        model=BudgetLine,
        visible_to=lines_visible_to,
        title=lambda line: f"{line.year} {line.shown_name}",
        address=lambda line: reverse("budget:line", args=(line.pk,)),
        text=lambda line: f"{line.code} {line.policy_id} {line.name_en} {line.document}".strip(),
        names=lambda line: (line.name,),
    ),
    SearchSource(
        key="budget.payment",
        label=_("拨付"),
        model=Payment,
        visible_to=payments_visible_to,
        title=lambda payment: payment.number,
        address=lambda payment: reverse("budget:payment", args=(payment.pk,)),
        text=lambda payment: f"{payment.payee.name} {payment.purpose}",
        names=lambda payment: (payment.number,),
        records=lambda: Payment.objects.select_related("payee"),
    ),
    SearchSource(
        key="budget.batch",
        label=_("拨付批次"),
        model=PaymentBatch,
        visible_to=batches_visible_to,
        title=lambda batch: f"{batch.number} {batch.title}",
        address=lambda batch: reverse("budget:batch", args=(batch.pk,)),
        text=lambda batch: batch.number,
        names=lambda batch: (batch.title,),
    ),
)
