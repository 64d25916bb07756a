"""执行进程 - the process that takes jobs up: it claims, forks a child for each, keeps their leases, and ends what must end.

It stays small and has one thread: what a job loads, leaks or breaks ends with its child. A child that is killed is an
attempt that failed, known at once; a worker that is killed takes its children along, and its leases run out.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import signal
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, connections
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from chuangju.kernel.duties import run_due_duties
from chuangju.kernel.job_children import Child, end_child, fork_child, has_ended
from chuangju.kernel.job_kinds import LeaseLost, job_kinds
from chuangju.kernel.job_leases import (
    DIED,
    LEASE,
    TOOK_TOO_LONG,
    beat,
    claim_job,
    fail_attempt,
    hand_back,
    held,
    stop_cancelled,
)
from chuangju.kernel.job_runs import run_claimed_job
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import Job
from chuangju.kernel.rounds import run_rounds
from chuangju.kernel.workers import let_go_of_the_dead, sign_off, sign_on

log = logging.getLogger(__name__)
LONGEST_DUTIES_SECONDS = 3600.0
LONGEST_WAIT_FOR_DATABASE = 30.0


@dataclass(frozen=True)
class Pace:
    """How often the worker looks, in seconds: for work, for what was cancelled, for duties; and how long a lease lasts.

    `duties` None: this worker leaves duties and rounds to others. `grace`: how long a run may take to stop by itself, when it was cancelled or the worker is to stop.
    """

    poll: float = 0.25
    watch: float = 1.0
    duties: float | None = 60.0
    lease: timedelta = LEASE
    grace: float = 8.0
    at_once: int = 2

    @property
    def heartbeat(self) -> float:
        """Four times within a lease, so that a missed one loses nothing."""
        return self.lease.total_seconds() / 4


@dataclass
class JobWorker:
    """One worker: `run()` goes on until `stop()` is called (by a signal)."""

    name: str
    pace: Pace = field(default_factory=Pace)
    clock: Callable[[], datetime] = timezone.now
    _children: dict[int, Child] = field(default_factory=dict)
    _is_stopping: bool = False
    _due: dict[str, float] = field(default_factory=dict)
    _ended: int = 0

    def stop(self, *_signal: object) -> None:
        """Take up nothing more, let what runs come to an end for a moment, and go."""
        self._is_stopping = True

    def run(self, *, until_idle: bool = False) -> int:
        """Work until told to stop, or (`until_idle`) until nothing is due; how many attempts were run."""
        wake = _open_alarm(self.stop)
        _load_what_children_need()
        gc.freeze()  # what is loaded by now stays shared with the children
        pause = self.pace.poll
        while not self._is_stopping:
            try:
                is_busy = self._do_round()
                pause = self.pace.poll
                if until_idle and not is_busy and not self._children:
                    break
            except DatabaseError as fault:
                log.warning("the database cannot be used, trying again in %.0f s: %s", pause, fault)
                connections.close_all()
                pause = min(LONGEST_WAIT_FOR_DATABASE, pause * 2)
                is_busy = False
            if not is_busy:
                _wait(wake, pause)
        self._wind_down(wake)
        return self._ended

    def _do_round(self) -> bool:
        """Look at everything once; whether a job was taken up."""
        self._collect_ended()
        if self._is_time("heartbeat", self.pace.heartbeat):
            self._keep_leases()
        if self._is_time("watch", self.pace.watch):
            self._watch()
        self._run_errand("rounds", lambda: run_rounds(at=self.clock()))
        self._run_errand("duties", lambda: run_due_duties(at=self.clock(), worker=self.name))
        return self._take_up()

    def _run_errand(self, errand: str, work: Callable[[], object]) -> None:
        """Every minute, in a child of its own, unless the last one is still under way."""
        every = self.pace.duties
        if every is None or any(child.errand == errand for child in self._children.values()):
            return
        if self._is_time(errand, every):
            self._start(None, work, LONGEST_DUTIES_SECONDS, errand=errand)

    def _is_time(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every
        return True

    def _take_up(self) -> bool:
        if sum(child.job is not None for child in self._children.values()) >= self.pace.at_once:
            return False
        job = claim_job(self.name, at=self.clock(), lease=self.pace.lease)
        if job is None:
            return False
        longest = job_kinds.get(job.kind).longest.total_seconds()
        self._start(job, lambda: run_claimed_job(job), longest)
        return True

    def _start(self, job: Job | None, work: Callable[[], object], longest: float, *, errand: str = "") -> None:
        # An open connection must not be shared with a child: SQLite's locks and PostgreSQL's socket are the process's own.
        connections.close_all()
        child = fork_child(work, job=job, errand=errand, ends_by=time.monotonic() + longest)
        self._children[child.pid] = child

    def _keep_leases(self) -> None:
        at = self.clock()
        sign_on(self.name, at=at)
        let_go_of_the_dead(at=at)
        for child in self._children.values():
            if child.job is not None:
                try:
                    beat(child.job, at=at, lease=self.pace.lease)
                except LeaseLost:
                    end_child(child)

    def _watch(self) -> None:
        """End what takes too long, and what was cancelled and does not stop by itself."""
        running = [child.job.pk for child in self._children.values() if child.job is not None]
        cancelled = (
            Job.objects.filter(pk__in=running, cancel_requested_at__isnull=False) if running else Job.objects.none()
        )
        unwanted = set(cancelled.values_list("pk", flat=True))
        now = time.monotonic()
        for child in self._children.values():
            if child.job is not None and child.job.pk in unwanted and child.ends_by > now + self.pace.grace:
                child.ends_by, child.is_cancelled = now + self.pace.grace, True
            if now > child.ends_by:
                child.is_late = not child.is_cancelled
                end_child(child)

    def _collect_ended(self) -> None:
        for child in [each for each in self._children.values() if has_ended(each)]:
            del self._children[child.pid]
            self._ended += child.job is not None
            if child.job is not None:
                with suppress(LeaseLost):
                    self._settle(child.job, child)

    def _settle(self, job: Job, child: Child) -> None:
        """Write down what a child could not write itself; one that came to its end has let the job go already."""
        if not held(job).exists():
            return
        at = self.clock()
        if child.is_cancelled:
            stop_cancelled(job, at=at)
        elif self._is_stopping and child.was_ended:
            hand_back(job, at=at)
        else:
            reason = TOOK_TOO_LONG if child.is_late else DIED
            fail_attempt(job, problem=reason, fault=child.how_it_ended, at=at)

    def _wind_down(self, wake: int) -> None:
        """What runs may finish within the grace; what does not is handed back for the next worker."""
        deadline = time.monotonic() + self.pace.grace
        with suppress(DatabaseError):
            while self._children and time.monotonic() < deadline:
                self._collect_ended()
                _wait(wake, 0.05)
            for child in self._children.values():
                end_child(child)
            while self._children:
                self._collect_ended()
                _wait(wake, 0.05)
            sign_off(self.name)
        connection.close()


def _load_what_children_need() -> None:
    """The catalogue and the addresses, once here instead of once in each child."""
    with in_kept_language():
        gettext("系统运行")
    reverse("kernel:attachment", args=(uuid.UUID(int=0),))


def _open_alarm(stop: Callable[..., None]) -> int:
    """A pipe that can be read from as soon as a signal comes: a child's end, or the order to stop."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    return reader


def _wait(wake: int, seconds: float) -> None:
    """Sleep until the time is over or a signal comes."""
    if select.select([wake], [], [], seconds)[0]:
        with suppress(BlockingIOError):
            os.read(wake, 4096)
