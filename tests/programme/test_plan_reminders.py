"""What is told by itself: to whom, when, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chuangju.kernel.duties import duties, run_due_duties
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import Delivery, Message, User
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.models import PlanReview
from chuangju.programme.plan_reminders import is_reminder_day, open_reviews, remind_of_plans
from chuangju.units.models import Appointment
from tests import people
from tests.conftest import SHANGHAI
from tests.programme.conftest import unit_called
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db


def on_day(day: date) -> DutyPeriod:
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return DutyPeriod(day, start, start + timedelta(days=1), start + timedelta(hours=8))


def told(user: User, about: str = "") -> list[str]:
    """The messages of a kind that somebody was sent, in order."""
    sent = Message.objects.filter(user=user, template__contains=about).order_by("pk")
    return [template.removeprefix("programme.") for template in sent.values_list("template", flat=True)]


@pytest.fixture
def officer(planner: Planner) -> User:
    """The liaison officer of the unit that owes the item."""
    return planner.officer("区财政局")


def test_an_item_is_announced_once_when_it_comes_near(planner: Planner, officer: User, today: date) -> None:
    planner.issued({"due_on": add_working_days(today, 7)})
    for days in range(1, 8):
        remind_of_plans(on_day(add_working_days(today, days)))
    assert told(officer, "plan_item") == ["plan_item_due"]


def test_a_late_item_is_spoken_of_on_the_first_day_and_every_fifth(
    planner: Planner, officer: User, today: date
) -> None:
    planner.issued({"due_on": today})
    for days in range(1, 11):
        remind_of_plans(on_day(add_working_days(today, days)))
    late = Message.objects.filter(user=officer, template="programme.plan_item_late").order_by("pk")
    subjects = [subject.split("”")[1] for subject in late.values_list("subject", flat=True)]
    assert subjects == ["逾期 1 个工作日", "逾期 5 个工作日", "逾期 10 个工作日"]
    assert [days for days in range(-1, 16) if is_reminder_day(days)] == [1, 5, 10, 15]


def test_the_leader_in_charge_hears_once_when_the_row_turns_red(planner: Planner, officer: User, today: date) -> None:
    unit = unit_called("区财政局")
    boss = people.make_user("boss")
    Appointment.objects.create(
        unit=unit, kind=Appointment.Kind.LEADER_IN_CHARGE, user=boss, name="分管", starts_on=date(2020, 1, 1)
    )
    planner.issued({"due_on": today})
    for days in range(4, 9):
        remind_of_plans(on_day(add_working_days(today, days)))
        assert len(told(boss)) == int(days > 5)


def test_nothing_is_told_on_a_day_off(planner: Planner, officer: User, today: date) -> None:
    planner.issued({"due_on": today - timedelta(days=3)})
    assert remind_of_plans(on_day(date(2026, 6, 20))) == 0
    assert told(officer, "plan_item") == []


def test_done_items_and_ended_plans_are_left_in_peace(planner: Planner, officer: User, today: date) -> None:
    plan = planner.issued({"due_on": today})
    plan.items.update(state="done", done_on=today)
    assert remind_of_plans(on_day(add_working_days(today, 1))) == 0


def test_units_that_have_not_answered_are_reminded_before_and_after(
    planner: Planner, officer: User, today: date
) -> None:
    consultation = planner.ask(planner.written())
    for days in range(1, 9):
        remind_of_plans(on_day(add_working_days(today, days)))
    assert told(officer) == ["plan_round_opened", "plan_round_due", "plan_round_due"]
    last = Message.objects.filter(user=officer).order_by("-pk")[0]
    assert last.address == f"/staff/plans/rounds/{consultation.pk}/"


def test_the_office_hears_of_reviews_that_are_due_and_late(planner: Planner) -> None:
    planner.issued()
    open_reviews(on_day(date(2026, 7, 1)))
    remind_of_plans(on_day(date(2026, 7, 1)))
    review = PlanReview.objects.get()
    remind_of_plans(on_day(add_working_days(review.due_on, 1)))
    remind_of_plans(on_day(add_working_days(review.due_on, 2)))
    assert told(planner.office, "review") == ["review_opened", "review_late"]


def test_outside_the_house_goes_a_pointer_without_content(
    planner: Planner, officer: User, today: date, settings: Any
) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    set_mobile(officer, mobile="13800000001", by=officer, at=planner.now)
    planner.issued({"due_on": today - timedelta(days=1), "title": "机密的事项名称"})
    remind_of_plans(on_day(today))
    texts = Delivery.objects.filter(message__user=officer, channel="sms").values_list("text", flat=True)
    assert len(texts) > 0
    assert all("机密" not in text and "财政" not in text for text in texts)


def test_the_worker_runs_both_duties_and_opens_reviews_first(
    planner: Planner, officer: User, today: date, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path  # the other duties of the day write there, too
    assert duties.get("programme.plan_reviews").order < duties.get("programme.plan_reminders").order
    planner.issued({"due_on": today - timedelta(days=1)})
    run_due_duties(at=planner.now)
    assert told(officer, "plan_item") == ["plan_item_late"]
