"""A visit is planned, ticked item by item, and passed only when everything was looked at; the place is one on earth."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chuangju.applications.case_locks import findings_of
from chuangju.applications.models import Step
from chuangju.applications.steps import complete_step
from chuangju.applications.visits import Finding, VisitRefused, checked_place, finish_visit, open_list, plan_visit
from chuangju.kernel.checklists import tick_item
from chuangju.kernel.models import Message
from tests.applications import desk
from tests.people import make_user

TOWN = "310112114"


@pytest.fixture
def visit(reference_data: None, now: datetime) -> Step:
    founder = make_user("founder", "entrepreneur")
    case = desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)
    desk.accept(case, at=now)
    complete_step(desk.step_of(case, "screen"), "passed", by=desk.clerk_of(TOWN), at=now)
    return desk.step_of(case, "visit")


def test_the_applicant_is_told_the_day(visit: Step, now: datetime) -> None:
    plan_visit(visit, day=date(2026, 6, 17), by=desk.clerk_of(TOWN), at=now)
    assert findings_of(desk.step_of(visit.application, "visit"))["planned_on"] == "2026-06-17"
    assert Message.objects.filter(user__username="founder", template="applications.visit_planned").count() == 1
    with pytest.raises(VisitRefused):
        plan_visit(visit, day=date(2026, 6, 1), by=desk.clerk_of(TOWN), at=now)


def test_it_is_passed_only_when_every_item_was_looked_at(visit: Step, now: datetime) -> None:
    clerk = desk.clerk_of(TOWN)
    with pytest.raises(VisitRefused, match="逐项"):
        finish_visit(visit, Finding("passed"), by=clerk, at=now)
    for item in open_list(visit, by=clerk, at=now).items.all():
        tick_item(item, is_done=True, note="", photo=None, by=clerk, at=now)
    place = {"latitude": "31.0123456", "longitude": "121.5", "accuracy": "12"}
    finish_visit(visit, Finding("passed", "属实", place), by=clerk, at=now)
    done = desk.step_of(visit.application, "visit")
    assert (done.state, done.result) == ("done", "passed")
    assert findings_of(done)["place"] == {"latitude": "31.012346", "longitude": "121.5", "accuracy": "12"}


def test_what_does_not_fit_may_be_said_without_the_whole_list(visit: Step, now: datetime) -> None:
    finish_visit(visit, Finding("failed", "大门紧锁，未在经营"), by=desk.clerk_of(TOWN), at=now)
    assert desk.step_of(visit.application, "approve").state == "open"


@pytest.mark.parametrize("place", [{"latitude": "91", "longitude": "0"}, {"latitude": "x", "longitude": "1"}, {}])
def test_what_is_no_place_on_earth_is_refused(place: dict[str, str]) -> None:
    with pytest.raises(VisitRefused):
        checked_place(place)
