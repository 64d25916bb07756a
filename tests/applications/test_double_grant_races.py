"""One body, one year, two cases, two approvers with a list each: one grant - and two as soon as the lock of the party is off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from chuangju.applications import decisions
from chuangju.applications.bulk_actions import BulkAction, BulkResult, act_in_bulk
from chuangju.applications.bulk_approvals import Seen
from chuangju.applications.models import Application, Decision, Entitlement, Step, Window
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
LISTS, SHARE = 2, 30_000 * deciding.YUAN


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    """Money enough for both."""
    return deciding.give_line(4 * SHARE, at=now)


@pytest.fixture
def waiting(line: BudgetLine, now: datetime) -> list[Decision]:
    """Two cases of one firm, which the register holds twice, for the same year; both are proposed."""
    window = Window.objects.create(
        policy_id="rent_subsidy", title="创业场地房租补贴", unit=desk.unit_of("rsj"), created_at=now
    )
    founder = make_user("founder", Role.ENTREPRENEUR)
    found = [deciding.quick_case(place, window, founder=founder, at=now) for place in range(1, LISTS + 1)]
    Application.objects.filter(pk__in=[one.application_id for one in found]).update(period=str(now.year))
    firm, again = (one.application.subject for one in found)
    again.merged_into = firm
    again.save()
    return found


def approved_at_once(waiting: list[Decision], monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[Any]:
    """Each approver has looked at what the firm has already when the other begins to approve."""
    people: list[User] = [
        make_user(f"approver-{number}", Role.APPROVER, unit=desk.unit_of("rsj")) for number in range(LISTS)
    ]
    look: Callable[..., None] = decisions.refuse_beside_others

    def look_slowly(*args: Any, **options: Any) -> None:
        look(*args, **options)
        time.sleep(0.5)

    monkeypatch.setattr(decisions, "refuse_beside_others", look_slowly)

    def approve(number: int) -> list[BulkResult]:
        decision = waiting[number]
        steps = Step.objects.filter(application=decision.application_id, kind=Step.Kind.APPROVE)
        rows = list(steps.select_related("application__subject"))
        seen = {rows[0].pk: Seen(decision.pk, decision.revision)}
        return act_in_bulk(BulkAction.APPROVE, rows, opinion="同意", seen=seen, by=people[number], at=now)

    return race(approve, LISTS)


def test_two_lists_approved_at_once_grant_a_party_once(
    waiting: list[Decision], line: BudgetLine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = approved_at_once(waiting, monkeypatch, now)
    assert errors_of(outcomes) == []
    results = [one for found in outcomes for one in found]
    assert sorted(one.is_done for one in results) == [False, True]
    assert ["不能重复或同时享受" in one.sentence for one in results if not one.is_done] == [True]
    held = balances_of(line)
    assert (Entitlement.objects.count(), held.reserved + held.committed) == (1, SHARE)


def test_without_the_lock_two_lists_approved_at_once_grant_a_party_twice(
    waiting: list[Decision], line: BudgetLine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = approved_at_once(waiting, monkeypatch, now)
    held = balances_of(line)
    if connection.vendor == "postgresql":
        assert errors_of(outcomes) == []
        assert all(one.is_done for found in outcomes for one in found)
        assert (Entitlement.objects.count(), held.reserved + held.committed) == (LISTS, LISTS * SHARE)
    else:
        # SQLite has one writer: whoever read before the other wrote falls.
        assert errors_of(outcomes)
        assert Entitlement.objects.count() < LISTS
