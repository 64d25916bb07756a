"""The rules with their tests, and every line and branch of them run by those: the one place where the figure is made."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from folders import PROJECT, VENV_PYTHON

# The Spark and column engines are held by tests of agreement instead (tests/rules/bulk).
SOURCE, FILES, TESTS = "chuangju/rules", "chuangju/rules/*.py", "tests/rules"
WANTED = 100


def main(arguments: list[str]) -> int:
    """Run the tests under coverage, then hold the figure; pytest's arguments go through."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"--data-file={Path(folder) / 'coverage'}"
        measured = ["-m", "coverage", "run", "--branch", f"--source={SOURCE}", file, "-m", "pytest"]
        tests = [TESTS, f"--ignore={TESTS}/bulk", "-p", "no:cacheprovider", *arguments]
        run = subprocess.run([VENV_PYTHON, *measured, *tests], cwd=PROJECT, check=False)
        report = ["-m", "coverage", "report", file, f"--include={FILES}", f"--fail-under={WANTED}"]
        held = subprocess.run([VENV_PYTHON, *report], cwd=PROJECT, check=False)
    return run.returncode or held.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
