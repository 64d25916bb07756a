"""Items of plans in the light of a row: amber while the delay is borne with, red beyond, and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from chuangju.kernel.working_days import add_working_days, working_days_between
from chuangju.programme.lights import Light, item_sign, items_with_light, red_from, row_sign, rows_with_progress
from chuangju.programme.models import Milestone, Plan, PlanItem
from chuangju.programme.plan_decisions import end_plan
from chuangju.programme.plan_items import report_item
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db
# Every day of two months with a long holiday and its make-up days in them.
DAYS = [date(2026, 9, 15) + timedelta(days=count) for count in range(45)]


def seen(planner: Planner, on: date, number: int = 1) -> Any:
    return rows_with_progress(planner.version.rows.filter(number=number), on=on).get()


def issue(planner: Planner, due_on: date, **given: object) -> Plan:
    return planner.issued({"due_on": due_on, "title": "发布宣传计划", **given})


def test_an_item_of_a_draft_or_a_consultation_changes_no_light(planner: Planner, today: date) -> None:
    plan = planner.draft()
    planner.write(plan)
    planner.item(plan, due_on=today - timedelta(days=30))
    assert seen(planner, today).light == Light.UNDATED
    planner.ask(plan)
    assert (seen(planner, today).light, seen(planner, today).items_total) == (Light.UNDATED, 0)


def test_the_first_late_day_is_amber_and_says_which_item(planner: Planner, today: date) -> None:
    issue(planner, today)
    row = seen(planner, add_working_days(today, 1))
    assert (row.light, row.deadline, row.late_item) == (Light.SOON, today, "发布宣传计划")
    sign = row_sign(row, on=add_working_days(today, 1))
    assert (sign.state, sign.text) == ("soon", "逾期 1 个工作日")
    assert sign.detail == "方案事项“发布宣传计划”逾期 1 个工作日"


@pytest.mark.parametrize(("late", "light"), [(1, Light.SOON), (5, Light.SOON), (6, Light.LATE)])
def test_up_to_five_working_days_are_borne_with(late: int, light: str, planner: Planner, today: date) -> None:
    issue(planner, today)
    on = add_working_days(today, late)
    row = seen(planner, on)
    assert row.light == light
    assert row_sign(row, on=on).detail == f"方案事项“发布宣传计划”逾期 {late} 个工作日"


def test_how_long_a_delay_is_borne_with_is_a_setting(planner: Planner, today: date, settings: Any) -> None:
    settings.PLAN_LATE_WORKING_DAYS = 0
    issue(planner, today)
    assert seen(planner, add_working_days(today, 1)).light == Light.LATE


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_boundary_counts_working_days_on_every_day_of_the_year(on: date, settings: Any) -> None:
    last = red_from(on)
    assert working_days_between(last, on) <= settings.PLAN_LATE_WORKING_DAYS
    assert working_days_between(last - timedelta(days=1), on) > settings.PLAN_LATE_WORKING_DAYS


def test_a_near_item_is_amber_without_being_named_late(planner: Planner, today: date) -> None:
    issue(planner, today)
    row = seen(planner, today)
    assert (row.light, row.late_item, row_sign(row, on=today).detail) == (Light.SOON, None, "")


def test_a_late_milestone_stays_red_beside_a_late_item(
    planner: Planner, today: date, make_milestone: Callable[..., Milestone]
) -> None:
    issue(planner, today)
    make_milestone(1, due_on=today)
    make_milestone(1, due_on=today + timedelta(days=90))
    row = seen(planner, add_working_days(today, 1))
    assert (row.light, row.milestones_total, row.items_total) == (Light.LATE, 2, 1)


def test_items_do_not_multiply_milestones(
    planner: Planner, today: date, make_milestone: Callable[..., Milestone]
) -> None:
    planner.issued(*({"title": f"事项{number}", "due_on": today + timedelta(days=99)} for number in range(3)))
    make_milestone(1)
    make_milestone(1)
    row = seen(planner, today)
    assert (row.milestones_total, row.milestones_done, row.items_total, row.items_done) == (2, 0, 3, 0)


def test_a_row_is_done_when_steps_and_items_are(planner: Planner, today: date) -> None:
    item = issue(planner, today).items.get()
    report_item(item, text="已发布", done_on=today, revision=1, by=planner.office, at=planner.now)
    row = seen(planner, today + timedelta(days=90))
    assert (row.light, row.deadline) == (Light.DONE, None)


def test_items_of_an_ended_plan_no_longer_count(planner: Planner, today: date) -> None:
    plan = issue(planner, today)
    end_plan(plan, reason="期满", revision=plan.revision, by=planner.office, at=planner.now)
    row = seen(planner, add_working_days(today, 9))
    assert (row.light, row.items_total) == (Light.UNDATED, 0)


def test_an_item_itself_is_red_from_its_first_late_day(planner: Planner, today: date) -> None:
    issue(planner, today)
    tomorrow = add_working_days(today, 1)
    item = items_with_light(PlanItem.objects.select_related("plan"), on=tomorrow).get()
    assert item.light == Light.LATE
    assert item_sign(item, on=tomorrow).text == "逾期 1 个工作日"


def test_an_item_of_a_plan_that_is_not_issued_shows_no_light(planner: Planner, today: date) -> None:
    planner.item(planner.draft(), due_on=today - timedelta(days=1))
    item = items_with_light(PlanItem.objects.select_related("plan"), on=today).get()
    sign = item_sign(item, on=today)
    assert (sign.state, sign.text) == ("flat", "未印发")
