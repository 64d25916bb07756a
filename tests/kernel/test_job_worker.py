"""The worker, for real: killed with SIGKILL again and again, told to stop, watching over what it runs."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from chuangju.kernel.models import Job, User
from tests.kernel.killable_worker import KIND

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database("sqlite")]
HELPER = Path(__file__).with_name("killable_worker.py")
KILLS_IN_THE_WORK, KILLS_IN_THE_EFFECT = 14, 5
LONGEST = 30.0


class Nursery:
    """The process that starts a worker anew whenever one is killed, and the marks the job leaves."""

    def __init__(self, process: subprocess.Popen[str], marks: Path) -> None:
        self.process = process
        self.marks = marks
        self.worker = 0

    def newest_worker(self) -> int:
        """The process of the worker that lives now."""
        out = self.process.stdout
        assert out is not None
        while self.worker == 0 or select.select([out], [], [], 0)[0]:
            self.worker = int(out.readline())
        return self.worker

    def kill(self, whom: str) -> None:
        """SIGKILL for the worker, or for the child in which it runs the job."""
        worker = self.newest_worker()
        children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
        target = worker if whom == "worker" or not children else int(children[0])
        with suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)

    def wait_for(self, mark: str) -> None:
        """Until the job has reached a point; the mark is taken away again."""
        wait_until((self.marks / mark).exists)
        (self.marks / mark).unlink()


@contextmanager
def workers(tmp_path: Path, fence: str) -> Iterator[Nursery]:
    address = f"sqlite:///{connection.settings_dict['NAME']}"
    command = [sys.executable, str(HELPER), address, str(tmp_path), fence]
    root = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        cwd=root,
    ) as process:
        assert process.stdin is not None
        try:
            yield Nursery(process, tmp_path)
        finally:
            process.stdin.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.005)


def ask_for_job() -> Job:
    """The kind is known to the workers alone."""
    at = timezone.now()
    return Job.objects.create(kind=KIND, title="killed", created_at=at, next_try_at=at)


def has_begun(job: Job, attempt: int) -> bool:
    return Job.objects.get(pk=job.pk).attempts >= attempt


def effects() -> int:
    return User.objects.filter(username__startswith="effect-").count()


def test_a_job_killed_twenty_times_at_random_points_ends_once_with_its_effect_once(tmp_path: Path) -> None:
    chance = random.Random(20260615)
    job = ask_for_job()
    started = time.monotonic()
    with workers(tmp_path, "fenced") as nursery:
        for kill in range(1, KILLS_IN_THE_WORK + 1):
            wait_until(partial(has_begun, job, kill))
            time.sleep(chance.uniform(0, 0.15))
            nursery.kill(chance.choice(("worker", "child")))
        (tmp_path / "inside").unlink(missing_ok=True)
        for _kill in range(KILLS_IN_THE_EFFECT):
            nursery.wait_for("inside")
            time.sleep(chance.uniform(0, 0.1))
            nursery.kill(chance.choice(("worker", "child")))
        assert effects() == 0
        (tmp_path / "go").touch()
        nursery.wait_for("after")
        nursery.kill(chance.choice(("worker", "child")))
        wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    job.refresh_from_db()
    print(f"20 kills, {job.attempts} attempts, {time.monotonic() - started:.1f} s")  # noqa: T201 - a figure to look at
    assert effects() == 1
    assert job.attempts > KILLS_IN_THE_WORK
    assert job.result["sentence"] == "done"


def test_without_the_mark_of_the_effect_it_happens_again(tmp_path: Path) -> None:
    job = ask_for_job()
    (tmp_path / "go").touch()
    with workers(tmp_path, "unfenced") as nursery:
        nursery.wait_for("after")
        nursery.kill("child")
        wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert effects() == 2
