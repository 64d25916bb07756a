"""Kinds of jobs and duties that tests register for themselves, and a clock that they set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

from chuangju.kernel.duties import Duty, duties
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.job_kinds import JobKind, JobOutcome, job_kinds
from chuangju.kernel.job_runs import JobRun
from chuangju.kernel.jobs import start_job
from chuangju.kernel.models import Job

KIND = "tests.job"


@contextmanager
def kind_of(run: Callable[[JobRun], JobOutcome | None], **options: Any) -> Iterator[JobKind]:
    """The kind of job that does this, while the block lasts."""
    kind = job_kinds.register(KIND, JobKind(KIND, "测试任务", run, **options))
    try:
        yield kind
    finally:
        job_kinds.remove(KIND)


def ask(at: datetime, **options: Any) -> Job:
    """A job of the tests' kind."""
    return start_job(KIND, **{"title": "测试", "payload": {}, "by": None, "at": at, **options})


def again(job: Job) -> Job:
    """The job as it stands in the database."""
    return Job.objects.get(pk=job.pk)


@contextmanager
def only_duties(*registered: Duty) -> Iterator[None]:
    """The programme's own duties set aside, and these in their place."""
    kept = duties.items()
    for name, _duty in kept:
        duties.remove(name)
    for duty in registered:
        duties.register(duty.name, duty)
    try:
        yield
    finally:
        for name in duties.keys():  # noqa: SIM118 - a registry, not a dict
            duties.remove(name)
        for name, duty in kept:
            duties.register(name, duty)


def duty_of(
    run: Callable[[DutyPeriod], int | str],
    *,
    name: str = "tests.duty",
    every: Literal["day", "quarter_hour"] = "day",
    **options: Any,
) -> Duty:
    """A duty that does this."""
    return Duty(name, "测试事务", every, run, **options)


A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
