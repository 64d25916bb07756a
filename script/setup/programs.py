"""Starting other programs: in the project's own environment, their output kept aside, their faults as one sentence."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from folders import PROJECT
from say import CannotGoOn, tell

# What another Python's activation leaves behind would mix its modules into ours.
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")
# Told to keep no compiled modules, Python would compile every library again at every start.
SLOW = ("PYTHONDONTWRITEBYTECODE",)
PR_SET_PDEATHSIG = 1
SECONDS_BETWEEN_SIGNS_OF_LIFE = 10


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for the project's own programs, from wherever they are called."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN + SLOW}
    ours = {"PYTHONPATH": str(PROJECT), "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUTF8": "1"}
    # An empty value takes a variable away: DATABASE_URL= is no address.
    return {name: value for name, value in {**kept, **ours, **(more or {})}.items() if value}


def end_with_parent() -> None:
    """Ask Linux to stop the program that is being started when the process that watches over it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Finished:
    """How a program ended: its exit code and what it wrote."""

    def __init__(self, code: int, text: str) -> None:
        """Keep both."""
        self.code = code
        self.text = text

    @property
    def last_line(self) -> str:
        """The last thing it said, for the end of a sentence."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        return lines[-1][:300] if lines else ""


def run_quietly(command: Sequence[str | Path], *, more: Mapping[str, str] | None = None) -> Finished:
    """Run a program that takes a while: its output is kept aside, and every ten seconds a line says that it goes on."""
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(more),
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
            cwd=PROJECT,
        )
        try:
            while True:
                try:
                    code = program.wait(SECONDS_BETWEEN_SIGNS_OF_LIFE)
                    break
                except subprocess.TimeoutExpired:
                    seconds = round(time.monotonic() - started)
                    tell(f"  仍在进行（{seconds} 秒）", f"still at it ({seconds} s)")
        except BaseException:
            program.terminate()
            program.wait()
            raise
        output.seek(0)
        return Finished(code, output.read().decode(errors="replace"))


def refusal_for_download(finished: Finished) -> CannotGoOn:
    """One sentence for a package client that failed, by what it wrote."""
    text = finished.text.lower()
    if "no space left" in text or "disk quota" in text or "os error 28" in text:
        return CannotGoOn("磁盘已满，依赖没有装完，请清理后再次运行", "the disk is full; make room and run again")
    if "hash" in text and "mismatch" in text:
        return CannotGoOn(
            "下载的依赖与锁定的校验值不符，已拒绝安装，请检查软件源",
            "a download does not match its locked hash and was refused; check the package index",
        )
    if "permission denied" in text or "read-only file system" in text:
        return CannotGoOn(
            f"没有权限写入安装所需的文件夹（{finished.last_line}）", "a folder needed to install cannot be written to"
        )
    return CannotGoOn(
        f"无法下载依赖，请检查网络，或用 PIP_INDEX_URL 和 UV_DEFAULT_INDEX 指定可用的软件源（{finished.last_line}）",
        "the libraries cannot be downloaded; check the network, or name an index in PIP_INDEX_URL and UV_DEFAULT_INDEX",
    )
