"""Lengths of time, and what a job or a duty says of itself, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.kernel.models import DutyRun, Job
from chuangju.units.job_words import duration, duty_label, job_progress, job_result, job_sign, left, run_outcome, spent


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (None, ""),
        (timedelta(seconds=0.2), "不到 1 秒"),
        (timedelta(seconds=119), "119 秒"),
        (timedelta(minutes=3, seconds=20), "3 分钟"),
        (timedelta(hours=2, minutes=5), "2 小时 5 分钟"),
        (timedelta(hours=3, seconds=-2), "3 小时"),
    ],
)
def test_lengths_of_time_are_said_as_exactly_as_anybody_cares(span: timedelta | None, words: str) -> None:
    assert duration(span) == words


def test_a_running_job_says_how_far_it_is() -> None:
    assert job_progress(Job(state=Job.State.RUNNING, done=1, total=3)) == "已完成 33%"
    assert job_progress(Job(state=Job.State.RUNNING)) == ""
    assert job_progress(Job(state=Job.State.DONE, done=3, total=3)) == ""


def test_what_is_left_follows_from_what_is_done(now: datetime) -> None:
    job = Job(state=Job.State.RUNNING, started_at=now, done=1, total=4)
    assert left(job, at=now + timedelta(seconds=10)) == timedelta(seconds=30)
    assert left(Job(state=Job.State.RUNNING, started_at=now, total=4), at=now) is None
    assert spent(Job(state=Job.State.WAITING, started_at=now), at=now) is None


def test_a_job_that_is_being_cancelled_says_so(now: datetime) -> None:
    assert job_sign(Job(state=Job.State.RUNNING, cancel_requested_at=now)).text == "正在取消"
    assert job_result(Job(state=Job.State.DONE)) == "任务已完成"
    assert job_result(Job(state=Job.State.WAITING)) == ""


def test_a_run_says_what_it_did_or_why_not() -> None:
    assert run_outcome(DutyRun(count=3)) == "处理 3 项"
    assert run_outcome(DutyRun(outcome="完成")) == "完成"
    assert run_outcome(DutyRun(problem="甲\n乙")) == "甲\n乙"
    assert run_outcome(DutyRun()) == ""
    assert duty_label("gone", {}) == "gone"
