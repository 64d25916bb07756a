"""An account corrected while a clerk confirms the next period of interest: the period goes to the corrected one - unless the lock is off."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection

from chuangju.applications import interest_periods, payee_accounts
from chuangju.applications.models import LoanFacility
from chuangju.budget.models import Payment
from chuangju.budget.payments import mend_account
from chuangju.kernel.models import User
from tests.applications import deciding
from tests.applications import test_facilities as loans
from tests.applications.test_corrected_accounts import CORRECTED, RIGHT, WRONG, interest
from tests.applications.test_facilities import case, clerk, facility  # noqa: F401 - fixtures
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def returned(facility: LoanFacility, clerk: User) -> LoanFacility:  # noqa: F811 - fixtures
    """A loan whose first period came back and whose second is not confirmed."""
    line = loans._line(1_000_000)
    interest_periods.settle_period(facility.periods.get(number=1), by=clerk, at=loans.NOW)
    deciding.pay(line, [interest(facility, 1)[1]], at=loans.NOW, outcome="failed")
    return facility


def at_once(returned: LoanFacility, clerk: User, monkeypatch: pytest.MonkeyPatch) -> list[Any]:  # noqa: F811 - a fixture
    """The account is being corrected, for a while, when the clerk confirms the next period."""
    boss, first, second = User.objects.get(username="boss"), interest(returned, 1)[1], returned.periods.get(number=2)
    find = payee_accounts._waiting_payments

    def find_slowly(*args: Any) -> list[Payment]:
        found = find(*args)
        time.sleep(0.6)
        return found

    def act(number: int) -> object:
        if number:
            time.sleep(0.3)
            return interest_periods.settle_period(second, by=clerk, at=loans.NOW)
        return mend_account(first, **CORRECTED, by=boss, at=loans.NOW)

    monkeypatch.setattr(payee_accounts, "_waiting_payments", find_slowly)
    return race(act, 2)


def test_the_next_period_goes_to_the_account_that_is_corrected_meanwhile(
    returned: LoanFacility,
    clerk: User,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert errors_of(at_once(returned, clerk, monkeypatch)) == []
    assert {one.account_number for one in Payment.objects.all()} == {RIGHT}


def test_without_the_lock_the_next_period_goes_to_the_wrong_account(
    returned: LoanFacility,
    clerk: User,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The case as it was read before whoever corrects it was waited for.
    monkeypatch.setattr(interest_periods, "lock_application", lambda application: application)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = at_once(returned, clerk, monkeypatch)
    if connection.vendor == "postgresql":
        assert errors_of(outcomes) == []
        assert {one.account_number for one in Payment.objects.all()} == {RIGHT, WRONG}
    else:
        # SQLite has one writer: whoever read before the other wrote falls.
        assert errors_of(outcomes)
