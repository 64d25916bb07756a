"""Two approvers with the same list at the same moment: each case is approved once, and whoever was later is told so for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from chuangju.applications.bulk_actions import BulkAction, BulkResult, act_in_bulk
from chuangju.applications.bulk_approvals import Seen
from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.models import Decision, Entitlement, Step, Window
from chuangju.budget.ledger import balances_of
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.kernel.models import User
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.kernel.racing import race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
CASES, SHARE = 6, 30_000 * deciding.YUAN


def approving(steps: list[Step], seen: dict[int, Seen], people: list[User], at: datetime) -> Callable[[int], object]:
    def approve(number: int) -> list[BulkResult]:
        rows = Step.objects.filter(pk__in=[step.pk for step in steps]).select_related("application__subject")
        by = people[number % len(people)]
        return act_in_bulk(BulkAction.APPROVE, list(rows), opinion="同意", seen=seen, by=by, at=at)

    return approve


def test_the_same_list_approved_by_two_at_once_grants_each_case_once(now: datetime) -> None:
    line = deciding.give_line((CASES + 2) * SHARE, at=now)
    window = Window.objects.create(
        policy_id="rent_subsidy", title="创业场地房租补贴", unit=desk.unit_of("rsj"), created_at=now
    )
    founder = make_user("founder", Role.ENTREPRENEUR)
    people = [desk.approver_of("rsj"), make_user("second", Role.APPROVER, unit=desk.unit_of("rsj"))]
    waiting = [deciding.quick_case(place, window, founder=founder, at=now) for place in range(1, CASES + 1)]
    steps = [desk.step_of(one.application, "approve") for one in waiting]
    seen = {step.pk: Seen(one.pk, one.revision) for step, one in zip(steps, waiting, strict=True)}
    outcomes = race(approving(steps, seen, people, now), 4)
    results = [one for found in outcomes for one in found]
    assert len(results) == 4 * CASES
    assert sum(one.is_done for one in results) == CASES
    assert all(one.sentence for one in results)
    assert not Decision.objects.filter(state=Decision.State.PROPOSED).exists()
    assert Entitlement.objects.count() == CASES
    held = balances_of(line)
    assert held.reserved + held.committed == CASES * SHARE
    assert list(find_ledger_faults()) == []
    assert list(find_decision_faults()) == []
