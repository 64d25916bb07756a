"""Reviews fall due by themselves, carry what the records say, and are noted by a leader."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangju.kernel.models import Message
from chuangju.kernel.periods import Period
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.access import reviews_visible_to
from chuangju.programme.models import Plan, PlanItem, PlanReview
from chuangju.programme.plan_items import report_item
from chuangju.programme.plan_listing import review_sign
from chuangju.programme.plan_review_facts import review_facts
from chuangju.programme.plan_reviews import (
    due_day,
    note_review,
    open_due_reviews,
    return_review,
    review_periods,
    save_review,
    submit_review,
)
from chuangju.programme.plans import PlanRefused
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db
WORDS = {"overall": "总体较好", "problems": "", "next_steps": ""}


def codes(plan: Plan, until: date) -> list[str]:
    return [period.code for period in review_periods(plan, until=until)]


@pytest.fixture
def review(planner: Planner) -> PlanReview:
    """The review of the first half of 2026, due in July."""
    planner.issued()
    assert open_due_reviews(on=date(2026, 7, 1), at=planner.now) == 1
    return PlanReview.objects.select_related("plan__version").get()


def test_nothing_falls_due_before_the_period_has_ended(planner: Planner) -> None:
    plan = planner.issued()
    assert open_due_reviews(on=date(2026, 6, 30), at=planner.now) == 0
    assert open_due_reviews(on=date(2026, 7, 1), at=planner.now) == 1
    assert open_due_reviews(on=date(2026, 7, 1), at=planner.now) == 0
    assert codes(plan, date(2027, 1, 1)) == ["2026-H1", "2026"]


def test_periods_begin_with_the_issue_and_end_with_the_plan(planner: Planner) -> None:
    plan = planner.issued()
    plan.issued_on, plan.starts_on, plan.ends_on = date(2025, 7, 1), date(2025, 3, 1), date(2027, 5, 31)
    assert codes(plan, date(2028, 1, 1)) == ["2025", "2026-H1", "2026", "2027-H1", "2027"]
    plan.ended_on = date(2026, 6, 30)
    assert codes(plan, date(2028, 1, 1)) == ["2025", "2026-H1", "2026"]
    plan.issued_on = None
    assert codes(plan, date(2028, 1, 1)) == []


def test_drafts_and_superseded_plans_owe_no_review(planner: Planner) -> None:
    planner.written()
    old = planner.issued(title="旧方案")
    planner.issued(title="新方案", replaces=old)
    open_due_reviews(on=date(2026, 7, 1), at=planner.now)
    assert [review.plan.title for review in PlanReview.objects.select_related("plan")] == ["新方案"]


def test_a_review_is_due_ten_working_days_after_its_period(review: PlanReview) -> None:
    assert review.due_on == due_day(Period.parse("2026-H1")) == add_working_days(date(2026, 6, 30), 10)
    assert review_sign(review, on=review.due_on).state == "soon"
    assert review_sign(review, on=review.due_on + timedelta(days=1)).state == "late"


def test_the_records_fill_it(planner: Planner) -> None:
    today = planner.now.date()
    plan = planner.issued(
        {"title": "按期的", "due_on": today},
        {"title": "迟到的", "due_on": today - timedelta(days=9)},
        {"title": "没做的", "due_on": today - timedelta(days=1)},
        {"title": "以后的", "due_on": date(2026, 9, 1)},
    )
    for title in ("按期的", "迟到的"):
        item = plan.items.get(title=title)
        report_item(item, text="做了", done_on=today, revision=1, by=planner.office, at=planner.now)
    facts = review_facts(plan, Period.parse("2026-H1"), on=date(2026, 7, 2))
    assert (facts["total"], facts["done_in_all"], facts["done_on_time"], facts["coming"]) == (4, 2, 1, 1)
    assert [line["title"] for line in facts["done"]] == ["1. 按期的", "2. 迟到的"]
    assert [line["title"] for line in facts["late"]] == ["3. 没做的"]
    assert {each["address"].split("#")[0] for each in facts["evidence"]} == {
        f"/staff/plans/items/{item.pk}/" for item in plan.items.filter(state=PlanItem.State.DONE)
    }
    assert sum(facts["lights"].values()) == 1


def test_what_is_done_after_the_period_was_late_in_it(planner: Planner) -> None:
    plan = planner.issued({"due_on": date(2026, 6, 20)})
    item = plan.items.get()
    later = planner.now + timedelta(days=30)
    report_item(item, text="做了", done_on=later.date(), revision=1, by=planner.office, at=later)
    facts = review_facts(plan, Period.parse("2026-H1"), on=date(2026, 8, 1))
    assert (len(facts["late"]), len(facts["done"])) == (1, 0)


def test_the_office_writes_and_submits_and_the_facts_are_kept(planner: Planner, review: PlanReview) -> None:
    kept = save_review(review, **WORDS, revision=1, by=planner.office, at=planner.now)
    assert (kept.state, kept.facts) == (PlanReview.State.OPEN, None)
    with pytest.raises(StaleForm):
        submit_review(review, **WORDS, revision=1, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="总体评价"):
        submit_review(review, **{**WORDS, "overall": " "}, revision=2, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="只有创建办"):
        submit_review(review, **WORDS, revision=2, by=planner.leader, at=planner.now)
    submitted = submit_review(review, **WORDS, revision=2, by=planner.office, at=planner.now)
    assert submitted.state == PlanReview.State.SUBMITTED
    assert submitted.facts is not None
    assert submitted.facts["total"] == 1
    assert Message.objects.filter(user=planner.leader, template="programme.review_submitted").exists()


def test_a_leader_takes_note_or_sends_it_back(planner: Planner, review: PlanReview) -> None:
    submitted = submit_review(review, **WORDS, revision=1, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="领导小组"):
        note_review(submitted, words="", revision=2, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="退回原因"):
        return_review(submitted, words="", revision=2, by=planner.leader, at=planner.now)
    back = return_review(submitted, words="问题写实", revision=2, by=planner.leader, at=planner.now)
    assert (back.state, back.facts, back.noted_words) == (PlanReview.State.OPEN, None, "问题写实")
    again = submit_review(back, **WORDS, revision=back.revision, by=planner.office, at=planner.now)
    noted = note_review(again, words="已阅", revision=again.revision, by=planner.leader, at=planner.now)
    assert (noted.state, noted.noted_by) == (PlanReview.State.NOTED, planner.leader)


def test_a_review_is_the_offices_and_the_leaders_until_it_is_submitted(planner: Planner, review: PlanReview) -> None:
    officer, day = planner.officer("区财政局"), planner.now.date()
    assert not reviews_visible_to(officer, on=day).exists()
    submit_review(review, **WORDS, revision=1, by=planner.office, at=planner.now)
    assert reviews_visible_to(officer, on=day).exists()
    assert not reviews_visible_to(None, on=day).exists()
