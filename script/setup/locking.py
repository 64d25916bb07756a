"""One at a time: what two starts would do to each other is done by one of them, under a lock that dies with its holder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from folders import refusal_for
from say import CannotGoOn, tell

LONGEST_WAIT_SECONDS = 600


@contextmanager
def one_at_a_time(file: Path, *, chinese: str, english: str, waits: bool) -> Iterator[None]:
    """Hold the lock on this file; when another process holds it, wait for it, or stop with this sentence."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise refusal_for(fault, file.parent) from fault
    try:
        _take(descriptor, chinese=chinese, english=english, waits=waits)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, *, chinese: str, english: str, waits: bool) -> None:
    deadline = time.monotonic() + (LONGEST_WAIT_SECONDS if waits else 0)
    has_told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 20, 0).decode(errors="replace")
                raise CannotGoOn(f"{chinese}（进程 {holder}）", f"{english} (process {holder})") from None
            if not has_told:
                tell(f"· {chinese}，等待中……", f"{english}, waiting ...")
                has_told = True
            time.sleep(0.3)
        else:
            return
