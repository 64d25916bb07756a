"""Working days per step before and after a day: out of steps and clocks, without the days on which a clock stood still."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.applications.corrections import Answer, Wanted, answer_correction, request_correction
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Step
from chuangju.applications.step_days import AFTER, BEFORE, Question, StepLine, compare_steps
from chuangju.applications.step_days_listing import case_days_listing, cases_behind
from chuangju.applications.step_times import WHOLE, WorkingDayCount
from chuangju.applications.steps import complete_step
from chuangju.kernel.models import User
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.applications.pacing import decided, later, refuse
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
SPLIT = date(2026, 3, 1)


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def leader() -> User:
    return make_user("leader", Role.LEADER)


def _line(user: User, question: Question, key: str) -> StepLine:
    return next(line for line in compare_steps(user, question, on=date(2026, 6, 15)).lines if line.key == key)


def test_steps_that_became_quicker_say_by_how_much(founder: User, leader: User) -> None:
    for place, pace in enumerate((4, 6, 10), start=1):
        decided(place, founder, begun=datetime(2025, 9, 1, 10).astimezone(), pace=pace)
    for place, pace in enumerate((1, 2), start=4):
        decided(place, founder, begun=datetime(2026, 4, 1, 10).astimezone(), pace=pace)
    question = Question(SPLIT, 12)
    visit = _line(leader, question, "visit")
    assert (visit.before.count, visit.before.median, visit.before.ninety, visit.before.promised) == (3, 6, 10, 5)
    assert (visit.after.count, visit.after.median, visit.after.ninety) == (2, 1.5, 2)
    assert visit.change == -4.5
    whole = _line(leader, question, WHOLE)
    assert (whole.before.count, whole.after.count) == (3, 2)
    assert whole.before.median == 4 * 6, "acceptance is not in it, three reviews and the approval are"
    keys = [line.key for line in compare_steps(leader, question, on=date(2026, 6, 15)).lines]
    assert keys[:3] == [WHOLE, "accept", "screen"]
    behind = cases_behind(leader, question, BEFORE, "visit", on=date(2026, 6, 15))
    assert sorted(one.days for one in behind) == [4, 6, 10]


def test_days_on_which_the_clock_stood_still_count_only_when_asked_for(founder: User, leader: User) -> None:
    begun = datetime(2026, 4, 1, 10).astimezone()
    case = desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=begun)
    town, bureau = desk.clerk_of(deciding.TOWN), desk.clerk_of("rsj")
    accept_application(case, by=town, at=begun)
    asked, answered = later(begun, 2), later(begun, 9)
    made = request_correction(case, [Wanted("补最后一页")], by=town, at=asked)
    answer_correction(made, Answer({made.items.get().pk: "已补"}, {}), by=founder, at=answered)
    at = later(answered, 1)
    for _number in range(6):
        step = case.steps.filter(state=Step.State.OPEN).order_by("position").get()
        if step.kind == Step.Kind.APPROVE:
            break
        clerk = town if step.unit.code == deciding.TOWN else bureau
        complete_step(step, Step.Result.PASSED, opinion="属实", by=clerk, at=at)
    refuse(case, at=at)
    screen = _line(leader, Question(SPLIT, 12), "screen")
    assert screen.after.days == [3], "two before it was asked, one after it was answered"
    assert _line(leader, Question(SPLIT, 12, with_pauses=True), "screen").after.days == [10]


def test_only_decided_cases_of_the_period_the_policy_and_ones_desk_count(founder: User, leader: User) -> None:
    begun = datetime(2026, 4, 1, 10).astimezone()
    decided(1, founder, begun=begun, pace=1)
    desk.hand_in(desk.make_firm(2, founder=founder), by=founder, at=begun)
    on = date(2026, 6, 15)
    assert _line(leader, Question(SPLIT, 12), WHOLE).after.count == 1
    assert compare_steps(leader, Question(SPLIT, 12, policy_id="setup_grant"), on=on).lines == []
    assert compare_steps(leader, Question(date(2026, 5, 1), 12), on=on).lines[0].before.count == 1
    assert compare_steps(leader, Question(date(2028, 5, 1), 12), on=on).lines == []
    stranger = make_user("elsewhere", Role.CLERK, unit=desk.unit_of("310112101"))
    assert compare_steps(stranger, Question(SPLIT, 12), on=on).lines == []
    own = desk.clerk_of(deciding.TOWN)
    assert _line(own, Question(SPLIT, 12, unit_id=desk.unit_of("rsj").pk), "visit").after.count == 1


def test_days_between_are_counted_like_clocks() -> None:
    count = WorkingDayCount(date(2026, 4, 1), date(2026, 4, 30))
    assert count.between(date(2026, 4, 7), date(2026, 4, 10)) == 3
    assert count.between(date(2026, 4, 10), date(2026, 4, 7)) == 0
    pauses = [(date(2026, 4, 8), date(2026, 4, 9)), (date(2026, 4, 20), date(2026, 4, 22))]
    assert count.used(date(2026, 4, 7), date(2026, 4, 10), pauses) == 2


def test_the_pages_lead_from_policies_to_steps_to_cases_and_to_a_sheet(
    client: Client, founder: User, leader: User
) -> None:
    decided(1, founder, begun=datetime(2025, 9, 1, 10).astimezone(), pace=4)
    decided(2, founder, begun=datetime(2026, 4, 1, 10).astimezone(), pace=1)
    client.force_login(leader)
    address = reverse("applications:step_days")
    every = client.get(address, {"split": "2026-03-01"}).content.decode()
    assert "policy=rent_subsidy" in every
    one = client.get(address, {"split": "2026-03-01", "policy": desk.POLICY}).content.decode()
    assert "现场查看" in one
    assert "−3 天" in one
    path = reverse("applications:step_day_cases", args=(desk.POLICY, AFTER, "2026-03-01,12,net,all", "visit"))
    assert path in one
    cases = client.get(path, {"sort": "-days"})
    assert "测试企业2" in cases.content.decode()
    assert "测试企业1" not in cases.content.decode()
    sheet = client.get(address, {"split": "2026-03-01", "export": "xlsx"})
    rows = list(openpyxl.load_workbook(BytesIO(sheet.content)).active.values)
    assert next(row for row in rows if row[1] == "现场查看")[2:] == (5, 4, 4, 1, 5, 1, 1, 1, -3)
    for wrong in ("2026-03-01,12,net", "x,12,net,all", "2026-03-01,7,net,all"):
        path = reverse("applications:step_day_cases", args=(desk.POLICY, AFTER, wrong, "visit"))
        assert client.get(path).status_code == 404


@pytest.mark.database("sqlite")
def test_pages_ask_as_many_queries_for_many_cases_as_for_few(client: Client, founder: User, leader: User) -> None:
    client.force_login(leader)
    address = reverse("applications:step_days")
    path = reverse("applications:step_day_cases", args=(desk.POLICY, AFTER, "2026-03-01,12,net,all", "visit"))
    asked = []
    for places in (range(1, 3), range(3, 8)):
        for place in places:
            decided(place, founder, begun=datetime(2026, 4, 1, 10).astimezone(), pace=1)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, {"split": "2026-03-01", "policy": desk.POLICY})
            client.get(path)
        asked.append(len(queries))
    assert case_days_listing().key == "step_day_cases"
    assert asked[0] >= asked[1], "what a first page keeps is not asked again"
