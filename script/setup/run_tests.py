"""script/test: everything that must hold, on both databases; with arguments, just these tests of pytest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from checks import OF_CODE, run_check
from folders import PROJECT, VENV_PYTHON
from installing import TESTING, provide_environment
from preparing import provide_catalogues
from programs import environment
from say import CannotGoOn, run_command, tell
from system_packages import provide_browser

POSTGRES = Path(__file__).with_name("postgres.py")


def run_pytest(
    title: tuple[str, str], arguments: Sequence[str], *, wrapper: Sequence[str | Path] = (), **more: str
) -> bool:
    """Run the suite once, in the open; whether it passed."""
    started = time.monotonic()
    tell(f"\n▶ {title[0]}", title[1])
    command = [*wrapper, VENV_PYTHON, "-m", "pytest", *arguments]
    # The sync browser driver runs an event loop in the thread in which tests use the database.
    variables = environment({"DJANGO_ALLOW_ASYNC_UNSAFE": "1", **more})
    has_passed = (
        subprocess.run(command, cwd=PROJECT, env=variables, stdin=subprocess.DEVNULL, check=False).returncode == 0
    )
    seconds = time.monotonic() - started
    tell(f"  {title[0]}：{'通过' if has_passed else '未通过'}，{seconds:.0f} 秒", "passed" if has_passed else "FAILED")
    return has_passed


def choose_browser_tests() -> list[str]:
    """Arguments that leave the browser tests out where no browser can be had; on CI they must run."""
    if provide_browser():
        return []
    if os.environ.get("CI") == "true":
        raise CannotGoOn(
            "CI 必须运行浏览器测试，但没有 Chromium 或中文字体",
            "CI must run the browser tests, and there is no browser",
        )
    tell("！！跳过全部浏览器测试", "!! ALL BROWSER TESTS ARE LEFT OUT")
    return ["-m", "not browser"]


def run_everything() -> int:
    """Checks of the code, the suite on SQLite, and what touches the database again on PostgreSQL."""
    started = time.monotonic()
    without_browser = choose_browser_tests()
    failed = [name for name in OF_CODE if not run_check(name)]
    if not run_pytest(("测试（SQLite）", "tests on SQLite"), [*without_browser, "--durations=10"], DATABASE_URL=""):
        failed.append("SQLite")
    # A server of the caller's own is used as it is; else a cluster is made for this run.
    wrapper = [] if os.environ.get("DATABASE_URL") else [VENV_PYTHON, POSTGRES]
    if not run_pytest(
        ("测试（PostgreSQL）", "tests on PostgreSQL"), ["--database-only", "--durations=10"], wrapper=wrapper
    ):
        failed.append("PostgreSQL")
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
        return 0 if run_pytest(("所选测试", "the tests named"), sys.argv[1:]) else 1
    return run_everything()


if __name__ == "__main__":
    run_command(main)
