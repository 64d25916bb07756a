"""The workers beside the server: started, started again when they die, stopped; watched with processes of the test's own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.config.conftest import PROJECT

LONGEST = 10.0


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """script/setup/working.py, whose workers are anything that runs for a while."""
    monkeypatch.syspath_prepend(str(PROJECT / "script" / "setup"))
    names = ("say", "folders", "programs", "working")
    yield [__import__(name) for name in names][-1]
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def run_instead(working: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], list[Any]]]:
    """`run_instead("code")`: each worker is a Python that runs this; the processes that were started."""
    started: list[Any] = []
    popen = subprocess.Popen

    def choose(code: str) -> list[Any]:
        def start(_command: object, **options: Any) -> Any:
            started.append(popen([sys.executable, "-S", "-c", code], **options))
            return started[-1]

        monkeypatch.setattr(working.subprocess, "Popen", start)
        return started

    yield choose
    for process in started:
        process.kill()
        process.wait()


def watch_until(workers: Any, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not is_so():
        workers.watch()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_worker_that_dies_is_started_again_after_growing_pauses(
    working: ModuleType,
    run_instead: Callable[[str], list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(working, "tell", lambda chinese, _english: lines.append(chinese))
    started = run_instead("raise SystemExit(3)")
    workers = working.Workers(1)
    workers._slots[0]._pause = 0.01
    workers.start()
    watch_until(workers, lambda: len(started) == 4)
    workers.stop()
    told = "\n".join(lines)
    assert "启动后台任务进程（1 个）" in told
    assert "后台任务进程退出（代码 3），0.01 秒后重新启动" in told
    assert "0.04 秒后重新启动" in told


def test_workers_are_asked_to_stop_and_in_the_end_ended(
    working: ModuleType, run_instead: Callable[[str], list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LONGEST_STOP_SECONDS", 0.3)
    started = run_instead(
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    )
    workers = working.Workers(2)
    workers.start()
    time.sleep(0.3)
    workers.stop()
    assert [process.poll() is not None for process in started] == [True, True]


def test_none_at_all_is_as_good(working: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(working, "tell", lambda chinese, _english: lines.append(chinese))
    workers = working.Workers(0)
    workers.start()
    workers.watch()
    workers.stop()
    assert lines == []
