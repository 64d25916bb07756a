"""Scores handed in twice at once count once; whatever a freeze and a late submission do to each other, the results hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError

from chuangju.kernel.locks import LockBusy
from chuangju.kernel.models import AuditEvent, User
from chuangju.scoring import declarations, freezing, panels
from chuangju.scoring.declarations import AssessmentRefused, declare_no_conflict
from chuangju.scoring.freezing import find_panel_faults, freeze_panel
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.results import Result, compute_results
from chuangju.scoring.submissions import submit_scores
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 6


@pytest.fixture
def waiting(
    make_panel: Callable[..., Panel],
    assessors: list[User],
    assign: Callable[..., Any],
    score: Callable[..., Any],
    now: datetime,
) -> Assessment:
    """A panel that could be frozen, with one declared assessment still open."""
    panel = make_panel(min_assessors=1)
    for one in assign(panel, assessors[0]):
        score(one, 30)
    open_one: Assessment = assign(panel, assessors[1], 1)[0]
    declare_no_conflict(open_one, by=assessors[1], at=now)
    return open_one


def submitting(one: Assessment, at: datetime) -> Callable[[int], Any]:
    def submit(number: int) -> int:
        fresh = Assessment.objects.select_related("panel", "assessor").get(pk=one.pk)
        submit_scores(fresh, {"idea": number, "team": 0}, by=fresh.assessor, at=at)
        return number

    return submit


def freezing_and_submitting(one: Assessment, by: User, at: datetime) -> Callable[[int], Any]:
    submit = submitting(one, at)

    def act(number: int) -> Any:
        if number == 0:
            return freeze_panel(Panel.objects.get(pk=one.panel_id), by=by, at=at)
        time.sleep(0.1)
        return submit(60)

    return act


def slow_results(panel: Panel) -> list[Result]:
    """Between reading the scores and writing the results there is time for a submission."""
    found = compute_results(panel)
    time.sleep(0.5)
    return found


def test_scores_sent_many_times_at_once_count_once(waiting: Assessment, now: datetime) -> None:
    outcomes = race(submitting(waiting, now), RACERS)
    assert {type(error) for error in errors_of(outcomes)} <= {AssessmentRefused, LockBusy}
    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, int)]
    waiting.refresh_from_db()
    assert waiting.total == winner * 100
    assert AuditEvent.objects.filter(action="scoring.scores_submitted", object_id=str(waiting.pk)).count() == 1


def test_without_the_locks_more_than_one_copy_counts_or_falls(
    waiting: Assessment, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_unlocked(one: Assessment) -> Assessment:
        found = Assessment.objects.select_related("panel__sheet", "panel__opened_by", "entry", "assessor").get(
            pk=one.pk
        )
        time.sleep(0.2)
        return found

    monkeypatch.setattr(declarations, "lock_in_scoring", read_unlocked)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(submitting(waiting, now), RACERS)
    won = [outcome for outcome in outcomes if isinstance(outcome, int)]
    fallen = [error for error in errors_of(outcomes) if isinstance(error, OperationalError)]
    assert len(won) > 1 or fallen


def test_a_late_submission_is_either_in_the_frozen_results_or_refused(
    waiting: Assessment, officer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "compute_results", slow_results)
    outcomes = race(freezing_and_submitting(waiting, officer, now), 2)
    assert {type(error) for error in errors_of(outcomes)} <= {AssessmentRefused, LockBusy}
    assert Panel.objects.get().state == Panel.State.FROZEN
    assert list(find_panel_faults()) == []


def test_without_the_lock_the_results_miss_a_score_or_somebody_falls(
    waiting: Assessment, officer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "compute_results", slow_results)
    for module in (declarations, panels):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(freezing_and_submitting(waiting, officer, now), 2)
    foreign = [error for error in errors_of(outcomes) if not isinstance(error, AssessmentRefused)]
    assert foreign or list(find_panel_faults()) != []
