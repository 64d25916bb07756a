"""Payments: asked for once, mended by the payee, stopped, recovered - and never paid twice."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from chuangju.budget import payments
from chuangju.budget.ledger import claim_balances
from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payments import PaymentRefused
from chuangju.kernel.models import AuditEvent, User
from chuangju.ventures.models import Party
from tests.budget.batches import sent_batch
from tests.budget.money import ACCOUNT, YUAN, claim_key, committed, figures, requested
from tests.budget.owners import Told

State = Payment.State


def test_a_claim_is_asked_to_be_paid_once(line: BudgetLine, payee: Party, finance: User, now: datetime) -> None:
    payment = requested(line, payee, by=finance)
    assert (payment.state, payment.attempt, payment.number[:5]) == (State.REQUESTED, 1, "ZF26-")
    with pytest.raises(PaymentRefused, match="不能重复申请"):
        payments.request_payment(
            payment.claim_key,
            line=line,
            amount=1,
            payee=payee,
            account_name="某",
            account_number=ACCOUNT,
            bank="某行",
            purpose="",
            due_on=now.date(),
            by=finance,
            at=now,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(claim_key=requested(line, payee, by=finance).claim_key)


def test_no_more_is_asked_for_than_is_committed(line: BudgetLine, payee: Party, finance: User, now: datetime) -> None:
    key = committed(line, claim_key(), 500)
    with pytest.raises(PaymentRefused, match="已批待拨的资金不足"):
        payments.request_payment(
            key,
            line=line,
            amount=501,
            payee=payee,
            account_name="某",
            account_number=ACCOUNT,
            bank="某行",
            purpose="",
            due_on=now.date(),
            by=finance,
            at=now,
        )


def test_the_account_number_is_encrypted_masked_and_never_in_the_log(
    line: BudgetLine, payee: Party, finance: User
) -> None:
    payment = requested(line, payee, by=finance)
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_number FROM budget_payment")
        (stored,) = cursor.fetchone()
    assert ACCOUNT not in stored
    assert payment.masked_account == "6222***********5702"
    event = AuditEvent.objects.get(action="budget.payment_requested")
    assert ACCOUNT not in str(event.changes)
    assert "6222***********5702" in str(event.changes)


def test_the_payee_mends_a_failed_payment_and_it_waits_again(
    line: BudgetLine, payee: Party, finance: User, approver: User, stranger: User, told: Told, now: datetime
) -> None:
    batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    payments.fail_payment(payment, reason="账号与户名不符", by=finance, at=now)
    for somebody in (finance, approver):
        with pytest.raises(PaymentRefused, match="由收款人更正"):
            payments.mend_account(payment, account_name="甲", account_number="123456", bank="某行", by=somebody, at=now)
    with pytest.raises(PaymentRefused, match="6 至 34 位"):
        payments.mend_account(payment, account_name="甲", account_number="12", bank="某行", by=stranger, at=now)
    mended = payments.mend_account(
        payment, account_name=" 甲  公司 ", account_number="6217 0012", bank="建设银行", by=stranger, at=now
    )
    assert (mended.state, mended.attempt, mended.batch, mended.account_number) == (State.REQUESTED, 2, None, "62170012")
    assert (mended.account_name, mended.reason) == ("甲 公司", "")
    assert batch.items.get().payment_id == payment.pk
    assert told.events == [("failed", payment.number)]


def test_a_payment_that_came_back_is_owed_again(
    line: BudgetLine, payee: Party, finance: User, approver: User, told: Told, now: datetime
) -> None:
    _batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    payments.settle_payment(payment, paid_on=now.date(), voucher="V1", by=finance, at=now)
    assert claim_balances(payment.claim_key).paid == payment.amount
    with pytest.raises(PaymentRefused, match="已到账"):
        payments.settle_payment(payment, paid_on=now.date(), voucher="V1", by=finance, at=now)
    back = payments.take_back_payment(payment, reason="账户已注销", by=finance, at=now)
    assert (back.state, back.paid_on) == (State.RETURNED, None)
    assert claim_balances(payment.claim_key).committed == payment.amount
    assert [what for what, _number in told.events] == ["paid", "returned"]


def test_stopping_frees_the_money(line: BudgetLine, payee: Party, finance: User, now: datetime) -> None:
    payment = requested(line, payee, 400, by=finance)
    stopped = payments.stop_payment(payment, reason="企业已注销", by=finance, at=now)
    assert (stopped.state, stopped.reason) == (State.STOPPED, "企业已注销")
    assert figures(line) == {"planned": 1_000_000, "available": 1_000_000}
    with pytest.raises(PaymentRefused, match="已停付"):
        payments.stop_payment(payment, reason="再来", by=finance, at=now)


def test_money_is_recovered_in_parts_until_all_is_back(
    line: BudgetLine, payee: Party, finance: User, approver: User, told: Told, now: datetime
) -> None:
    _batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    payments.settle_payment(payment, paid_on=now.date(), voucher="", by=finance, at=now)
    part = payments.recover_payment(payment, amount=1000 * YUAN, reason="虚报", by=finance, at=now)
    assert (part.state, part.recovered) == (State.PAID, 1000 * YUAN)
    with pytest.raises(PaymentRefused, match="部分追回"):
        payments.take_back_payment(payment, reason="退票", by=finance, at=now)
    with pytest.raises(PaymentRefused, match="不超过已到账"):
        payments.recover_payment(payment, amount=2001 * YUAN, reason="虚报", by=finance, at=now)
    whole = payments.recover_payment(payment, amount=2000 * YUAN, reason="虚报", by=finance, at=now)
    assert whole.state == State.RECOVERED
    assert figures(line) == {"planned": 1_000_000, "available": 1_000_000}
    assert [what for what, _number in told.events] == ["paid", "recovered", "recovered"]
