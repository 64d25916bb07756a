"""The last review becomes a proposal: what the rule holds against a case is its ground, else the words of the review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from chuangju.applications.models import Application
from chuangju.applications.step_decisions import review_step
from chuangju.kernel.models import User
from chuangju.ventures.facts import record_fact
from tests.applications import desk

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
