"""Copies of the project in awkward places, for running its commands as somebody would who has just unpacked it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
# What the commands are made of; tests and documents are not needed to run them.
PARTS = ("chuangju", "config", "locale", "script", "manage.py", "pyproject.toml")
Run = Callable[..., subprocess.CompletedProcess[str]]


def copy_project(folder: Path) -> Path:
    """The project as it is checked out, in a folder whose path has a space and Chinese characters."""
    place = folder / "空 白" / "chuangju"
    leave = shutil.ignore_patterns("__pycache__", "*.mo")
    for part in (*PARTS, *(file.name for file in PROJECT.glob("requirements*"))):
        source, target = PROJECT / part, place / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=leave)
        else:
            shutil.copy2(source, target)
    return place


def link_or_copy(source: str, target: str) -> None:
    """The same file under a second name where the disk allows it: an environment has twenty thousand."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def install_into(place: Path) -> None:
    """Give a copy the environment that these tests run in, stamped as its own, so that nothing is downloaded."""
    environment = Path(sys.prefix)
    shutil.copytree(environment, place / ".venv", symlinks=True, copy_function=link_or_copy)
    stamping = "import installing; installing.stamp_environment(installing.TESTING)"
    # The stamp tells of the Python that set the environment up: the one that the commands find.
    subprocess.run(
        [
            system_python(),
            "-Es",
            "-c",
            f"import sys; sys.path.insert(0, sys.argv[1]); {stamping}",
            place / "script" / "setup",
        ],
        check=True,
    )


def system_python() -> str:
    """The python3 that script/* would take here."""
    found = shutil.which("python3", path=clean_environment()["PATH"])
    assert found
    return found


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of somebody who has not activated anything."""
    bin_folder = str(Path(sys.prefix) / "bin")
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if part != bin_folder)
    dropped = ("CHUANGJU_", "DJANGO_", "PYTHON", "PYTEST", "VIRTUAL_ENV", "DATABASE_URL", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PATH": path, **(more or {})}


@pytest.fixture
def run() -> Run:
    """Run a command as somebody would, and see what it says: `run(place / "script/server", "--port", "80")`."""

    def run_command(*command: str | Path, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=cwd or "/",
            env=clean_environment(more),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run_command


@pytest.fixture(scope="session")
def bare_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy without an environment; for what is refused before there is one."""
    return copy_project(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="session")
def installed_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with its environment."""
    place = copy_project(tmp_path_factory.mktemp("installed"))
    install_into(place)
    return place


def copy_data(folder: Path, place: Path) -> Path:
    """A copy of a data folder, as if the server had been started there before."""
    shutil.copytree(folder, place, copy_function=shutil.copy2)
    return place


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
