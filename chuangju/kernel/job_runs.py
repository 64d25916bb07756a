"""执行 - one attempt of a job: what its code is handed, and what becomes of it whatever the code does."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from chuangju.kernel.job_kinds import JobCancelled, JobOutcome, LeaseLost, job_kinds
from chuangju.kernel.job_leases import (
    FELL,
    as_result,
    claim_job,
    fail_attempt,
    fenced,
    finish_job,
    stop_cancelled,
    tell_progress,
)
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import Job, User
from chuangju.kernel.refusals import Refused

# How often a run says how far it has come, in seconds; more would cost more than anybody reads.
TELL_EVERY = 0.5
IN_PROCESS = "in-process"


@dataclass
class Effect:
    """What the code inside `taking_effect()` may leave beside the mark: the outcome, should the process die right after."""

    outcome: JobOutcome | None = None


class JobRun:
    """One attempt, as the code of its kind sees it."""

    def __init__(self, job: Job, *, clock: Callable[[], datetime] = timezone.now) -> None:
        self.job = job
        self._clock = clock
        self._told = float("-inf")

    @property
    def payload(self) -> dict[str, Any]:
        """What the job was asked for with."""
        payload: dict[str, Any] = self.job.payload
        return payload

    @property
    def by(self) -> User | None:
        """On whose behalf it runs; None for the programme itself."""
        return self.job.started_by

    @property
    def at(self) -> datetime:
        """The moment by the clock of whoever runs the job."""
        return self._clock()

    def tell(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work has come; call it as often as you like.

        Raises JobCancelled and LeaseLost, which the code lets pass: nothing it has not yet done shall be done.
        """
        now = time.monotonic()
        if now - self._told < TELL_EVERY:
            return
        self._told = now
        tell_progress(self.job, done=done, total=total, text=text, at=self.at)

    @contextmanager
    def taking_effect(self) -> Iterator[Effect]:
        """The one transaction in which this job changes the world, whoever dies or runs at the same time.

        The mark of it is written in the same transaction, so a job taken up again is finished and not done again. An
        outcome left in the effect is kept with the mark. Raises LeaseLost and JobCancelled.
        """
        effect = Effect()
        with fenced(self.job, at=self.at) as row:
            yield effect
            if effect.outcome is not None:
                row.result = as_result(effect.outcome)


def run_claimed_job(job: Job, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Run an attempt that was claimed, to whatever end, and write that down; a lost lease ends in silence."""
    with suppress(LeaseLost), in_kept_language():
        _run_to_an_end(job, clock)


def _run_to_an_end(job: Job, clock: Callable[[], datetime]) -> None:
    try:
        outcome = job_kinds.get(job.kind).run(JobRun(job, clock=clock))
    except LeaseLost:
        raise
    except JobCancelled:
        stop_cancelled(job, at=clock())
    except Refused as refused:
        # A rule said no: it will say no again, so there is no second attempt.
        fail_attempt(job, problem=refused.sentence, is_final=True, at=clock())
    except Exception as fault:  # noqa: BLE001 - whatever the code meets is an attempt that came to nothing
        _note_fault(job, fault, at=clock())
    else:
        finish_job(job, outcome, at=clock())


def _note_fault(job: Job, fault: Exception, *, at: datetime) -> None:
    said = "".join(traceback.format_exception(fault))
    try:
        fail_attempt(job, problem=FELL, fault=said, at=at)
    except DatabaseError:
        # The database itself is what is broken: the lease runs out, and somebody takes the job up again.
        raise LeaseLost from fault


def run_waiting_jobs(*, at: datetime | None = None, limit: int | None = None) -> int:
    """Run the jobs that are due, one after the other, in this process; how many attempts were made.

    Without heartbeats: the lease of each lasts as long as an attempt may take. For tests, commands and small work.
    """
    clock = timezone.now if at is None else lambda: at
    ran = 0
    while limit is None or ran < limit:
        job = claim_job(IN_PROCESS, at=clock())
        if job is None:
            break
        run_claimed_job(job, clock=clock)
        ran += 1
    return ran


def run_this_job(job: Job, *, clock: Callable[[], datetime] = timezone.now, lease: timedelta | None = None) -> bool:
    """Run this job here, unless somebody else has taken it up; whether it was run."""
    claimed = claim_job(IN_PROCESS, at=clock(), only=job.pk, lease=lease)
    if claimed is not None:
        run_claimed_job(claimed, clock=clock)
    return claimed is not None
