"""A case goes through the steps of its policy's process, one after the other or side by side, and nobody ends one twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from chuangju.applications.case_locks import StepRefused
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Step
from chuangju.applications.recoveries import open_recovery
from chuangju.applications.steps import complete_step, return_to
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from tests.applications import deciding
from tests.applications.desk import approver_of, clerk_of, hand_in, make_firm, states_of, step_of, unit_of

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.fixture
def founder(make_user: Callable[..., User]) -> User:
    return make_user("founder", "entrepreneur")


@pytest.fixture
def case(founder: User, now: datetime) -> Application:
    return hand_in(make_firm(1, founder=founder), by=founder, at=now)


def test_a_case_that_was_handed_in_waits_for_acceptance_by_its_town(case: Application) -> None:
    assert states_of(case) == [
        ("accept", "open"),
        ("screen", "waiting"),
        ("visit", "waiting"),
        ("verify", "waiting"),
        ("approve", "waiting"),
        ("notice", "waiting"),
        ("pay", "waiting"),
    ]
    accept = step_of(case, "accept")
    assert accept.unit == unit_of("310112114")
    assert accept.due_on == date(2026, 6, 23), "five working days, the dragon boat holiday apart"
    assert step_of(case, "verify").unit == unit_of("rsj")
    assert step_of(case, "pay").unit == unit_of("czj")


def test_acceptance_starts_the_clock_and_opens_the_first_review(case: Application, now: datetime) -> None:
    clerk = clerk_of("310112114")
    accepted = accept_application(case, by=clerk, at=now)
    assert (accepted.state, accepted.accepted_at) == ("in_review", now)
    assert accepted.due_on is not None
    assert states_of(case)[:2] == [("accept", "done"), ("screen", "open")]
    with pytest.raises(StaleForm):
        accept_application(case, by=clerk, at=now)


def test_only_a_clerk_of_the_unit_ends_a_step(case: Application, now: datetime) -> None:
    with pytest.raises(StepRefused):
        accept_application(case, by=clerk_of("rsj"), at=now)
    accept_application(case, by=clerk_of("310112114"), at=now)
    with pytest.raises(StepRefused):
        complete_step(step_of(case, "screen"), "passed", by=clerk_of("rsj"), at=now)


def test_a_refusal_in_review_goes_straight_to_approval(case: Application, now: datetime) -> None:
    clerk = clerk_of("310112114")
    accept_application(case, by=clerk, at=now)
    with pytest.raises(StepRefused):
        complete_step(step_of(case, "screen"), "failed", by=clerk, at=now)
    complete_step(step_of(case, "screen"), "failed", opinion="租约不在本区", by=clerk, at=now)
    assert states_of(case)[1:5] == [
        ("screen", "done"),
        ("visit", "skipped"),
        ("verify", "skipped"),
        ("approve", "open"),
    ]


def test_a_form_that_was_shown_before_somebody_else_ended_the_step_is_stale(case: Application, now: datetime) -> None:
    clerk = clerk_of("310112114")
    accept_application(case, by=clerk, at=now)
    shown = step_of(case, "screen")
    complete_step(shown, "passed", revision=shown.revision, by=clerk, at=now)
    with pytest.raises(StaleForm):
        complete_step(shown, "failed", opinion="晚了", revision=shown.revision, by=clerk, at=now)
    assert step_of(case, "screen").result == "passed"


def test_a_case_sent_back_keeps_what_was_said_before(case: Application, now: datetime) -> None:
    town, unit = clerk_of("310112114"), clerk_of("rsj")
    accept_application(case, by=town, at=now)
    complete_step(step_of(case, "screen"), "passed", opinion="齐全", by=town, at=now)
    complete_step(step_of(case, "visit"), "passed", by=town, at=now)
    return_to(step_of(case, "screen"), reason="请核对租约面积", by=unit, at=now + timedelta(hours=1))
    screen = step_of(case, "screen")
    assert (screen.state, screen.result) == ("open", "")
    assert "齐全" in screen.findings
    assert "请核对租约面积" in screen.findings
    assert states_of(case)[2:4] == [("visit", "waiting"), ("verify", "waiting")]


def test_steps_of_one_position_join_by_their_rule(case: Application, now: datetime) -> None:
    accept_application(case, by=clerk_of("310112114"), at=now)
    complete_step(step_of(case, "screen"), "passed", by=clerk_of("310112114"), at=now)
    complete_step(step_of(case, "visit"), "passed", by=clerk_of("310112114"), at=now)
    lead = step_of(case, "verify")
    Step.objects.filter(pk=lead.pk).update(join="lead", is_lead=True)
    other = Step.objects.create(
        application=case, position=lead.position, kind="consult", label="会签", unit=unit_of("kw"), join="lead",
        state="open", opened_at=now,
    )  # fmt: skip
    with pytest.raises(StepRefused, match="1"):
        complete_step(lead, "passed", by=clerk_of("rsj"), at=now)
    complete_step(other, "undecided", opinion="无意见", by=clerk_of("kw"), at=now)
    complete_step(lead, "passed", by=clerk_of("rsj"), at=now)
    assert step_of(case, "approve").state == "open"


def test_what_ends_by_a_rule_of_its_own_is_not_ended_by_hand(founder: User, now: datetime) -> None:
    """An approval without a decision, a hearing that the other side was not heard in."""
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(make_firm(1, founder=founder), founder=founder, at=now)
    with pytest.raises(StepRefused, match="自己的办理方式"):
        complete_step(step_of(application, "approve"), "passed", by=approver_of("rsj"), at=now)
    after = now + timedelta(days=10)
    deciding.granted(application, at=now, later=after)
    child = open_recovery(application, reason="退租", by=clerk_of("rsj"), at=after)
    with pytest.raises(StepRefused, match="自己的办理方式"):
        complete_step(step_of(child, "confirm"), "passed", by=clerk_of("rsj"), at=after)
