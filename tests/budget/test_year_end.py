"""The end of a year: claims and their payments go on, free money is carried over or given back, nothing gets lost."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chuangju.budget import payments, year_end
from chuangju.budget.ledger import (
    LedgerRefused,
    claim_balances,
    commit_money,
    line_of_claim,
    pay_money,
    release_money,
    reserve_money,
)
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.lines import LineRefused
from chuangju.budget.models import BudgetLine, Payment
from chuangju.kernel.models import User
from chuangju.ventures.models import Party
from tests.budget.batches import formed, sent_batch
from tests.budget.money import YUAN, claim_key, committed, figures, requested
from tests.conftest import NOW

NEW_YEAR = datetime(2027, 1, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def closed(line: BudgetLine, carried: int, *, by: User) -> BudgetLine:
    """The line of the next year, after this one was closed."""
    line.refresh_from_db()
    year_end.close_line(line, carried=carried, revision=line.revision, by=by, at=NEW_YEAR)
    return BudgetLine.objects.get(follows=line)


def test_everything_goes_where_it_belongs(line: BudgetLine, payee: Party, finance: User, now: datetime) -> None:
    paid = committed(line, claim_key(), 1000 * YUAN)
    pay_money(line, paid, 1000 * YUAN, by=finance, at=now)
    reserved = claim_key()
    reserve_money(line, reserved, 500 * YUAN, by=finance, at=now)
    waiting = requested(line, payee, 700 * YUAN, by=finance)
    following = closed(line, 5000 * YUAN, by=finance)
    assert figures(line) == {
        "planned": 1_000_000,
        "paid": 100_000,
        "carried_out": 620_000,
        "surrendered": 280_000,
    }
    assert figures(following) == {
        "carried_in": 620_000,
        "available": 500_000,
        "reserved": 50_000,
        "committed": 70_000,
    }
    assert (following.year, following.code, following.state) == (2027, "A01", "open")
    assert Payment.objects.get(pk=waiting.pk).line == following
    assert line_of_claim(reserved) == following
    assert line_of_claim(paid) == line
    commit_money(following, reserved, 500 * YUAN, by=finance, at=NEW_YEAR)
    assert list(find_ledger_faults()) == []


def test_a_line_is_closed_once_its_year_is_over_and_nothing_is_on_its_way(
    line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime
) -> None:
    with pytest.raises(LineRefused, match="2027-01-01 起可以年终结账"):
        year_end.close_line(line, carried=0, revision=line.revision, by=finance, at=now)
    with pytest.raises(LineRefused, match="结转金额应在"):
        year_end.close_line(line, carried=10_000 * YUAN + 1, revision=line.revision, by=finance, at=NEW_YEAR)
    _batch, _payments = sent_batch(line, payee, 1, by=finance, approver=approver)
    with pytest.raises(LineRefused, match="等待审批或回执"):
        year_end.close_line(line, carried=0, revision=line.revision, by=finance, at=NEW_YEAR)


def test_a_batch_that_is_still_gathered_must_be_settled_first(line: BudgetLine, payee: Party, finance: User) -> None:
    formed(line, payee, 1, by=finance)
    with pytest.raises(LineRefused, match="等待审批或回执"):
        closed(line, 0, by=finance)


def test_money_that_comes_back_later_is_owed_by_the_following_year(
    line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime
) -> None:
    _batch, (payment, other) = sent_batch(line, payee, 2, by=finance, approver=approver)
    for each in (payment, other):
        payments.settle_payment(each, paid_on=now.date(), voucher="", by=finance, at=now)
    following = closed(line, 0, by=finance)
    back = payments.take_back_payment(payment, reason="账户已注销", by=finance, at=NEW_YEAR)
    assert back.line == following
    assert figures(following) == {"carried_in": 300_000, "committed": 300_000}
    assert claim_balances(payment.claim_key).committed == 300_000
    payments.recover_payment(other, amount=other.amount, reason="骗取", by=finance, at=NEW_YEAR)
    assert figures(line)["surrendered"] == 400_000 + 300_000
    assert list(find_ledger_faults()) == []


def test_a_closed_line_takes_nothing_in(line: BudgetLine, finance: User) -> None:
    closed(line, 0, by=finance)
    with pytest.raises(LedgerRefused, match="已年终结账"):
        reserve_money(line, claim_key(), 1, by=finance, at=NEW_YEAR)
    line.refresh_from_db()
    with pytest.raises(LineRefused, match="只有执行中的"):
        year_end.close_line(line, carried=0, revision=line.revision, by=finance, at=NEW_YEAR)


def test_whoever_still_names_the_old_line_reaches_the_money_where_it_went(line: BudgetLine, finance: User) -> None:
    committing, releasing = claim_key(), claim_key()
    reserve_money(line, committing, 500, by=finance, at=NOW)
    reserve_money(line, releasing, 300, by=finance, at=NOW)
    following = closed(line, 0, by=finance)
    commit_money(line, committing, 500, by=finance, at=NEW_YEAR)
    pay_money(line, committing, 200, by=finance, at=NEW_YEAR)
    release_money(line, releasing, 300, by=finance, at=NEW_YEAR)
    assert figures(following) == {"carried_in": 800, "available": 300, "committed": 300, "paid": 200}
    assert list(find_ledger_faults()) == []
