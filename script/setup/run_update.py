"""script/update: the locks of the requirements and the catalogue of translations, brought up to date."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Sequence
from pathlib import Path

from folders import PROJECT, VENV_PYTHON
from installing import BOOTSTRAP, RUNNING, TESTING, provide_environment
from programs import environment
from say import CannotGoOn, run_command, step

COMPILE = (
    "-m",
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--python-version",
    "3.11",
)


def run(arguments: Sequence[str | Path]) -> None:
    """Run a step in the project's environment; its own words are the explanation when it fails."""
    if subprocess.run([VENV_PYTHON, *arguments], cwd=PROJECT, env=environment(), check=False).returncode:
        raise CannotGoOn("上面的步骤没有完成", "the step above did not finish")


def update_requirements(*, upgrades: bool) -> None:
    """Lock what requirements*.in ask for; the tests' lock agrees with the one for running."""
    more = ["--upgrade"] if upgrades else []
    with step("锁定依赖", "locking the requirements"):
        run([*COMPILE, *more, "-o", RUNNING, "requirements.in"])
        run([*COMPILE, *more, "-c", RUNNING, "-o", TESTING, "requirements-test.in"])
        # The file is its own list of what to lock: one package, its version changed here by hand.
        run([*COMPILE, "--no-annotate", "-o", BOOTSTRAP, BOOTSTRAP.with_suffix(".in")])


def update_messages() -> None:
    """Extract every marked string, merge it into the catalogues and compile them."""
    with step("提取并合并译文", "extracting and merging translations"):
        run([Path(__file__).with_name("messages.py"), "update"])


def main() -> int:
    """Do what the arguments name; everything without one."""
    parser = argparse.ArgumentParser(
        prog="script/update", description="更新依赖锁和翻译目录 · update the locks and the catalogue"
    )
    parser.add_argument(
        "what", nargs="?", choices=("requirements", "messages"), help="只更新其中一项 · only one of them"
    )
    parser.add_argument(
        "--upgrade", action="store_true", help="把依赖升级到允许的最新版本 · the newest versions allowed"
    )
    chosen = parser.parse_args()
    provide_environment(TESTING)
    if chosen.what in {None, "requirements"}:
        update_requirements(upgrades=chosen.upgrade)
        provide_environment(TESTING)
    if chosen.what in {None, "messages"}:
        update_messages()
    return 0


if __name__ == "__main__":
    run_command(main)
