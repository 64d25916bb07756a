"""后台任务 - how work that outlives its request is asked for, cancelled and tried again.

Where to read on: `job_kinds` (what can be asked for), `job_leases` (who holds a job), `job_runs` (one attempt),
`job_worker` (the process that takes jobs up).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chuangju.kernel.audit import json_safe, record_event
from chuangju.kernel.job_kinds import JobCancelled, JobKind, JobOutcome, JobRefused, LeaseLost, job_kinds, register_job
from chuangju.kernel.job_runs import JobRun, run_this_job, run_waiting_jobs
from chuangju.kernel.models import Job, User

__all__ = [
    "JobCancelled",
    "JobKind",
    "JobOutcome",
    "JobRefused",
    "JobRun",
    "LeaseLost",
    "cancel_job",
    "forget_jobs",
    "kind_label",
    "live_job",
    "live_keys",
    "register_job",
    "retry_job",
    "run_this_job",
    "run_waiting_jobs",
    "start_job",
]


@transaction.atomic
def start_job(kind: str, *, title: str, payload: dict[str, Any], by: User | None, at: datetime, key: str = "") -> Job:
    """Ask for a job; it is taken up once the transaction has been committed.

    With a key, asking again while such a job lives gives that job. Raises NotRegistered for an unknown kind.
    The change that asks for it is what the audit log records; the job itself says who asked and when.
    """
    job_kinds.get(kind)
    fields = {
        "title": title[:200],
        "payload": json_safe(payload),
        "started_by": by,
        "created_at": at,
        "next_try_at": at,
    }
    if not key:
        return Job.objects.create(kind=kind, **fields)
    found = live_job(kind, key)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Job.objects.create(kind=kind, key=key, **fields)
    except IntegrityError:
        # Asked for twice in the same moment.
        return _live_jobs().get(kind=kind, key=key)


def live_job(kind: str, key: str) -> Job | None:
    """The job of this kind and key of which something may still come."""
    return _live_jobs().filter(kind=kind, key=key).first()


def live_keys(kind: str) -> frozenset[str]:
    """The keys of the jobs of this kind of which something may still come."""
    return frozenset(_live_jobs().filter(kind=kind).values_list("key", flat=True))


@transaction.atomic
def cancel_job(job: Job, *, by: User, at: datetime) -> None:
    """Take a job back: at once where nobody runs it, else as soon as its run hears of it (or is ended).

    Raises JobRefused where it has taken effect or has come to an end.
    """
    row = Job.objects.select_for_update(skip_locked=True).filter(pk=job.pk).first()
    if row is None:
        raise JobRefused(_("任务正在写入结果，请稍后再看"))
    if not row.is_live:
        raise JobRefused(_("任务已经结束，不能取消"))
    if row.effect_at is not None:
        raise JobRefused(_("任务的结果已经生效，不能取消"))
    before = {"state": row.state, "cancel_requested_at": row.cancel_requested_at}
    row.cancel_requested_at = row.cancel_requested_at or at
    if row.state == Job.State.WAITING:
        row.state, row.finished_at = Job.State.CANCELLED, at
    row.save(update_fields=["cancel_requested_at", "state", "finished_at"])
    after = {"state": row.state, "cancel_requested_at": row.cancel_requested_at}
    record_event("kernel.job_cancelled", row, by=by, at=at, before=before, after=after)


@transaction.atomic
def retry_job(job: Job, *, by: User, at: datetime) -> None:
    """Give a job that failed or was cancelled its attempts anew; raises JobRefused."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.state not in {Job.State.FAILED, Job.State.CANCELLED}:
        raise JobRefused(_("只有失败或取消的任务可以重新执行"))
    if row.kind not in job_kinds:
        raise JobRefused(_("这个版本的程序不再执行这类任务"))
    if row.key and live_job(row.kind, row.key) is not None:
        raise JobRefused(_("同样的任务正在进行，不必重新执行"))
    before = {"state": row.state, "attempts": row.attempts}
    row.state, row.attempts, row.next_try_at = Job.State.WAITING, 0, at
    row.cancel_requested_at = row.finished_at = row.started_at = None
    row.done = row.total = 0
    row.problem = row.fault = row.progress_text = ""
    row.save()
    after = {"state": row.state, "attempts": row.attempts}
    record_event("kernel.job_retried", row, by=by, at=at, before=before, after=after)


def kind_label(kind: str) -> str:
    """What a kind of job is called; its code where its package is gone."""
    found = job_kinds.find(kind)
    return str(found.label) if found else kind


def forget_jobs(*, before: datetime) -> int:
    """Drop jobs that ended before that moment; what they changed stays, and is in the audit log."""
    count, _kinds = Job.objects.filter(finished_at__lt=before).delete()
    return count


def _live_jobs() -> QuerySet[Job]:
    return Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
