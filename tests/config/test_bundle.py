"""script/bundle: what it makes installs and starts where there is no registry and no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.config.conftest import Run, clean_environment

OFFLINE = Path(__file__).with_name("offline.py")
pytestmark = pytest.mark.database("sqlite")


@pytest.fixture(scope="module")
def bundle(installed_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, made once; without a registry it cannot be made, which says so aloud."""
    folder = tmp_path_factory.mktemp("bundle")
    finished = subprocess.run(
        [installed_copy / "script" / "bundle", "--output", folder],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode and not os.environ.get("CI"):
        pytest.skip(f"no bundle could be made here, so it was not tried: {finished.stderr}")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return next(folder.glob("*.tar.gz"))


@pytest.fixture
def unpacked(bundle: Path, tmp_path: Path) -> Path:
    """The archive on the target machine, in a folder with a space and Chinese characters."""
    place = tmp_path / "空 白"
    with tarfile.open(bundle) as archive:
        archive.extractall(place, filter="data")
    return place / "chuangju"


def test_it_installs_and_serves_with_the_network_refused(unpacked: Path, tmp_path: Path, free_port: int) -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no network namespace: the bundle was not tried without a network")
    # An empty home: no cache of an earlier installation may help.
    environment = clean_environment({"HOME": str(tmp_path / "home"), "CHUANGJU_DATA": str(tmp_path / "data")})
    # As in real use: what the demo shows has been loaded in the test of the first start.
    environment["CHUANGJU_DEMO"] = "0"
    environment = {name: value for name, value in environment.items() if not name.startswith(("UV_", "PIP_", "XDG_"))}
    finished = subprocess.run(
        [*alone, sys.executable, OFFLINE, unpacked, tmp_path / "data", str(free_port)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "status 200" in finished.stdout, finished.stdout + finished.stderr


def test_it_holds_the_project_and_nothing_of_this_machine(bundle: Path) -> None:
    with tarfile.open(bundle) as archive:
        members = archive.getmembers()
    names = {member.name for member in members}
    assert {"chuangju/script/server", "chuangju/requirements.lock", "chuangju/wheels/machine.json"} <= names
    tops = {name.split("/")[1] for name in names}
    assert not tops & {".venv", ".git", "var", "dist"}
    assert {(member.uid, member.uname, member.mtime) for member in members} == {(0, "", 0)}
    listed = bundle.with_name(f"{bundle.name}.sha256")
    assert subprocess.run(["sha256sum", "-c", listed.name], cwd=bundle.parent, check=False).returncode == 0


def test_another_python_or_processor_is_refused_before_anything_is_installed(unpacked: Path, run: Run) -> None:
    kind = unpacked / "wheels" / "machine.json"
    told = json.loads(kind.read_text())
    kind.write_text(json.dumps({**told, "python": "3.99"}))
    finished = run(unpacked / "script" / "server", "--port", "8999")
    assert finished.returncode == 1
    assert "Python 3.99" in finished.stderr
    kind.write_text("{")
    assert "不完整" in run(unpacked / "script" / "server", "--port", "8999").stderr
    assert not (unpacked / ".venv" / "chuangju-installed.json").exists()
