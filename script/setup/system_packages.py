"""Debian packages that the set-up may need: as root it installs them, else it names them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from programs import run_quietly
from say import CannotGoOn, step, tell

CHROMIUMS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def can_install_packages() -> bool:
    """Whether we are root on a system with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(packages: Sequence[str]) -> bool:
    """Install these packages with apt; whether it worked."""
    names = " ".join(packages)
    with step(f"安装系统软件包 {names}", f"installing the system packages {names}"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run_quietly(["apt-get", "update", "-q"], more=quiet)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
        return run_quietly(command, more=quiet).code == 0


def require_venv_module() -> None:
    """See to it that this Python can make virtual environments; Debian keeps that in a package of its own."""
    if _has_venv_module():
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if can_install_packages():
        install_packages([package])
        if _has_venv_module():
            return
    raise CannotGoOn(
        f"这个 Python 缺少 venv 模块，请先以管理员身份安装软件包：apt-get install {package}",
        f"this Python lacks its venv module; install it as root first: apt-get install {package}",
    )


def _has_venv_module() -> bool:
    """Asked of a new process: an import that failed once is remembered in this one."""
    return (
        subprocess.run(
            [sys.executable, "-Esc", "import venv, ensurepip; ensurepip.version()"], capture_output=True, check=False
        ).returncode
        == 0
    )


def find_chromium() -> str | None:
    """The browser for tests: CHROMIUM, or the system's."""
    candidates = (os.environ.get("CHROMIUM", ""), *CHROMIUMS)
    return next((path for path in candidates if path and Path(path).exists()), None)


def has_chinese_font() -> bool:
    """Whether the system can draw Chinese characters."""
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def provide_browser() -> bool:
    """See to a browser and a Chinese font for the browser tests; whether both are there."""
    missing = [] if find_chromium() else ["chromium"]
    missing += [] if has_chinese_font() else ["fontconfig", "fonts-wqy-microhei"]
    if missing and can_install_packages():
        install_packages(missing)
    is_there = find_chromium() is not None and has_chinese_font()
    if not is_there:
        tell(
            "！！缺少 Chromium 或中文字体",
            "!! Chromium or a Chinese font is missing: apt-get install chromium fonts-wqy-microhei",
        )
    return is_there
