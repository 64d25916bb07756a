"""名录文件 - where a register lies on the disk: found by its hash outside the web root, read as columns when it is used."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from chuangju.kernel.refusals import Refused
from chuangju.ventures.models import RegisterSnapshot

if TYPE_CHECKING:
    import polars as pl

# How much of a register stays in memory for whoever asks next.
_FRAMES_KEPT = 1


class RegisterMissing(Refused):
    """The file of a snapshot is not where it should be."""


def registers_folder() -> Path:
    """Where registers lie."""
    return Path(settings.DATA_DIR) / "registers"


def incoming_folder(snapshot: RegisterSnapshot) -> Path:
    """Where the uploaded files of an open snapshot lie, and what was read from them."""
    return registers_folder() / "incoming" / snapshot.pk.hex


def snapshot_path(snapshot: RegisterSnapshot) -> Path:
    """The file of a snapshot, for whoever reads columns from it; raises RegisterMissing."""
    path = place_of(snapshot.sha256)
    if not snapshot.sha256 or not path.is_file():
        raise RegisterMissing(
            _("第 %(number)s 版名录的文件不在存储中，请告诉系统管理员") % {"number": snapshot.number or "—"}
        )
    return path


def place_of(sha256: str) -> Path:
    """Where a register of that hash lies."""
    return registers_folder() / sha256[:2] / f"{sha256}.parquet"


def snapshot_frame(snapshot: RegisterSnapshot, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """A snapshot as a frame of facts, all of it or some columns; the last one read stays in memory."""
    return _frame(str(snapshot_path(snapshot)), tuple(columns) if columns is not None else None)


@lru_cache(maxsize=_FRAMES_KEPT)
def _frame(path: str, columns: tuple[str, ...] | None) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415 - weighs 60 MB on a process that never reads a register

    return pl.read_parquet(path, columns=list(columns) if columns is not None else None, glob=False)


def enterprise_row(snapshot: RegisterSnapshot, key: str) -> dict[str, Any] | None:
    """The facts of one enterprise of a snapshot by its key, as rules take them; None for one that is not in it."""
    import polars as pl  # noqa: PLC0415 - as above

    found = pl.scan_parquet(snapshot_path(snapshot), glob=False).filter(pl.col("id") == key).collect()
    return found.row(0, named=True) if found.height else None


def keep_files(folder: Path, contents: Sequence[bytes]) -> None:
    """Write uploaded files into a folder of their own: `0`, `1`, …"""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for place, content in enumerate(contents):
        handle = os.open(folder / str(place), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(content)


def settle_file(source: Path, sha256: str) -> None:
    """Put a result where its hash says; a file that is there already is the same."""
    place = place_of(sha256)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = place.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, waiting)
    waiting.chmod(0o600)
    with waiting.open("rb") as stream:
        os.fsync(stream.fileno())
    waiting.replace(place)


def forget_incoming(snapshot: RegisterSnapshot) -> None:
    """Remove the uploaded files of a snapshot."""
    shutil.rmtree(incoming_folder(snapshot), ignore_errors=True)


def tidy_registers(*, before: datetime) -> int:
    """Remove uploads that no open snapshot owns, and results that none names: what killed processes left behind."""
    old = before.timestamp()
    open_ones = {
        key.hex for key in RegisterSnapshot.objects.filter(state__in=RegisterSnapshot.OPEN).values_list("pk", flat=True)
    }
    named = set(RegisterSnapshot.objects.exclude(sha256="").values_list("sha256", flat=True))
    removed = 0
    for folder in registers_folder().glob("incoming/*"):
        if folder.name not in open_ones and folder.stat().st_mtime < old:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    for file in registers_folder().glob("??/*"):
        if file.is_file() and file.stem not in named and file.stat().st_mtime < old:
            with contextlib.suppress(OSError):
                file.unlink()
                removed += 1
    return removed


def numbered_names() -> list[str]:
    """What the files of all versions are called, for backups."""
    rows = RegisterSnapshot.objects.filter(state__in=RegisterSnapshot.NUMBERED)
    return [f"{sha256}.parquet" for sha256 in rows.order_by("number").values_list("sha256", flat=True)]


def place_of_name(name: str) -> Path:
    """Where a file of that name belongs."""
    return place_of(name.removesuffix(".parquet"))


def find_register_faults() -> Iterator[str]:
    """One sentence for each snapshot whose file is gone or is not what it was."""
    for snapshot in RegisterSnapshot.objects.filter(state__in=RegisterSnapshot.NUMBERED).order_by("number"):
        told = {"number": snapshot.number}
        try:
            path = snapshot_path(snapshot)
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except (RegisterMissing, OSError):
            yield _("企业名录第 %(number)s 版的文件不在存储中。") % told
            continue
        if digest != snapshot.sha256:
            yield _("企业名录第 %(number)s 版的文件与登记的校验值不符。") % told
