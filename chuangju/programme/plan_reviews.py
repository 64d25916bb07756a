"""自查总结 - falls due by itself after every half-year and year; the records fill it, the office comments, a leader notes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.periods import Period, PeriodKind
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.access import can_decide_plans
from chuangju.programme.models import Plan, PlanReview
from chuangju.programme.plan_messages import tell_of_review
from chuangju.programme.plan_review_facts import review_facts
from chuangju.programme.plans import PlanRefused, require_office
from chuangju.units.models import Role

LONGEST_TEXT = 4000
LONGEST_NOTE = 500


def review_periods(plan: Plan, *, until: date) -> Iterator[Period]:
    """The periods, ended before a day, for which the plan owes a review.

    The first half of each year, and each year as a whole (which takes the second half with it); from the period in which
    the plan was in force for the first time to the one in which it ended.
    """
    if plan.issued_on is None:
        return
    first = max(plan.issued_on, plan.starts_on)
    last = min(plan.ends_on, plan.ended_on or plan.ends_on)
    for year in range(first.year, last.year + 1):
        for period in (Period(year, PeriodKind.HALF, 1), Period(year, PeriodKind.YEAR)):
            if first <= period.end < until and last >= period.start:
                yield period


def due_day(period: Period) -> date:
    """Until when the review of a period is to be submitted."""
    return add_working_days(period.end, settings.PLAN_REVIEW_WORKING_DAYS)


@transaction.atomic
def open_due_reviews(*, on: date, at: datetime) -> int:
    """Open what has fallen due and is not there yet; how many. The duty `programme.plan_reviews` calls it daily."""
    # Two workers at once: the second one sees what the first has opened.
    take_locks("programme.plan_reviews")
    opened = 0
    plans = Plan.objects.filter(state__in=(Plan.State.ISSUED, Plan.State.ENDED)).order_by("pk")
    have = set(PlanReview.objects.values_list("plan", "period"))
    for plan in plans:
        for period in review_periods(plan, until=on):
            if (plan.pk, period.code) in have:
                continue
            review = PlanReview.objects.create(plan=plan, period=period.code, due_on=due_day(period), opened_at=at)
            record_event("programme.review_opened", review, by=None, at=at, after=snapshot(review), about=plan)
            opened += 1
    return opened


def _locked(review: PlanReview, revision: int, state: str) -> PlanReview:
    fresh = PlanReview.objects.select_for_update().get(pk=review.pk)
    if fresh.revision != revision:
        raise StaleForm(_("该总结刚刚被他人修改或处理过，请核对最新内容后再提交"))
    if fresh.state != state:
        raise PlanRefused(_("总结现在的状态是“%(state)s”，不能这样办理") % {"state": fresh.get_state_display()})
    return fresh


def _save(review: PlanReview, action: str, before: dict[str, object], *, by: User, at: datetime) -> PlanReview:
    review.revision += 1
    review.save()
    record_event(f"programme.{action}", review, by=by, at=at, before=before, after=_told(review), about=review.plan)
    return review


def _told(review: PlanReview) -> dict[str, object]:
    """What the history tells; the facts are long and stand in the review itself."""
    return {key: value for key, value in snapshot(review).items() if key not in {"revision", "facts"}}


def _write(review: PlanReview, overall: str, problems: str, next_steps: str) -> None:
    texts = [text.replace("\r\n", "\n").strip() for text in (overall, problems, next_steps)]
    longest = max(len(text) for text in texts)
    if longest > LONGEST_TEXT:
        raise PlanRefused(_("不能超过 %(limit)d 字，现有 %(count)d 字") % {"limit": LONGEST_TEXT, "count": longest})
    review.overall, review.problems, review.next_steps = texts


@transaction.atomic
def save_review(
    review: PlanReview, *, overall: str, problems: str, next_steps: str, revision: int, by: User, at: datetime
) -> PlanReview:
    """The office keeps what it has written so far; raises PlanRefused, StaleForm."""
    require_office(by, at)
    fresh = _locked(review, revision, PlanReview.State.OPEN)
    before = _told(fresh)
    _write(fresh, overall, problems, next_steps)
    return _save(fresh, "review_written", before, by=by, at=at)


@transaction.atomic
def submit_review(
    review: PlanReview, *, overall: str, problems: str, next_steps: str, revision: int, by: User, at: datetime
) -> PlanReview:
    """The office hands the review in; what the records say is kept with it. Raises PlanRefused, StaleForm."""
    require_office(by, at)
    fresh = _locked(review, revision, PlanReview.State.OPEN)
    before = _told(fresh)
    _write(fresh, overall, problems, next_steps)
    if not fresh.overall:
        raise PlanRefused(_("请写明总体评价"))
    fresh.facts = review_facts(fresh.plan, Period.parse(fresh.period), on=timezone.localdate(at))
    fresh.state, fresh.submitted_at, fresh.submitted_by = PlanReview.State.SUBMITTED, at, by
    _save(fresh, "review_submitted", before, by=by, at=at)
    tell_of_review(fresh, "programme.review_submitted", Role.LEADER, at=at)
    return fresh


@transaction.atomic
def note_review(review: PlanReview, *, words: str, revision: int, by: User, at: datetime) -> PlanReview:
    """A leader takes note of a review, with words or without; raises PlanRefused, StaleForm."""
    if not can_decide_plans(by, on=timezone.localdate(at)):
        raise PlanRefused(_("只有领导小组的领导可以阅示总结"))
    fresh = _locked(review, revision, PlanReview.State.SUBMITTED)
    before = _told(fresh)
    fresh.noted_words = " ".join(words.split())[:LONGEST_NOTE]
    fresh.state, fresh.noted_at, fresh.noted_by = PlanReview.State.NOTED, at, by
    return _save(fresh, "review_noted", before, by=by, at=at)


@transaction.atomic
def return_review(review: PlanReview, *, words: str, revision: int, by: User, at: datetime) -> PlanReview:
    """A leader wants it written anew, and says why; raises PlanRefused, StaleForm."""
    if not can_decide_plans(by, on=timezone.localdate(at)):
        raise PlanRefused(_("只有领导小组的领导可以阅示总结"))
    fresh = _locked(review, revision, PlanReview.State.SUBMITTED)
    said = " ".join(words.split())[:LONGEST_NOTE]
    if not said:
        raise PlanRefused(_("请写明退回原因"))
    before = _told(fresh)
    fresh.noted_words, fresh.facts = said, None
    fresh.state, fresh.submitted_at, fresh.submitted_by = PlanReview.State.OPEN, None, None
    return _save(fresh, "review_returned", before, by=by, at=at)
