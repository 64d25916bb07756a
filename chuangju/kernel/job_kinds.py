"""任务类型 - what kinds of background work there are: each package registers its own, with how it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise

from chuangju.kernel.refusals import Refused
from chuangju.kernel.registry import Registry

LONGEST_PAUSE = timedelta(hours=1)


class JobRefused(Refused):
    """The job cannot be asked for, cancelled or tried again; the sentence says why."""


class JobCancelled(Exception):
    """Somebody cancelled the job that is being run; raised by whatever the run tells or does next."""


class LeaseLost(Exception):
    """Somebody else holds the job by now: this run may change nothing any more."""


@dataclass(frozen=True)
class JobOutcome:
    """What came of a job: a sentence, where to look at it, and details for the program.

    `sentence` may be a source sentence marked with gettext_noop and placeholders; with `values` it is said in the
    reader's language. `detail` is kept as JSON.
    """

    sentence: str
    address: str = ""
    detail: Mapping[str, Any] | None = None
    values: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class JobKind:
    """One kind of job: its code and name, what runs it, how often it is tried and how long one attempt may take.

    `run` is handed a `job_runs.JobRun`, which stands above this file. The pause after a failed attempt begins with
    `pause` and doubles, up to an hour.
    """

    kind: str
    label: str | Promise
    run: Callable[[Any], JobOutcome | None]
    attempts: int = 3
    longest: timedelta = timedelta(minutes=30)
    pause: timedelta = timedelta(seconds=10)

    def pause_after(self, attempts: int) -> timedelta:
        """How long to wait after so many failed attempts: 10 s, 20 s, 40 s, … an hour."""
        return min(LONGEST_PAUSE, self.pause * (1 << min(max(attempts - 1, 0), 16)))


job_kinds: Registry[str, JobKind] = Registry("job_kinds")


def register_job(kind: JobKind) -> None:
    """Let jobs of this kind be asked for; workers run them."""
    job_kinds.register(kind.kind, kind)
