"""The project's folder and its data folder: where they are, and whether one can work in them."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path

from say import CannotGoOn

PROJECT = Path(__file__).resolve().parent.parent.parent
VENV = PROJECT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
MEGABYTE = 1024 * 1024
# Measured: the locked libraries for running take 300 MB with their cache, those for tests as much again.
MEGABYTES_TO_INSTALL = 700
MEGABYTES_FOR_DATA = 50


def data_folder() -> Path:
    """The folder that holds what the installation owns: CHUANGJU_DATA, or var/ in the project."""
    return Path(os.environ.get("CHUANGJU_DATA") or PROJECT / "var").resolve()


def require_writable(folder: Path, *, megabytes: int) -> None:
    """Make the folder where it is missing; refuse one that cannot be written to, or a disk that is nearly full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
    except OSError as fault:
        raise refusal_for(fault, folder) from fault
    require_space(folder, megabytes=megabytes)


def require_space(folder: Path, *, megabytes: int) -> None:
    """Refuse to begin what the disk could not hold to its end."""
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise CannotGoOn(
            f"“{folder}”所在磁盘只剩 {free} MB，至少需要 {megabytes} MB，请清理后再试",
            f'only {free} MB are free on the disk of "{folder}", {megabytes} MB are needed; make room and try again',
        )


def refusal_for(fault: OSError, folder: Path) -> CannotGoOn:
    """The sentence for a folder that cannot be written to."""
    if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
        return CannotGoOn(
            f"“{folder}”所在磁盘已满，请清理后再试", f'the disk of "{folder}" is full; make room and try again'
        )
    if fault.errno in {errno.ENOTDIR, errno.EEXIST}:
        return CannotGoOn(f"“{folder}”不是文件夹", f'"{folder}" is not a folder')
    return CannotGoOn(
        f"无法写入文件夹“{folder}”，请换一个可写的位置，或修改其权限",
        f'the folder "{folder}" cannot be written to; use one that can, or change its permissions',
    )
