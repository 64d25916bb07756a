"""script/setup: the parts whose faults cannot be had for the asking: a full disk, a download that is not what was locked."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from tests.config.conftest import PROJECT


class Usage(NamedTuple):
    """What `shutil.disk_usage` answers."""

    total: int
    used: int
    free: int


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The modules of script/setup, which are found only from their own folder."""
    monkeypatch.syspath_prepend(str(PROJECT / "script" / "setup"))
    names = ("say", "folders", "programs", "checks", "system_packages")
    yield {name: __import__(name) for name in names}
    for name in (*names, "locking"):
        sys.modules.pop(name, None)


def test_a_disk_with_too_little_room_is_refused_before_installing(
    setup: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(1, 1, 30 * 1024 * 1024))
    with pytest.raises(setup["say"].CannotGoOn, match=r"只剩 30 MB，至少需要 700 MB.*only 30 MB are free"):
        setup["folders"].require_writable(tmp_path, megabytes=700)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "无法写入文件夹"),
        (errno.EACCES, "无法写入文件夹"),
        (errno.ENOTDIR, "不是文件夹"),
    ],
)
def test_each_fault_of_a_folder_has_its_sentence(setup: dict[str, ModuleType], number: int, sentence: str) -> None:
    refusal = setup["folders"].refusal_for(OSError(number, "as the system says it"), Path("/data"))
    assert sentence in str(refusal)
    assert "/data" in str(refusal)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: failed to write: No space left on device (os error 28)", "磁盘已满"),
        ("error: Hash mismatch for `django==5.2.19`", "与锁定的校验值不符"),
        ("error: failed to open file: Permission denied (os error 13)", "没有权限写入"),
        ("error: dns error: failed to lookup address", "请检查网络"),
    ],
)
def test_what_a_package_client_said_becomes_one_sentence(
    setup: dict[str, ModuleType], said: str, sentence: str
) -> None:
    refusal = setup["programs"].refusal_for_download(setup["programs"].Finished(1, said))
    assert sentence in str(refusal)
    assert len(str(refusal).splitlines()) == 1


def test_a_missing_venv_module_is_named_where_it_cannot_be_installed(
    setup: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = setup["system_packages"]
    monkeypatch.setattr(packages, "_has_venv_module", lambda: False)
    monkeypatch.setattr(packages, "can_install_packages", lambda: False)
    with pytest.raises(setup["say"].CannotGoOn, match=rf"apt-get install python3\.{sys.version_info.minor}-venv"):
        packages.require_venv_module()


def test_another_environment_does_not_mix_into_ours(
    setup: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere/else")
    monkeypatch.setenv("DATABASE_URL", "postgresql://kept")
    ours = setup["programs"].environment()
    assert ours["PYTHONPATH"] == str(PROJECT)
    assert "VIRTUAL_ENV" not in ours
    assert ours["DATABASE_URL"] == "postgresql://kept"
    assert "DATABASE_URL" not in setup["programs"].environment({"DATABASE_URL": ""})


def test_every_measurement_of_bench_is_a_check(setup: dict[str, ModuleType]) -> None:
    named = {file.stem for file in (PROJECT / "bench").glob("[a-z]*.py")}
    assert named <= set(setup["checks"].all_checks())
    assert {"lint", "format", "layers", "types", "messages"} <= set(setup["checks"].all_checks())


def test_the_two_locks_agree_and_name_no_address() -> None:
    running, testing = (
        {
            line.split(" ")[0]
            for line in (PROJECT / name).read_text("utf-8").splitlines()
            if "==" in line and line[0].isalnum()
        }
        for name in ("requirements.lock", "requirements-test.lock")
    )
    assert len(running) > 10
    assert running <= testing
    for name in ("requirements.lock", "requirements-test.lock", "script/bootstrap.lock"):
        text = (PROJECT / name).read_text("utf-8")
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")
