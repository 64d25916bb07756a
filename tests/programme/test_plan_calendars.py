"""The dates of plans: the month, the calendar file, and the private address that can be revoked."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.programme.access import reviews_visible_to
from chuangju.programme.models import CalendarFeed, PlanItem
from chuangju.programme.plan_calendars import (
    calendar_items,
    feed_token,
    feed_with_token,
    month_weeks,
    open_feed,
    revoke_feed,
)
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_items(planner: Planner) -> PlanItem:
    """An issued plan with an item of 区财政局 and one of 区科委; the former."""
    plan = planner.issued(
        {"title": "财政的事项", "due_on": date(2026, 7, 31)},
        {"title": "科委的事项", "unit": "区科委", "due_on": date(2026, 8, 3)},
    )
    return plan.items.get(number=1)


def events(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(content).walk("VEVENT")]


def test_an_officer_has_the_own_units_dates_and_the_office_all(
    planner: Planner, two_items: PlanItem, today: date
) -> None:
    assert list(calendar_items(planner.officer("区财政局"), on=today)) == [two_items]
    assert calendar_items(planner.office, on=today).count() == 2
    assert calendar_items(planner.leader, on=today).count() == 2


def test_the_month_is_made_of_whole_weeks_with_what_is_due(planner: Planner, two_items: PlanItem, today: date) -> None:
    items = calendar_items(planner.office, on=today)
    reviews = reviews_visible_to(planner.office, on=today)
    weeks = month_weeks(date(2026, 7, 1), items, reviews, on=today)
    assert {len(week) for week in weeks} == {7}
    assert (weeks[0][0].day, weeks[-1][-1].day) == (date(2026, 6, 29), date(2026, 8, 2))
    filled = [day for week in weeks for day in week if day.entries]
    assert [(day.day, day.entries[0].title) for day in filled] == [(date(2026, 7, 31), "财政的事项")]
    december = month_weeks(date(2026, 12, 1), items, reviews, on=today)
    assert december[-1][-1].day >= date(2026, 12, 31)


def test_the_file_opens_in_a_calendar(planner: Planner, two_items: PlanItem, client: Client) -> None:
    client.force_login(planner.officer("区财政局"))
    response = client.get(reverse("programme:plan_calendar_file"))
    assert response["Content-Type"].startswith("text/calendar")
    assert events(response.content) == ["财政的事项"]


def test_the_private_address_needs_no_sign_in_and_ends_when_it_is_revoked(
    planner: Planner, two_items: PlanItem, client: Client
) -> None:
    officer = planner.officer("区财政局")
    feed = open_feed(officer, at=planner.now)
    address = reverse("programme:calendar_feed", args=(feed_token(feed),))
    assert events(client.get(address).content) == ["财政的事项"]
    assert "no-store" in client.get(address)["Cache-Control"]
    revoke_feed(officer, at=planner.now)
    assert client.get(address).status_code == 404
    assert not revoke_feed(officer, at=planner.now)


@pytest.mark.parametrize("token", ["", "1", "1-", "x-y", "99999999999999999999-a", "-", "١-aa"])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert feed_with_token(token) is None


def test_a_token_cannot_be_made_from_the_database_alone(planner: Planner, settings: object) -> None:
    feed = open_feed(planner.office, at=planner.now)
    token = feed_token(feed)
    assert feed.nonce not in token
    assert feed_with_token(token) == feed
    assert feed_with_token(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert feed_with_token(token) is None


def test_a_new_address_puts_the_old_one_out_of_use(planner: Planner) -> None:
    old = feed_token(open_feed(planner.office, at=planner.now))
    new = feed_token(open_feed(planner.office, at=planner.now))
    assert (feed_with_token(old), CalendarFeed.objects.filter(revoked_at=None).count()) == (None, 1)
    assert feed_with_token(new) is not None


def test_the_address_of_somebody_who_has_left_is_dead(planner: Planner, client: Client) -> None:
    officer = planner.officer("区财政局")
    address = reverse("programme:calendar_feed", args=(feed_token(open_feed(officer, at=planner.now)),))
    officer.assignments.update(ends_on=date(2020, 12, 31))
    assert client.get(address).status_code == 404
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.get(address).status_code == 404


def test_months_beyond_the_calendar_and_junk_show_a_month_all_the_same(planner: Planner, client: Client) -> None:
    client.force_login(planner.office)
    for month in ("9999-12", "0001-01", "2026-13", "x", "2026-1", "２０２６-01", "2026-12"):
        assert client.get(reverse("programme:plan_calendar"), {"month": month}).status_code == 200


def test_the_page_gives_out_the_address_and_takes_it_back(planner: Planner, client: Client) -> None:
    client.force_login(planner.office)
    page = reverse("programme:plan_calendar")
    client.post(reverse("programme:feed_open"), {"idempotency_key": "a"})
    feed = CalendarFeed.objects.get()
    assert feed_token(feed) in client.get(page).content.decode()
    client.post(reverse("programme:feed_revoke"), {"idempotency_key": "b"})
    assert feed_token(feed) not in client.get(page).content.decode()


def test_dates_reach_a_year_back(planner: Planner, client: Client, two_items: PlanItem, today: date) -> None:
    PlanItem.objects.filter(pk=two_items.pk).update(due_on=today - timedelta(days=400))
    client.force_login(planner.office)
    assert events(client.get(reverse("programme:plan_calendar_file")).content) == ["科委的事项"]
