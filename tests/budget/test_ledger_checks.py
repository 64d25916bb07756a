"""`chuangju verify` recomputes the ledger and says in a sentence what does not add up."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine, ClaimBalance, Entry, Payment, Posting
from chuangju.budget.payments import settle_payment
from chuangju.kernel.guards import guards_lifted
from chuangju.kernel.integrity import checks
from chuangju.kernel.models import User
from chuangju.ventures.models import Party
from tests.budget.batches import sent_batch


@pytest.fixture
def paid(line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime) -> Payment:
    """A payment that has arrived; the ledger is whole."""
    _batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    settle_payment(payment, paid_on=now.date(), voucher="", by=finance, at=now)
    assert list(find_ledger_faults()) == []
    return payment


def run(statement: str) -> None:
    """As an intruder would, past the guards."""
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_check_is_registered() -> None:
    assert checks.get("budget.ledger") is find_ledger_faults


def test_a_changed_posting_is_found(paid: Payment) -> None:
    run(f"UPDATE budget_posting SET amount = amount + 1 WHERE id = {Posting.objects.latest('pk').pk}")  # noqa: S608 - a number
    faults = " ".join(find_ledger_faults())
    assert "借贷不平，差 0.01 元" in faults
    assert "余额记为 3,000 元" in faults


def test_a_deleted_entry_is_found(paid: Payment) -> None:
    key = Entry.objects.get(kind="pay").pk
    run(f"DELETE FROM budget_posting WHERE entry_id = {key}")  # noqa: S608 - a number
    faults = list(find_ledger_faults())
    assert f"第 {key} 号分录没有记账。" in faults
    assert any("已支付" in fault for fault in faults)


def test_a_changed_balance_of_a_claim_is_found(paid: Payment) -> None:
    ClaimBalance.objects.filter(claim_key=paid.claim_key).update(paid=1)
    faults = list(find_ledger_faults())
    assert any(paid.claim_key in fault for fault in faults)
    assert any(f"款项 {paid.number} 已到账 3,000 元，账本记为 0.01 元" in fault for fault in faults)
