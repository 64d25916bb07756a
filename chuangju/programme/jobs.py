"""Reading an uploaded table in the background: the page waits a moment, then shows progress and can be left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from chuangju.kernel.jobs import JobKind, JobOutcome, JobRun, run_this_job
from chuangju.kernel.models import Job
from chuangju.kernel.workers import live_workers
from chuangju.papers.grids import UnreadableFile
from chuangju.programme.models import TableImport
from chuangju.programme.table import read_table_guarded
from chuangju.programme.uploads import (
    READ_TABLE,
    fail_reading,
    finish_reading,
    reading_job,
    stored_file,
    tell_progress,
)

# Most tables are read before the page would have to say "please wait".
PATIENCE = 2.5
# How long a worker is given to take the reading up before this process does.
HEAD_START = 0.6
# How often a reading says how far it has come, in seconds.
TELL_EVERY = 0.4


def run_reading(run: JobRun) -> JobOutcome | None:
    """Read the file of an upload in a child process of its own, and write down what came of it, once."""
    upload = TableImport.objects.filter(pk=run.payload["upload"], state=TableImport.State.READING).first()
    if upload is None:
        return None
    told = 0.0

    def on_progress(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            tell_progress(upload, rows_read=done, rows_total=total, at=run.at)
            run.tell(done, total)

    address = reverse("programme:import_preview", args=(upload.pk,))
    try:
        read = read_table_guarded(stored_file(upload), name=upload.file_name, on_progress=on_progress)
    except UnreadableFile as problem:
        outcome = JobOutcome(gettext_noop("文件无法读取，原因见导入页"), address)
        with run.taking_effect() as effect:
            effect.outcome = outcome
            fail_reading(upload, problem, at=run.at)
        return outcome
    count = len(read.tasks)
    outcome = JobOutcome(gettext_noop("已读到 %(count)d 项任务，等待核对确认"), address, values={"count": count})
    with run.taking_effect() as effect:
        effect.outcome = outcome
        finish_reading(upload, read, at=run.at)
    return outcome


KINDS: tuple[JobKind, ...] = (
    JobKind(READ_TABLE, gettext_lazy("读取任务分解表"), run_reading, longest=timedelta(minutes=3)),
)


def read_import(upload: TableImport, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Read the file of an upload here and now, unless somebody else is at it."""
    job = reading_job(upload)
    if job is not None:
        run_this_job(job, clock=clock)


def await_reading(upload: TableImport) -> None:
    """Wait a moment for the reading; a longer one goes on while the page shows how far it is.

    A worker takes it up, if one is there and free; else this process does, so that small files never wait.
    """
    if connection.in_atomic_block:
        # Neither a worker nor a thread would see the upload before this transaction ends.
        read_import(upload)
        return
    deadline = time.monotonic() + PATIENCE
    if live_workers(at=timezone.now()).exists():
        _wait_while(upload, {Job.State.WAITING}, until=time.monotonic() + HEAD_START)
    job = reading_job(upload)
    if job is not None and job.state == Job.State.WAITING:
        thread = threading.Thread(target=_read_and_close, args=(upload,), name=f"read-{upload.pk}", daemon=True)
        thread.start()
        thread.join(max(0.0, deadline - time.monotonic()))
    else:
        _wait_while(upload, {Job.State.RUNNING}, until=deadline)


def _read_and_close(upload: TableImport) -> None:
    try:
        read_import(upload)
    finally:
        connection.close()


def _wait_while(upload: TableImport, states: set[str], *, until: float) -> None:
    while time.monotonic() < until:
        job = reading_job(upload)
        if job is None or job.state not in states:
            return
        time.sleep(0.05)
