"""演示数据: the background job that read the table in force, so that the page of results shows one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from chuangju.kernel.job_kinds import JobOutcome
from chuangju.kernel.job_leases import as_result
from chuangju.kernel.models import Job
from chuangju.programme.models import TableVersion
from chuangju.programme.uploads import READ_TABLE


@transaction.atomic
def load_demo_jobs(at: datetime) -> None:
    """One finished job for the version in force, asked for by whoever imported it."""
    version = TableVersion.objects.filter(state=TableVersion.State.CURRENT).first()
    if version is None:
        return
    # Of yesterday, whenever the table was imported: what ended long ago is forgotten.
    started = at - timedelta(days=1)
    count = version.rows.count()
    outcome = JobOutcome(
        gettext_noop("已读到 %(count)d 项任务，等待核对确认"),
        reverse("programme:version", args=(version.number,)),
        values={"count": count},
    )
    Job.objects.create(
        kind=READ_TABLE,
        title=version.file_name,
        state=Job.State.DONE,
        started_by=version.imported_by,
        created_at=started,
        next_try_at=started,
        started_at=started,
        finished_at=min(at, started + timedelta(seconds=3)),
        attempts=1,
        done=count,
        total=count,
        result=as_result(outcome),
    )
