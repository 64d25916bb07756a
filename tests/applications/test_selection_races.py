"""Two approvers, two freezers, two publishers at the same moment: a list is decided once - unless the lock is off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from chuangju.applications import batch_decisions, batches, case_locks, case_money, decisions
from chuangju.applications.batch_checks import find_batch_faults
from chuangju.applications.batches import approve_batch, draw_batch, freeze_batch, propose_batch
from chuangju.applications.models import Decision, DecisionBatch, FrozenFacts
from chuangju.budget import accounts
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.refusals import Refused
from chuangju.units.models import Role
from tests.applications import desk, selecting
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
RACERS = 4


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    """Money for both winners twice over."""
    return selecting.give_line(4 * selecting.GRANT, at=now)


@pytest.fixture
def batch(line: BudgetLine, now: datetime) -> DecisionBatch:
    """A list of three cases for two places."""
    desk.approver_of("kw")
    founder = make_user("founder", Role.ENTREPRENEUR)
    window = selecting.closed_round([20, 28, 24], founder=founder, at=now)
    return draw_batch(window, by=selecting.officer(), at=now)


def approvers() -> list[User]:
    return [
        make_user(f"approver-kw-{number}", Role.APPROVER, unit=desk.unit_of(selecting.UNIT)) for number in range(RACERS)
    ]


def switch_locks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the twins do without: everybody reads the list before anybody has written it."""
    for module in (batches, batch_decisions, case_locks, case_money, decisions, accounts):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)
    monkeypatch.setattr(batches, "refuse_if_changed", _slow(batches.refuse_if_changed))
    monkeypatch.setattr(batches, "ranked", _slow(batches.ranked))
    let_sqlite_begin_deferred(monkeypatch)


def _slow(read: Callable[..., Any]) -> Callable[..., Any]:
    def read_slowly(*args: Any, **options: Any) -> Any:
        found = read(*args, **options)
        time.sleep(0.1)
        return found

    return read_slowly


def frozen_times() -> int:
    return AuditEvent.objects.filter(action="applications.batch_frozen").count()


def test_a_list_frozen_by_many_clicks_is_frozen_once(batch: DecisionBatch, now: datetime) -> None:
    by = selecting.officer()
    outcomes = race(lambda _number: freeze_batch(batch, by=by, at=now), RACERS)
    assert len(errors_of(outcomes)) == RACERS - 1
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
    assert frozen_times() == 1
    assert list(find_batch_faults()) == []


def test_without_the_lock_it_is_frozen_twice_or_somebody_falls(
    batch: DecisionBatch, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = selecting.officer()
    switch_locks_off(monkeypatch)
    outcomes = race(lambda _number: freeze_batch(batch, by=by, at=now), RACERS)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    assert unclean or frozen_times() > 1


def proposed(batch: DecisionBatch, now: datetime) -> DecisionBatch:
    by = selecting.officer()
    return propose_batch(freeze_batch(batch, by=by, at=now), by=by, at=now)


def test_a_list_approved_by_several_at_once_is_approved_once_and_money_is_held_once(
    batch: DecisionBatch, line: BudgetLine, now: datetime
) -> None:
    waiting, people = proposed(batch, now), approvers()
    outcomes = race(lambda number: approve_batch(waiting, by=people[number], at=now), RACERS)
    assert ["名单现在是“已审定”" in str(error) for error in errors_of(outcomes)] == [True] * (RACERS - 1)
    assert Decision.objects.filter(state=Decision.State.APPROVED, outcome="granted").count() == 2
    assert balances_of(line).reserved == 2 * selecting.GRANT


def test_without_the_lock_others_begin_to_decide_what_is_decided_already(
    batch: DecisionBatch, line: BudgetLine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, people = proposed(batch, now), approvers()
    switch_locks_off(monkeypatch)
    outcomes = race(lambda number: approve_batch(waiting, by=people[number], at=now), RACERS)
    # Only what stands below the list still holds: cases and steps, which the database keeps from being ended twice.
    unclean = [error for error in errors_of(outcomes) if "名单现在是" not in str(error)]
    decided = FrozenFacts.objects.filter(moment=FrozenFacts.Moment.DECIDED).count()
    assert unclean or decided > 2 or balances_of(line).reserved != 2 * selecting.GRANT
