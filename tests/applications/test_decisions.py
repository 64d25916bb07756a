"""A decision is taken by two people who did not apply, within what the rule gives, once, and never beside what excludes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from chuangju.applications import decisions as decision_rules
from chuangju.applications.case_money import granted_in, reserve_for
from chuangju.applications.children import open_correction
from chuangju.applications.claim_conflicts import conflicts_of
from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.decisions import DecisionRefused, approve_decision, propose_decision, return_decision
from chuangju.applications.evaluation import EvaluationRefused, pinned_policy
from chuangju.applications.exclusions import conflicting_grants, standing_grants
from chuangju.applications.law_changes import keep_version, rebase_application
from chuangju.applications.models import Application, Decision, Instalment, Window
from chuangju.applications.steps import complete_step
from chuangju.budget.ledger import balances_of, plan_money
from chuangju.budget.models import BudgetLine
from chuangju.kernel.guards import guards_lifted
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.rules.policy import Policy
from chuangju.units.models import Role
from chuangju.ventures.facts import record_fact
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


@pytest.fixture
def case(firm: Party, founder: User, line: BudgetLine, now: datetime) -> Application:
    return deciding.case_at_approval(firm, founder=founder, at=now)


def test_nobody_decides_alone_or_on_their_own_case(case: Application, founder: User, now: datetime) -> None:
    make_user("founder", Role.CLERK, unit=desk.unit_of("rsj"))
    with pytest.raises(DecisionRefused, match="回避"):
        propose_decision(case, "granted", by=founder, at=now)
    with pytest.raises(DecisionRefused, match="责任单位"):
        propose_decision(case, "granted", by=desk.clerk_of(deciding.TOWN), at=now)
    decision = deciding.proposed(case, at=now)
    for person in (deciding.proposer(), desk.clerk_of("rsj"), founder):
        make_user(person.username, Role.APPROVER, unit=desk.unit_of("rsj"))
        with pytest.raises(DecisionRefused, match="另一名审批人"):
            approve_decision(decision, by=person, at=now)
    with pytest.raises(DecisionRefused, match="另一名审批人"):
        approve_decision(decision, by=desk.approver_of("kw"), at=now)
    assert approve_decision(decision, by=desk.approver_of("rsj"), at=now).state == Decision.State.APPROVED
    with pytest.raises(DecisionRefused, match="已审定"):
        approve_decision(decision, by=desk.approver_of("rsj"), at=now)


def test_a_case_is_decided_when_its_reviews_are_over(firm: Party, founder: User, now: datetime) -> None:
    early = desk.hand_in(firm, by=founder, at=now)
    with pytest.raises(DecisionRefused, match="办理中"):
        propose_decision(early, "granted", by=deciding.proposer(), at=now)
    desk.accept_application(early, by=desk.clerk_of(deciding.TOWN), at=now)
    with pytest.raises(DecisionRefused, match="还没有到审定环节"):
        propose_decision(early, "granted", by=deciding.proposer(), at=now)


def test_the_amount_is_what_the_rule_gives_or_less_with_a_reason(case: Application, now: datetime) -> None:
    by = deciding.proposer()
    with pytest.raises(DecisionRefused, match="超过"):
        propose_decision(case, "granted", amount=3_000_001, by=by, at=now)
    with pytest.raises(DecisionRefused, match="请写明原因"):
        propose_decision(case, "granted", amount=2_000_000, by=by, at=now)
    less = propose_decision(case, "granted", amount=2_000_000, remark="有两个月未付租金", by=by, at=now)
    assert less.amount == 2_000_000
    with pytest.raises(DecisionRefused, match="请写明退回的原因"):
        return_decision(less, reason=" ", by=desk.approver_of("rsj"), at=now)
    return_decision(less, reason="请附付款记录", by=desk.approver_of("rsj"), at=now)
    assert deciding.proposed(case, at=now).amount == 3_000_000
    assert sorted(case.decisions.values_list("state", flat=True)) == ["proposed", "returned"]


def test_facts_that_changed_after_the_proposal_stop_the_approval(case: Application, firm: Party, now: datetime) -> None:
    decision = deciding.proposed(case, at=now)
    record_fact(firm, "monthly_rent", 300_000, source="租赁备案", is_certified=True, by=None, at=now)
    with pytest.raises(DecisionRefused, match="18,000"):
        approve_decision(decision, by=desk.approver_of("rsj"), at=now)
    record_fact(firm, "status", "closed", source="登记", is_certified=True, by=None, at=now)
    with pytest.raises(DecisionRefused, match="企业正常存续"):
        approve_decision(decision, by=desk.approver_of("rsj"), at=now)
    assert Decision.objects.get().state == Decision.State.PROPOSED


def test_what_excludes_it_is_not_granted_beside_it_whoever_granted_it(
    case: Application, firm: Party, now: datetime
) -> None:
    decision = deciding.proposed(case, at=now)
    grants = [{"policy": "town_lease_support", "level": "town", "paid_on": "2026-03-01", "amount": 500_000}]
    record_fact(firm, "grants", grants, source="梅陇镇", is_certified=True, by=None, at=now)
    with pytest.raises(DecisionRefused, match="不能重复或同时享受"):
        approve_decision(decision, by=desk.approver_of("rsj"), at=now)
    record_fact(firm, "grants", [], source="梅陇镇更正", is_certified=True, by=None, at=now + timedelta(minutes=1))
    approve_decision(decision, by=desk.approver_of("rsj"), at=now + timedelta(minutes=2))


def test_a_policy_that_excludes_itself_is_had_once(case: Application, founder: User, now: datetime) -> None:
    policy = pinned_policy(case)
    once = replace(policy, stacking=replace(policy.stacking, excludes=(*policy.stacking.excludes, policy.id)))
    after = now + timedelta(days=10)
    deciding.granted(case, at=now, later=after)
    again = desk.begin_case(case.subject, by=founder, at=after)
    again.period = "2031"
    assert conflicting_grants(again, policy, on=after.date()) == []
    assert conflicts_of(again, policy) == []
    assert conflicting_grants(again, once, on=after.date()) == [f"{case.title}（{case.number}）"]
    assert [one.is_same for one in conflicts_of(again, once)] == [True]
    assert (
        conflicting_grants(Application(parent=case, subject=case.subject, policy_id=once.id), once, on=after.date())
        == []
    )


def test_places_of_a_window_are_granted_exactly(line: BudgetLine, founder: User, now: datetime) -> None:
    window = Window.objects.create(
        policy_id="rent_subsidy", title="房租补贴", unit=desk.unit_of("rsj"), places=1, created_at=now
    )
    first = deciding.quick_case(1, window, founder=founder, at=now)
    second = deciding.quick_case(2, window, founder=founder, at=now)
    approve_decision(first, by=desk.approver_of("rsj"), at=now)
    with pytest.raises(DecisionRefused, match="名额已满"):
        approve_decision(second, by=desk.approver_of("rsj"), at=now)


def test_money_set_aside_at_submission_becomes_that_of_the_parts(
    line: BudgetLine, founder: User, now: datetime
) -> None:
    Window.objects.create(
        policy_id="rent_subsidy",
        title="房租补贴",
        unit=desk.unit_of("rsj"),
        reserves=Window.Reserves.AT_SUBMIT,
        created_at=now,
    )
    case = deciding.case_at_approval(desk.make_firm(7, founder=founder), founder=founder, at=now)
    assert balances_of(line).reserved == 3_000_000
    deciding.approved(case, at=now)
    assert balances_of(line).reserved == 3_000_000


def test_a_law_that_changed_midway_is_decided_upon_first(
    case: Application, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = current_catalogue().version("rent_subsidy", "2024")

    def newer(_case: Application, *, on: date) -> Policy | None:
        return policy

    monkeypatch.setattr(decision_rules, "newer_version", newer)
    with pytest.raises(DecisionRefused, match="请先决定按新版还是仍按原版办理"):
        deciding.proposed(case, at=now)
    monkeypatch.setattr("chuangju.applications.law_changes.newer_version", newer)
    keep_version(case, reason="提交时按原版，对申请人更有利", by=desk.clerk_of("rsj"), at=now)
    assert deciding.proposed(case, at=now).state == Decision.State.PROPOSED


def test_verify_finds_a_snapshot_that_was_altered_and_a_part_that_was_never_paid(
    case: Application, now: datetime
) -> None:
    decision = deciding.granted(case, at=now, later=now + timedelta(days=10))
    assert list(find_decision_faults()) == []
    assert decision.frozen is not None
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_frozenfacts SET sha256 = %s WHERE id = %s", ["0" * 64, decision.frozen.pk])
    Instalment.objects.filter(number=1).update(state="paid", paid_on=now.date())
    found = list(find_decision_faults())
    assert any("数据快照被改动" in fault for fault in found)
    assert any("账本中没有相应支付" in fault for fault in found)


def test_one_decision_at_a_time_is_put_forward(firm: Party, founder: User, now: datetime) -> None:
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    deciding.proposed(application, at=now)
    with pytest.raises(DecisionRefused, match="正等待审定"):
        deciding.proposed(application, at=now)


def test_money_set_aside_at_submission_is_free_where_the_rule_comes_to_nothing(
    line: BudgetLine, founder: User, now: datetime
) -> None:
    Window.objects.create(
        policy_id="rent_subsidy",
        title="房租补贴",
        unit=desk.unit_of("rsj"),
        reserves=Window.Reserves.AT_SUBMIT,
        created_at=now,
    )
    case = deciding.case_at_approval(desk.make_firm(7, founder=founder), founder=founder, at=now)
    decision = deciding.proposed(case, at=now)
    # As of a version that the case was moved to and that pays nothing.
    Decision.objects.filter(pk=decision.pk).update(amount=0)
    policy = pinned_policy(case)
    decision.refresh_from_db()
    assert reserve_for(decision, policy, by=None, at=now)
    assert balances_of(line).reserved == 0


def test_a_slip_that_is_put_right_takes_no_place(line: BudgetLine, founder: User, now: datetime) -> None:
    window = Window.objects.create(
        policy_id="rent_subsidy", title="房租补贴", unit=desk.unit_of("rsj"), places=2, created_at=now
    )
    case = deciding.case_at_approval(desk.make_firm(7, founder=founder), founder=founder, at=now)
    assert case.window == window
    after = now + timedelta(days=10)
    deciding.granted(case, at=now, later=after)
    child = open_correction(case, text="日期写错", by=desk.clerk_of("rsj"), at=after)
    complete_step(desk.step_of(child, "verify"), "passed", opinion="属实", by=desk.clerk_of("rsj"), at=after)
    changed = propose_decision(child, "changed", remark="日期更正", by=deciding.proposer(), at=after)
    approve_decision(changed, by=desk.approver_of("rsj"), at=after)
    assert granted_in(window).count() == 1
    other = desk.begin_case(case.subject, by=founder, at=after)
    assert [one.outcome for one in standing_grants(case.subject, beside=other)] == ["granted"]


def test_what_was_approved_goes_by_the_version_of_its_approval(
    case: Application, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = current_catalogue().version("rent_subsidy", "2024")

    def newer(_case: Application, *, on: date) -> Policy | None:
        return policy

    monkeypatch.setattr("chuangju.applications.law_changes.newer_version", newer)
    deciding.approved(case, at=now)
    with pytest.raises(EvaluationRefused, match="审定时的版本"):
        rebase_application(case, reason="新版更优", by=desk.clerk_of("rsj"), at=now)


def test_a_case_that_waited_for_money_when_handed_in_does_not_once_it_has_it(founder: User, now: datetime) -> None:
    line = deciding.give_line(1_000, at=now)
    Window.objects.create(
        policy_id="rent_subsidy",
        title="房租补贴",
        unit=desk.unit_of("rsj"),
        reserves=Window.Reserves.AT_SUBMIT,
        created_at=now,
    )
    case = deciding.case_at_approval(desk.make_firm(7, founder=founder), founder=founder, at=now)
    waits = case.flags.filter(kind="funds", ended_at__isnull=True)
    assert waits.exists()
    plan_money(line, 100_000 * deciding.YUAN, reason="追加", by=deciding.keeper(), at=now)
    deciding.approved(case, at=now)
    assert not waits.exists()
