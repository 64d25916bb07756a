"""A use settled by many, a receipt recorded by many: the money moves once - unless the lock is off."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest

from chuangju.applications import recoveries, voucher_money
from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.models import Application, Repayment, VoucherUse
from chuangju.applications.voucher_access import can_settle_use
from chuangju.budget.ledger import balances_of
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine, Payment
from chuangju.kernel.refusals import Refused
from chuangju.units.models import Role
from tests.applications import deciding, test_paid_twice
from tests.applications import test_vouchers as spending
from tests.applications.desk import clerk_of
from tests.applications.test_vouchers import (  # noqa: F401 - fixtures
    boss,
    confirmed,
    decision,
    helper,
    line,
    ordered,
    provider,
    voucher,
)
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
RACERS = 4


def settled_at_once(confirmed: VoucherUse) -> list[Any]:  # noqa: F811 - a fixture
    clerks = [clerk_of("kw", f"clerk-kw-{number}") for number in range(RACERS)]
    return race(lambda number: voucher_money.settle_use(confirmed, by=clerks[number], at=spending.NOW), RACERS)


def test_a_use_settled_by_many_is_paid_once(confirmed: VoucherUse, line: BudgetLine) -> None:  # noqa: F811 - fixtures
    outcomes = settled_at_once(confirmed)
    assert [type(error) for error in errors_of(outcomes)] == [voucher_money.SettlementRefused] * (RACERS - 1)
    assert Payment.objects.get().amount == confirmed.amount
    assert balances_of(line).committed == confirmed.amount
    assert list(find_ledger_faults()) == []


def test_without_the_lock_a_use_settled_by_many_makes_somebody_fall(
    confirmed: VoucherUse,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = can_settle_use

    def look_slowly(*args: Any) -> bool:
        found = look(*args)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(voucher_money, "can_settle_use", look_slowly)
    monkeypatch.setattr(voucher_money, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(VoucherUse.objects.__class__, "select_for_update", lambda queryset, **_options: queryset.all())
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = settled_at_once(confirmed)
    # What was set aside for the use, or its claim, still stands in the way of a second payment; but nobody is told why.
    assert [error for error in errors_of(outcomes) if not isinstance(error, voucher_money.SettlementRefused)]
    assert Payment.objects.count() <= 1


@pytest.fixture
def recovery(now: datetime) -> tuple[Application, BudgetLine]:
    """A grant of which 15,000 yuan are to be paid back."""
    paying = deciding.give_line(200_000 * deciding.YUAN, at=now)
    founder = make_user("founder", Role.ENTREPRENEUR)
    application, after = test_paid_twice.paid_once(1, paying, founder, now)
    return test_paid_twice.taken_back(application, after), paying


def recorded_at_once(child: Application) -> list[Any]:
    by, at = deciding.keeper(), child.decided_at
    assert at is not None
    told: dict[str, Any] = {"amount": 1_500_000, "reference": "JK-1", "received_on": at.date(), "by": by, "at": at}
    return race(lambda _number: recoveries.record_repayment(child, **told), RACERS)


def test_a_receipt_recorded_by_many_comes_back_once(recovery: tuple[Application, BudgetLine]) -> None:
    child, paying = recovery
    outcomes = recorded_at_once(child)
    assert len(errors_of(outcomes)) == RACERS - 1
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
    assert sum(row.amount for row in Repayment.objects.all()) == 1_500_000
    assert balances_of(paying).paid == 0
    assert list(find_ledger_faults()) == []
    assert list(find_decision_faults()) == []


def test_without_the_lock_a_receipt_recorded_by_many_makes_somebody_fall(
    recovery: tuple[Application, BudgetLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    child, paying = recovery
    spread = recoveries._spread

    def spread_slowly(*args: Any) -> Any:
        found = spread(*args)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(recoveries, "_spread", spread_slowly)
    monkeypatch.setattr(recoveries, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(recoveries, "lock_application", lambda one: Application.objects.get(pk=one.pk))
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = recorded_at_once(child)
    assert errors_of(outcomes)
    # Even so no more comes back than was paid (all of it, or nothing where everybody fell): the payment is held meanwhile.
    assert balances_of(paying).paid in {0, 1_500_000}
    assert list(find_ledger_faults()) == []
