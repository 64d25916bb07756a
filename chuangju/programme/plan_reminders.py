"""方案提醒 - what is told by itself every working day: items that are near or late, opinions not given, reviews not written.

Nobody is told the same twice: an item is announced once when it comes near, on its first late day, then every fifth; the
unit's leader in charge learns of it once, on the day on which it turns its row red.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.urls import reverse

from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days, is_working_day, working_days_between
from chuangju.programme.lights import soon_until
from chuangju.programme.models import ConsultedUnit, Plan, PlanItem, PlanReview
from chuangju.programme.plan_messages import name_of, tell, tell_of_review
from chuangju.programme.plan_reviews import open_due_reviews
from chuangju.units.appointment_register import leader_in_charge_of, officers_by_unit
from chuangju.units.models import Role

# After the first late day so many working days pass between two reminders.
EVERY = 5
# So many working days before the end of a round units are reminded.
BEFORE_END = 1


def remind_of_plans(period: DutyPeriod) -> int:
    """The daily duty: how many people were told something. Nothing is told on a day off."""
    if not is_working_day(period.on):
        return 0
    told = _remind_of_items(period.on, at=period.at)
    told += _remind_of_opinions(period.on, at=period.at)
    return told + _remind_of_reviews(period.on, at=period.at)


def open_reviews(period: DutyPeriod) -> int:
    """The daily duty that opens what has fallen due; how many."""
    return open_due_reviews(on=period.on, at=period.at)


def is_reminder_day(gone: int) -> bool:
    """Whether an item that is late by so many working days is spoken of today."""
    return gone == 1 or (gone > 0 and gone % EVERY == 0)


def _remind_of_items(on: date, *, at: datetime) -> int:
    items = list(
        PlanItem.objects.filter(
            state=PlanItem.State.OPEN, plan__state=Plan.State.ISSUED, due_on__lte=soon_until(on)
        ).select_related("unit", "plan")
    )
    officers = officers_by_unit({item.unit for item in items}, on)
    return sum(_remind_of_item(item, officers[item.unit_id], on, at=at) for item in items)


def _remind_of_item(item: PlanItem, officers: list[User], on: date, *, at: datetime) -> int:
    address = reverse("programme:plan_item", args=(item.pk,))
    values: dict[str, object] = {"item": item.title, "unit": partial(name_of, item.unit), "due": item.due_on}
    once = f"plan-item:{item.pk}:{item.due_on}"
    if item.due_on >= on:
        key = "programme.plan_item_due"
        return tell(officers, key, item, at=at, address=address, values=values, once=f"{once}:near")
    gone = max(1, working_days_between(item.due_on, on))
    values["days"] = gone
    key, told = "programme.plan_item_late", 0
    if is_reminder_day(gone):
        told = tell(officers, key, item, at=at, address=address, values=values, once=f"{once}:{gone}")
    if gone > settings.PLAN_LATE_WORKING_DAYS:
        leader = leader_in_charge_of(item.unit, on)
        people = [leader] if leader is not None else []
        told += tell(people, key, item, at=at, address=address, values=values, once=f"{once}:red")
    return told


def _remind_of_opinions(on: date, *, at: datetime) -> int:
    """Units that have not answered, a day before the end of the round and on the first day after it."""
    waiting = list(
        ConsultedUnit.objects.filter(
            answer=ConsultedUnit.Answer.WAITING,
            round__closed_at__isnull=True,
            round__due_on__lte=add_working_days(on, BEFORE_END),
        ).select_related("round__plan", "unit")
    )
    officers = officers_by_unit({asked.unit for asked in waiting}, on)
    told = 0
    for asked in waiting:
        when = "late" if asked.is_late_on(on) else "near"
        told += tell(
            officers[asked.unit_id],
            "programme.plan_round_due",
            asked.round,
            at=at,
            address=reverse("programme:plan_round", args=(asked.round_id,)),
            values={"plan": asked.round.plan.title, "unit": partial(name_of, asked.unit), "due": asked.round.due_on},
            once=f"plan-round:{asked.pk}:{asked.round.due_on}:{when}",
        )
    return told


def _remind_of_reviews(on: date, *, at: datetime) -> int:
    told = 0
    for review in PlanReview.objects.filter(state=PlanReview.State.OPEN).select_related("plan"):
        once = f"plan-review:{review.pk}"
        if review.due_on < on:
            late = working_days_between(review.due_on, on)
            if is_reminder_day(late):
                key = "programme.review_late"
                told += tell_of_review(review, key, Role.PROGRAMME_OFFICE, at=at, once=f"{once}:{late}")
        else:
            key = "programme.review_opened"
            told += tell_of_review(review, key, Role.PROGRAMME_OFFICE, at=at, once=f"{once}:opened")
    return told
