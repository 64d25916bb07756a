"""对账 - a batch held against the treasury's answers and against the ledger: three sums that must agree."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from chuangju.budget.models import BatchItem, Entry, PaymentBatch

Outcome = BatchItem.Outcome


@dataclass(frozen=True)
class OutcomeSum:
    """How many items ended one way, and for how much."""

    outcome: str
    label: str
    count: int
    amount: int


@dataclass(frozen=True)
class Difference:
    """An item whose state and ledger do not agree."""

    item: BatchItem
    booked: int


@dataclass(frozen=True)
class Reconciliation:
    """What was sent, what was answered, what the ledger says was paid for it."""

    sent: int
    outcomes: list[OutcomeSum]
    answered: int
    booked: int
    differences: list[Difference]

    @property
    def is_even(self) -> bool:
        """Whether nothing is left to explain."""
        return self.answered == self.booked and not self.differences


def reconcile(batch: PaymentBatch) -> Reconciliation:
    """Hold a batch against its answers and the ledger; four queries whatever its size."""
    counts, sums = dict[str, int](), dict[str, int]()
    for row in batch.items.values("outcome").annotate(number=Count("pk"), sum=Sum("amount")).order_by("outcome"):
        counts[row["outcome"]], sums[row["outcome"]] = row["number"], row["sum"]
    outcomes = [
        OutcomeSum(one.value, str(one.label), counts.get(one.value, 0), sums.get(one.value, 0)) for one in Outcome
    ]
    items = list(batch.items.select_related("payment").order_by("position", "pk"))
    references = {f"payment:{item.payment_id}:{item.attempt}": item for item in items}
    booked = {
        entry.reference: entry.amount
        for entry in Entry.objects.filter(kind=Entry.Kind.PAY, reference__in=list(references)).order_by("pk")
    }
    differences = [
        Difference(item, booked.get(reference, 0))
        for reference, item in references.items()
        if (item.outcome == Outcome.PAID and booked.get(reference, 0) != item.amount)
        or (item.outcome in {Outcome.WAITING, Outcome.FAILED} and reference in booked)
    ]
    # A return names no day of payment of its own, so that what was answered as paid is known from what is paid now
    # and from returns that the ledger had as paid.
    returned_after = sum(
        item.amount
        for reference, item in references.items()
        if item.outcome == Outcome.RETURNED and item.paid_on is not None
    )
    paid_now = sums.get(Outcome.PAID.value, 0)
    return Reconciliation(
        sent=batch.total,
        outcomes=outcomes,
        answered=paid_now + returned_after,
        booked=sum(booked.values()),
        differences=differences,
    )
