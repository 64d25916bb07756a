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
from tests.applications import desk
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
    banker = make_user("banker", "bank_officer")
    assert list(referred_steps_visible_to(banker, now.date())) == [referral]
    record_outcome(referral, Outcome("failed", words="征信不符"), by=banker, at=now)
    assert Step.objects.get(pk=referral.pk).result == "failed"


def test_strangers_and_later_days_are_refused(referral: Step, now: datetime) -> None:
    with pytest.raises(ReferralRefused):
        record_outcome(referral, Outcome("passed"), by=make_user("somebody"), at=now)
    tomorrow = now.date() + timedelta(days=1)
    with pytest.raises(ReferralRefused):
        send_referral(referral, receipt="", sent_on=tomorrow, by=desk.clerk_of("rsj"), at=now)
    assert open_next(referral.application, by=None, at=now) != [referral]
