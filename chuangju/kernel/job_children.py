"""Child processes of a worker: each runs one job (or the duties that are due) and ends with it, whatever happens to it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from chuangju.kernel.models import Job

_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A child under way: what it runs (a job, or an errand of the worker's own), until when it may, and how it came to its end."""

    pid: int
    job: Job | None
    ends_by: float
    errand: str = ""
    is_cancelled: bool = False
    is_late: bool = False
    was_ended: bool = False
    how_it_ended: str = ""


def fork_child(work: Callable[[], object], *, job: Job | None, ends_by: float, errand: str = "") -> Child:
    """Do the work in a child process; the caller has one thread and no open connection."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _work_and_leave(work, parent)
    with suppress(OSError):
        os.setpgid(pid, pid)  # also done by the child: whoever comes first
    return Child(pid, job, ends_by, errand)


def _work_and_leave(work: Callable[[], object], parent: int) -> None:
    code = 1
    try:
        _detach(parent)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may return into the worker's own loop
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _detach(parent: int) -> None:
    """A group of its own, to be ended with whatever it starts; Linux ends it when the worker is killed."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # The worker was killed before Linux was asked.
        os._exit(1)


def end_child(child: Child) -> None:
    """Kill the child and whatever it started; `has_ended` tells when it is gone."""
    child.was_ended = True
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def has_ended(child: Child) -> bool:
    """Whether the child is gone; what it had started goes too."""
    if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return False
    # While it has not been collected, its number cannot be anybody else's.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    _pid, status = os.waitpid(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    child.how_it_ended = f"signal {-code}" if code < 0 else f"exit status {code}"
    return True
