"""租约 - who holds a job: taken up by one worker at a time, kept by heartbeats, fenced by a token, and let go of.

A job is claimed in a transaction that begins IMMEDIATE on SQLite and skips locked rows on PostgreSQL, so that two workers
never hold the same one. Everything a holder writes asks for its token first: whoever lost the lease writes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from chuangju.kernel.job_kinds import JobCancelled, JobOutcome, LeaseLost, job_kinds
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import Job

# A worker that has said nothing for so long is taken for dead, and its jobs are taken up by others.
LEASE = timedelta(seconds=45)
LONGEST_FAULT = 4000

DIED = gettext_noop("执行进程中断，任务没有完成")
TOOK_TOO_LONG = gettext_noop("执行时间超过上限，已停止")
FELL = gettext_noop("程序出错，任务没有完成；技术信息已记录，请告诉系统管理员")


def due_jobs(at: datetime) -> QuerySet[Job]:
    """Jobs that somebody should take up now, the longest waiting first: their turn has come, or their holder is dead."""
    is_due = Q(state=Job.State.WAITING, next_try_at__lte=at) | Q(state=Job.State.RUNNING, lease_until__lt=at)
    return Job.objects.filter(is_due, kind__in=job_kinds.keys()).order_by("next_try_at", "created_at")


def claim_job(
    worker: str, *, at: datetime, lease: timedelta | None = None, only: uuid.UUID | None = None
) -> Job | None:
    """Take up the next job that is due (or this one, if it is), under a new token; None where there is none.

    A job whose effect is in the database already is finished here instead; one without attempts left has failed.
    `lease` None: as long as one attempt of its kind may take, for a run that no heartbeat accompanies.
    """
    due = due_jobs(at) if only is None else due_jobs(at).filter(pk=only)
    while due.exists():
        with transaction.atomic():
            job = due.select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if _take_up(job, worker, at=at, lease=lease):
                return job
    return None


def _take_up(job: Job, worker: str, *, at: datetime, lease: timedelta | None) -> bool:
    """Whether the job is to be run by us now."""
    kind = job_kinds.get(job.kind)
    if job.effect_at is not None:
        _end(job, Job.State.DONE, at=at)
        return False
    if job.cancel_requested_at is not None:
        _end(job, Job.State.CANCELLED, at=at)
        return False
    if job.attempts >= kind.attempts:
        job.problem = job.problem or DIED
        _end(job, Job.State.FAILED, at=at)
        return False
    job.state, job.worker, job.attempts = Job.State.RUNNING, worker[:100], job.attempts + 1
    job.lease_token, job.heartbeat_at = uuid.uuid4(), at
    job.lease_until = at + (lease or kind.longest)
    job.started_at, job.done, job.total, job.progress_text = at, 0, 0, ""
    job.save()
    return True


def held(job: Job) -> QuerySet[Job]:
    """The row while the given object's token is the one that counts; empty afterwards."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, lease_token=job.lease_token)


@transaction.atomic
def beat(job: Job, *, at: datetime, lease: timedelta = LEASE) -> None:
    """Say that the holder lives; raises LeaseLost where somebody else holds the job by now.

    A row that is locked just now is being written by its holder: that is a sign of life of its own.
    """
    row = held(job).select_for_update(skip_locked=True).first()
    if row is not None:
        row.lease_until, row.heartbeat_at = at + lease, at
        row.save(update_fields=["lease_until", "heartbeat_at"])
    elif not held(job).exists():
        raise LeaseLost


def tell_progress(job: Job, *, done: int, total: int, text: str, at: datetime) -> None:
    """How far the holder has come; raises LeaseLost, and JobCancelled where somebody no longer wants it."""
    told = {"done": max(0, done), "total": max(0, total), "progress_text": text[:200], "heartbeat_at": at}
    if not held(job).update(**told):
        raise LeaseLost
    if held(job).filter(cancel_requested_at__isnull=False, effect_at__isnull=True).exists():
        raise JobCancelled


@contextmanager
def fenced(job: Job, *, at: datetime) -> Iterator[Job]:
    """A transaction in which the holder changes the world, and the mark that it did; either both stand or neither.

    Raises LeaseLost where the job is no longer ours and JobCancelled where it is no longer wanted; then nothing changed.
    """
    with transaction.atomic():
        row = held(job).select_for_update().first()
        if row is None or row.effect_at is not None:
            raise LeaseLost
        if row.cancel_requested_at is not None:
            raise JobCancelled
        yield row
        row.effect_at = at
        row.save(update_fields=["effect_at", "result"])


@transaction.atomic
def finish_job(job: Job, outcome: JobOutcome | None, *, at: datetime) -> None:
    """The holder is done; raises LeaseLost where the job is no longer ours."""
    row = _own_row(job)
    if outcome is not None:
        row.result = as_result(outcome)
    row.problem = row.fault = ""
    row.done = row.total or row.done
    _end(row, Job.State.DONE, at=at)


@transaction.atomic
def fail_attempt(job: Job, *, problem: str, fault: str = "", is_final: bool = False, at: datetime) -> None:
    """The attempt came to nothing: wait for the next one, or give up where there is none (or it would be no use)."""
    row = _own_row(job)
    if row.effect_at is not None:
        _end(row, Job.State.DONE, at=at)
        return
    row.problem, row.fault = problem, fault[-LONGEST_FAULT:]
    kind = job_kinds.get(row.kind)
    if row.cancel_requested_at is not None:
        _end(row, Job.State.CANCELLED, at=at)
    elif is_final or row.attempts >= kind.attempts:
        _end(row, Job.State.FAILED, at=at)
    else:
        _let_go(row, next_try_at=at + kind.pause_after(row.attempts))


@transaction.atomic
def stop_cancelled(job: Job, *, at: datetime) -> None:
    """The holder has heard that the job is no longer wanted; raises LeaseLost."""
    row = _own_row(job)
    _end(row, Job.State.DONE if row.effect_at is not None else Job.State.CANCELLED, at=at)


@transaction.atomic
def hand_back(job: Job, *, at: datetime) -> None:
    """A worker that is told to stop gives its job to the next one at once; the attempt does not count."""
    row = _own_row(job)
    if row.effect_at is not None:
        _end(row, Job.State.DONE, at=at)
        return
    row.attempts -= 1
    _let_go(row, next_try_at=at)


def as_result(outcome: JobOutcome) -> dict[str, Any]:
    """An outcome as it is kept; sentences that were said already are kept in the district's language."""
    with in_kept_language():
        return {
            "sentence": str(outcome.sentence),
            "values": {
                key: value if isinstance(value, int) else str(value) for key, value in (outcome.values or {}).items()
            },
            "address": outcome.address,
            "detail": dict(outcome.detail or {}),
        }


def _own_row(job: Job) -> Job:
    row = held(job).select_for_update().first()
    if row is None:
        raise LeaseLost
    return row


def _let_go(job: Job, *, next_try_at: datetime) -> None:
    job.state, job.next_try_at = Job.State.WAITING, next_try_at
    job.lease_token = job.lease_until = None
    job.save()


def _end(job: Job, state: str, *, at: datetime) -> None:
    job.state, job.finished_at = state, at
    job.lease_token = job.lease_until = None
    job.save()
