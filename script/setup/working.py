"""The worker beside the server: started once the server answers, started again when it dies, stopped after the server."""

from __future__ import annotations

import os
import signal
import subprocess
import time

from folders import PROJECT, VENV_PYTHON
from programs import end_with_parent, environment
from say import tell

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# A worker that has lived for so long did not die of its start.
LIVED_WELL_SECONDS = 60.0
LONGEST_STOP_SECONDS = 15.0


class Workers:
    """Any number of worker processes, watched over; with none, every call does nothing."""

    def __init__(self, count: int) -> None:
        """Nothing is started yet."""
        self._slots = [_Slot() for _number in range(count)]

    def start(self) -> None:
        """Start all of them and say so."""
        if self._slots:
            tell(f"· 启动后台任务进程（{len(self._slots)} 个）……", f"starting {len(self._slots)} job worker(s) ...")
        for slot in self._slots:
            slot.start()

    def watch(self) -> None:
        """Start again what has died, with growing pauses; called several times a second."""
        for slot in self._slots:
            slot.watch()

    def stop(self) -> None:
        """Let each bring its job to an end or hand it back; in the end, end it."""
        for slot in self._slots:
            slot.ask_to_stop()
        deadline = time.monotonic() + LONGEST_STOP_SECONDS
        for slot in self._slots:
            slot.wait_for_end(deadline)


class _Slot:
    """One worker process and its successors."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._again_at: float | None = None

    def start(self) -> None:
        self._again_at, self._started = None, time.monotonic()
        self._process = subprocess.Popen(
            [VENV_PYTHON, "-P", "-m", "config.cli", "work"],
            cwd=PROJECT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    def watch(self) -> None:
        if self._process is None or self._process.poll() is None:
            return
        now = time.monotonic()
        if self._again_at is None:
            self._pause = FIRST_PAUSE if now - self._started > LIVED_WELL_SECONDS else self._pause
            self._again_at = now + self._pause
            tell(
                f"后台任务进程退出（代码 {self._process.returncode}），{self._pause:g} 秒后重新启动",
                f"a job worker ended (code {self._process.returncode}); starting it again in {self._pause:g} s",
            )
            self._pause = min(LONGEST_PAUSE, self._pause * 2)
        elif now >= self._again_at:
            self.start()

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_for_end(self, deadline: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
