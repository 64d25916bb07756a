"""Batches for tests, brought as far as a test needs them through the rules that the pages call."""

from __future__ import annotations

from chuangju.budget.batch_files import detail_digest, items_of
from chuangju.budget.batches import approve_batch, check_batch, form_batch, send_batch
from chuangju.budget.models import BudgetLine, Payment, PaymentBatch
from chuangju.kernel.models import User
from chuangju.ventures.models import Party
from tests.budget.money import YUAN, requested
from tests.conftest import NOW

AMOUNT = 3000 * YUAN


def formed(
    line: BudgetLine, payee: Party, count: int, *, by: User, amount: int = AMOUNT
) -> tuple[PaymentBatch, list[Payment]]:
    """A batch that finance gathers, with this many payments."""
    payments = [requested(line, payee, amount, by=None) for _number in range(count)]  # type: ignore[arg-type]
    batch = form_batch(line.unit, payments, title="六月房租补贴", by=by, at=NOW)
    return batch, fresh(payments)


def checked_batch(line: BudgetLine, payee: Party, count: int, *, by: User) -> tuple[PaymentBatch, list[Payment]]:
    """A batch that waits for its approver."""
    batch, payments = formed(line, payee, count, by=by)
    batch = check_batch(batch, revision=batch.revision, by=by, at=NOW)
    return batch, fresh(payments)


def sent_batch(
    line: BudgetLine, payee: Party, count: int, *, by: User, approver: User
) -> tuple[PaymentBatch, list[Payment]]:
    """A batch that is with the treasury."""
    batch, payments = checked_batch(line, payee, count, by=by)
    batch = approve_batch(batch, revision=batch.revision, by=approver, at=NOW)
    digest = detail_digest(batch, items_of(batch))
    batch = send_batch(batch, sha256=digest, revision=batch.revision, by=by, at=NOW)
    return batch, fresh(payments)


def fresh(payments: list[Payment]) -> list[Payment]:
    """The payments as they stand now, in the order given."""
    found = {payment.pk: payment for payment in Payment.objects.select_related("line__unit", "payee")}
    return [found[payment.pk] for payment in payments]
