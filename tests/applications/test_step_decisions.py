"""The last review becomes a proposal: what the rule holds against a case is its ground, else the words of the review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from chuangju.applications.case_locks import StepRefused
from chuangju.applications.decisions import return_decision
from chuangju.applications.models import Application, Step
from chuangju.applications.step_decisions import review_step, send_back
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.facts import record_fact
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = pytest.mark.usefixtures("reference_data")
WORDS = "现场核查无人办公"


@pytest.fixture
def case(make_user: Callable[..., User], now: datetime) -> Application:
    founder = make_user("founder", "entrepreneur")
    return desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)


def test_what_the_rule_holds_against_it_is_the_ground_and_the_words_are_said_once(
    case: Application, now: datetime
) -> None:
    step = desk.to_review(case, at=now)
    record_fact(case.subject, "status", "closed", source="市场主体登记", is_certified=True, by=None, at=now)
    decision = review_step(step, "failed", opinion=WORDS, by=desk.clerk_of("rsj"), at=now)
    assert decision is not None
    (ground,) = decision.reasons
    assert ground["condition"]
    assert WORDS not in ground["zh"]
    assert decision.remark == WORDS


def test_where_the_rule_has_nothing_against_it_the_words_of_the_review_are_the_only_ground(
    case: Application, now: datetime
) -> None:
    step = desk.to_review(case, at=now)
    decision = review_step(step, "failed", opinion=WORDS, by=desk.clerk_of("rsj"), at=now)
    assert decision is not None
    assert [one["zh"] for one in decision.reasons] == [WORDS]
    assert decision.remark == ""


def test_a_case_is_sent_back_by_whoever_has_it_before_them_and_never_past_a_decision(now: datetime) -> None:
    founder = make_user("founder", Role.ENTREPRENEUR)
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(desk.make_firm(1, founder=founder), founder=founder, at=now)
    screened = desk.step_of(application, "screen")
    for stranger in (desk.clerk_of(deciding.TOWN), make_user("fin", Role.FINANCE, unit=desk.unit_of("rsj"))):
        with pytest.raises(StepRefused, match="正在办理后面环节的人"):
            send_back(screened, reason="重看", by=stranger, at=now)
    decision = deciding.proposed(application, at=now)
    chief = desk.approver_of("rsj")
    with pytest.raises(StepRefused, match="请先退回决定"):
        send_back(screened, reason="重看", by=chief, at=now)
    return_decision(decision, reason="重看", by=chief, at=now)
    assert send_back(screened, reason="重看", by=chief, at=now).state == Step.State.OPEN
    assert ("approve", "waiting") in desk.states_of(application)
