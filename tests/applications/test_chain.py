"""One case from its submission to the money on the account, with every step by the person whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.instalment_payments import close_paid_cases, mend_instalment, request_due_of
from chuangju.applications.instalments import InstalmentRefused
from chuangju.applications.models import Application, Decision, FrozenFacts, Instalment, PublicNotice, Step
from chuangju.applications.notices import end_notice
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import Payment
from chuangju.kernel.models import Message, Paper
from chuangju.units.models import Role
from chuangju.ventures.facts import facts_of
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
    payment = Payment.objects.get(claim_key=parts[0].claim_key)
    deciding.pay(line, [payment], at=after)
    parts[0].refresh_from_db()
    assert (parts[0].state, parts[0].paid_on) == (Instalment.State.PAID, after.date())
    assert close_paid_cases(at=after) == 1
    application.refresh_from_db()
    assert application.closed_at == after
    told = set(Message.objects.filter(user=founder).values_list("template", flat=True))
    assert told >= {"applications.in_notice", "applications.decided", "applications.paid"}

    half = after + timedelta(days=190)
    assert request_due_of(application, by=None, at=half) == 1
    deciding.pay(line, [Payment.objects.get(claim_key=parts[1].claim_key)], at=half)
    assert desk.step_of(application, Step.Kind.PAY).state == Step.State.DONE
    assert balances_of(line).paid == 30_000 * deciding.YUAN
    assert list(find_decision_faults()) == []


def test_a_payment_that_comes_back_goes_out_again_once_the_account_is_mended(now: datetime) -> None:
    founder = make_user("founder", Role.ENTREPRENEUR)
    firm = desk.make_firm(1, founder=founder)
    line = deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    after = now + timedelta(days=10)
    decision = deciding.granted(application, at=now, later=after)
    request_due_of(application, by=None, at=after)
    part = decision.entitlement.instalments.get(number=1)
    deciding.pay(line, [Payment.objects.get(claim_key=part.claim_key)], at=after, outcome="failed")
    part.refresh_from_db()
    assert (part.state, part.reason) == (Instalment.State.RETURNED, "账号有误")
    with pytest.raises(InstalmentRefused):
        mend_instalment(
            part, account_name="x", account_number="6222000000000001", bank="演示银行", by=deciding.proposer(), at=after
        )
    mended = mend_instalment(
        part, account_name=firm.name, account_number="6222000000000001", bank="演示银行", by=founder, at=after
    )
    deciding.pay(line, [mended], at=after)
    part.refresh_from_db()
    assert part.state == Instalment.State.PAID
    assert balances_of(line).paid == part.amount
