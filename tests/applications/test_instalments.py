"""Parts of a grant: due when their day has come, looked at again, stopped, resumed, and waiting for money in order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.children import open_correction
from chuangju.applications.decisions import approve_decision, propose_decision
from chuangju.applications.instalment_payments import request_due_instalments, request_due_of
from chuangju.applications.instalments import InstalmentRefused, resume_instalment, stop_instalment
from chuangju.applications.living_conditions import living_conditions
from chuangju.applications.models import Application, ApplicationFlag, FrozenFacts, Instalment
from chuangju.applications.recoveries import open_recovery
from chuangju.applications.steps import complete_step
from chuangju.budget.batches import BatchRefused, check_batch, drop_payment, form_batch
from chuangju.budget.ledger import balances_of, claim_balances, plan_money
from chuangju.budget.models import Payment
from chuangju.budget.payments import stop_payment
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import Message, User
from chuangju.policies.current import current_catalogue
from chuangju.units.models import Role
from chuangju.ventures.facts import record_fact
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


def _granted(place: int, founder: User, now: datetime) -> tuple[Application, datetime]:
    application = deciding.case_at_approval(desk.make_firm(place, founder=founder), founder=founder, at=now)
    later = now + timedelta(days=10)
    deciding.granted(application, at=now, later=later)
    return application, later


def test_conditions_of_entry_are_not_asked_for_again(now: datetime) -> None:
    policy = current_catalogue().version("rent_subsidy", "2024")
    assert policy is not None
    assert living_conditions(policy, on=now.date()) == {"active", "lease", "hire"}


def test_a_part_whose_living_condition_broke_is_stopped_and_resumes_once_it_holds_again(
    founder: User, now: datetime
) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application, later = _granted(1, founder, now)
    request_due_of(application, by=None, at=later)
    half = later + timedelta(days=190)
    gone = [{"residence": "city", "groups": [], "hired_on": "2024-06-01", "contract_months": 12, "insured_months": 12}]
    record_fact(application.subject, "employees", gone, source="社保", is_certified=True, by=None, at=half)
    assert request_due_of(application, by=None, at=half) == 0
    second = Instalment.objects.get(number=2)
    assert (second.state, second.reason) == ("stopped", "存续条件不再满足：两人以上参保满半年")
    assert claim_balances(second.claim_key).committed == second.amount
    assert application.frozen.filter(moment=FrozenFacts.Moment.RECHECKED).count() == 1
    clerk = desk.clerk_of("rsj")
    with pytest.raises(InstalmentRefused, match="仍不满足"):
        resume_instalment(second, reason="看错了", by=clerk, at=half)
    more = desk.ANSWERS["employees"]
    later_still = half + timedelta(days=1)
    record_fact(application.subject, "employees", more, source="社保", is_certified=True, by=None, at=later_still)
    resume_instalment(second, reason="参保漏登，已更正", by=clerk, at=later_still)
    assert request_due_of(application, by=None, at=later_still) == 1


def test_a_part_is_stopped_by_hand_by_the_unit_alone(founder: User, now: datetime) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application, later = _granted(1, founder, now)
    second = Instalment.objects.get(number=2)
    with pytest.raises(InstalmentRefused, match="责任单位"):
        stop_instalment(second, reason="退租", by=desk.clerk_of(deciding.TOWN), at=later)
    stop_instalment(second, reason="退租", by=desk.clerk_of("rsj"), at=later)
    half = later + timedelta(days=190)
    request_due_of(application, by=None, at=half)
    assert Payment.objects.count() == 1, "the first part alone"


def test_grants_beyond_the_money_wait_and_are_funded_in_the_order_of_approval(founder: User, now: datetime) -> None:
    line = deciding.give_line(30_000 * deciding.YUAN, at=now)
    first, later = _granted(1, founder, now)
    second, _later = _granted(2, founder, now + timedelta(minutes=1))
    third, _later = _granted(3, founder, now + timedelta(minutes=2))
    waiting = Instalment.objects.filter(state="waiting")
    assert {one.entitlement.application for one in waiting} == {second, third}
    assert ApplicationFlag.objects.filter(kind="funds", ended_at__isnull=True).count() == 2
    period = DutyPeriod(on=later.date(), start=later, end=later, at=later)
    request_due_instalments(period)
    assert waiting.count() == 4
    plan_money(line, 40_000 * deciding.YUAN, reason="追加", by=deciding.keeper(), at=later)
    request_due_instalments(period)
    assert {one.entitlement.application for one in waiting.all()} == {third}
    assert Payment.objects.count() == 2
    assert not second.flags.filter(kind="funds", ended_at__isnull=True).exists()
    assert first.entitlements.get().instalments.filter(state="requested").count() == 1


@pytest.mark.parametrize("way", ["in a batch", "failed"])
def test_what_was_revoked_is_not_paid_from_where_its_payment_lies(way: str, founder: User, now: datetime) -> None:
    line = deciding.give_line(100_000 * deciding.YUAN, at=now)
    application, later = _granted(1, founder, now)
    request_due_of(application, by=None, at=later)
    payment, keeper, bureau = Payment.objects.get(), deciding.keeper(), desk.clerk_of("rsj")
    batch = None
    if way == "in a batch":
        batch = form_batch(line.unit, [payment], title="房租补贴", by=keeper, at=later)
    else:
        deciding.pay(line, [payment], at=later, outcome="failed")
    child = open_recovery(application, reason="退租", hears=False, by=bureau, at=later)
    complete_step(desk.step_of(child, "verify"), "passed", opinion="属实", by=bureau, at=later)
    revoked = propose_decision(child, "revoked", remark="退租属实", by=deciding.proposer(), at=later)
    approve_decision(revoked, by=desk.approver_of("rsj"), at=later)
    assert set(Instalment.objects.values_list("state", flat=True)) == {Instalment.State.STOPPED}
    application.refresh_from_db()
    assert (application.closed_at, desk.step_of(application, "pay").state) == (later, "skipped")
    payment.refresh_from_db()
    if batch is None:
        assert (payment.state, balances_of(line).committed) == (Payment.State.STOPPED, 0)
        return
    with pytest.raises(BatchRefused, match="停止拨付"):
        check_batch(batch, revision=batch.revision, by=keeper, at=later)
    drop_payment(batch, payment, revision=batch.revision, by=keeper, at=later)
    stop_payment(payment, reason="已决定追回", by=keeper, at=later)
    assert balances_of(line).committed == 0


def test_what_finance_never_pays_is_told_and_keeps_no_case_waiting(founder: User, now: datetime) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application, later = _granted(1, founder, now)
    request_due_of(application, by=None, at=later)
    stop_payment(Payment.objects.get(), reason="收款人已注销", by=deciding.keeper(), at=later)
    first, second = Instalment.objects.order_by("number")
    assert (first.state, first.reason) == (Instalment.State.STOPPED, "收款人已注销")
    assert Message.objects.filter(user=founder, template="applications.instalment_stopped").count() == 1
    stop_instalment(second, reason="收款人已注销", by=desk.clerk_of("rsj"), at=later)


def test_a_slip_put_right_keeps_no_part_from_being_paid(founder: User, now: datetime) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application, later = _granted(1, founder, now)
    part, bureau = Instalment.objects.get(number=2), desk.clerk_of("rsj")
    child = open_correction(application, text="日期写错", by=bureau, at=later)
    complete_step(desk.step_of(child, "verify"), "passed", opinion="属实", by=bureau, at=later)
    changed = propose_decision(child, "changed", remark="日期更正", by=deciding.proposer(), at=later)
    approve_decision(changed, by=desk.approver_of("rsj"), at=later)
    stop_instalment(part, reason="核实", by=bureau, at=later)
    assert resume_instalment(part, reason="核实无误", by=bureau, at=later).state == Instalment.State.PLANNED
