"""Whatever happens to a decision afterwards is a case of its own: objection, re-opening, recovery with its hearing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from chuangju.applications.children import open_objection, open_reopening
from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.decision_outcomes import outcomes_for
from chuangju.applications.decisions import DecisionRefused, approve_decision, propose_decision
from chuangju.applications.grown_cases import repaid
from chuangju.applications.instalment_payments import request_due_of
from chuangju.applications.models import Application, Decision, Entitlement, Instalment, Obligation, Step
from chuangju.applications.recoveries import open_recovery, record_repayment, state_views
from chuangju.applications.steps import complete_step
from chuangju.budget.ledger import balances_of, claim_balances
from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payments import PaymentRefused, enter_return
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.facts import facts_of, record_fact
from chuangju.ventures.models import Party
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def firm(founder: User) -> Party:
    return desk.make_firm(1, founder=founder)


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    return deciding.give_line(100_000 * deciding.YUAN, at=now)


def _refused(application: Application, *, at: datetime) -> Decision:
    decision = propose_decision(application, "refused", reasons=["hire"], by=deciding.proposer(), at=at)
    return approve_decision(decision, by=desk.approver_of("rsj"), at=at)


def _one_person_less(firm: Party, *, at: datetime) -> None:
    people = [
        {"residence": "city", "groups": [], "hired_on": "2024-06-01", "contract_months": 12, "insured_months": 12}
    ]
    record_fact(firm, "employees", people, source="社保", is_certified=True, by=None, at=at)


def _recovery_looked_into(
    firm: Party, founder: User, line: BudgetLine, *, at: datetime, later: datetime
) -> Application:
    """A recovery of what was granted and paid, ready to be proposed."""
    application = deciding.case_at_approval(firm, founder=founder, at=at)
    deciding.granted(application, at=at, later=later)
    request_due_of(application, by=None, at=later)
    deciding.pay(line, [Payment.objects.get()], at=later)
    found = open_recovery(application, reason="已退租", hears=False, by=desk.clerk_of("rsj"), at=later)
    complete_step(desk.step_of(found, "verify"), "passed", opinion="属实", by=desk.clerk_of("rsj"), at=later)
    return found


def test_a_refusal_points_to_conditions_that_are_not_fulfilled(firm: Party, founder: User, now: datetime) -> None:
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    with pytest.raises(DecisionRefused, match="已经满足"):
        propose_decision(application, "refused", reasons=["hire"], by=deciding.proposer(), at=now)
    _one_person_less(firm, at=now)
    with pytest.raises(DecisionRefused, match="请至少选择一个未满足的条件"):
        propose_decision(application, "refused", by=deciding.proposer(), at=now)
    with pytest.raises(DecisionRefused, match="两人以上参保满半年"):
        propose_decision(application, "granted", by=deciding.proposer(), at=now)
    decision = _refused(application, at=now)
    application.refresh_from_db()
    assert (application.state, application.closed_at) == (Application.State.REFUSED, now)
    assert decision.state == Decision.State.PUBLISHED
    assert decision.reasons[0]["condition"] == "hire"
    assert decision.reasons[0]["law"] == "示例模板"
    assert set(application.steps.filter(kind__in=("notice", "pay")).values_list("state", flat=True)) == {"skipped"}


def test_an_objection_that_is_right_opens_the_case_anew_and_the_new_decision_counts(
    firm: Party, founder: User, line: BudgetLine, now: datetime
) -> None:
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    _one_person_less(firm, at=now)
    _refused(application, at=now)
    with pytest.raises(DecisionRefused, match="只有申请人"):
        open_objection(application, text="数据不对", by=deciding.proposer(), at=now)
    child = open_objection(application, text="第二名员工的参保漏登了", by=founder, at=now + timedelta(days=3))
    assert (child.kind, child.state, child.parent) == ("objection", "in_review", application)
    with pytest.raises(DecisionRefused, match="已有办理中"):
        open_objection(application, text="再说一次", by=founder, at=now + timedelta(days=3))
    third = now + timedelta(days=4)
    record_fact(firm, "employees", desk.ANSWERS["employees"], source="社保", is_certified=True, by=None, at=third)
    complete_step(desk.step_of(child, "verify"), "passed", opinion="漏登属实", by=desk.clerk_of("rsj"), at=third)
    with pytest.raises(DecisionRefused, match="回避"):
        propose_decision(child, "revoked", remark="漏登", by=deciding.proposer(), at=third)
    decision = propose_decision(
        child, "revoked", remark="参保漏登，撤销原决定", by=desk.clerk_of("rsj", "third"), at=third
    )
    approve_decision(decision, by=desk.approver_of("rsj"), at=third)
    again = Application.objects.get(kind="reopening")
    assert (again.parent, again.state) == (application, Application.State.SUBMITTED)

    deciding.at_approval(again, at=third)
    later = now + timedelta(days=20)
    granted = deciding.granted(again, at=third, later=later)
    assert granted.state == Decision.State.PUBLISHED
    first = application.decisions.get()
    assert first.state == Decision.State.REPLACED
    assert balances_of(line).committed == 30_000 * deciding.YUAN
    assert list(find_decision_faults()) == []


def test_a_late_objection_is_refused(firm: Party, founder: User, now: datetime) -> None:
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    _one_person_less(firm, at=now)
    decision = _refused(application, at=now)
    assert decision.objection_until is not None
    with pytest.raises(DecisionRefused, match="已过"):
        open_objection(application, text="晚了", by=founder, at=now + timedelta(days=61))


def test_doing_a_case_again_pays_only_the_difference(
    firm: Party, founder: User, line: BudgetLine, now: datetime
) -> None:
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    after = now + timedelta(days=10)
    decision = deciding.granted(application, at=now, later=after)
    request_due_of(application, by=None, at=after)
    part = decision.entitlement.instalments.get(number=1)
    deciding.pay(line, [Payment.objects.get(claim_key=part.claim_key)], at=after)
    record_fact(firm, "monthly_rent", 600_000, source="租赁备案", is_certified=True, by=None, at=after)

    again = open_reopening(application, reason="月租登记有误", by=desk.clerk_of("rsj"), at=after)
    deciding.at_approval(again, at=after)
    granted = deciding.granted(again, at=after, later=after + timedelta(days=10))
    assert granted.amount == 36_000 * deciding.YUAN
    assert [one.amount for one in granted.entitlement.instalments.order_by("number")] == [1_050_000, 1_050_000]
    second = decision.entitlement.instalments.get(number=2)
    assert second.state == Instalment.State.STOPPED
    assert balances_of(line).paid + balances_of(line).committed == 36_000 * deciding.YUAN
    assert list(find_decision_faults()) == []


def test_money_is_taken_back_after_the_other_side_was_heard(
    firm: Party, founder: User, line: BudgetLine, now: datetime
) -> None:
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    after = now + timedelta(days=10)
    decision = deciding.granted(application, at=now, later=after)
    request_due_of(application, by=None, at=after)
    part = decision.entitlement.instalments.get(number=1)
    deciding.pay(line, [Payment.objects.get(claim_key=part.claim_key)], at=after)

    child = open_recovery(application, reason="场地已退租未报告", by=desk.clerk_of("rsj"), at=after)
    assert [step.kind for step in child.steps.order_by("position")] == ["confirm", "verify", "approve"]
    with pytest.raises(DecisionRefused):
        state_views(child, text="我来说", by=desk.clerk_of("rsj"), at=after)
    state_views(child, text="确已退租，愿意退回", by=founder, at=after)
    complete_step(desk.step_of(child, "verify"), "passed", opinion="退租属实", by=desk.clerk_of("rsj"), at=after)
    with pytest.raises(DecisionRefused, match="15,000"):
        propose_decision(child, "revoked", amount=9_000_000, remark="退租", by=deciding.proposer(), at=after)
    taken = propose_decision(
        child, "revoked", amount=1_200_000, remark="退租后的部分退回", by=deciding.proposer(), at=after
    )
    approve_decision(taken, by=desk.approver_of("rsj"), at=after)
    child.refresh_from_db()
    assert (child.state, child.closed_at) == (Application.State.GRANTED, None)
    second = decision.entitlement.instalments.get(number=2)
    assert second.state == Instalment.State.STOPPED
    assert claim_balances(second.claim_key).committed == 0
    obligation = child.obligations.get()
    assert obligation.kind == Obligation.Kind.REPAYMENT

    finance = deciding.keeper()
    with pytest.raises(DecisionRefused, match="财务"):
        record_repayment(
            child, amount=500_000, reference="JK-1", received_on=after.date(), by=desk.clerk_of("rsj"), at=after
        )
    record_repayment(child, amount=500_000, reference="JK-1", received_on=after.date(), by=finance, at=after)
    with pytest.raises(DecisionRefused, match="已经登记过"):
        record_repayment(child, amount=500_000, reference="JK-1", received_on=after.date(), by=finance, at=after)
    with pytest.raises(DecisionRefused, match="7,000"):
        record_repayment(child, amount=900_000, reference="JK-2", received_on=after.date(), by=finance, at=after)
    record_repayment(child, amount=700_000, reference="JK-2", received_on=after.date(), by=finance, at=after)
    assert repaid(child) == 1_200_000
    obligation.refresh_from_db()
    assert obligation.state == Obligation.State.MET
    assert balances_of(line).paid == 300_000
    assert facts_of(firm, on=after.date())["grants"][0]["amount"] == 300_000  # type: ignore[index,call-overload]
    assert desk.step_of(child, Step.Kind.APPROVE).state == Step.State.DONE
    assert list(find_decision_faults()) == []


def test_the_page_takes_a_part_of_the_money_back_as_it_was_typed(
    firm: Party, founder: User, line: BudgetLine, now: datetime, client: Client
) -> None:
    after = now + timedelta(days=10)
    child = _recovery_looked_into(firm, founder, line, at=now, later=after)
    client.force_login(deciding.proposer())
    page = f"/cases/{child.pk}/propose/"
    shown = client.get(page).content.decode()
    assert "追回金额（元）" in shown
    assert "不填则全部追回：15,000 元" in shown
    assert "规则测算" not in shown
    typed = {"outcome": "revoked", "remark": "退租后的部分退回"}
    for amount, said in (("0", "追回金额要大于 0"), ("15000.01", "尚未追回的只有 15,000 元")):
        assert said in client.post(page, {**typed, "amount": amount}).content.decode()
    assert client.post(page, {**typed, "amount": "12000"}).status_code == 302
    assert Decision.objects.get(application=child).amount == 1_200_000


def test_what_a_replaced_decision_paid_can_be_taken_back(
    firm: Party, founder: User, line: BudgetLine, now: datetime
) -> None:
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    after = now + timedelta(days=10)
    deciding.granted(application, at=now, later=after)
    request_due_of(application, by=None, at=after)
    deciding.pay(line, [Payment.objects.get()], at=after)
    _one_person_less(firm, at=after)
    child = open_reopening(application, reason="数据有误", by=desk.clerk_of("rsj"), at=after)
    _refused(deciding.at_approval(child, at=after), at=after)
    child.refresh_from_db()
    recovery = open_recovery(child, reason="多发", hears=False, by=desk.clerk_of("rsj"), at=after)
    complete_step(desk.step_of(recovery, "verify"), "passed", opinion="属实", by=desk.clerk_of("rsj"), at=after)
    decision = propose_decision(recovery, "revoked", remark="多发", by=deciding.proposer(), at=after)
    assert decision.amount == 15_000 * deciding.YUAN
    approve_decision(decision, by=desk.approver_of("rsj"), at=after)
    with pytest.raises(PaymentRefused, match="已决定追回"):
        enter_return(Payment.objects.get(), amount=100, reason="来款", by=deciding.keeper(), at=after)
    back = record_repayment(
        recovery, amount=decision.amount, reference="JK-1", received_on=after.date(), by=deciding.keeper(), at=after
    )
    assert [row.amount for row in back] == [15_000 * deciding.YUAN]
    assert balances_of(line).paid == 0
    assert list(find_decision_faults()) == []


def test_an_objection_to_a_recovery_changes_what_is_paid_back_and_grants_nothing(
    firm: Party, founder: User, line: BudgetLine, now: datetime
) -> None:
    after = now + timedelta(days=10)
    recovery = _recovery_looked_into(firm, founder, line, at=now, later=after)
    taken = propose_decision(recovery, "revoked", amount=1_200_000, remark="退租", by=deciding.proposer(), at=after)
    approve_decision(taken, by=desk.approver_of("rsj"), at=after)
    child = open_objection(recovery, text="退租晚于所说的日期", by=founder, at=after)
    complete_step(desk.step_of(child, "verify"), "passed", opinion="属实", by=desk.clerk_of("rsj"), at=after)
    third = desk.clerk_of("rsj", "third")
    for amount in (None, 1_200_000):
        with pytest.raises(DecisionRefused, match="低于原决定的 12,000 元"):
            propose_decision(child, "changed", amount=amount, remark="少退", by=third, at=after)
    less = propose_decision(child, "changed", amount=500_000, remark="少退", by=third, at=after)
    held = balances_of(line)
    approve_decision(less, by=desk.approver_of("rsj"), at=after)
    assert (balances_of(line), Entitlement.objects.count()) == (held, 1)
    assert [(one.state, one.title) for one in recovery.obligations.order_by("-state")] == [
        ("waived", "退回资金12,000 元"),
        ("open", "退回资金5,000 元"),
    ]
    finance, on = deciding.keeper(), after.date()
    with pytest.raises(DecisionRefused, match="5,000"):
        record_repayment(recovery, amount=500_001, reference="JK-1", received_on=on, by=finance, at=after)
    record_repayment(recovery, amount=500_000, reference="JK-1", received_on=on, by=finance, at=after)
    assert recovery.obligations.filter(state=Obligation.State.MET).count() == 1
    assert list(find_decision_faults()) == []


@pytest.mark.parametrize(
    ("kind", "may_change"), [("sample", 0), ("correction", 0), ("application", 1), ("recovery", 1)]
)
def test_an_objection_to_what_gave_nothing_cannot_make_a_grant_of_it(kind: str, may_change: int) -> None:
    objection = Application(kind=Application.Kind.OBJECTION, parent=Application(kind=kind))
    assert outcomes_for(objection).count(Decision.Outcome.CHANGED) == may_change
    assert {Decision.Outcome.UPHELD, Decision.Outcome.REVOKED} <= set(outcomes_for(objection))
