"""Ways to be paid twice that somebody might try, each of which ends in a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chuangju.applications.children import open_reopening
from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.decisions import DecisionRefused, approve_decision, propose_decision
from chuangju.applications.exclusions import conflicting_grants
from chuangju.applications.instalment_payments import request_due_instalments, request_due_of
from chuangju.applications.instalments import InstalmentRefused, resume_instalment
from chuangju.applications.interest_periods import LoanRefused, settle_period
from chuangju.applications.models import Application, Decision, Instalment, InterestPeriod, LoanFacility, Window
from chuangju.applications.recoveries import open_recovery, record_repayment
from chuangju.applications.steps import complete_step
from chuangju.budget.ledger import balances_of
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine, Payment
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.applications import test_facilities as loans
from tests.applications.test_facilities import case, clerk, facility  # noqa: F401 - fixtures
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    return deciding.give_line(200_000 * deciding.YUAN, at=now)


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


def paid_once(place: int, line: BudgetLine, founder: User, now: datetime) -> tuple[Application, datetime]:
    """A grant in two parts of which the first was paid."""
    application = deciding.case_at_approval(desk.make_firm(place, founder=founder), founder=founder, at=now)
    after = now + timedelta(days=10)
    deciding.granted(application, at=now, later=after)
    request_due_of(application, by=None, at=after)
    first = Instalment.objects.get(entitlement__application=application, number=1)
    deciding.pay(line, [Payment.objects.get(claim_key=first.claim_key)], at=after)
    return application, after


def taken_back(application: Application, at: datetime) -> Application:
    """A decision that takes back what was paid."""
    child = open_recovery(application, reason="已退租", hears=False, by=desk.clerk_of("rsj"), at=at)
    complete_step(desk.step_of(child, "verify"), "passed", opinion="属实", by=desk.clerk_of("rsj"), at=at)
    taken = propose_decision(child, "revoked", amount=1_500_000, remark="退回", by=deciding.proposer(), at=at)
    approve_decision(taken, by=desk.approver_of("rsj"), at=at)
    child.refresh_from_db()
    return child


def test_a_part_of_a_grant_that_was_taken_back_does_not_resume(line: BudgetLine, founder: User, now: datetime) -> None:
    application, after = paid_once(1, line, founder, now)
    taken_back(application, after)
    second = Instalment.objects.get(entitlement__application=application, number=2)
    with pytest.raises(InstalmentRefused, match="原决定已被撤销或变更"):
        resume_instalment(second, reason="想再付", by=desk.clerk_of("rsj"), at=after)
    later = after + timedelta(days=200)
    request_due_instalments(DutyPeriod(on=later.date(), start=later, end=later, at=later))
    assert Payment.objects.count() == 1


def test_a_part_of_a_grant_in_whose_place_another_stands_does_not_resume(
    line: BudgetLine, founder: User, now: datetime
) -> None:
    application, after = paid_once(1, line, founder, now)
    again = open_reopening(application, reason="月租有误", by=desk.clerk_of("rsj"), at=after)
    deciding.at_approval(again, at=after)
    deciding.approved(again, at=after)
    second = Instalment.objects.get(entitlement__application=application, number=2)
    assert second.state == Instalment.State.STOPPED
    for _moment in ("approved", "published"):
        with pytest.raises(InstalmentRefused, match="原决定已被撤销或变更"):
            resume_instalment(second, reason="想再付", by=desk.clerk_of("rsj"), at=after)
        deciding.publish(again, at=after + timedelta(days=10))
    balances = balances_of(line)
    assert balances.paid + balances.committed + balances.reserved == 30_000 * deciding.YUAN
    assert list(find_decision_faults()) == []


def test_one_receipt_pays_back_one_recovery(line: BudgetLine, founder: User, now: datetime) -> None:
    cases = []
    for place in (1, 2):
        application, after = paid_once(place, line, founder, now + timedelta(minutes=place))
        cases.append(taken_back(application, after))
    told: dict[str, Any] = {
        "amount": 500_000,
        "reference": "JK-1",
        "received_on": after.date(),
        "by": deciding.keeper(),
        "at": after,
    }
    record_repayment(cases[0], **told)
    with pytest.raises(DecisionRefused, match=f"已经登记过，在办件 {cases[0].number}"):
        record_repayment(cases[1], **told)
    assert balances_of(line).paid == 2_500_000
    assert list(find_ledger_faults()) == []
    assert list(find_decision_faults()) == []


def grant_of_interest(facility: LoanFacility, clerk: User) -> Decision:  # noqa: F811 - fixtures
    """The city's subsidy of the interest of a whole loan, which does not go with that of each period."""
    window = Window.objects.create(policy_id="loan_interest_subsidy", title="贷款贴息", created_at=loans.NOW)
    other = Application.objects.create(
        window=window, policy_id=window.policy_id, policy_version="2024", title="创业担保贷款贴息",
        number="310112202512010002", state=Application.State.IN_REVIEW, subject=facility.borrower,
        unit=desk.unit_of("rsj"), town=facility.borrower.town, submitter=User.objects.get(username="boss"),
        started_at=loans.NOW, changed_at=loans.NOW, submitted_at=loans.NOW,
    )  # fmt: skip
    return Decision.objects.create(
        application=other, outcome=Decision.Outcome.GRANTED, state=Decision.State.PROPOSED, amount=500_000,
        proposed_at=loans.NOW, proposed_by=clerk,
    )  # fmt: skip


def test_interest_that_was_granted_as_a_whole_is_not_paid_by_period(facility: LoanFacility, clerk: User) -> None:  # noqa: F811 - fixtures
    loans._line(1_000_000)
    decision = grant_of_interest(facility, clerk)
    Decision.objects.filter(pk=decision.pk).update(
        state=Decision.State.APPROVED, approved_at=loans.NOW, approved_by=desk.approver_of("rsj")
    )
    with pytest.raises(LoanRefused, match="不能重复或同时享受：创业担保贷款贴息"):
        settle_period(facility.periods.get(number=1), by=clerk, at=loans.NOW)
    assert not Payment.objects.exists()


def test_interest_that_is_paid_by_period_is_not_granted_as_a_whole(facility: LoanFacility, clerk: User) -> None:  # noqa: F811 - fixtures
    loans._line(1_000_000)
    decision = grant_of_interest(facility, clerk)
    policy = current_catalogue().version("loan_interest_subsidy", "2024")
    assert policy is not None
    assert conflicting_grants(decision.application, policy, on=loans.NOW.date()) == []
    settled = settle_period(facility.periods.get(number=1), by=clerk, at=loans.NOW)
    assert settled.state == InterestPeriod.State.REQUESTED
    assert len(conflicting_grants(decision.application, policy, on=loans.NOW.date())) == 1
