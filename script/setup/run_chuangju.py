"""script/chuangju: the product's command line in its own environment; standard output belongs to the command alone."""

from __future__ import annotations

import os
import sys

from folders import VENV_PYTHON
from installing import RUNNING, provide_environment
from preparing import provide_catalogues
from programs import environment
from say import run_command, speak_on_standard_error


def main() -> int:
    """Set up what is missing, then become the command: its exit code, its signals, its folder are the caller's."""
    speak_on_standard_error()
    provide_environment(RUNNING, looks_closely=False)
    provide_catalogues()
    # -P keeps the caller's folder from shadowing our modules.
    os.execve(VENV_PYTHON, [str(VENV_PYTHON), "-P", "-m", "config.cli", *sys.argv[1:]], environment())  # noqa: S606


if __name__ == "__main__":
    run_command(main)
