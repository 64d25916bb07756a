"""Every check that has a name: of the code, and of figures as they come to exist in bench/."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from folders import PROJECT, VENV_PYTHON
from programs import environment
from say import tell

MESSAGES = str(Path(__file__).with_name("messages.py"))
PLACES = ("chuangju", "config", "script", "tests", "bench", "manage.py")
# Each is what Python is asked to run; its own words are the report.
OF_CODE: dict[str, Sequence[str]] = {
    "lint": ("-m", "ruff", "check", *PLACES),
    "format": ("-m", "ruff", "format", "--check", *PLACES),
    "layers": ("-P", "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"),
    "types": ("-m", "mypy"),
    "messages": (MESSAGES, "check"),
    "migrations": ("manage.py", "makemigrations", "--check", "--dry-run"),
}

# Tests with a figure that they must reach; script/test has them among its runs.
OF_TESTS: dict[str, Sequence[str]] = {"coverage": (str(Path(__file__).with_name("covered.py")),)}


def figures() -> dict[str, Sequence[str]]:
    """The measurements of bench/, one file or folder each, by its name."""
    files = sorted((PROJECT / "bench").glob("[a-z]*.py"))
    folders = sorted(file.parent for file in (PROJECT / "bench").glob("*/__main__.py"))
    return {path.stem: (str(path.relative_to(PROJECT)),) for path in (*files, *folders)}


def all_checks() -> dict[str, Sequence[str]]:
    """Name and command of everything that `script/check NAME` can run."""
    return {**OF_CODE, **OF_TESTS, **figures()}


def run_check(name: str, arguments: Sequence[str] = ()) -> bool:
    """Run one check in the open; whether it passed."""
    started = time.monotonic()
    tell(f"\n▶ 检查 {name}", f"check {name}")
    command = [VENV_PYTHON, *all_checks()[name], *arguments]
    has_passed = (
        subprocess.run(command, cwd=PROJECT, env=environment(), stdin=subprocess.DEVNULL, check=False).returncode == 0
    )
    verdict = ("✔ 通过", "passed") if has_passed else ("✘ 未通过", "FAILED")
    tell(f"{verdict[0]} {name}（{time.monotonic() - started:.1f} 秒）", f"{verdict[1]}")
    return has_passed


def main() -> int:
    """Every check of the code, one after the other, in an environment that has been provided."""
    failed = [name for name in OF_CODE if not run_check(name)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
