"""Readers for the guard's tests: each does to its process what a hostile file might."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chuangju.papers.sentences import unreadable

Progress = Callable[[int, int], None]


def answer(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    on_progress(1, 2)
    on_progress(2, 2)
    return {"path": str(path), "name": name, "text": path.read_text()}


def sleep(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    time.sleep(60)
    return {}


def devour(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    return {"size": len(bytearray(4 * 1024**3))}


def fall(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def vanish(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def stumble(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    raise KeyError(name)


def cut_off(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    # The pipe to the parent is the only other descriptor that is open for writing.
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b'{"result": {"half')
        except OSError:
            continue
    os._exit(0)


def refuse(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    raise unreadable("wrong_encoding", line=3)


def chatter(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    sys.stdout.write("loud\n")
    sys.stdout.flush()
    os.write(1, b"louder\n")
    return {"quiet": True}


def environment(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    return {"names": sorted(os.environ)}
