"""What the table's records count for, and the records behind each figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from chuangju.indicators.metrics import MetricScope, metric_of
from chuangju.kernel.models import User
from chuangju.programme.milestones import complete_milestone, drop_milestone
from chuangju.programme.models import Milestone, TableVersion, Task
from chuangju.programme.notes import note_progress, withdraw_note
from tests.programme.conftest import unit_called

pytestmark = pytest.mark.django_db
MakeMilestone = Callable[..., Milestone]


def value(key: str, on: date, **scope: object) -> object:
    metric = metric_of(f"programme.{key}")
    assert metric is not None
    return metric.compute(MetricScope(on=on, **scope))


def evidence(key: str, on: date, **scope: object) -> list[str]:
    metric = metric_of(f"programme.{key}")
    assert metric is not None
    return [found.label for found in metric.evidence(MetricScope(on=on, **scope))]


def test_steps_done_are_counted_from_their_day_on_with_their_records(
    make_milestone: MakeMilestone, office: User, now: datetime, today: date
) -> None:
    step = make_milestone(1, title="印发安排")
    make_milestone(2)
    complete_milestone(step, done_on=today, revision=1, by=office, at=now)
    assert value("milestones_done", today) == 1
    assert value("milestones_done", today - timedelta(days=1)) == 0
    assert evidence("milestones_done", today) == ["印发安排"]


def test_the_rate_leaves_out_what_was_given_up_and_is_no_figure_where_nothing_stands(
    version: TableVersion, make_milestone: MakeMilestone, office: User, now: datetime, today: date
) -> None:
    assert value("completion_rate", today) is None
    done, dropped = make_milestone(1), make_milestone(1)
    make_milestone(2)
    make_milestone(2)
    complete_milestone(done, done_on=today, revision=1, by=office, at=now)
    drop_milestone(dropped, reason="合并", revision=1, by=office, at=now)
    assert value("completion_rate", today) == Decimal("33.3")
    assert value("completion_rate", today, task_code="funding") == Decimal("100.0")


def test_what_is_late_is_counted_for_a_unit_and_for_a_task(make_milestone: MakeMilestone, today: date) -> None:
    make_milestone(1, title="迟到的", unit="区财政局", due_on=today - timedelta(days=1))
    make_milestone(2, unit="团区委", due_on=today)
    assert value("milestones_late", today) == 1
    assert value("milestones_late", today, unit=unit_called("团区委")) == 0
    assert evidence("milestones_late", today, unit=unit_called("区财政局")) == ["迟到的"]


def test_notes_count_for_their_unit_and_task_until_withdrawn(
    task: Task, finance: User, now: datetime, today: date
) -> None:
    unit = unit_called("区财政局")
    note = note_progress(task, unit=unit, text="召开会议", by=finance, at=now)
    assert value("notes", today, unit=unit, task_code=task.code) == 1
    assert evidence("notes", today) == ["召开会议"]
    withdraw_note(note, reason="写错", by=finance, at=now)
    assert value("notes", today) == 0


def test_measures_that_nothing_serves_are_named(
    version: TableVersion, make_milestone: MakeMilestone, today: date
) -> None:
    assert value("measures_without_milestones", today) == 4
    make_milestone(1)
    assert value("measures_without_milestones", today) == 3
    assert value("measures_without_milestones", today, task_code="funding") == 0
    assert len(evidence("measures_without_milestones", today)) == 3
