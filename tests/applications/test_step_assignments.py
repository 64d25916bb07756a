"""A step is given to a colleague who may end it, or taken over by the unit that leads; whoever applied stands aside."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chuangju.applications.access import can_act_in_step, desk_applications_visible_to
from chuangju.applications.case_locks import StepRefused
from chuangju.applications.escalations import remind_and_raise
from chuangju.applications.models import Application, Step
from chuangju.applications.step_assignments import assign_step, open_steps_of, take_over
from chuangju.applications.steps import complete_step
from chuangju.applications.suspensions import SuspensionRefused, resume_application, suspend_application
from chuangju.kernel.models import Message, User
from chuangju.kernel.refusals import StaleForm
from chuangju.ventures.models import Party
from tests.applications import desk
from tests.people import make_user

TOWN = "310112114"


@pytest.fixture
def case(reference_data: None, now: datetime) -> Application:
    founder = make_user("founder", "entrepreneur")
    return desk.accept(desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now), at=now)


def test_a_step_is_given_to_a_colleague_who_is_told(case: Application, now: datetime) -> None:
    second = desk.clerk_of(TOWN, "second-clerk")
    assign_step(desk.step_of(case, "screen"), second, by=desk.clerk_of(TOWN), at=now)
    assert open_steps_of(second).count() == 1
    assert Message.objects.filter(user=second, template="applications.step_assigned").count() == 1


def test_nobody_without_the_role_or_from_elsewhere_is_given_a_step(case: Application, now: datetime) -> None:
    step = desk.step_of(case, "screen")
    with pytest.raises(StepRefused):
        assign_step(step, desk.clerk_of("kw"), by=desk.clerk_of(TOWN), at=now)
    with pytest.raises(StepRefused):
        assign_step(step, desk.clerk_of(TOWN), by=desk.clerk_of("kw"), at=now)


def test_the_unit_that_leads_may_take_a_step_over(case: Application, now: datetime) -> None:
    step, clerk = desk.step_of(case, "screen"), desk.clerk_of("rsj")
    with pytest.raises(StepRefused, match="原因"):
        take_over(step, reason=" ", by=clerk, at=now)
    take_over(step, reason="街镇人手不足", by=clerk, at=now)
    complete_step(desk.step_of(case, "screen"), "passed", by=clerk, at=now)
    with pytest.raises(StaleForm):
        take_over(step, reason="再接办", by=clerk, at=now)


def test_whoever_applied_deals_with_no_step_of_the_case(reference_data: None, now: datetime) -> None:
    insider = desk.clerk_of(TOWN)
    case = desk.hand_in(desk.make_firm(2, founder=insider), by=insider, at=now)
    step = Step.objects.select_related("application__subject").get(pk=desk.step_of(case, "accept").pk)
    assert not can_act_in_step(insider, step, now.date())
    assert can_act_in_step(desk.clerk_of(TOWN, "second-clerk"), step, now.date())


def test_what_is_sealed_is_on_nobodys_desk(case: Application, now: datetime) -> None:
    clerk = desk.clerk_of(TOWN)
    assert desk_applications_visible_to(clerk, now.date()).filter(pk=case.pk).exists()
    case.window.is_sealed = True
    case.window.save()
    assert not desk_applications_visible_to(clerk, now.date()).filter(pk=case.pk).exists()
    case.window.state = "closed"
    case.window.save()
    assert desk_applications_visible_to(clerk, now.date()).filter(pk=case.pk).exists()


def test_people_are_told_before_a_day_and_their_approvers_after_it_once(case: Application, now: datetime) -> None:
    clerk, approver = desk.clerk_of(TOWN), desk.approver_of(TOWN)
    assert desk.step_of(case, "screen").due_on == date(2026, 6, 23)
    assert remind_and_raise(date(2026, 6, 18), at=now) == 1
    assert remind_and_raise(date(2026, 6, 18), at=now) == 0
    assert remind_and_raise(date(2026, 6, 24), at=now) == 2
    told = Message.objects.filter(template="applications.step_late").values_list("user__username", flat=True)
    assert set(told) == {clerk.username, approver.username}


def test_a_suspended_case_stands_still_until_it_is_taken_up_again(case: Application, now: datetime) -> None:
    clerk = desk.clerk_of("rsj")
    with pytest.raises(SuspensionRefused):
        suspend_application(case, reason="涉诉", by=desk.clerk_of("kw"), at=now)
    suspend_application(case, reason="涉诉", by=clerk, at=now)
    with pytest.raises(StepRefused, match="暂停"):
        complete_step(desk.step_of(case, "screen"), "passed", by=desk.clerk_of(TOWN), at=now)
    resume_application(case, by=clerk, at=now)
    complete_step(desk.step_of(case, "screen"), "passed", by=desk.clerk_of(TOWN), at=now)
    assert Message.objects.filter(user=User.objects.get(username="founder"), template="applications.suspended").exists()
    assert Party.objects.filter(pk=case.subject_id).exists()
