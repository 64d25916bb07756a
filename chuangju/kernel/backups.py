"""备份: the whole installation in one file - rows, attachments, anchors and keys - as of one moment, hashes with it.

People go on working meanwhile: SQLite is copied at once and read from the copy, PostgreSQL is read in one snapshot.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from chuangju.kernel.anchors import anchor_folder
from chuangju.kernel.attachments import path_of
from chuangju.kernel.audit import record_event
from chuangju.kernel.backup_files import names_now, places_of
from chuangju.kernel.backup_rows import TableDigest, kept_models, read_lines
from chuangju.kernel.encryption import key_file
from chuangju.kernel.installation import this_installation
from chuangju.kernel.models import Attachment
from chuangju.kernel.refusals import Refused

FORMAT = 1
MANIFEST = "manifest.json"


class BackupRefused(Refused):
    """The backup cannot be made or brought back; the sentence says why."""


@dataclass(frozen=True)
class MadeBackup:
    """What a backup holds: its file, tables, rows, attachments, and SHA-256 of the file in hex."""

    file: Path
    tables: int
    rows: int
    attachments: int
    has_keys: bool
    sha256: str


def make_backup(file: Path, *, has_keys: bool = True, at: datetime) -> MadeBackup:
    """Write a backup to a file that is not there yet; raises BackupRefused, leaving nothing half-written."""
    if file.exists():
        raise BackupRefused(_("文件已存在，请换一个名字：%(file)s") % {"file": file})
    if not file.parent.is_dir():
        raise BackupRefused(_("文件夹不存在：%(folder)s") % {"folder": file.parent})
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            made = _write(Path(folder), file, has_keys=has_keys, at=at)
    except (OSError, sqlite3.Error) as fault:
        raise BackupRefused(_("备份没有写成：%(fault)s") % {"fault": fault}) from fault
    with transaction.atomic():
        after = {"rows": made.rows, "attachments": made.attachments, "sha256": made.sha256, "has_keys": has_keys}
        record_event("kernel.backup_made", this_installation(), by=None, at=at, after=after)
    return made


def _write(folder: Path, file: Path, *, has_keys: bool, at: datetime) -> MadeBackup:
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": at.isoformat(), "vendor": connection.vendor}
    with _one_moment(folder):
        manifest["migrations"] = applied_migrations()
        manifest["tables"] = {name: _dump(folder, name, model) for name, model in kept_models().items()}
        attachments = list(Attachment.objects.order_by("pk"))
        kept = names_now()
    packed = folder / "packed.tar.gz"
    with tarfile.open(packed, "w:gz", compresslevel=6) as archive:
        for name in manifest["tables"]:
            archive.add(folder / f"{name}.jsonl", f"tables/{name}.jsonl")
        manifest["attachments"] = {one.stored_name: one.sha256 for one in attachments}
        for one in attachments:
            _add_attachment(archive, one)
        manifest["files"] = {}
        for place, name in places_of(f"{key}/{name}" for key, names in kept.items() for name in names):
            manifest["files"][name] = _add_file(archive, place, name)
        manifest["anchors"] = {}
        for anchor in sorted(anchor_folder().glob("*.jsonl")):
            manifest["anchors"][anchor.name] = sha256_of(anchor)
            archive.add(anchor, f"anchors/{anchor.name}")
        manifest["keys"] = sha256_of(key_file()) if has_keys and key_file().exists() else ""
        if manifest["keys"]:
            archive.add(key_file(), "keys.json")
        told = folder / MANIFEST
        told.write_text(json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
        archive.add(told, MANIFEST)
    packed.chmod(0o600)
    checksum = sha256_of(packed)
    packed.replace(file)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return MadeBackup(file, len(manifest["tables"]), rows, len(attachments), bool(manifest["keys"]), checksum)


def _add_attachment(archive: tarfile.TarFile, attachment: Attachment) -> None:
    # Twice: a file that was just committed may be moving from where it waited to its place.
    for _attempt in range(2):
        try:
            archive.add(path_of(attachment), f"attachments/{attachment.stored_name}")
        except FileNotFoundError:
            continue
        return
    raise BackupRefused(_("附件“%(name)s”的文件不在存储中，请先运行 chuangju verify 查明") % {"name": attachment.name})


def _add_file(archive: tarfile.TarFile, place: Path, name: str) -> str:
    if not place.is_file():
        raise BackupRefused(_("文件“%(name)s”不在存储中，请先运行 chuangju verify 查明") % {"name": name})
    archive.add(place, f"files/{name}")
    return sha256_of(place)


def _dump(folder: Path, name: str, model: Any) -> dict[str, Any]:
    digest = TableDigest()
    with (folder / f"{name}.jsonl").open("wb") as out:
        for line in read_lines(model):
            digest.add(line)
            out.write(line + b"\n")
    return digest.as_dict()


@contextmanager
def _one_moment(folder: Path) -> Iterator[None]:
    """While it lasts, this thread sees every table as of the same moment, and nobody has to wait."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    copied = folder / "copy.sqlite3"
    connection.ensure_connection()
    target = sqlite3.connect(copied)
    connection.connection.backup(target)
    target.close()
    living = connections[DEFAULT_DB_ALIAS]
    copy = type(living)({**living.settings_dict, "NAME": str(copied)}, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = copy
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = living
        copy.close()


def applied_migrations() -> list[str]:
    """The state of the tables: every migration that was run."""
    return sorted(
        f"{app}.{name}" for app, name in MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
    )


def sha256_of(file: Path) -> str:
    """SHA-256 of a file in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
