"""Many at the same moment over one plan: one decision counts, one adjustment waits, one review is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet

from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.programme.models import CalendarFeed, Opinion, Plan, PlanAdjustment, PlanItem, PlanReview
from chuangju.programme.plan_adjustments import decide_adjustment, propose_adjustment
from chuangju.programme.plan_calendars import open_feed
from chuangju.programme.plan_consultations import close_round, decide_opinion, give_opinion
from chuangju.programme.plan_decisions import approve_plan, return_plan
from chuangju.programme.plan_items import report_item
from chuangju.programme.plan_reviews import open_due_reviews
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 6


def deciding(plan: Plan, leader: User, planner: Planner) -> Callable[[int], Any]:
    def decide(number: int) -> Plan:
        if number % 2:
            return return_plan(plan, reason="退回", revision=plan.revision, by=leader, at=planner.now)
        return approve_plan(
            plan,
            meeting="会议",
            approved_on=planner.now.date(),
            revision=plan.revision,
            by=leader,
            at=planner.now,
        )

    return decide


def test_of_many_leaders_one_decides(planner: Planner) -> None:
    plan = planner.proposed(planner.written())
    outcomes = race(deciding(plan, planner.leader, planner), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [StaleForm] * (RACERS - 1)
    decided = ("programme.plan_approved", "programme.plan_returned")
    assert AuditEvent.objects.filter(action__in=decided).count() == 1


def test_without_the_locks_leaders_decide_over_each_other(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planner.proposed(planner.written())
    monkeypatch.setattr("chuangju.programme.plans.take_locks", lambda *_keys: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(deciding(plan, planner.leader, planner), RACERS)
    assert [type(error) for error in errors_of(outcomes)] != [StaleForm] * (RACERS - 1)


def test_of_many_addresses_asked_for_at_once_one_stays(planner: Planner) -> None:
    outcomes = race(lambda _number: open_feed(planner.office, at=planner.now), RACERS)
    assert errors_of(outcomes) == []
    assert CalendarFeed.objects.filter(user=planner.office, revoked_at__isnull=True).count() == 1


def test_an_opinion_is_decided_once(planner: Planner) -> None:
    consultation = planner.ask(planner.written())
    officer = planner.officer("区财政局")
    opinion = give_opinion(consultation.asked.get(), text="意见", by=officer, at=planner.now)

    def decide(_number: int) -> Opinion:
        return decide_opinion(opinion, result="adopted", reason="", revision=1, by=planner.office, at=planner.now)

    outcomes = race(decide, RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [StaleForm] * (RACERS - 1)


def test_an_answer_and_the_end_of_the_round_do_not_miss_each_other(planner: Planner) -> None:
    """Whoever comes first: the unit's opinion counts and it is not written down as silent, or it is told it is too late."""
    consultation = planner.ask(planner.written())
    officer = planner.officer("区财政局")
    asked = consultation.asked.get()
    after = planner.now.replace(day=28)

    def act(number: int) -> object:
        if number:
            return give_opinion(asked, text=f"意见{number}", by=officer, at=after)
        return close_round(consultation, by=planner.office, at=after)

    outcomes = race(act, RACERS)
    assert all(isinstance(error, Refused) for error in errors_of(outcomes)), outcomes
    asked.refresh_from_db()
    event = AuditEvent.objects.get(action="programme.plan_round_closed")
    assert event.changes.get("逾期未反馈", [None, []])[1] == ([] if asked.answer == "opinions" else ["区财政局"])
    assert Opinion.objects.exists() is (asked.answer == "opinions")


def test_one_adjustment_of_an_item_waits_and_is_decided_once(planner: Planner) -> None:
    item = planner.issued().items.select_related("plan").get()

    def propose(_number: int) -> PlanAdjustment:
        return propose_adjustment(item.plan, kind="drop", item=item, reason="重复", by=planner.office, at=planner.now)

    outcomes = race(propose, RACERS)
    assert all(isinstance(error, Refused) for error in errors_of(outcomes)), outcomes
    waiting = PlanAdjustment.objects.get()

    def decide(number: int) -> PlanAdjustment:
        return decide_adjustment(waiting, is_approved=bool(number % 2), words="决定", by=planner.leader, at=planner.now)

    outcomes = race(decide, RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [StaleForm] * (RACERS - 1)


def test_an_item_reported_by_many_is_done_once(planner: Planner) -> None:
    item = planner.issued().items.get()

    def report(_number: int) -> object:
        return report_item(item, text="完成", done_on=planner.now.date(), revision=1, by=planner.office, at=planner.now)

    outcomes = race(report, RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [StaleForm] * (RACERS - 1)
    item.refresh_from_db()
    assert (item.state, item.reports.count()) == (PlanItem.State.DONE, 1)


def test_a_review_is_opened_once_however_many_workers_look(planner: Planner) -> None:
    planner.issued()
    outcomes = race(lambda _number: open_due_reviews(on=date(2026, 7, 1), at=planner.now), RACERS)
    assert errors_of(outcomes) == []
    assert sum(outcomes) == PlanReview.objects.count() == 1
