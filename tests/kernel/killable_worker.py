"""Workers for the kill test: a process that has the product loaded and forks a worker anew whenever one is killed.

Arguments: the database's address, a folder for marks, and "fenced" or "unfenced" (the twin without the mark of the effect).
Prints the process of each worker it starts; ends when its standard input is closed.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

STEPS, STEP = 15, 0.01
AFTER = 0.5
KIND = "tests.killed"


def prepare(address: str, marks: Path, *, is_fenced: bool) -> None:
    """The product on the test's database, with the kind of job that is killed."""
    os.environ |= {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings", "CHUANGJU_DATA": str(marks)}
    import django  # noqa: PLC0415 - the settings are chosen just above

    django.setup()
    from chuangju.kernel import job_runs, job_worker  # noqa: PLC0415 - as above
    from chuangju.kernel.jobs import JobKind, JobOutcome, JobRun, register_job  # noqa: PLC0415 - as above
    from chuangju.kernel.models import User  # noqa: PLC0415 - as above

    def run(job: JobRun) -> JobOutcome:
        for step in range(STEPS):
            job.tell(step, STEPS)
            time.sleep(STEP)
        with job.taking_effect() as effect:
            User.objects.create(username=f"effect-{job.job.attempts}", name="effect")
            effect.outcome = JobOutcome("done")
            (marks / "inside").touch()
            while not (marks / "go").exists():  # nothing is committed before the test says so
                time.sleep(0.005)
        (marks / "after").touch()
        time.sleep(AFTER)
        return JobOutcome("done")

    job_worker._load_what_children_need()  # once, and not in each worker that is started anew
    register_job(JobKind(KIND, "killed", run, attempts=200, pause=timedelta(0)))
    if not is_fenced:
        job_runs.fenced = unmarked  # type: ignore[attr-defined]


@contextmanager
def unmarked(job: Any, *, at: datetime) -> Iterator[Any]:
    """The effect in a transaction, but without a mark and without asking for the token."""
    from django.db import transaction  # noqa: PLC0415 - as above

    with transaction.atomic():
        yield job


def work() -> None:
    """Be one worker, until killed."""
    from chuangju.kernel.job_worker import JobWorker, Pace  # noqa: PLC0415 - as above
    from chuangju.kernel.workers import own_name  # noqa: PLC0415 - as above

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    JobWorker(own_name(), Pace(poll=0.02, watch=0.2, duties=None, lease=timedelta(seconds=2), at_once=1)).run()


def main() -> None:
    """Keep one worker alive."""
    address, folder, fence = sys.argv[1:]
    prepare(address, Path(folder), is_fenced=fence == "fenced")
    worker = 0
    try:
        while True:
            if worker == 0 or os.waitpid(worker, os.WNOHANG)[0]:
                worker = os.fork()
                if worker == 0:
                    work()
                    os._exit(0)
                print(worker, flush=True)  # noqa: T201 - what its caller reads
            if select.select([sys.stdin], [], [], 0.01)[0]:
                break
    finally:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


if __name__ == "__main__":
    main()
