"""A policy's file may ask for more than one approval: after the first one, beside it, or after the notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db.models import F

from chuangju.applications.access import can_act_in_step
from chuangju.applications.case_locks import StepRefused
from chuangju.applications.endorsements import endorse_decision
from chuangju.applications.instalments import payment_may_begin
from chuangju.applications.models import Application, Decision, PublicNotice, Step
from chuangju.applications.notices import end_notice
from chuangju.applications.step_decisions import review_step
from chuangju.applications.step_kinds import planned_steps
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.units.models import Role, RoleAssignment
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def chief() -> User:
    """A second approver of the bureau."""
    return make_user("chief-rsj", Role.APPROVER, unit=desk.unit_of("rsj"))


@pytest.fixture
def case(now: datetime) -> Application:
    founder = make_user("founder", Role.ENTREPRENEUR)
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    return deciding.case_at_approval(desk.make_firm(1, founder=founder), founder=founder, at=now)


def _with_second_approval(case: Application, *, after: str) -> Step:
    """The same process with a further approval after a step of this kind."""
    before = desk.step_of(case, after)
    case.steps.filter(position__gt=before.position).update(position=F("position") + 1)
    return Step.objects.create(
        application=case, position=before.position + 1, kind=Step.Kind.APPROVE, word="approve", label="区级审定",
        unit=case.unit, is_lead=True,
    )  # fmt: skip


def test_a_second_approval_lets_the_notice_begin(case: Application, chief: User, now: datetime) -> None:
    second = _with_second_approval(case, after="approve")
    decision = deciding.approved(case, at=now)
    second.refresh_from_db()
    assert (second.state, PublicNotice.objects.exists()) == (Step.State.OPEN, False)
    for same in (desk.approver_of("rsj"), deciding.proposer()):
        with pytest.raises(StepRefused, match="复核审定应由"):
            endorse_decision(second, "passed", by=same, at=now)
    assert review_step(second, "passed", opinion="同意", by=chief, at=now) is None
    assert PublicNotice.objects.get().decisions.get() == decision


def test_whoever_proposed_does_not_confirm_either_though_they_may_approve_others(
    case: Application, now: datetime
) -> None:
    second, proposer = _with_second_approval(case, after="approve"), deciding.proposer()
    deciding.approved(case, at=now)
    second.refresh_from_db()
    RoleAssignment.objects.create(user=proposer, role=Role.APPROVER, unit=desk.unit_of("rsj"), starts_on=now.date())
    both = User.objects.get(pk=proposer.pk)
    assert can_act_in_step(both, second, now.date())
    with pytest.raises(StepRefused, match="复核审定应由"):
        endorse_decision(second, "passed", by=both, at=now)


def test_a_no_takes_the_decision_back_with_its_money(case: Application, chief: User, now: datetime) -> None:
    second = _with_second_approval(case, after="approve")
    decision = deciding.approved(case, at=now)
    endorse_decision(second, "failed", opinion="面积应再核", by=chief, at=now)
    decision.refresh_from_db()
    assert decision.state == Decision.State.RETURNED
    assert balances_of(BudgetLine.objects.get()).reserved == 0
    assert [one.state for one in case.steps.filter(kind="approve").order_by("position")] == ["open", "waiting"]
    assert deciding.proposed(case, at=now).state == Decision.State.PROPOSED


def test_an_approval_after_the_notice_brings_the_decision_into_force(
    case: Application, chief: User, now: datetime
) -> None:
    second = _with_second_approval(case, after="notice")
    decision = deciding.approved(case, at=now)
    after = now + timedelta(days=10)
    assert end_notice(PublicNotice.objects.get(), by=None, at=after) == []
    second.refresh_from_db()
    endorse_decision(second, "passed", opinion="公示无异议", by=chief, at=after)
    decision.refresh_from_db()
    assert decision.state == Decision.State.PUBLISHED


def test_what_comes_after_the_payment_waits_for_it(case: Application, now: datetime) -> None:
    payment = desk.step_of(case, "pay")
    Step.objects.create(
        application=case, position=payment.position + 1, kind=Step.Kind.VERIFY, word="attend", label="绩效评价",
        unit=case.unit, is_lead=True,
    )  # fmt: skip
    deciding.granted(case, at=now, later=now + timedelta(days=10))
    assert payment_may_begin(case)


def test_what_is_shown_to_everybody_was_decided_before_whatever_the_order_of_a_file() -> None:
    steps = ({"step": "screen"}, {"step": "publish"}, {"step": "approve"}, {"step": "pay"})
    plans = planned_steps(SimpleNamespace(process=steps, unit="区人社局"))  # type: ignore[arg-type]
    assert [one.kind for one in plans] == ["accept", "screen", "approve", "notice", "approve", "pay"]
    assert [one.position for one in plans] == [1, 2, 3, 4, 5, 6]
