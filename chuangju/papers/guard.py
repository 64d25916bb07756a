"""Guard - strangers' files are read in a child process that may neither outgrow its memory nor outlast its time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sentences import name_file, unreadable

_ROOT = Path(__file__).resolve().parents[2]
# The child sees none of the installation's settings, keys or database address.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT")


def read_in_child(
    module_function: str,
    path: Path,
    *,
    name: str | None = None,
    seconds: float = 30,
    megabytes: int = 512,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The dictionary that `module:function(path, name=…, on_progress=…)` returns, computed in a limited child process.

    Whatever goes wrong in there (too slow, too large, a crash of a library) comes out as UnreadableFile.
    """
    path, called = Path(path).absolute(), name or Path(path).name
    command = [sys.executable, "-m", "chuangju.papers.child", module_function, str(path), called, str(megabytes)]
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    late = threading.Event()
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=_ROOT
    ) as child:

        def _stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(seconds, _stop)
        timer.daemon = True
        timer.start()
        try:
            answer = _listen(child, on_progress)
        finally:
            timer.cancel()
            child.kill()
    if answer is None:
        refusal = unreadable("timed_out", seconds=f"{seconds:g}") if late.is_set() else unreadable("crashed")
        raise name_file(refusal, called)
    return answer


def _listen(child: subprocess.Popen[bytes], on_progress: Callable[[int, int], None] | None) -> dict[str, Any] | None:
    """The child's result, or None when it ended without one."""
    if child.stdout is None:
        return None
    for line in child.stdout:
        try:
            message = json.loads(line)
        except ValueError:
            # Cut off in the middle by the end of the process.
            return None
        if "progress" in message:
            if on_progress:
                on_progress(*message["progress"])
        elif "refused" in message:
            told = message["refused"]
            raise UnreadableFile(told["sentence"], code=told["code"], params=told["params"])
        else:
            result: dict[str, Any] = message["result"]
            return result
    return None
