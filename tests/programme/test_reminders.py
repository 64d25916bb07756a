"""Who is told of steps that are near, due or late: once for each stage, on working days, and in time further up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from chuangju.kernel.channels import SMS_CHANNEL
from chuangju.kernel.deliveries import deliver_waiting
from chuangju.kernel.duties import run_due_duties
from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import DutyRun, Message, User
from chuangju.kernel.working_days import is_working_day
from chuangju.programme.milestones import complete_milestone
from chuangju.programme.models import Milestone
from chuangju.programme.reminders import Stage, remind_of_milestones, stage_of
from tests.kernel.outbox import Kept, replaced

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 6, 15)
FRIDAY, SATURDAY, SUNDAY = date(2026, 6, 12), date(2026, 6, 13), date(2026, 6, 14)


@pytest.fixture
def sms() -> Iterator[Kept]:
    """What the SMS channel sent."""
    kept = Kept()
    with replaced(replace(SMS_CHANNEL, send=kept.send, is_ready=lambda: True)):
        yield kept


def _remind(on: date, now: datetime) -> int:
    at = now + timedelta(days=(on - MONDAY).days)
    with transaction.atomic():
        return remind_of_milestones(on=on, at=at)


def _kinds(user: User) -> list[str]:
    keys = Message.objects.filter(user=user).order_by("pk").values_list("template", flat=True)
    return [key.removeprefix("programme.milestone_") for key in keys]


@pytest.mark.parametrize(
    ("due_on", "on", "stage"),
    [
        (date(2026, 6, 23), MONDAY, Stage.SOON),
        (date(2026, 6, 16), MONDAY, Stage.SOON),
        (MONDAY, MONDAY, Stage.DUE),
        (FRIDAY, FRIDAY, Stage.DUE),
        (SUNDAY, FRIDAY, Stage.DUE),
        (SUNDAY, MONDAY, Stage.LATE),
        (FRIDAY, MONDAY, Stage.LATE),
        (FRIDAY, date(2026, 6, 16), Stage.LATE),
        (FRIDAY, date(2026, 6, 17), Stage.ESCALATED),
        # 19 June 2026 is 端午: no working day.
        (date(2026, 6, 17), date(2026, 6, 22), Stage.LATE),
    ],
)
def test_the_stage_follows_from_working_days(due_on: date, on: date, stage: Stage) -> None:
    assert stage_of(Milestone(due_on=due_on), on) == stage


def test_each_stage_is_told_once_as_time_goes_on(
    make_milestone: Callable[..., Milestone], finance: User, office: User, now: datetime
) -> None:
    make_milestone(due_on=date(2026, 6, 22))
    for day in range(30):
        _remind(MONDAY + timedelta(days=day), now)
    assert _kinds(finance) == ["soon", "due", "late", "escalated"]
    assert _kinds(office) == ["escalated"]
    days = {timezone.localdate(each.created_at) for each in Message.objects.all()}
    assert all(is_working_day(day) for day in days)


def test_nothing_is_told_on_a_day_off(make_milestone: Callable[..., Milestone], finance: User, now: datetime) -> None:
    make_milestone(due_on=SATURDAY)
    assert _remind(SATURDAY, now) == 0
    assert _remind(SUNDAY, now) == 0


def test_only_what_is_open_dated_and_in_force_is_spoken_of(
    make_milestone: Callable[..., Milestone], finance: User, office: User, now: datetime
) -> None:
    make_milestone(due_on=None)
    make_milestone(due_on=MONDAY + timedelta(days=20))
    done = make_milestone(due_on=MONDAY)
    complete_milestone(done, done_on=MONDAY, revision=done.revision, by=office, at=now)
    assert _remind(MONDAY, now) == 0


def test_a_new_deadline_begins_anew(make_milestone: Callable[..., Milestone], finance: User, now: datetime) -> None:
    step = make_milestone(due_on=FRIDAY)
    _remind(MONDAY, now)
    Milestone.objects.filter(pk=step.pk).update(due_on=MONDAY + timedelta(days=1))
    _remind(MONDAY, now)
    assert _kinds(finance) == ["late", "soon"]


def test_somebody_new_hears_of_a_late_step_too_and_is_told_of_the_report(
    make_milestone: Callable[..., Milestone], finance: User, office: User, make_user: Any, now: datetime
) -> None:
    step = make_milestone(due_on=FRIDAY - timedelta(days=10))
    assert _remind(MONDAY, now) == 3
    assert _kinds(finance) == ["late", "escalated"]
    successor = make_user("successor", "liaison_officer", unit=step.unit)
    _remind(MONDAY + timedelta(days=1), now)
    assert _kinds(successor) == ["late", "escalated"]
    assert _kinds(finance) == ["late", "escalated"]


def test_the_units_leader_in_charge_hears_of_a_long_delay(
    make_milestone: Callable[..., Milestone], finance: User, leader: User, now: datetime, monkeypatch: Any
) -> None:
    make_milestone(due_on=FRIDAY - timedelta(days=10))
    monkeypatch.setattr("chuangju.programme.reminders.leader_in_charge_of", lambda _unit, _on: leader)
    _remind(MONDAY, now)
    assert _kinds(leader) == ["escalated"]


def test_the_number_of_days_before_a_report_is_the_districts(
    make_milestone: Callable[..., Milestone], finance: User, now: datetime, settings: Any
) -> None:
    settings.ESCALATE_WORKING_DAYS = 1
    make_milestone(due_on=FRIDAY)
    _remind(MONDAY, now)
    assert _kinds(finance) == ["late", "escalated"]


def test_one_officer_with_twelve_late_steps_gets_one_sms_a_day(
    make_milestone: Callable[..., Milestone], finance: User, sms: Kept, now: datetime
) -> None:
    set_mobile(finance, mobile="13800001234", by=None, at=now)
    for _number in range(12):
        make_milestone(due_on=FRIDAY)
    assert _remind(MONDAY, now) == 12
    assert deliver_waiting(at=now) == 12
    [text] = sms.texts
    assert "12" in text
    assert "节点" not in text
    for hour in range(1, 10):
        _remind(MONDAY, now)
        deliver_waiting(at=now + timedelta(hours=hour))
    assert len(sms.texts) == 1


def test_a_message_leads_to_the_step_and_speaks_the_readers_language(
    make_milestone: Callable[..., Milestone], finance: User, now: datetime
) -> None:
    finance.language = "en"
    finance.save()
    step = make_milestone(due_on=FRIDAY)
    _remind(MONDAY, now)
    message = Message.objects.get(user=finance)
    assert message.address == f"/staff/table/tasks/{step.measure.task.code}/#milestone-{step.pk}"
    assert message.language == "en"
    assert step.title in message.subject


def test_the_daily_duty_tells_today_and_not_what_was_missed(
    make_milestone: Callable[..., Milestone], finance: User, now: datetime
) -> None:
    make_milestone(due_on=FRIDAY)
    run_due_duties(at=now - timedelta(days=14))
    assert _kinds(finance) == []
    run_due_duties(at=now)
    run_due_duties(at=now + timedelta(hours=1))
    assert _kinds(finance) == ["late"]
    runs = DutyRun.objects.filter(duty="programme.milestone_reminders").order_by("starts_at")
    assert [(run.period, run.count) for run in runs] == [("2026-06-01", 0), ("2026-06-15", 1)]
