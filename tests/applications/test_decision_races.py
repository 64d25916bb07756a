"""Many at the same moment: the last money of a window is granted exactly, nothing is decided or paid twice - unless the lock is off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError, connections

from chuangju.applications import case_locks, case_money, decisions, instalments
from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.decisions import DecisionRefused, approve_decision
from chuangju.applications.instalments import request_instalment
from chuangju.applications.models import Application, Decision, Entitlement, Instalment, Window
from chuangju.budget import accounts, payments
from chuangju.budget.ledger import balances_of
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine, LineBalance, Payment
from chuangju.kernel.locks import LockBusy
from chuangju.kernel.refusals import Refused
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
RACERS, PLACES, SHARE = 60, 37, 30_000 * deciding.YUAN


@pytest.fixture
def window(now: datetime) -> Window:
    """A window that stops when the money is gone."""
    return Window.objects.create(
        policy_id="rent_subsidy",
        title="创业场地房租补贴",
        unit=desk.unit_of("rsj"),
        when_empty=Window.WhenEmpty.REFUSE,
        created_at=now,
    )


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    """Money for exactly so many grants, and a fen."""
    return deciding.give_line(PLACES * SHARE + 1, at=now)


def proposals(window: Window, count: int, *, at: datetime) -> list[Decision]:
    founder = make_user("founder", Role.ENTREPRENEUR)
    desk.approver_of("rsj")
    return [deciding.quick_case(place, window, founder=founder, at=at) for place in range(1, count + 1)]


def approving(waiting: list[Decision], at: datetime) -> Callable[[int], str]:
    approver = desk.approver_of("rsj")

    def approve(number: int) -> str:
        for _try in range(40):
            try:
                approve_decision(waiting[number % len(waiting)], by=approver, at=at)
            except LockBusy:
                # On PostgreSQL nobody waits for longer than a few seconds; whoever is told so leaves and tries again.
                connections.close_all()
            except OperationalError as error:
                if "get a connection" not in str(error):
                    raise
            else:
                return "granted"
        return "never had a turn"

    return approve


def switch_locks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases, windows, lines and claims are read without being held, so that others read the same meanwhile."""

    def rows(keys: Any) -> list[LineBalance]:
        found = list(LineBalance.objects.filter(line_id__in=keys).select_related("line").order_by("line_id"))
        time.sleep(0.02)
        return found

    for module in (case_locks, case_money, decisions, instalments, accounts, payments):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(accounts, "locked_rows", rows)
    monkeypatch.setattr(Payment.objects.__class__, "select_for_update", lambda queryset, **_options: queryset.all())
    let_sqlite_begin_deferred(monkeypatch)


def test_the_last_money_of_a_window_is_granted_exactly_and_the_others_are_refused(
    window: Window, line: BudgetLine, now: datetime
) -> None:
    waiting = proposals(window, RACERS, at=now)
    outcomes = race(approving(waiting, now), RACERS)
    assert outcomes.count("granted") == PLACES
    refused = errors_of(outcomes)
    assert {type(error) for error in refused} <= {DecisionRefused}
    assert len(refused) == RACERS - PLACES
    assert Application.objects.filter(state=Application.State.GRANTED).count() == PLACES
    assert Decision.objects.filter(state=Decision.State.PROPOSED).count() == RACERS - PLACES
    left = balances_of(line)
    assert (left.available, left.reserved, left.committed) == (1, 0, PLACES * SHARE)
    assert list(find_ledger_faults()) == []
    assert list(find_decision_faults()) == []


def test_without_the_lock_the_last_money_is_not_granted_exactly(
    window: Window, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = deciding.give_line(4 * SHARE + 1, at=now)
    waiting = proposals(window, 12, at=now)
    switch_locks_off(monkeypatch)
    outcomes = race(approving(waiting, now), 12)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    granted = outcomes.count("granted")
    held = balances_of(line)
    assert unclean or granted > 4 or held.reserved + held.committed != granted * SHARE


def test_a_decision_approved_by_many_clicks_grants_once(window: Window, line: BudgetLine, now: datetime) -> None:
    waiting = proposals(window, 1, at=now)
    outcomes = race(approving(waiting, now), 12)
    assert outcomes.count("granted") == 1
    assert {type(error) for error in errors_of(outcomes)} == {DecisionRefused}
    assert Entitlement.objects.get().amount == SHARE
    assert balances_of(line).committed == SHARE


def requesting(part: Instalment, at: datetime) -> Callable[[int], str]:
    def request(_number: int) -> str:
        return "asked" if request_instalment(part, by=None, at=at) is not None else "not due"

    return request


def test_a_part_asked_for_by_many_is_paid_once(window: Window, line: BudgetLine, now: datetime) -> None:
    waiting = proposals(window, 1, at=now)
    approving(waiting, now)(0)
    part = Instalment.objects.get(number=1)
    outcomes = race(requesting(part, now), 12)
    assert outcomes.count("asked") == 1
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
    assert Payment.objects.count() == 1


def test_without_the_lock_somebody_falls_but_the_database_still_pays_once(
    window: Window, line: BudgetLine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = proposals(window, 1, at=now)
    approving(waiting, now)(0)
    part = Instalment.objects.get(number=1)
    switch_locks_off(monkeypatch)
    outcomes = race(requesting(part, now), 12)
    assert [error for error in errors_of(outcomes) if not isinstance(error, Refused)] or outcomes.count("asked") > 1
    assert Payment.objects.count() <= 1
