"""Racers for one voucher, one period of interest and one bank's file: each counts once - unless the lock is off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from chuangju.applications import interest_periods, vouchers
from chuangju.applications.models import InterestPeriod, Voucher, VoucherUse
from chuangju.budget.models import Payment
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ventures.models import Party
from tests.applications import test_facilities as loans
from tests.applications import test_vouchers as spending
from tests.applications.test_facilities import case, clerk, facility  # noqa: F401 - fixtures
from tests.applications.test_vouchers import boss, decision, helper, line, provider, voucher  # noqa: F401 - fixtures
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
RACERS = 6


def switch_locks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the twins do without."""
    for module in (vouchers, interest_periods):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)
    let_sqlite_begin_deferred(monkeypatch)


def _slow(read: Callable[..., Any]) -> Callable[..., Any]:
    def read_slowly(*args: Any, **options: Any) -> Any:
        found = read(*args, **options)
        time.sleep(0.1)
        return found

    return read_slowly


def _ordering(voucher: Voucher, provider: Party, boss: User) -> Callable[[int], VoucherUse]:  # noqa: F811 - a fixture
    # Two of these fit into the voucher's 5,000 yuan.
    return lambda number: vouchers.order_service(
        voucher, provider, service=f"服务{number}", price=200_000, amount=200_000, by=boss, at=spending.NOW
    )


def test_orders_at_once_never_exceed_the_voucher(voucher: Voucher, provider: Party, boss: User) -> None:  # noqa: F811 - a fixture
    outcomes = race(_ordering(voucher, provider, boss), RACERS)
    assert {type(error) for error in errors_of(outcomes)} == {vouchers.VoucherRefused}
    assert len(errors_of(outcomes)) == RACERS - 2
    assert vouchers.balance_of(voucher) == 100_000


def test_without_the_lock_orders_exceed_the_voucher_or_somebody_falls(
    voucher: Voucher,  # noqa: F811 - a fixture
    provider: Party,  # noqa: F811 - a fixture
    boss: User,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    switch_locks_off(monkeypatch)
    monkeypatch.setattr(vouchers, "balance_of", _slow(vouchers.balance_of))
    outcomes = race(_ordering(voucher, provider, boss), RACERS)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    assert unclean or vouchers.held_amount(voucher) > voucher.amount


@pytest.fixture
def period(facility: Any) -> InterestPeriod:  # noqa: F811 - a fixture
    """A period that is over, with money enough for several of its kind."""
    loans._line(1_000_000)
    found: InterestPeriod = facility.periods.get(number=1)
    return found


def test_a_period_confirmed_by_many_is_paid_once(period: InterestPeriod, clerk: User) -> None:  # noqa: F811 - a fixture
    outcomes = race(lambda _number: interest_periods.settle_period(period, by=clerk, at=loans.NOW), RACERS)
    assert {type(error) for error in errors_of(outcomes)} == {interest_periods.LoanRefused}
    assert len(errors_of(outcomes)) == RACERS - 1
    assert Payment.objects.count() == 1


def test_without_the_lock_a_period_confirmed_by_many_makes_somebody_fall(
    period: InterestPeriod,
    clerk: User,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    switch_locks_off(monkeypatch)
    monkeypatch.setattr(interest_periods, "living_problem", _slow(interest_periods.living_problem))
    outcomes = race(lambda _number: interest_periods.settle_period(period, by=clerk, at=loans.NOW), RACERS)
    reserved = sum(not isinstance(outcome, Exception) for outcome in outcomes)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, interest_periods.LoanRefused)]
    assert unclean or reserved > 1
    # Even so the database holds that a claim is paid once.
    assert Payment.objects.count() <= 1


def test_a_file_that_is_sent_twice_at_once_is_read_once(facility: Any, clerk: User) -> None:  # noqa: F811 - a fixture
    told = ("HT-1", "2025-06-10", "还本", "10万元", "L2")
    outcomes = race(lambda _number: loans._take(facility, clerk, told), 2)
    assert errors_of(outcomes) == []
    assert facility.movements.filter(on=date(2025, 6, 10)).count() == 1
    assert facility.periods.filter(begins_on__gte=date(2025, 6, 1) - timedelta(days=1)).count() == 3
