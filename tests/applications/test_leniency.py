"""容缺受理 and 告知承诺: accepted though a paper is missing, with its day and its check written down; the holder is reminded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.intake import IntakeRefused, Leniency, accept_application
from chuangju.applications.models import Application, Obligation, RequiredDocument
from chuangju.applications.obligations import remind_of_obligations, settle_obligation
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import Message, User
from tests.applications import desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
State = RequiredDocument.State


@pytest.fixture
def founder() -> User:
    return make_user("founder", "entrepreneur")


@pytest.fixture
def case(founder: User, now: datetime) -> Application:
    return desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)


def missing(case: Application, **allowed: bool) -> RequiredDocument:
    paper = case.documents.order_by("position").first()
    assert paper is not None
    case.documents.filter(pk=paper.pk).update(state=State.MISSING, **allowed)
    paper.refresh_from_db()
    return paper


def test_a_paper_may_follow_by_its_day_and_the_applicant_is_reminded(
    case: Application, founder: User, now: datetime
) -> None:
    paper, day = missing(case, may_follow=True), now.date() + timedelta(days=10)
    accept_application(case, leniency=Leniency({paper.pk: day}), by=desk.clerk_of("310112114"), at=now)
    paper.refresh_from_db()
    assert (paper.state, paper.due_on) == (State.TO_FOLLOW, day)
    due = Obligation.objects.get(application=case, kind=Obligation.Kind.DOCUMENT)
    assert due.due_on == day
    for later, template in ((day - timedelta(days=5), "obligation_due"), (day + timedelta(days=1), "obligation_late")):
        at = now + (later - now.date())
        remind_of_obligations(DutyPeriod(on=later, start=at, end=at, at=at))
        assert Message.objects.filter(user=founder, template=f"applications.{template}").exists(), template


def test_what_may_not_follow_does_not(case: Application, now: datetime) -> None:
    paper = missing(case, may_follow=False)
    leniency = Leniency({paper.pk: now.date() + timedelta(days=5)})
    with pytest.raises(IntakeRefused, match="不在可容缺"):
        accept_application(case, leniency=leniency, by=desk.clerk_of("310112114"), at=now)


def test_a_promise_stands_for_a_paper_until_it_is_checked_and_may_turn_out_broken(
    case: Application, now: datetime
) -> None:
    paper, clerk = missing(case, may_be_promised=True), desk.clerk_of("310112114")
    accept_application(case, leniency=Leniency({}, promised=[paper.pk]), by=clerk, at=now)
    paper.refresh_from_db()
    assert paper.state == State.PROMISED
    check = Obligation.objects.get(application=case, kind=Obligation.Kind.SAMPLE)
    assert check.due_on > now.date()
    broken = settle_obligation(check, Obligation.State.BROKEN, remark="承诺不实", by=clerk, at=now)
    assert broken.state == Obligation.State.BROKEN
