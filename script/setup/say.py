"""What the set-up tells its user: each step in Chinese with English after it, and one sentence when it cannot go on."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class CannotGoOn(Exception):
    """The reason why a command stops, as one sentence in Chinese and the same in English."""

    def __init__(self, chinese: str, english: str) -> None:
        """Keep both sentences, without their full stops."""
        super().__init__(f"错误：{chinese}。 / Error: {english}.")


class _Voice:
    """Where steps are told; `script/chuangju` moves it to standard error, so that its output stays its own."""

    stream = sys.stdout


def speak_on_standard_error() -> None:
    """Keep standard output free for what the command itself prints."""
    _Voice.stream = sys.stderr


def tell(chinese: str, english: str) -> None:
    """One line for the user."""
    print(f"{chinese}  {english}", file=_Voice.stream, flush=True)


@contextmanager
def step(chinese: str, english: str) -> Iterator[None]:
    """Tell what is being done, and how long it took when it is."""
    started = time.monotonic()
    tell(f"· {chinese}……", f"{english} ...")
    yield
    seconds = time.monotonic() - started
    if seconds >= 1:
        tell(f"  完成，用时 {seconds:.1f} 秒", f"done in {seconds:.1f} s")


def run_command(main: Callable[[], int]) -> None:
    """Run a command's main function: a sentence and exit code 1 instead of a traceback for what a user can put right."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace", line_buffering=True)
    try:
        code = main()
    except CannotGoOn as refusal:
        print(refusal, file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("已中断；再次运行会从头检查并继续。 / Interrupted; the next run checks and goes on.", file=sys.stderr)
        code = 130
    sys.exit(code)
