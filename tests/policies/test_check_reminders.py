"""Told on the day, once, in their language; stopped by the link; never more than ten at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import Delivery, Message, User
from chuangju.policies.check_reminders import (
    MOST_WAITING,
    ReminderRefused,
    ask_reminder,
    find_by_stop_code,
    send_due,
    stop_reminder,
)
from chuangju.policies.current import current_catalogue
from chuangju.policies.models import CheckReminder

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
MOBILE = "13900000001"


def period(day: date, at: datetime) -> DutyPeriod:
    return DutyPeriod(on=day, start=at, end=at + timedelta(days=1), at=at)


@pytest.fixture
def with_sms(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


def test_whoever_has_an_account_is_told_on_the_day_and_once(entrepreneur: User, now: datetime) -> None:
    ask_reminder("rent_subsidy", due_on=DAY, user=entrepreneur, language="en", at=now)
    assert send_due(period(DAY - timedelta(days=1), now)) == 0
    assert send_due(period(DAY, now)) == 1
    assert send_due(period(DAY + timedelta(days=1), now)) == 0
    message = Message.objects.get(user=entrepreneur)
    assert "Start-up rent subsidy" in message.subject
    assert CheckReminder.objects.get().state == CheckReminder.State.SENT


def test_a_telephone_is_told_by_sms_with_the_link_that_stops_it(with_sms: None, now: datetime) -> None:
    reminder = ask_reminder("rent_subsidy", due_on=DAY, mobile=MOBILE, at=now)
    assert send_due(period(DAY, now)) == 1
    text = Delivery.objects.get(channel="sms").text
    assert reminder.stop_code in text
    assert "创业场地房租补贴" in text


def test_without_sms_a_telephone_waits(now: datetime) -> None:
    ask_reminder("rent_subsidy", due_on=DAY, mobile=MOBILE, at=now)
    assert send_due(period(DAY, now)) == 0
    assert CheckReminder.objects.get().state == CheckReminder.State.WAITING


def test_a_later_wish_for_the_same_policy_takes_the_place_of_the_earlier(now: datetime) -> None:
    ask_reminder("rent_subsidy", due_on=DAY, mobile=MOBILE, at=now)
    later = ask_reminder("rent_subsidy", due_on=DAY + timedelta(days=5), mobile=MOBILE, at=now)
    assert [one.pk for one in CheckReminder.objects.filter(state="waiting")] == [later.pk]


def test_stopping_stops_everything_that_waits_for_this_telephone(now: datetime) -> None:
    first = ask_reminder("rent_subsidy", due_on=DAY, mobile=MOBILE, at=now)
    ask_reminder("setup_grant", due_on=DAY, mobile=MOBILE, at=now)
    other = ask_reminder("setup_grant", due_on=DAY, mobile="13900000002", at=now)
    found = find_by_stop_code(first.stop_code)
    assert found is not None
    stop_reminder(found, by=None, at=now)
    stop_reminder(found, by=None, at=now)
    assert [one.pk for one in CheckReminder.objects.filter(state="waiting")] == [other.pk]


def test_no_day_that_has_come_no_unknown_policy_and_no_more_than_ten(entrepreneur: User, now: datetime) -> None:
    for policy, day in (("rent_subsidy", now.date()), ("no_such_policy", DAY), ("rent_subsidy", date(2040, 1, 1))):
        with pytest.raises(ReminderRefused):
            ask_reminder(policy, due_on=day, user=entrepreneur, at=now)
    ids = current_catalogue().ids
    for policy in ids[:MOST_WAITING]:
        ask_reminder(policy, due_on=DAY, user=entrepreneur, at=now)
    with pytest.raises(ReminderRefused, match="最多"):
        ask_reminder(ids[MOST_WAITING], due_on=DAY, user=entrepreneur, at=now)
