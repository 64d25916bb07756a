"""What waits for a decision enters the forecast of the line that pays for it, at what usually is granted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.decisions import approve_decision, propose_decision
from chuangju.applications.models import Decision
from chuangju.applications.publications import publish_if_ready
from chuangju.budget.forecasts import forecast_of, pending_by_policy
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
YUAN = 100


@pytest.fixture
def founder() -> User:
    return make_user("founder", "entrepreneur")


def test_what_was_handed_in_waits_at_what_usually_is_granted(founder: User, now: datetime) -> None:
    line = deciding.give_line(40_000 * YUAN, at=now)
    waiting = [desk.hand_in(desk.make_firm(place, founder=founder), by=founder, at=now) for place in (1, 2)]
    found = pending_by_policy(on=now.date())[desk.POLICY]
    assert (found.count, found.amount, found.expected, found.days) == (2, 60_000 * YUAN, 60_000 * YUAN, None)
    later = now + timedelta(days=10)
    deciding.granted(deciding.at_approval(waiting[0], at=now), at=now, later=later)
    refused = deciding.case_at_approval(desk.make_firm(3, founder=founder), founder=founder, at=now)
    decision = propose_decision(
        refused, Decision.Outcome.REFUSED, reasons=[{"zh": "现场没有经营"}], by=deciding.proposer(), at=now
    )
    approve_decision(decision, by=desk.approver_of("rsj"), at=now)
    publish_if_ready(refused, by=None, at=later)
    found = pending_by_policy(on=later.date())[desk.POLICY]
    assert (found.count, found.amount, found.approval_rate) == (1, 30_000 * YUAN, 0.5)
    assert found.days is not None
    kept = BudgetLine.objects.select_related("balance").get(pk=line.pk)
    forecast = forecast_of(kept, pending=found, pace=0, on=later.date())
    assert forecast.expected_paid == 40_000 * YUAN, "what is left covers less than the usual half"


def test_what_was_approved_and_waits_for_money_is_wanted_in_full(founder: User, now: datetime) -> None:
    deciding.give_line(30_000 * YUAN, at=now)
    for place in (1, 2):
        case = deciding.case_at_approval(desk.make_firm(place, founder=founder), founder=founder, at=now)
        deciding.granted(case, at=now, later=now + timedelta(days=10))
    found = pending_by_policy(on=now.date() + timedelta(days=11))[desk.POLICY]
    assert (found.count, found.amount, found.expected) == (1, 30_000 * YUAN, 30_000 * YUAN)


def test_loans_and_drafts_take_no_money_of_a_line(founder: User, now: datetime) -> None:
    desk.begin_case(desk.make_firm(1, founder=founder), by=founder, at=now)
    assert pending_by_policy(on=now.date()) == {}
