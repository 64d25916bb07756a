"""Two lists approved at the same moment from one line that has money for one of them - and what happens without the lock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from chuangju.applications.batches import approve_batch, draw_batch, freeze_batch, propose_batch
from chuangju.applications.models import Decision, DecisionBatch, Window
from chuangju.budget.ledger import balances_of
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine, ClaimBalance
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.models import Role
from tests.applications import desk, selecting
from tests.applications.test_decision_races import switch_locks_off as switch_money_locks_off
from tests.applications.test_selection_races import switch_locks_off
from tests.kernel.racing import errors_of, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
LISTS = 2


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    """Money for one winner."""
    return selecting.give_line(selecting.GRANT, at=now)


@pytest.fixture
def waiting(line: BudgetLine, now: datetime) -> list[DecisionBatch]:
    """The lists of two rounds, one winner each, both put forward; a round stops when the money is gone."""
    founder, by, found = make_user("founder", Role.ENTREPRENEUR), selecting.officer(), []
    for number in range(LISTS):
        window = selecting.closed_round(
            [20], founder=founder, at=now + timedelta(minutes=number), first=number + 1, places=1, money=None,
            when_empty=Window.WhenEmpty.REFUSE,
        )  # fmt: skip
        batch = draw_batch(window, by=by, at=now)
        found.append(propose_batch(freeze_batch(batch, by=by, at=now), by=by, at=now))
    return found


def approvers() -> list[User]:
    return [
        make_user(f"approver-kw-{number}", Role.APPROVER, unit=desk.unit_of(selecting.UNIT)) for number in range(LISTS)
    ]


def approved_at_once(waiting: list[DecisionBatch], now: datetime) -> list[object]:
    people = approvers()
    return race(lambda number: approve_batch(waiting[number], by=people[number], at=now), LISTS)


def granted() -> int:
    return Decision.objects.filter(state=Decision.State.APPROVED, outcome="granted").count()


def claimed() -> int:
    return sum(ClaimBalance.objects.values_list("reserved", flat=True))


def test_the_money_goes_to_one_list_and_the_other_is_kept_back_whole(
    waiting: list[DecisionBatch], line: BudgetLine, now: datetime
) -> None:
    outcomes = approved_at_once(waiting, now)
    assert [isinstance(error, Refused) for error in errors_of(outcomes)] == [True]
    assert granted() == 1
    assert claimed() == balances_of(line).reserved == selecting.GRANT
    assert list(find_ledger_faults()) == []


def test_without_the_lock_the_same_money_is_granted_twice(
    waiting: list[DecisionBatch], line: BudgetLine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_money_locks_off(monkeypatch)
    switch_locks_off(monkeypatch)
    outcomes = approved_at_once(waiting, now)
    if connection.vendor == "postgresql":
        assert errors_of(outcomes) == []
        assert granted() == LISTS
        assert claimed() == LISTS * selecting.GRANT > balances_of(line).planned
        assert list(find_ledger_faults()) != []
        return
    # SQLite has one writer: whoever read before the other wrote falls.
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    assert unclean or granted() == LISTS
