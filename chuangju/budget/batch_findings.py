"""联审意见 - what stands against a payment of a batch: its conditions, its money, the account that its payee corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from chuangju.budget.models import ClaimBalance, Payment
from chuangju.budget.payment_owners import account_differs, recheck_sentence


@dataclass(frozen=True)
class Finding:
    """A payment that must not go out now, and why."""

    payment: Payment
    sentence: str


def findings_of(payments: Iterable[Payment], *, on: date) -> list[Finding]:
    """Every payment that must not go out on this day, with the reason."""
    listed = list(payments)
    committed = {
        row["claim_key"]: row["owed"]
        for row in ClaimBalance.objects.filter(claim_key__in=[payment.claim_key for payment in listed])
        .values("claim_key")
        .annotate(owed=Sum("committed"))
    }
    found = []
    for payment in listed:
        sentence = recheck_sentence(payment, on=on)
        if not sentence and committed.get(payment.claim_key, 0) < payment.amount:
            sentence = _("已批待拨的资金不足")
        if not sentence and payment.state != Payment.State.REQUESTED and account_differs(payment):
            sentence = _("收款人已更正账户，请退回批次重新联审")
        if sentence:
            found.append(Finding(payment, sentence))
    return found
