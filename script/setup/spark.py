"""Spark's own environment: .venv-spark, made once from script/spark.lock; only matching over very large registers uses it."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

from folders import PROJECT, require_writable
from programs import refusal_for_download, run_quietly
from say import CannotGoOn, step
from system_packages import require_venv_module
from wheels import has_wheels, sources_of_pip

SPARK = PROJECT / ".venv-spark"
LOCK = PROJECT / "script" / "spark.lock"
_STAMP = SPARK / "installed"
_MEGABYTES = 1_500
_BUILDERS = ("setuptools", "wheel")
_LEAST_JAVA = 17


def has_java() -> bool:
    """Whether a Java that Spark runs on is there."""
    found = shutil.which("java")
    if found is None:
        return False
    match = re.search(r'version "(\d+)', run_quietly([found, "-version"]).text)
    return match is not None and int(match[1]) >= _LEAST_JAVA


def has_spark() -> bool:
    """Whether the environment stands, of this very lock."""
    return _STAMP.exists() and _STAMP.read_text("utf-8") == _digest()


def provide_spark() -> None:
    """Make the environment unless it stands; refused without Java, or without the network where nothing is bundled."""
    if has_spark():
        return
    if not has_java():
        raise CannotGoOn(
            f"Spark 需要 Java {_LEAST_JAVA}，请先安装（apt-get install openjdk-17-jre-headless）",
            f"Spark needs Java {_LEAST_JAVA}; install it first (apt-get install openjdk-17-jre-headless)",
        )
    require_writable(PROJECT, megabytes=_MEGABYTES)
    require_venv_module()
    with step("安装 Spark（约 320 MB，几分钟）", "installing Spark (some 320 MB, a few minutes)"):
        shutil.rmtree(SPARK, ignore_errors=True)
        finished = run_quietly([sys.executable, "-Es", "-m", "venv", SPARK])
        if finished.code:
            raise CannotGoOn(f"无法新建虚拟环境（{finished.last_line}）", "the virtual environment cannot be made")
        # It comes as source: what builds it goes first.
        for name in (*_BUILDERS, None):
            _install(_entries(name))
        _STAMP.write_text(_digest(), "utf-8")


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes() + str(SPARK).encode()).hexdigest()


def _entries(name: str | None) -> str:
    """The lines of the lock for one library, or for all."""
    text = LOCK.read_text("utf-8")
    return text if name is None else "".join(re.findall(rf"^{name}==.*\n(?: .*\n)*", text, re.MULTILINE))


def _install(entries: str) -> None:
    part: Path = SPARK / "wanted.lock"
    part.write_text(entries, "utf-8")
    python = SPARK / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    sources = sources_of_pip() if has_wheels() else []
    finished = run_quietly([*command, "--no-build-isolation", *sources, "-r", part])
    part.unlink()
    if finished.code:
        shutil.rmtree(SPARK, ignore_errors=True)
        raise refusal_for_download(finished)
