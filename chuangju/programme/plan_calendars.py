"""方案日程 - the dates of plans as a month, as an iCal file, and under a private address that can be revoked."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.working_days import is_working_day
from chuangju.programme.access import (
    own_plan_items,
    plan_items_visible_to,
    reads_every_plan,
    reporting_unit_ids,
    reviews_visible_to,
)
from chuangju.programme.lights import LightSign, item_sign, items_with_light
from chuangju.programme.models import CalendarFeed, Plan, PlanItem, PlanReview

if TYPE_CHECKING:
    from chuangju.papers.calendars import CalendarEvent

SALT = "chuangju.programme.calendar_feed"
LONGEST_KEY = 15
DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class DayEntry:
    """Something on a day: an item that is due, or a review."""

    title: str
    under: str
    url: str
    sign: LightSign


@dataclass
class CalendarDay:
    """A day of the month shown, or one beside it that fills the week."""

    day: date
    is_in_month: bool
    is_today: bool
    is_working: bool
    entries: list[DayEntry] = field(default_factory=list)


def calendar_items(user: User, *, on: date) -> QuerySet[PlanItem]:
    """What stands in somebody's calendar: their own units' items where they report for units, else all in force."""
    if reporting_unit_ids(user, on=on) and not reads_every_plan(user, on=on):
        return own_plan_items(user, on=on)
    return plan_items_visible_to(user, on=on).filter(plan__state=Plan.State.ISSUED)


def _entries(items: QuerySet[PlanItem], reviews: QuerySet[PlanReview], *, on: date) -> dict[date, list[DayEntry]]:
    found: dict[date, list[DayEntry]] = defaultdict(list)
    for item in items_with_light(items, on=on).select_related("unit", "plan").order_by("due_on", "number"):
        sign = item_sign(item, on=on)
        address = reverse("programme:plan_item", args=(item.pk,))
        found[item.due_on].append(DayEntry(item.title, item.unit.shown_name, address, sign))
    for review in reviews.select_related("plan").order_by("due_on"):
        is_late = review.state == PlanReview.State.OPEN and review.due_on < on
        sign = LightSign("late" if is_late else "flat", str(review.get_state_display()))
        address = reverse("programme:plan_review", args=(review.pk,))
        found[review.due_on].append(DayEntry(_("自查总结"), review.plan.title, address, sign))
    return found


def month_weeks(
    first: date, items: QuerySet[PlanItem], reviews: QuerySet[PlanReview], *, on: date
) -> list[list[CalendarDay]]:
    """The weeks of a month from Monday to Sunday with what falls due on each day; two queries."""
    start = first - timedelta(days=first.weekday())
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    count = (last - start).days // DAYS_OF_WEEK + 1
    end = start + timedelta(days=count * DAYS_OF_WEEK - 1)
    span = (start, end)
    entries = _entries(items.filter(due_on__range=span), reviews.filter(due_on__range=span), on=on)
    days = [start + timedelta(days=offset) for offset in range(count * DAYS_OF_WEEK)]
    drawn = [
        CalendarDay(day, day.month == first.month, day == on, is_working_day(day), entries.get(day, [])) for day in days
    ]
    return [drawn[place : place + DAYS_OF_WEEK] for place in range(0, len(drawn), DAYS_OF_WEEK)]


def calendar_events(
    items: Iterable[PlanItem], reviews: Iterable[PlanReview], *, base: str, on: date
) -> list[CalendarEvent]:
    """The same dates for a calendar programme; `base` is the address of the installation. Needs unit and plan."""
    # The writer of calendars takes a while to load, and only this needs it.
    from chuangju.papers.calendars import CalendarEvent  # noqa: PLC0415 - as said above

    found = [
        CalendarEvent(
            uid=f"plan-item-{item.pk}@chuangju",
            summary=_("【已完成】%(title)s") % {"title": item.title}
            if item.state == PlanItem.State.DONE
            else item.title,
            start=item.due_on,
            description=f"{item.plan.title}\n{item.unit.shown_name}",
            url=base + reverse("programme:plan_item", args=(item.pk,)),
        )
        for item in items
        if item.state != PlanItem.State.DROPPED
    ]
    found += [
        CalendarEvent(
            uid=f"plan-review-{review.pk}@chuangju",
            summary=_("自查总结：%(plan)s") % {"plan": review.plan.title},
            start=review.due_on,
            url=base + reverse("programme:plan_review", args=(review.pk,)),
        )
        for review in reviews
        if review.state == PlanReview.State.OPEN or review.due_on >= on
    ]
    return found


@transaction.atomic
def open_feed(user: User, *, at: datetime) -> CalendarFeed:
    """Give somebody a private address for their dates; a former one no longer works."""
    # Asked for twice in the same moment, the second takes the place of the first.
    take_locks(f"programme.feed:{user.pk}")
    revoke_feed(user, at=at)
    feed = CalendarFeed.objects.create(user=user, nonce=secrets.token_urlsafe(32), created_at=at)
    record_event("programme.feed_opened", feed, by=user, at=at)
    return feed


@transaction.atomic
def revoke_feed(user: User, *, at: datetime) -> bool:
    """Put somebody's address out of use; whether there was one."""
    feed = CalendarFeed.objects.select_for_update().filter(user=user, revoked_at__isnull=True).first()
    if feed is None:
        return False
    feed.revoked_at = at
    feed.save()
    record_event("programme.feed_revoked", feed, by=user, at=at)
    return True


def feed_of(user: User) -> CalendarFeed | None:
    """Somebody's address in use."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def _secret(feed: CalendarFeed) -> str:
    return salted_hmac(SALT, f"{feed.pk}:{feed.nonce}", algorithm="sha256").hexdigest()


def feed_token(feed: CalendarFeed) -> str:
    """What the address ends in: made with the installation's key, so that the database alone does not tell it."""
    return f"{feed.pk}-{_secret(feed)}"


def feed_with_token(token: str) -> CalendarFeed | None:
    """The feed that a token belongs to, unless it was revoked or its owner is no longer active."""
    key, _dash, secret = token.partition("-")
    if not key.isdecimal() or len(key) > LONGEST_KEY:
        return None
    feed = CalendarFeed.objects.select_related("user").filter(pk=int(key), revoked_at__isnull=True).first()
    if feed is None or not feed.user.is_active or not constant_time_compare(secret, _secret(feed)):
        return None
    return feed


def feed_dates(user: User, *, on: date) -> tuple[list[PlanItem], list[PlanReview]]:
    """The items and reviews of somebody's calendar, from a year back; two queries."""
    since = on - timedelta(days=366)
    items = calendar_items(user, on=on).filter(due_on__gte=since).select_related("unit", "plan").order_by("due_on")
    reviews = reviews_visible_to(user, on=on).filter(due_on__gte=since).select_related("plan")
    own = reviews if reads_every_plan(user, on=on) else reviews.none()
    return list(items[:2000]), list(own[:200])
