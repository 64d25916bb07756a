"""Many at the same moment: the last of a line is shared out exactly, nothing is paid twice - unless the lock is off."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from chuangju.budget import accounts, ledger, payments
from chuangju.budget.batches import BatchRefused, form_batch
from chuangju.budget.ledger import BudgetEmpty, LedgerRefused, claim_balances
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BatchItem, BudgetLine, ClaimBalance, Entry, LineBalance, Payment
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ventures.models import Party
from tests.budget.batches import sent_batch
from tests.budget.money import ACCOUNT, PREFIX, YUAN, claim_key, committed, figures, open_line_of, requested
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

pytestmark = pytest.mark.django_db(transaction=True)
RACERS, PLACES, SHARE = 60, 7, 300 * YUAN


@pytest.fixture
def last_money(finance: User, unit: Any) -> BudgetLine:
    """A line with money for exactly so many claims, and a little left over."""
    return open_line_of(unit, by=finance, amount=PLACES * SHARE + 1)


def switch_locks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines and claims are read without being held, so that others read the same balances meanwhile."""

    def rows(keys: Any) -> list[LineBalance]:
        found = list(LineBalance.objects.filter(line_id__in=keys).select_related("line").order_by("line_id"))
        time.sleep(0.02)
        return found

    monkeypatch.setattr(accounts, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(accounts, "locked_rows", rows)
    let_sqlite_begin_deferred(monkeypatch)


def reserving(line: BudgetLine, at: datetime) -> Callable[[int], str]:
    def reserve(number: int) -> str:
        ledger.reserve_money(line, f"{PREFIX}:{number}", SHARE, by=None, at=at)
        return "granted"

    return reserve


def test_the_last_money_is_shared_out_exactly(last_money: BudgetLine, now: datetime) -> None:
    outcomes = race(reserving(last_money, now), RACERS)
    assert outcomes.count("granted") == PLACES
    assert {type(error) for error in errors_of(outcomes)} <= {BudgetEmpty}
    assert figures(last_money) == {
        "planned": PLACES * SHARE + 1,
        "available": 1,
        "reserved": PLACES * SHARE,
    }
    assert ClaimBalance.objects.filter(reserved=SHARE).count() == PLACES
    assert list(find_ledger_faults()) == []


def test_without_the_lock_the_last_money_is_not_shared_out_exactly(
    last_money: BudgetLine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_locks_off(monkeypatch)
    outcomes = race(reserving(last_money, now), RACERS // 3)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    granted = outcomes.count("granted")
    assert unclean or granted > PLACES or figures(last_money)["reserved"] != granted * SHARE


COPIES, KEYS = 4, 5


def requesting(line: BudgetLine, payee: Party, keys: list[str], at: datetime) -> Callable[[int], Payment]:
    def request(number: int) -> Payment:
        return payments.request_payment(
            keys[number % len(keys)],
            line=line,
            amount=SHARE,
            payee=payee,
            account_name="甲",
            account_number=ACCOUNT,
            bank="某行",
            purpose="补贴",
            due_on=at.date(),
            by=None,
            at=at,
        )

    return request


def test_a_payment_asked_for_by_many_is_one_payment(line: BudgetLine, payee: Party, now: datetime) -> None:
    keys = [committed(line, claim_key(), SHARE) for _key in range(KEYS)]
    outcomes = race(requesting(line, payee, keys, now), KEYS * COPIES)
    assert {type(error) for error in errors_of(outcomes)} == {payments.PaymentRefused}
    assert sorted(Payment.objects.values_list("claim_key", flat=True)) == sorted(keys)


def test_without_the_lock_asking_twice_ends_in_an_error(
    line: BudgetLine, payee: Party, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [committed(line, claim_key(), SHARE)]
    monkeypatch.setattr(payments, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(payments, "claim_balances", _slow(claim_balances))
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(requesting(line, payee, keys, now), COPIES)
    assert [error for error in errors_of(outcomes) if not isinstance(error, Refused)] != []
    # Even so the database holds that a claim is paid once.
    assert Payment.objects.count() <= 1


def _slow(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read_slowly(key: str) -> Any:
        found = read(key)
        time.sleep(0.02)
        return found

    return read_slowly


def settling(payment: Payment, at: datetime) -> Callable[[int], str]:
    def settle(_number: int) -> str:
        payments.settle_payment(payment, paid_on=at.date(), voucher="V", by=None, at=at)
        return "paid"

    return settle


def test_an_answer_told_by_many_pays_once(
    line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime
) -> None:
    _batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    outcomes = race(settling(payment, now), 12)
    assert outcomes.count("paid") == 1
    assert {type(error) for error in errors_of(outcomes)} == {payments.PaymentRefused}
    assert Entry.objects.filter(kind="pay").count() == 1
    assert figures(line)["paid"] == payment.amount


def test_without_the_lock_an_answer_is_told_twice_or_somebody_falls(
    line: BudgetLine,
    payee: Party,
    finance: User,
    approver: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    switch_locks_off(monkeypatch)
    monkeypatch.setattr(Payment.objects.__class__, "select_for_update", lambda queryset, **_options: queryset.all())
    outcomes = race(settling(payment, now), 12)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, LedgerRefused)]
    assert unclean or outcomes.count("paid") > 1
    # Even so the reference of an attempt stands in the ledger once.
    assert Entry.objects.filter(kind="pay").count() <= 1


def test_a_payment_wanted_by_many_batches_goes_out_in_one(
    line: BudgetLine, payee: Party, finance: User, now: datetime
) -> None:
    waiting = [requested(line, payee, SHARE, by=finance) for _number in range(3)]

    def form(number: int) -> str:
        form_batch(line.unit, waiting, title=f"第{number}批", by=finance, at=now)
        return "formed"

    outcomes = race(form, 8)
    assert outcomes.count("formed") == 1
    assert {type(error) for error in errors_of(outcomes)} == {BatchRefused}
    assert BatchItem.objects.count() == len(waiting)


def test_one_key_of_a_claim_holds_money_of_one_line(
    last_money: BudgetLine, finance: User, unit: Any, now: datetime
) -> None:
    other = open_line_of(unit, by=finance, code="A09")
    key = f"{PREFIX}:{uuid.uuid4()}"

    def reserve(number: int) -> str:
        ledger.reserve_money(last_money if number % 2 else other, key, SHARE, by=None, at=now)
        return "granted"

    outcomes = race(reserve, 10)
    assert outcomes.count("granted") == 1
    assert {type(error) for error in errors_of(outcomes)} == {LedgerRefused}
    assert claim_balances(key).reserved == SHARE
