"""Public notices: shown for working days, objected to only with a name, answered by somebody else, ended by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.decisions import DecisionRefused, open_decision
from chuangju.applications.models import Decision, Objection, PublicNotice, Step
from chuangju.applications.notices import answer_objection, end_due_notices, object_to
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import BudgetLine
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def shown(now: datetime) -> tuple[Decision, PublicNotice]:
    """An approved grant in its notice."""
    founder = make_user("founder", Role.ENTREPRENEUR)
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(desk.make_firm(1, founder=founder), founder=founder, at=now)
    decision = deciding.approved(application, at=now)
    return decision, PublicNotice.objects.get(decisions=decision)


def _period(at: datetime) -> DutyPeriod:
    return DutyPeriod(on=at.date(), start=at, end=at, at=at)


def test_nobody_objects_without_a_name(shown: tuple[Decision, PublicNotice], now: datetime) -> None:
    decision, notice = shown
    for name, phone in (("", "13800000000"), ("王某", " ")):
        with pytest.raises(DecisionRefused, match="匿名的不予受理"):
            object_to(notice, decision, name=name, phone=phone, text="这家企业已经停业", at=now)
    with pytest.raises(DecisionRefused, match="公示期已过"):
        object_to(notice, decision, name="王某", phone="1", text="这家企业已经停业", at=now + timedelta(days=20))
    assert not Objection.objects.exists()


def test_a_notice_waits_for_the_answer_to_an_objection(shown: tuple[Decision, PublicNotice], now: datetime) -> None:
    decision, notice = shown
    objection = object_to(notice, decision, name="王某", phone="13800000000", text="这家企业已经停业", at=now)
    later = now + timedelta(days=10)
    assert end_due_notices(_period(later)) == 0
    with pytest.raises(DecisionRefused, match="以外的人"):
        answer_objection(objection, is_right=False, answer="经核查，正常经营", by=deciding.proposer(), at=later)
    answer_objection(objection, is_right=False, answer="经核查，正常经营", by=desk.clerk_of("rsj"), at=later)
    with pytest.raises(DecisionRefused, match="已经答复"):
        answer_objection(objection, is_right=True, answer="再核查一次", by=desk.clerk_of("rsj"), at=later)
    assert end_due_notices(_period(later)) == 1
    decision.refresh_from_db()
    assert decision.state == Decision.State.PUBLISHED


def test_an_objection_that_is_right_takes_the_decision_back_and_frees_its_money(
    shown: tuple[Decision, PublicNotice], now: datetime
) -> None:
    decision, notice = shown
    objection = object_to(notice, decision, name="王某", phone="13800000000", text="这家企业已经停业", at=now)
    answer_objection(objection, is_right=True, answer="现场查看，确已停业", by=desk.clerk_of("rsj"), at=now)
    decision.refresh_from_db()
    assert decision.state == Decision.State.RETURNED
    application = decision.application
    assert open_decision(application) is None
    assert desk.step_of(application, Step.Kind.APPROVE).state == Step.State.OPEN
    assert balances_of(BudgetLine.objects.get()).reserved == 0
    again = deciding.approved(application, at=now + timedelta(days=1))
    assert PublicNotice.objects.filter(decisions=again, state="running").count() == 1
