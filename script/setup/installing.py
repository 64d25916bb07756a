"""The project's own virtual environment: made, filled from the hash-locked requirements, and checked at every start."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from folders import MEGABYTES_TO_INSTALL, PROJECT, VENV, VENV_PYTHON, require_writable
from locking import one_at_a_time
from programs import refusal_for_download, run_quietly
from say import CannotGoOn, step
from system_packages import require_venv_module
from wheels import has_wheels, require_fitting_wheels, sources_of_pip, sources_of_uv

RUNNING = "requirements.lock"
TESTING = "requirements-test.lock"
BOOTSTRAP = PROJECT / "script" / "bootstrap.lock"
# Written last: an environment without it was never finished.
STAMP = VENV / "chuangju-installed.json"


def provide_environment(wanted: str, *, looks_closely: bool = True, waits: bool = True) -> None:
    """See to it that .venv holds these locked requirements; quick when it does already."""
    if is_ready(wanted, looks_closely=looks_closely):
        return
    require_writable(PROJECT, megabytes=MEGABYTES_TO_INSTALL)
    busy = ("另一个命令正在安装运行环境", "another command is installing the environment")
    with one_at_a_time(PROJECT / ".setup.lock", chinese=busy[0], english=busy[1], waits=waits):
        # Whoever held the lock before us may have done the work.
        if not is_ready(wanted, looks_closely=looks_closely):
            _install(wanted)


def _digest(lock: str) -> str:
    """What an environment depends on: the locks, the Python behind it, and where it stands."""
    parts = [(PROJECT / lock).read_bytes(), BOOTSTRAP.read_bytes(), str(PROJECT).encode(), _interpreter().encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _interpreter() -> str:
    """The program behind .venv/bin/python: another one after the system's Python was replaced, whatever calls us."""
    return str(VENV_PYTHON.resolve())


def _installed() -> dict[str, object]:
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(wanted: str, *, looks_closely: bool) -> bool:
    """Whether the stamp is of these locks, and the files are those that were installed."""
    stamp = _installed()
    # What tests need contains what running needs, so an environment for tests serves both.
    holding = TESTING if stamp.get("lock") == TESTING else wanted
    if stamp.get("lock") != holding or stamp.get("digest") != _digest(holding) or not VENV_PYTHON.exists():
        return False
    return not looks_closely or stamp.get("files") == _count_files()


def _count_files() -> list[int]:
    """How many files are installed and their bytes, without what Python caches: enough to see that some are lost."""
    count = size = 0
    for folder, folders, files in os.walk(VENV / "lib"):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        for name in files:
            count += 1
            size += os.stat(os.path.join(folder, name), follow_symlinks=False).st_size  # noqa: PTH116, PTH118 - 10,000 files at each start
    return [count, size]


def _install(wanted: str) -> None:
    """Make the environment anew unless it was whole for other locks; then fill it, and stamp it last."""
    if has_wheels():
        require_fitting_wheels()
    stamp = _installed()
    lock = TESTING if stamp.get("lock") == TESTING else wanted
    is_whole = VENV_PYTHON.exists() and bool(stamp) and stamp.get("files") == _count_files()
    if not is_whole or stamp.get("python") != _interpreter() or stamp.get("place") != str(PROJECT):
        _make_empty_environment()
    STAMP.unlink(missing_ok=True)
    try:
        _provide_uv()
        _fill_environment(lock)
    except CannotGoOn:
        # Half an environment is of no use, and on a full disk it is in the way.
        shutil.rmtree(VENV, ignore_errors=True)
        raise
    stamp_environment(lock)


def stamp_environment(lock: str) -> None:
    """Say of the environment as it stands that it holds this lock, whole."""
    done = {
        "lock": lock,
        "digest": _digest(lock),
        "python": _interpreter(),
        "place": str(PROJECT),
        "files": _count_files(),
    }
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps(done), "utf-8")
    new.replace(STAMP)


def _fill_environment(lock: str) -> None:
    """Install exactly what is locked: what is no longer named goes."""
    what = (
        ("测试所需的全部依赖", "all libraries, with those for tests")
        if lock == TESTING
        else ("运行所需的依赖", "the libraries")
    )
    how = (
        ("从安装包安装", "installing from the bundle") if has_wheels() else ("下载并安装", "downloading and installing")
    )
    with step(f"{how[0]}{what[0]}", f"{how[1]} {what[1]}"):
        command = [
            VENV_PYTHON,
            "-m",
            "uv",
            "pip",
            "sync",
            "--python",
            VENV_PYTHON,
            "--require-hashes",
            "--no-build",
            # Once, on all cores: else the first page of every worker waits for it.
            "--compile-bytecode",
            *sources_of_uv(),
            lock,
        ]
        more = {"UV_NO_PROGRESS": "1", "UV_HTTP_TIMEOUT": "30", "UV_LINK_MODE": "copy", **_index_of_pip(), **_cache()}
        finished = run_quietly(command, more=more)
        if finished.code:
            raise refusal_for_download(finished)


def _make_empty_environment() -> None:
    require_venv_module()
    with step("新建虚拟环境 .venv", "making the virtual environment .venv"):
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        shutil.rmtree(VENV, ignore_errors=True)
        finished = run_quietly([sys.executable, "-Es", "-m", "venv", VENV])
        if finished.code:
            raise CannotGoOn(f"无法新建虚拟环境（{finished.last_line}）", "the virtual environment cannot be made")


def _provide_uv() -> None:
    with step("安装包管理器 uv", "installing the package manager uv"):
        command = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        # A wheel only, and two tries: a machine without network hears so in seconds.
        finished = run_quietly([*command, "--only-binary=:all:", *sources_of_pip(), "-r", BOOTSTRAP])
        if finished.code:
            raise refusal_for_download(finished)


def _index_of_pip() -> dict[str, str]:
    """The package index that pip was told of: a machine set up for a mirror has it in pip's settings only."""
    if has_wheels():
        return {}
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    finished = run_quietly([VENV_PYTHON, "-m", "pip", "config", "get", "global.index-url"])
    told = os.environ.get("PIP_INDEX_URL") or (finished.text.strip() if finished.code == 0 else "")
    return {"UV_DEFAULT_INDEX": told} if told else {}


def _cache() -> dict[str, str]:
    """A service account often has no home folder to keep downloads in: then none are kept."""
    named = os.environ.get("UV_CACHE_DIR")
    try:
        cache = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uv"
        cache.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return {"UV_NO_CACHE": "1"}
    return {} if os.access(cache, os.W_OK) else {"UV_NO_CACHE": "1"}
