"""One case from its submission to the money on the account, with every step by the person whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.instalment_payments import close_paid_cases, request_due_of
from chuangju.applications.models import Application, Decision, FrozenFacts, Instalment, PublicNotice, Step
from chuangju.applications.notices import end_notice
from chuangju.budget.ledger import balances_of
from chuangju.kernel.models import Message, Paper, User
from chuangju.units.models import Role
from chuangju.ventures.facts import facts_of
from chuangju.ventures.models import Party
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def test_a_rent_subsidy_goes_from_submission_to_the_account(now: datetime) -> None:
    founder = make_user("founder", Role.ENTREPRENEUR)
    firm = desk.make_firm(1, founder=founder)
    line = deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(firm, founder=founder, at=now)

    decision = deciding.proposed(application, at=now)
    assert decision.amount == 30_000 * deciding.YUAN
    assert {reason["condition"] for reason in decision.reasons} >= {"active", "young", "lease", "hire", "left"}
    decision = deciding.approve_decision(decision, by=desk.approver_of("rsj"), at=now)
    assert decision.state == Decision.State.APPROVED
    assert decision.frozen is not None
    assert decision.frozen.moment == FrozenFacts.Moment.DECIDED
    assert (balances_of(line).reserved, balances_of(line).committed) == (30_000 * deciding.YUAN, 0)

    notice = PublicNotice.objects.get(decisions=decision)
    assert end_notice(notice, by=None, at=now + timedelta(days=3)) == []
    after = now + timedelta(days=10)
    assert end_notice(notice, by=None, at=after) == [decision]
    application.refresh_from_db()
    decision.refresh_from_db()
    assert (application.state, decision.state) == (Application.State.GRANTED, Decision.State.PUBLISHED)
    assert (balances_of(line).reserved, balances_of(line).committed) == (0, 30_000 * deciding.YUAN)
    parts = list(Instalment.objects.filter(entitlement__decision=decision).order_by("number"))
    assert [part.amount for part in parts] == [15_000 * deciding.YUAN] * 2
    assert facts_of(firm, on=after.date())["grants"] == (
        {"policy": "rent_subsidy", "level": "district", "paid_on": after.date(), "amount": 30_000 * deciding.YUAN},
    )
    assert Paper.objects.get(subject_id=str(decision.pk)).title == "关于“创业场地房租补贴”的审核决定书"

    assert request_due_of(application, by=None, at=after) == 1
    assert request_due_of(application, by=None, at=after) == 0
