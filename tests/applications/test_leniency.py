"""容缺受理: what a lenient acceptance leaves, who is reminded of it, and what comes of it when it is not kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.documents import give_document
from chuangju.applications.follow_ups import FollowedUp, FollowUp, follow_up, follow_ups_of, latest_extension
from chuangju.applications.grown_cases import HEARING
from chuangju.applications.instalments import due_instalments
from chuangju.applications.intake import IntakeRefused, Leniency, accept_application
from chuangju.applications.models import Application, Decision, Obligation, PublicNotice, RequiredDocument
from chuangju.applications.notices import end_notice
from chuangju.applications.obligations import ObligationRefused, settle_obligation
from chuangju.applications.paper_duties import live_duty
from chuangju.applications.steps import StepRefused, complete_step
from chuangju.applications.workbench import Tab, desk_of, tab_steps
from chuangju.kernel.models import AuditEvent, User
from tests.applications import deciding, desk, lenient
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
State, Kind = RequiredDocument.State, Obligation.Kind


@pytest.fixture
def founder() -> User:
    return make_user("founder", "entrepreneur")


@pytest.fixture
def case(founder: User, now: datetime) -> Application:
    return desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)


def test_what_may_not_follow_does_not(case: Application, now: datetime) -> None:
    paper = lenient.missing(case, may_follow=False)
    leniency = Leniency({paper.pk: now.date() + timedelta(days=5)})
    with pytest.raises(IntakeRefused, match="不在可容缺"):
        accept_application(case, leniency=leniency, by=desk.clerk_of(lenient.TOWN), at=now)


def test_the_applicant_is_reminded_before_the_day_each_time_once(
    case: Application, founder: User, now: datetime
) -> None:
    duty = lenient.owed(case, now)
    assert lenient.run(duty.due_on - timedelta(days=6), now) == 0
    for _again in range(2):
        lenient.run(duty.due_on - timedelta(days=5), now)
        assert lenient.told(founder, "paper_due") == 1
    lenient.run(duty.due_on - timedelta(days=1), now)
    assert lenient.told(founder, "paper_due") == 2
    assert not lenient.told(founder, "obligation_due")


def test_handing_it_in_waits_for_the_clerks_look_which_closes_the_duty(
    case: Application, founder: User, now: datetime
) -> None:
    duty, clerk = lenient.owed(case, now), desk.clerk_of(lenient.TOWN)
    assert duty.document is not None
    give_document(duty.document, files=[lenient.photo()], by=founder, at=now)
    duty.refresh_from_db()
    assert duty.state == Obligation.State.REPORTED
    assert lenient.told(clerk, "paper_given") == 1
    assert lenient.run(duty.due_on + timedelta(days=3), now) == 0, "it is there: nothing is overdue"
    done = follow_up(duty, FollowedUp(FollowUp.RECEIVED), by=clerk, at=now)
    duty.document.refresh_from_db()
    assert (done.state, duty.document.state) == (Obligation.State.MET, State.CHECKED)


def test_what_is_not_in_order_is_owed_again_and_says_why(case: Application, founder: User, now: datetime) -> None:
    duty, clerk = lenient.owed(case, now), desk.clerk_of(lenient.TOWN)
    assert duty.document is not None
    give_document(duty.document, files=[lenient.photo()], by=founder, at=now)
    duty.refresh_from_db()
    back = follow_up(duty, FollowedUp(FollowUp.FAULTY, "缺最后一页"), by=clerk, at=now)
    duty.document.refresh_from_db()
    assert (back.state, duty.document.state) == (Obligation.State.OPEN, State.TO_FOLLOW)
    assert lenient.told(founder, "paper_returned") == 1
    give_document(duty.document, files=[lenient.photo()], by=founder, at=now)
    assert live_duty(duty.document) is not None


def test_over_the_counter_the_clerk_takes_it_in_and_closes_it_at_once(case: Application, now: datetime) -> None:
    duty, clerk = lenient.owed(case, now), desk.clerk_of(lenient.TOWN)
    done = follow_up(duty, FollowedUp(FollowUp.RECEIVED, files=[lenient.photo()]), by=clerk, at=now)
    assert duty.document is not None
    duty.document.refresh_from_db()
    assert (done.state, duty.document.state) == (Obligation.State.MET, State.CHECKED)
    assert duty.document.original_seen_at == now
    assert duty.document.attachments.count() == 1


def test_after_its_day_both_sides_are_told_and_the_case_lies_with_the_clerk_once(
    case: Application, founder: User, now: datetime
) -> None:
    duty, clerk = lenient.owed(case, now), desk.clerk_of(lenient.TOWN)
    assert lenient.run(duty.due_on, now) > 0, "a reminder on the last day"
    assert case.flags.filter(kind="overdue").count() == 0
    late = duty.due_on + timedelta(days=4)
    for _again in range(3):
        lenient.run(late, now)
    assert case.flags.filter(kind="overdue", ended_at=None).count() == 1
    assert (lenient.told(founder, "paper_late"), lenient.told(clerk, "paper_overdue")) == (1, 1)
    assert AuditEvent.objects.filter(action="applications.paper_overdue").count() == 1
    held = desk_of(clerk, late)
    assert tab_steps(Tab.OVERDUE, held, sealed=frozenset()).filter(application=case).count() == 1
    assert not tab_steps(Tab.MINE, held, sealed=frozenset()).filter(application=case).exists()
    with pytest.raises(StepRefused, match="容缺材料逾期"):
        complete_step(desk.step_of(case, "screen"), "passed", by=clerk, at=now)
    duty.refresh_from_db()
    assert follow_ups_of(duty, on=late) == (
        FollowUp.RECEIVED, FollowUp.EXTENDED, FollowUp.ENDED, FollowUp.WAIVED,
    )  # fmt: skip


def test_it_is_put_off_once_with_a_reason_and_falls_due_again(case: Application, founder: User, now: datetime) -> None:
    duty, clerk = lenient.owed(case, now), desk.clerk_of(lenient.TOWN)
    late = now + timedelta(days=lenient.DAYS + 1)
    lenient.run(late.date(), now)
    duty.refresh_from_db()
    day = latest_extension(on=late.date())
    for put_off in (FollowedUp(FollowUp.EXTENDED, "", day), FollowedUp(FollowUp.EXTENDED, "房东出差", None)):
        with pytest.raises(ObligationRefused):
            follow_up(duty, put_off, by=clerk, at=late)
    with pytest.raises(ObligationRefused, match="不晚于"):
        follow_up(duty, FollowedUp(FollowUp.EXTENDED, "房东出差", day + timedelta(days=1)), by=clerk, at=late)
    duty = follow_up(duty, FollowedUp(FollowUp.EXTENDED, "房东出差", day), by=clerk, at=late)
    assert (duty.due_on, duty.overdue_at, duty.extension_reason) == (day, None, "房东出差")
    assert not case.flags.filter(kind="overdue", ended_at=None).exists()
    assert lenient.told(founder, "paper_extended") == 1
    complete_step(desk.step_of(case, "screen"), "passed", by=clerk, at=late)
    lenient.run(day + timedelta(days=1), now)
    duty.refresh_from_db()
    assert duty.overdue_at is not None
    assert FollowUp.EXTENDED not in follow_ups_of(duty, on=day + timedelta(days=1))


def test_the_clerk_may_end_the_review(case: Application, founder: User, now: datetime) -> None:
    duty, clerk = lenient.owed(case, now), desk.clerk_of(lenient.TOWN)
    late = now + timedelta(days=lenient.DAYS + 1)
    lenient.run(late.date(), now)
    ended = follow_up(duty, FollowedUp(FollowUp.ENDED, "联系不上"), by=clerk, at=late)
    case.refresh_from_db()
    assert (ended.state, case.state) == (Obligation.State.BROKEN, Application.State.LAPSED)
    assert "联系不上" in case.end_reason
    assert lenient.told(founder, "paper_ended") == 1
    assert not case.steps.filter(state="open").exists()


def test_before_its_day_nothing_is_ended_and_strangers_do_nothing(case: Application, now: datetime) -> None:
    duty = lenient.owed(case, now)
    with pytest.raises(ObligationRefused, match="从列出的办法"):
        follow_up(duty, FollowedUp(FollowUp.ENDED, "太慢"), by=desk.clerk_of(lenient.TOWN), at=now)
    with pytest.raises(ObligationRefused, match="经办人"):
        follow_up(duty, FollowedUp(FollowUp.RECEIVED), by=desk.clerk_of("310112101"), at=now)
    with pytest.raises(ObligationRefused, match="材料上核对"):
        settle_obligation(duty, Obligation.State.MET, by=desk.clerk_of(lenient.TOWN), at=now)


def test_where_the_file_says_so_the_case_ends_by_itself(case: Application, founder: User, now: datetime) -> None:
    duty = lenient.owed(case, now)
    with lenient.terms(overdue="end"):
        lenient.run(duty.due_on + timedelta(days=1), now)
    case.refresh_from_db()
    duty.refresh_from_db()
    assert (case.state, duty.state) == (Application.State.LAPSED, Obligation.State.BROKEN)
    assert lenient.told(founder, "paper_ended") == 1


def test_a_decision_waits_while_a_paper_is_overdue_and_comes_out_once_it_is_there(
    case: Application, founder: User, now: datetime
) -> None:
    duty = lenient.owed(case, now)
    lenient.review(case, now)
    decision = deciding.approved(Application.objects.get(pk=case.pk), at=now)
    late = now + timedelta(days=lenient.DAYS + 1)
    lenient.run(late.date(), now)
    end_notice(PublicNotice.objects.get(decisions=decision), by=None, at=late)
    decision.refresh_from_db()
    assert decision.state == Decision.State.APPROVED
    assert duty.document is not None
    give_document(duty.document, files=[lenient.photo()], by=founder, at=late)
    decision.refresh_from_db()
    assert decision.state == Decision.State.PUBLISHED


def test_after_the_decision_nothing_is_paid_and_the_clerk_may_revoke_it(case: Application, now: datetime) -> None:
    duty, clerk = lenient.granted_owing(case, now), desk.clerk_of(lenient.TOWN)
    late = now + timedelta(days=lenient.DAYS + 1)
    assert due_instalments(late.date()).exists()
    lenient.run(late.date(), now)
    duty.refresh_from_db()
    assert not due_instalments(late.date()).exists()
    assert FollowUp.REVOKED in follow_ups_of(duty, on=late.date())
    assert FollowUp.ENDED not in follow_ups_of(duty, on=late.date())
    follow_up(duty, FollowedUp(FollowUp.REVOKED, "多次催告未补"), by=clerk, at=late)
    child = Application.objects.get(parent=case, kind=Application.Kind.RECOVERY)
    assert child.steps.filter(word=HEARING, state="open").exists()


def test_after_the_decision_the_applicant_may_still_hand_it_in(case: Application, founder: User, now: datetime) -> None:
    duty = lenient.granted_owing(case, now)
    late = now + timedelta(days=lenient.DAYS + 1)
    lenient.run(late.date(), now)
    assert duty.document is not None
    give_document(duty.document, files=[lenient.photo()], by=founder, at=late)
    assert due_instalments(late.date()).exists()
    done = follow_up(duty, FollowedUp(FollowUp.RECEIVED), by=desk.clerk_of("rsj"), at=late)
    assert done.state == Obligation.State.MET


def test_a_case_that_ended_owes_nothing(case: Application, now: datetime) -> None:
    duty = lenient.owed(case, now)
    Application.objects.filter(pk=case.pk).update(state="withdrawn", end_reason="不办了")
    lenient.run(duty.due_on + timedelta(days=1), now)
    duty.refresh_from_db()
    assert duty.state == Obligation.State.WAIVED
