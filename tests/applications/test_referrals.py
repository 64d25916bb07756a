"""While a case lies outside its clock stands still; the outcome comes back by a clerk or by the body's own people."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from chuangju.applications.access import referred_steps_visible_to
from chuangju.applications.case_clocks import read_case
from chuangju.applications.case_locks import findings_of
from chuangju.applications.models import Application, Step
from chuangju.applications.referrals import Outcome, ReferralRefused, record_outcome, send_referral
from chuangju.applications.steps import complete_step, open_next
from tests.applications import deciding, desk
from tests.people import make_user


@pytest.fixture
def referral(reference_data: None, now: datetime) -> Step:
    founder = make_user("founder", "entrepreneur")
    case = desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)
    review = desk.to_review(case, at=now)
    step = Step.objects.create(
        application=case, position=review.position, kind="referral", word="bank", label="银行审批", unit=review.unit,
        body="演示银行",
    )  # fmt: skip
    case.steps.filter(position__gt=review.position).update(position=99)
    Step.objects.filter(pk=step.pk).update(position=review.position + 1)
    complete_step(review, "passed", by=desk.clerk_of("rsj"), at=now)
    return Step.objects.select_related("application").get(pk=step.pk)


def test_a_case_that_lies_outside_bears_a_mark_and_its_clock_stands_still(referral: Step, now: datetime) -> None:
    case = referral.application
    assert referral.state == "open"
    assert [flag.kind for flag in case.flags.all()] == ["external"]
    reading = read_case(case, on=now.date() + timedelta(days=7))
    assert reading is not None
    assert reading.is_paused


def test_receipt_and_outcome_are_kept_and_the_case_comes_back(referral: Step, now: datetime) -> None:
    clerk = desk.clerk_of("rsj")
    send_referral(referral, receipt="YH-2026-17", sent_on=now.date(), by=clerk, at=now)
    outcome = Outcome("passed", "贷字 88", date(2026, 6, 15), "同意放款")
    record_outcome(referral, outcome, by=clerk, at=now)
    done = Step.objects.get(pk=referral.pk)
    assert findings_of(done) == {
        "receipt": "YH-2026-17",
        "sent_on": "2026-06-15",
        "answered_on": "2026-06-15",
        "outcome_number": "贷字 88",
    }
    case = Application.objects.get(pk=referral.application_id)
    assert not case.flags.filter(ended_at__isnull=True).exists()
    reading = read_case(case, on=now.date())
    assert reading is not None
    assert not reading.is_paused


def test_the_bank_answers_in_its_own_view_and_sees_nothing_else(referral: Step, now: datetime) -> None:
    banker, other = make_user("banker", "bank_officer"), make_user("other", "bank_officer")
    assert not referred_steps_visible_to(banker, now.date()).exists(), "nothing was addressed to anybody"
    send_referral(referral, receipt="", sent_on=now.date(), officer=banker, by=desk.clerk_of("rsj"), at=now)
    assert list(referred_steps_visible_to(banker, now.date())) == [referral]
    assert not referred_steps_visible_to(other, now.date()).exists()
    with pytest.raises(ReferralRefused):
        record_outcome(referral, Outcome("passed"), by=other, at=now)
    record_outcome(referral, Outcome("failed", words="征信不符"), by=banker, at=now)
    assert Step.objects.get(pk=referral.pk).result == "failed"


def test_strangers_and_later_days_are_refused(referral: Step, now: datetime) -> None:
    with pytest.raises(ReferralRefused):
        record_outcome(referral, Outcome("passed"), by=make_user("somebody"), at=now)
    tomorrow = now.date() + timedelta(days=1)
    with pytest.raises(ReferralRefused):
        send_referral(referral, receipt="", sent_on=tomorrow, by=desk.clerk_of("rsj"), at=now)
    assert open_next(referral.application, by=None, at=now) != [referral]


def test_after_the_approval_a_yes_brings_the_decision_into_force_and_a_no_takes_it_back(
    reference_data: None, now: datetime
) -> None:
    founder, clerk = make_user("founder", "entrepreneur"), desk.clerk_of("rsj")
    for place, result in enumerate(("passed", "failed"), start=1):
        case = desk.hand_in(desk.make_firm(place, founder=founder), by=founder, at=now)
        case.steps.filter(kind="notice").update(kind="referral", word="guarantee", label="担保审核")
        deciding.approved(deciding.at_approval(case, at=now), at=now)
        step = Step.objects.select_related("application").get(application=case, kind="referral")
        record_outcome(step, Outcome(result, words="抵押不足"), by=clerk, at=now)
        case.refresh_from_db()
        decision = case.decisions.get()
        if result == "passed":
            assert (case.state, decision.state) == ("granted", "published")
        else:
            assert (case.state, decision.state) == ("in_review", "returned")
            assert "抵押不足" in decision.return_reason
            assert list(case.steps.filter(state="open").values_list("kind", flat=True)) == ["approve"]


def test_nobody_answers_for_two_bodies_in_one_case(referral: Step, now: datetime) -> None:
    banker, clerk = make_user("banker", "bank_officer"), desk.clerk_of("rsj")
    Step.objects.create(
        application=referral.application, position=referral.position - 1, kind="referral", word="guarantee",
        label="担保审核", unit=referral.unit, state="skipped", assignee=banker,
    )  # fmt: skip
    with pytest.raises(ReferralRefused, match="回避"):
        send_referral(referral, receipt="", sent_on=now.date(), officer=banker, by=clerk, at=now)
    with pytest.raises(ReferralRefused, match="不是银行"):
        send_referral(referral, receipt="", sent_on=now.date(), officer=make_user("somebody"), by=clerk, at=now)
