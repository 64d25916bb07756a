"""The ledger: what may happen to money, what may not, and that nothing is written when it may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from chuangju.budget import ledger
from chuangju.budget.ledger import BudgetEmpty, LedgerRefused
from chuangju.budget.models import BudgetLine, ClaimBalance, Entry, LineBalance, Posting
from chuangju.kernel.models import AuditEvent, User
from tests.budget.money import YUAN, claim_key, committed, figures

KEY = "tests.claim:1"


def test_money_goes_from_plan_to_paid_and_every_step_sums_to_nothing(
    line: BudgetLine, finance: User, now: datetime
) -> None:
    ledger.reserve_money(line, KEY, 3000 * YUAN, by=finance, at=now)
    assert figures(line) == {"planned": 1_000_000, "available": 700_000, "reserved": 300_000}
    ledger.commit_money(line, KEY, 3000 * YUAN, by=finance, at=now)
    ledger.pay_money(line, KEY, 1000 * YUAN, by=finance, at=now)
    assert figures(line) == {"planned": 1_000_000, "available": 700_000, "committed": 200_000, "paid": 100_000}
    assert ledger.claim_balances(KEY) == ledger.ClaimBalances(reserved=0, committed=200_000, paid=100_000)
    for entry in Entry.objects.order_by("id"):
        assert sum(posting.amount for posting in entry.postings.order_by("id")) == 0
    assert AuditEvent.objects.filter(action__in=("budget.reserve", "budget.commit", "budget.pay")).count() == 3


def test_a_line_that_is_empty_refuses_and_nothing_is_written(line: BudgetLine, finance: User, now: datetime) -> None:
    before = Entry.objects.count(), Posting.objects.count(), AuditEvent.objects.count()
    with pytest.raises(BudgetEmpty, match=r"“房租补贴”可用 10,000 元，不足 10,000\.01 元"):
        ledger.reserve_money(line, KEY, 10_000 * YUAN + 1, by=finance, at=now)
    assert before == (Entry.objects.count(), Posting.objects.count(), AuditEvent.objects.count())
    assert figures(line) == {"planned": 1_000_000, "available": 1_000_000}
    assert ledger.shortage_of(line, 10_000 * YUAN) == ""
    assert "不足" in ledger.shortage_of(line, 10_000 * YUAN + 1)


def test_a_claim_is_reserved_for_once_while_it_holds_or_has_got_money(
    line: BudgetLine, finance: User, now: datetime
) -> None:
    ledger.reserve_money(line, KEY, 100, by=finance, at=now)
    with pytest.raises(LedgerRefused, match="已经占用资金"):
        ledger.reserve_money(line, KEY, 100, by=finance, at=now)
    ledger.release_money(line, KEY, 100, by=finance, at=now)
    ledger.reserve_money(line, KEY, 100, by=finance, at=now)
    ledger.commit_money(line, KEY, 100, by=finance, at=now)
    ledger.pay_money(line, KEY, 100, by=finance, at=now)
    with pytest.raises(LedgerRefused, match="已经占用资金"):
        ledger.reserve_money(line, KEY, 100, by=finance, at=now)


@pytest.mark.parametrize("step", [ledger.commit_money, ledger.pay_money, ledger.return_money, ledger.release_money])
def test_a_claim_cannot_use_the_money_of_another(
    line: BudgetLine, finance: User, now: datetime, step: Callable[..., Entry]
) -> None:
    ledger.reserve_money(line, claim_key(), 500, by=finance, at=now)
    paid = committed(line, claim_key(), 500)
    ledger.pay_money(line, paid, 250, by=finance, at=now)
    before = figures(line)
    with pytest.raises(LedgerRefused, match="这件事项的"):
        step(line, KEY, 200, by=finance, at=now)
    assert figures(line) == before


def test_what_is_freed_comes_from_the_reserve_first(line: BudgetLine, finance: User, now: datetime) -> None:
    ledger.reserve_money(line, KEY, 500, by=finance, at=now)
    ledger.commit_money(line, KEY, 200, by=finance, at=now)
    ledger.release_money(line, KEY, 400, reason="核减", by=finance, at=now)
    assert ledger.claim_balances(KEY) == ledger.ClaimBalances(0, 100, 0)
    assert ledger.balances_of(line).available == 10_000 * YUAN - 100


def test_a_returned_payment_is_owed_again_and_a_recovered_one_is_free(
    line: BudgetLine, finance: User, now: datetime
) -> None:
    committed(line, KEY, 500)
    ledger.pay_money(line, KEY, 500, by=finance, at=now)
    ledger.return_money(line, KEY, 500, reason="账号有误", by=finance, at=now)
    assert ledger.claim_balances(KEY) == ledger.ClaimBalances(0, 500, 0)
    ledger.pay_money(line, KEY, 500, by=finance, at=now)
    ledger.recover_money(line, KEY, 200, reason="骗取补贴", by=finance, at=now)
    assert ledger.claim_balances(KEY) == ledger.ClaimBalances(0, 0, 300)
    assert ledger.balances_of(line).available == 10_000 * YUAN - 300
    with pytest.raises(LedgerRefused, match="请写明原因"):
        ledger.recover_money(line, KEY, 200, reason=" ", by=finance, at=now)


def test_a_reference_is_paid_once(line: BudgetLine, finance: User, now: datetime) -> None:
    committed(line, KEY, 500)
    ledger.pay_money(line, KEY, 200, by=finance, at=now, reference="payment:1:1")
    with pytest.raises(LedgerRefused, match="不能重复支付"):
        ledger.pay_money(line, KEY, 200, by=finance, at=now, reference="payment:1:1")


def test_a_mistake_is_answered_by_its_opposite_once(line: BudgetLine, finance: User, now: datetime) -> None:
    wrong = ledger.reserve_money(line, KEY, 500, by=finance, at=now)
    back = ledger.reverse_entry(wrong, reason="录错", by=finance, at=now)
    assert (back.reverses_id, back.amount) == (wrong.pk, -500)
    assert figures(line) == {"planned": 1_000_000, "available": 1_000_000}
    for entry in (wrong, back):
        with pytest.raises(LedgerRefused):
            ledger.reverse_entry(entry, reason="再来", by=finance, at=now)
    planned = ledger.plan_money(line, 700, reason="追加", by=finance, at=now)
    ledger.reverse_entry(planned, reason="多录", by=finance, at=now)
    assert ledger.balances_of(line).planned == 1_000_000


def test_a_plan_is_cut_only_by_what_is_left(line: BudgetLine, finance: User, now: datetime) -> None:
    ledger.reserve_money(line, KEY, 9000 * YUAN, by=finance, at=now)
    with pytest.raises(BudgetEmpty):
        ledger.plan_money(line, -2000 * YUAN, reason="压减", by=finance, at=now)
    ledger.plan_money(line, -1000 * YUAN, reason="压减", by=finance, at=now)
    assert figures(line) == {"planned": 900_000, "reserved": 900_000}


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_is_no_amount(line: BudgetLine, finance: User, now: datetime, amount: int) -> None:
    with pytest.raises(LedgerRefused, match="大于零"):
        ledger.reserve_money(line, KEY, amount, by=finance, at=now)


def test_a_line_that_is_no_longer_open_reserves_nothing(line: BudgetLine, finance: User, now: datetime) -> None:
    BudgetLine.objects.filter(pk=line.pk).update(state="closed", closed_at=now)
    with pytest.raises(LedgerRefused, match="已年终结账"):
        ledger.reserve_money(line, KEY, 1, by=finance, at=now)


@pytest.mark.django_db
def test_the_database_refuses_to_change_what_was_written(line: BudgetLine) -> None:
    for statement in (
        "UPDATE budget_entry SET amount = 5",
        "DELETE FROM budget_entry",
        "UPDATE budget_posting SET amount = 5",
        "DELETE FROM budget_posting",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_database_refuses_balances_below_zero_or_out_of_balance(line: BudgetLine) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LineBalance.objects.filter(line=line).update(available=-1, paid=1_000_001)
    with pytest.raises(IntegrityError), transaction.atomic():
        LineBalance.objects.filter(line=line).update(available=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimBalance.objects.create(line=line, claim_key=KEY, paid=-1)
