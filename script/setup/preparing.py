"""What an installation needs before it can serve: compiled translations, collected static files, a prepared database."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from folders import MEGABYTES_FOR_DATA, PROJECT, VENV_PYTHON, data_folder, require_writable
from locking import one_at_a_time
from programs import environment, run_quietly
from say import CannotGoOn, step

MESSAGES = Path(__file__).with_name("messages.py")
INSTALLATION = Path(__file__).with_name("installation.py")
STATIC_STAMP = "static.sha256"


def provide_catalogues() -> None:
    """Compile each catalogue that is newer than what was compiled from it."""
    catalogues = list((PROJECT / "locale").glob("*/LC_MESSAGES/django.po"))
    if all(_is_compiled(catalogue) for catalogue in catalogues):
        return
    with step("编译译文", "compiling translations"):
        finished = run_quietly([VENV_PYTHON, MESSAGES, "compile"])
        if finished.code:
            raise CannotGoOn(f"译文无法编译（{finished.last_line}）", "the translations cannot be compiled")


def _is_compiled(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime_ns >= catalogue.stat().st_mtime_ns


@dataclass(frozen=True)
class Account:
    """A demo account as the set-up shows it."""

    username: str
    name: str
    role: str


@dataclass(frozen=True)
class Prepared:
    """What a prepared installation says of itself: its demo accounts and their password."""

    accounts: tuple[Account, ...]
    password: str


def prepare_installation() -> Prepared:
    """Collect static files and bring the database up to date; one start at a time for each data folder."""
    data = data_folder()
    require_writable(data, megabytes=MEGABYTES_FOR_DATA)
    busy = ("另一次启动正在准备同一数据文件夹", "another start is preparing the same data folder")
    with one_at_a_time(data / "prepare.lock", chinese=busy[0], english=busy[1], waits=False):
        _collect_static(data)
        with step("准备数据库", "preparing the database"):
            answer = _ask_installation("prepare")
    accounts = tuple(Account(**account) for account in answer["accounts"])
    return Prepared(accounts, answer["password"])


def _collect_static(data: Path) -> None:
    """Collect static files, unless they are those of the last time."""
    stamp = data / STATIC_STAMP
    digest = _digest_of_static()
    if (data / "static" / "staticfiles.json").exists() and stamp.exists() and stamp.read_text("ascii") == digest:
        return
    with step("收集静态文件", "collecting static files"):
        _ask_installation("collect")
    stamp.write_text(digest, "ascii")


def _digest_of_static() -> str:
    """Changes when a static file of ours, a library, or the settings that say how to collect them change."""
    digest = hashlib.sha256()
    ours = sorted(file for file in (PROJECT / "chuangju").glob("*/static/**/*") if file.is_file())
    for file in (*ours, PROJECT / "requirements.lock", PROJECT / "config" / "settings.py"):
        digest.update(file.relative_to(PROJECT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _ask_installation(what: str) -> dict[str, object]:
    """Run a step of installation.py in the project's environment; its refusal becomes ours."""
    finished = subprocess.run(
        [VENV_PYTHON, "-P", INSTALLATION, what],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(),
        cwd=PROJECT,
        check=False,
        text=True,
    )
    try:
        answer = json.loads(finished.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        lines = [line for line in finished.stderr.splitlines() if line.strip()]
        raise CannotGoOn(
            f"准备没有完成（{lines[-1][:300] if lines else finished.returncode}）", "the preparation did not finish"
        ) from None
    if refusal := answer.get("refused"):
        raise CannotGoOn(str(refusal[0]), str(refusal[1]))
    return answer
