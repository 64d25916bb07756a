"""script/test: everything that must hold, on both databases; with arguments, just these tests of pytest."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from folders import PROJECT, VENV_PYTHON
from installing import TESTING, provide_environment
from preparing import provide_catalogues
from programs import end_with_parent, environment
from say import CannotGoOn, run_command, tell
from spark import has_java, provide_spark
from system_packages import provide_browser

POSTGRES = Path(__file__).with_name("postgres.py")
PYTEST = (VENV_PYTHON, "-m", "pytest")
# Runs beside each other may not share a cache.
BESIDE = (*PYTEST, "--durations=10", "-p", "no:cacheprovider")
BROWSER, COMMANDS, RULES = "tests/browser", "tests/config", "tests/rules/test_*.py"
# The tests of the rules run once, with every branch counted.
COVERED, CHECKS = (Path(__file__).with_name(name) for name in ("covered.py", "checks.py"))
# What the run on SQLite leaves to runs beside it; whatever is named nowhere stays with it, so that nothing is lost.
SHARES = {
    "pages": ("tests/test_access_matrix.py", "tests/policies", "tests/scoring"),
    "programme": ("tests/programme", "tests/ventures", "tests/training"),
    "applications": ("tests/applications", "tests/budget", "tests/activities", "tests/mentoring", "tests/rules/bulk"),
}
# Pieces run beside each other: several would not fit where there is one processor, nor on one disk where there are many.
AT_LEAST, AT_MOST = 2, 4


@dataclass(frozen=True)
class Piece:
    """A part of everything: what it is called, and what runs it."""

    title: tuple[str, str]
    command: Sequence[str | Path]


class SuiteRun:
    """One run of the suite, begun at once; in the open, or with its words kept until they are asked for."""

    def __init__(
        self, title: tuple[str, str], command: Sequence[str | Path], *, in_the_open: bool, **more: str
    ) -> None:
        """Start pytest; a value in `more` that is empty takes the variable away."""
        self.title = title
        self._started = time.monotonic()
        self._seconds = 0.0
        self._words = None if in_the_open else tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        if in_the_open:
            tell(f"\n▶ {title[0]}", title[1])
        # The sync browser driver runs an event loop in the thread in which tests use the database.
        variables = environment({"DJANGO_ALLOW_ASYNC_UNSAFE": "1", **more})
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=self._words,
            stderr=None if in_the_open else subprocess.STDOUT,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    def has_ended(self) -> bool:
        """Whether it is over; the first who asks then notes how long it took."""
        if self._process.poll() is None:
            return False
        self._seconds = self._seconds or time.monotonic() - self._started
        return True

    def has_passed(self) -> bool:
        """Wait for its end, say what it said, and whether it passed."""
        code = self._process.wait()
        seconds = self._seconds or time.monotonic() - self._started
        if self._words is not None:
            tell(f"\n▶ {self.title[0]}", self.title[1])
            self._words.seek(0)
            sys.stdout.write(self._words.read().decode(errors="replace"))
        verdict = ("未通过", "FAILED") if code else ("通过", "passed")
        tell(f"  {self.title[0]}：{verdict[0]}，{seconds:.0f} 秒", verdict[1])
        return code == 0


def has_browser() -> bool:
    """Whether the browser tests can run; on CI they must."""
    if provide_browser():
        return True
    if os.environ.get("CI") == "true":
        raise CannotGoOn(
            "CI 必须运行浏览器测试，但没有 Chromium 或中文字体",
            "CI must run the browser tests, and there is no browser",
        )
    tell("！！跳过全部浏览器测试", "!! ALL BROWSER TESTS ARE LEFT OUT")
    return False


def see_to_spark() -> None:
    """The tests of Spark run where Java is there; on CI they must."""
    if has_java() or os.environ.get("CI") == "true":
        provide_spark()
    else:
        tell("！！没有 Java 17：跳过 Spark 的测试", "!! NO JAVA 17: THE TESTS OF SPARK ARE LEFT OUT")


def all_pieces(*, with_browser: bool) -> dict[str, Piece]:
    """Everything that must hold, in pieces of some minutes each; the longest begin first, so that all end together."""
    # A server of the caller's own is used as it is; else a cluster is made for this run.
    wrapper = [] if os.environ.get("DATABASE_URL") else [VENV_PYTHON, POSTGRES]
    shares = [path for paths in SHARES.values() for path in paths if (PROJECT / path).exists()]
    left = [f"--ignore={path}" for path in (BROWSER, COMMANDS, *shares)] + [f"--ignore-glob={RULES}"]
    pieces = {
        "PostgreSQL": Piece(("测试（PostgreSQL）", "tests on PostgreSQL"), [*wrapper, *BESIDE, "--database-only"]),
        "checks": Piece(("代码检查", "checks of the code"), [VENV_PYTHON, CHECKS]),
        "browser": Piece(("测试（浏览器）", "tests of browsers"), [*BESIDE, BROWSER]),
        "commands": Piece(("测试（命令）", "tests of commands"), [*BESIDE, COMMANDS]),
        "SQLite": Piece(("测试（SQLite）", "tests on SQLite"), [*BESIDE, *left]),
    }
    for name, paths in SHARES.items():
        there = [path for path in paths if (PROJECT / path).exists()]
        pieces[name] = Piece((f"测试（SQLite：{name}）", f"tests on SQLite: {name}"), [*BESIDE, *there])
    pieces["rules"] = Piece(
        ("测试（政策规则，分支覆盖率 100%）", "tests of the rules, every branch"),
        [VENV_PYTHON, COVERED, "--durations=10"],
    )
    if not with_browser:
        del pieces["browser"]
    return pieces


def run_pieces(waiting: dict[str, Piece]) -> list[str]:
    """Run all, as many at once as there are processors, and say of each how it went as soon as it has ended; which failed."""
    running: dict[str, SuiteRun] = {}
    failed: list[str] = []
    at_once = max(AT_LEAST, min(AT_MOST, os.cpu_count() or AT_LEAST))
    while waiting or running:
        while waiting and len(running) < at_once:
            name = next(iter(waiting))
            piece = waiting.pop(name)
            address = {} if name == "PostgreSQL" else {"DATABASE_URL": ""}
            tell(f"  开始：{piece.title[0]}", f"begun: {piece.title[1]}")
            running[name] = SuiteRun(piece.title, piece.command, in_the_open=False, **address)
        ended = {name: running.pop(name) for name, run in list(running.items()) if run.has_ended()}
        failed += [name for name, run in ended.items() if not run.has_passed()]
        time.sleep(0.2)
    return failed


def run_everything() -> int:
    """Checks of the code, the suite on SQLite, and beside it what touches the database once more on PostgreSQL."""
    started = time.monotonic()
    with_browser = has_browser()
    see_to_spark()
    failed = run_pieces(all_pieces(with_browser=with_browser))
    seconds = round(time.monotonic() - started)
    if failed:
        tell(f"\n✘ 未通过：{'、'.join(failed)}（共 {seconds} 秒）", f"failed: {', '.join(failed)}")
        return 1
    tell(f"\n✔ 全部通过（共 {seconds} 秒）", f"everything passed in {seconds} s")
    return 0


def main() -> int:
    """Set up, then run everything, or the tests that were named."""
    provide_environment(TESTING)
    provide_catalogues()
    if sys.argv[1:]:
        named = SuiteRun(("所选测试", "the tests named"), [*PYTEST, *sys.argv[1:]], in_the_open=True)
        return 0 if named.has_passed() else 1
    return run_everything()


if __name__ == "__main__":
    run_command(main)
