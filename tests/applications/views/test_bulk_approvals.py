"""审定 of many at once: what is chosen is shown with its money first; each failure has its sentence; nothing is approved twice or unseen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.applications.decisions import propose_decision, return_decision
from chuangju.applications.models import Application, Decision
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock")]


@pytest.fixture
def approver() -> User:
    """Who approves for the bureau."""
    return desk.approver_of("rsj")


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    """A million yuan for the rent subsidy."""
    return deciding.give_line(1_000_000 * deciding.YUAN, at=now)


def waiting(count: int, now: datetime) -> list[Application]:
    """So many cases that wait for their decision, each of a firm of its own."""
    founder = make_user("founder", "entrepreneur")
    firms = [desk.make_firm(place, founder=founder) for place in range(1, count + 1)]
    return [deciding.case_at_approval(firm, founder=founder, at=now) for firm in firms]


def steps_of(cases: list[Application]) -> list[int]:
    return [desk.step_of(case, "approve").pk for case in cases]


def look(client: Client, cases: list[Application]) -> str:
    query = urlencode({"action": "approve", "step": steps_of(cases)}, doseq=True)
    response = client.get(f"{reverse('applications:bulk')}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def form_of(cases: list[Application], decisions: list[Decision], **more: Any) -> dict[str, Any]:
    steps = steps_of(cases)
    seen = [f"{step}:{one.pk}:{one.revision}" for step, one in zip(steps, decisions, strict=True)]
    return {"action": "approve", "step": steps, "seen": seen, "opinion": "同意", "idempotency_key": "a" * 8, **more}


def send(client: Client, form: dict[str, Any]) -> str:
    """The page of results after the form was sent."""
    response = client.post(reverse("applications:bulk_act"), form)
    assert response.status_code == 302
    return client.get(reverse("applications:bulk_results")).content.decode()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_workbench_offers_each_role_what_it_does(approver: User, now: datetime) -> None:
    waiting(1, now)
    shown = signed_in(approver).get("/cases/").content.decode()
    assert 'value="approve"' in shown
    assert 'value="accept"' not in shown
    assert 'value="approve"' not in signed_in(desk.clerk_of("rsj")).get("/cases/").content.decode()


def test_what_is_chosen_is_shown_with_its_sum_its_line_and_its_warnings(
    approver: User, line: BudgetLine, now: datetime
) -> None:
    cases = waiting(3, now)
    full = deciding.proposed(cases[0], at=now)
    less = propose_decision(
        cases[1], "granted", amount=(full.amount or 0) - 100, remark="核减", by=deciding.proposer(), at=now
    )
    shown = look(signed_in(approver), cases)
    total = ((full.amount or 0) + (less.amount or 0)) // 100
    assert f"{total:,} 元" in shown
    assert "1,000,000 元" in shown
    assert line.name in shown
    assert "与拟定金额不同" in shown
    assert "还没有拟定决定" in shown
    assert "审定 2 件" in shown
    assert shown.count('name="seen"') == 2


def test_a_line_that_does_not_pay_for_all_says_so(approver: User, now: datetime) -> None:
    cases = waiting(2, now)
    decisions = [deciding.proposed(case, at=now) for case in cases]
    deciding.give_line((decisions[0].amount or 0) + 1, at=now)
    assert "不够" in look(signed_in(approver), cases)


def test_all_that_were_seen_are_approved_with_one_opinion_and_their_money_is_set_aside(
    approver: User, line: BudgetLine, now: datetime
) -> None:
    cases = waiting(2, now)
    decisions = [deciding.proposed(case, at=now) for case in cases]
    result = send(signed_in(approver), form_of(cases, decisions, opinion="材料齐全，同意"))
    assert "没有办成 0 件" in result
    assert "已办成 2 件" in result
    for case, decision in zip(cases, decisions, strict=True):
        decision.refresh_from_db()
        assert (decision.state, decision.approved_by) == (Decision.State.APPROVED, approver)
        step = desk.step_of(case, "approve")
        assert (step.state, step.opinion) == ("done", "材料齐全，同意")
    assert balances_of(line).reserved == sum(one.amount or 0 for one in decisions)


def test_without_an_opinion_nothing_happens(approver: User, line: BudgetLine, now: datetime) -> None:
    cases = waiting(1, now)
    decision = deciding.proposed(cases[0], at=now)
    form = form_of(cases, [decision], opinion="  ")
    response = signed_in(approver).post(reverse("applications:bulk_act"), form)
    assert response.status_code == 422
    assert "请写明审定意见" in response.content.decode()
    decision.refresh_from_db()
    assert (decision.state, balances_of(line).reserved) == (Decision.State.PROPOSED, 0)


def test_a_proposal_that_changed_since_it_was_seen_fails_alone(approver: User, line: BudgetLine, now: datetime) -> None:
    cases = waiting(2, now)
    decisions = [deciding.proposed(case, at=now) for case in cases]
    form = form_of(cases, decisions)
    return_decision(decisions[0], reason="核实租金", by=approver, at=now)
    newer = deciding.proposed(cases[0], at=now + timedelta(minutes=1))
    result = send(signed_in(approver), form)
    assert "没有办成 1 件" in result
    assert "可能刚由他人办理" in result
    assert "已办成 1 件" in result
    newer.refresh_from_db()
    assert newer.state == Decision.State.PROPOSED
    assert balances_of(line).reserved == decisions[1].amount


@pytest.mark.parametrize("seen", ["", "1:x:0", "x:y:z", "1:00000000-0000-0000-0000-000000000000:0"])
def test_what_nobody_looked_at_is_not_approved(seen: str, approver: User, line: BudgetLine, now: datetime) -> None:
    cases = waiting(1, now)
    decision = deciding.proposed(cases[0], at=now)
    result = send(signed_in(approver), form_of(cases, [decision], seen=[seen]))
    assert "请回到名单重新核对" in result
    decision.refresh_from_db()
    assert (decision.state, balances_of(line).reserved) == (Decision.State.PROPOSED, 0)


def test_a_second_click_does_nothing_twice(approver: User, line: BudgetLine, now: datetime) -> None:
    cases = waiting(2, now)
    decisions = [deciding.proposed(case, at=now) for case in cases]
    client, form = signed_in(approver), form_of(cases, decisions)
    for _click in range(2):
        assert client.post(reverse("applications:bulk_act"), form).status_code == 302
    held = balances_of(line).reserved
    assert held == sum(one.amount or 0 for one in decisions)
    # The same list from another window, with a key of its own: each is told what became of it.
    again = send(client, {**form, "idempotency_key": "b" * 8})
    assert "没有办成 2 件" in again
    assert balances_of(line).reserved == held
    assert Decision.objects.filter(state=Decision.State.APPROVED).count() == 2


def test_four_eyes_hold_for_each_case(line: BudgetLine, now: datetime) -> None:
    cases = waiting(2, now)
    both = make_user("both", "clerk", unit=desk.unit_of("rsj"))
    make_user("both", "approver", unit=desk.unit_of("rsj"))
    decisions = [
        propose_decision(cases[0], "granted", by=both, at=now),
        deciding.proposed(cases[1], at=now),
    ]
    client = signed_in(User.objects.get(username="both"))
    assert "应由另一名审批人审定" in look(client, cases)
    result = send(client, form_of(cases, decisions))
    assert "没有办成 1 件" in result
    assert "不能审定" in result
    assert "已办成 1 件" in result
    assert balances_of(line).reserved == decisions[1].amount
