"""校验 - what `chuangju verify` recomputes of decisions: frozen facts against their digests and the rule, money against the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import Sum
from django.utils.translation import gettext as _

from chuangju.applications.case_money import PREFIX
from chuangju.applications.evaluation import EvaluationRefused, canonical, explain_again, frozen_digest
from chuangju.applications.models import Decision, Entitlement, FrozenFacts, Instalment, Repayment
from chuangju.budget.models import ClaimBalance, Entry, Payment

_COUNTING = (Decision.State.PUBLISHED, Decision.State.REPLACED)


def find_decision_faults() -> Iterator[str]:
    """Every fault of frozen facts, decisions, parts and payments, one sentence each."""
    yield from _frozen_faults()
    yield from _decision_faults()
    yield from _part_faults()
    yield from _payment_faults()
    yield from _repayment_faults()


def _frozen_faults() -> Iterator[str]:
    """Whether each snapshot still is what it was, and the version still gives the same answer for it."""
    for frozen in FrozenFacts.objects.select_related("application").order_by("pk").iterator(500):
        name = {
            "number": frozen.application.number or str(frozen.application_id),
            "moment": frozen.get_moment_display(),
        }
        if frozen_digest(frozen) != frozen.sha256:
            yield _("办件 %(number)s %(moment)s的数据快照被改动。") % name
            continue
        try:
            again = explain_again(frozen)
        except EvaluationRefused as refused:
            yield _("办件 %(number)s %(moment)s的数据快照无法复算：%(why)s") % {**name, "why": refused.sentence}
            continue
        if again.policy.sha256 != frozen.policy_sha256:
            yield _("办件 %(number)s %(moment)s所依据的政策文本已被改动。") % name
        elif canonical(again.as_json()) != canonical(json.loads(frozen.explanation)):
            yield _("办件 %(number)s %(moment)s按数据快照复算，规则结论与当时不同。") % name


def _decision_faults() -> Iterator[str]:
    """Whether a grant lies within what the frozen rule gave, and its parts add up to what it entitles to."""
    granted = Decision.objects.filter(state__in=_COUNTING, outcome=Decision.Outcome.GRANTED)
    for decision in granted.select_related("application", "frozen").order_by("pk").iterator(500):
        frozen, number = decision.frozen, decision.application.number
        if frozen is None:
            yield _("办件 %(number)s 的决定没有数据快照。") % {"number": number}
        elif frozen.amount is not None and (decision.amount or 0) > frozen.amount:
            yield _("办件 %(number)s 的核定金额大于按数据快照计算的金额。") % {"number": number}
        if decision.approved_by_id is not None and decision.approved_by_id == decision.proposed_by_id:
            yield _("办件 %(number)s 的决定由同一人拟定和审定。") % {"number": number}


def _part_faults() -> Iterator[str]:
    sums = Entitlement.objects.annotate(total=Sum("instalments__amount")).select_related("application", "decision")
    for entitlement in sums.order_by("pk").iterator(500):
        number = entitlement.application.number
        total = int(getattr(entitlement, "total", 0) or 0)
        if total > entitlement.amount or entitlement.amount != entitlement.decision.amount:
            yield _("办件 %(number)s 各期金额之和与核定金额不符。") % {"number": number}


def _payment_faults() -> Iterator[str]:
    """Whether every payment is one part's, of its amount, paid once; and every paid part has its entry."""
    parts = {one.claim_key: one for one in Instalment.objects.select_related("entitlement__application")}
    paid = dict(
        Entry.objects.filter(kind=Entry.Kind.PAY, claim_key__startswith=PREFIX)
        .values_list("claim_key")
        .annotate(sum=Sum("amount"))
        .order_by("claim_key")
    )
    returned = dict(
        Entry.objects.filter(kind=Entry.Kind.RETURN, claim_key__startswith=PREFIX)
        .values_list("claim_key")
        .annotate(sum=Sum("amount"))
        .order_by("claim_key")
    )
    for payment in Payment.objects.filter(claim_key__startswith=PREFIX).order_by("pk").iterator(500):
        part = parts.get(payment.claim_key)
        if part is None or part.amount != payment.amount:
            yield _("拨付 %(number)s 没有对应的期次，或金额不符。") % {"number": payment.number}
    for key, part in parts.items():
        net = (paid.get(key) or 0) - (returned.get(key) or 0)
        number = part.entitlement.application.number
        if net > part.amount:
            yield _("办件 %(number)s 第 %(part)d 期重复支付。") % {"number": number, "part": part.number}
        if part.state in {Instalment.State.PAID, Instalment.State.RECOVERED} and net != part.amount:
            yield _("办件 %(number)s 第 %(part)d 期标为已到账，账本中没有相应支付。") % {
                "number": number,
                "part": part.number,
            }


def _repayment_faults() -> Iterator[str]:
    """Whether what came back stands in the ledger under the claims that were paid."""
    for row in Repayment.objects.values("instalment").annotate(sum=Sum("amount")).order_by("instalment"):
        key = f"{PREFIX}:{row['instalment']}"
        recovered = Payment.objects.filter(claim_key=key).aggregate(sum=Sum("recovered"))["sum"] or 0
        if recovered != row["sum"] or ClaimBalance.objects.filter(claim_key=key, paid__lt=0).exists():
            yield _("期次 %(part)s 登记的退回资金与账本不符。") % {"part": row["instalment"]}
