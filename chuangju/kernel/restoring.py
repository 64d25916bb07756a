"""恢复: a backup brought back into an empty database of either kind, every hash compared before anything counts."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from chuangju.kernel.anchors import anchor_folder
from chuangju.kernel.attachments import place_of, put_back_file
from chuangju.kernel.audit import record_event
from chuangju.kernel.backup_files import places_of
from chuangju.kernel.backup_rows import TableDigest, digest_of, empty_table, kept_models, reset_counters, write_lines
from chuangju.kernel.backups import FORMAT, MANIFEST, BackupRefused, applied_migrations, sha256_of
from chuangju.kernel.encryption import key_file
from chuangju.kernel.installation import this_installation
from chuangju.kernel.models import User
from chuangju.kernel.preparation import has_open_migrations
from chuangju.kernel.search_index import rebuild_index

# More files than this are nobody's installation.
_MAX_MEMBERS = 5_000_000
_CHUNK = 1 << 20
# What stored files and anchors are called: nothing that leads out of their folders.
_PLAIN_NAME = re.compile(r"[0-9a-z][0-9a-z-]*(\.jsonl)?")
# The same of other packages' files, with the package before them.
_PACKED_NAME = re.compile(r"[a-z][a-z_.]*/[0-9a-z][0-9a-z-]*(\.[a-z]{1,8})?")


@dataclass(frozen=True)
class RestoredBackup:
    """What was brought back: tables and rows with equal hashes, attachments, and whether keys came along."""

    tables: int
    rows: int
    attachments: int
    has_keys: bool
    made_at: str


def restore_backup(file: Path, *, at: datetime) -> RestoredBackup:
    """Bring a backup back into an empty database; raises BackupRefused, and then nothing was written."""
    if not file.is_file():
        raise BackupRefused(_("找不到备份文件：%(file)s") % {"file": file})
    if has_open_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    if User.objects.exists():
        raise BackupRefused(
            _("数据库里已有账号，恢复只能用于空库：请另选数据目录（CHUANGJU_DATA）或数据库（DATABASE_URL）")
        )
    with tempfile.TemporaryDirectory(prefix="chuangju-restore-") as name:
        folder = Path(name)
        _unpack(file, folder)
        manifest = _read_manifest(folder)
        _compare_files(folder, manifest)
        _require_keys(manifest)
        _require_nothing_in_the_way(manifest)
        placed: list[Path] = []
        try:
            _put_back_keys(folder, manifest, placed)
            return _bring_back(folder, manifest, placed, at=at)
        except (BackupRefused, DatabaseError, OSError, ValueError) as fault:
            # What a failed restoring put beside the database goes again, and nothing else does.
            for path in placed:
                path.unlink(missing_ok=True)
            if isinstance(fault, BackupRefused):
                raise
            raise BackupRefused(_("恢复没有完成，数据库保持原样：%(fault)s") % {"fault": fault}) from fault


def _unpack(file: Path, folder: Path) -> None:
    try:
        with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
            for count, member in enumerate(archive):
                if count > _MAX_MEMBERS or not member.isfile():
                    raise BackupRefused(_("这不是本系统的备份文件：%(file)s") % {"file": file.name})
                archive.extract(member, folder, filter="data")
            # To its very end, where the checksum of the whole stands.
            while packed.read(_CHUNK):
                pass
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as fault:
        raise BackupRefused(_("备份文件已损坏或不完整：%(fault)s") % {"fault": fault}) from fault


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        known, told = set(applied_migrations()), set(manifest["migrations"])
        tables = set(manifest["tables"])
        is_known_format = manifest["format"] == FORMAT
        are_plain = all(_PLAIN_NAME.fullmatch(name) for part in ("attachments", "anchors") for name in manifest[part])
        are_plain = are_plain and all(_PACKED_NAME.fullmatch(name) for name in manifest.get("files", {}))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BackupRefused(_("备份文件里没有可读的清单，无法恢复")) from fault
    if not are_plain:
        raise BackupRefused(_("备份文件里没有可读的清单，无法恢复"))
    if not is_known_format or told != known or tables != set(kept_models()):
        differing = sorted(told ^ known)[:3] or sorted(tables ^ set(kept_models()))[:3]
        raise BackupRefused(
            _("备份来自另一个版本的程序（差别：%(what)s），请用制作备份时的版本恢复，再升级")
            % {"what": "、".join(differing) or manifest["format"]}
        )
    return dict(manifest)


def _compare_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Every file of the archive against the manifest, before the database is touched."""
    told = {name: hash_ for _place, name, hash_ in _places(manifest)}
    if manifest["keys"]:
        told["keys.json"] = manifest["keys"]
    for name, expected in told.items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != expected:
            raise BackupRefused(_("备份中的文件缺失或被改动：%(name)s") % {"name": name})
    for name, table in manifest["tables"].items():
        digest = TableDigest()
        for line in _lines(folder, name):
            digest.add(line)
        if digest.as_dict() != table:
            raise BackupRefused(_("备份中的数据被改动或不完整：%(name)s") % {"name": name})


def _lines(folder: Path, table: str) -> Iterator[bytes]:
    path = folder / "tables" / f"{table}.jsonl"
    if not path.is_file():
        raise BackupRefused(_("备份中的文件缺失或被改动：%(name)s") % {"name": path.name})
    with path.open("rb") as lines:
        for line in lines:
            yield line.rstrip(b"\n")


def _require_keys(manifest: dict[str, Any]) -> None:
    """Keys that are here already must be those of the backup: others would make its encrypted values unreadable."""
    if manifest["keys"] and key_file().exists() and sha256_of(key_file()) != manifest["keys"]:
        raise BackupRefused(
            _("这里已有另一份密钥文件（%(file)s），与备份中的不同；请先移走它再恢复") % {"file": key_file()}
        )


def _places(manifest: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Where each file belongs, what it is called in the archive, and its hash."""
    for name, told in manifest["attachments"].items():
        yield place_of(name), f"attachments/{name}", told
    for name, told in manifest["anchors"].items():
        yield anchor_folder() / name, f"anchors/{name}", told
    files = manifest.get("files", {})
    for place, name in places_of(files):
        yield place, f"files/{name}", files[name]


def _require_nothing_in_the_way(manifest: dict[str, Any]) -> None:
    """A file that is here already under a name of the backup's stays; another content under that name is refused."""
    for place, _name, told in _places(manifest):
        if place.exists() and sha256_of(place) != told:
            raise BackupRefused(
                _("数据目录里已有同名而内容不同的文件（%(file)s），恢复不覆盖它；请另选空的数据目录，或先移走它")
                % {"file": place}
            )


def _put_back_keys(folder: Path, manifest: dict[str, Any], placed: list[Path]) -> None:
    if manifest["keys"] and not key_file().exists():
        placed.append(key_file())
        key_file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = key_file().with_suffix(".restored")
        new.touch(mode=0o600)
        new.write_bytes((folder / "keys.json").read_bytes())
        new.replace(key_file())


def _bring_back(folder: Path, manifest: dict[str, Any], placed: list[Path], *, at: datetime) -> RestoredBackup:
    models = kept_models()
    with transaction.atomic():
        for model in models.values():
            empty_table(model)
        rows = sum(write_lines(model, _lines(folder, name)) for name, model in models.items())
        reset_counters()
        for name, model in models.items():
            if digest_of(model).as_dict() != manifest["tables"][name]:
                raise BackupRefused(_("恢复后的数据与备份不一致：%(name)s") % {"name": name})
        for place, name, _told in _places(manifest):
            if not place.exists():
                placed.append(place)
                put_back_file(place, folder / name)
        rebuild_index()
        after = {"rows": rows, "made_at": manifest["made_at"]}
        record_event("kernel.backup_restored", this_installation(), by=None, at=at, after=after)
    return RestoredBackup(
        len(models), rows, len(manifest["attachments"]), bool(manifest["keys"]), str(manifest["made_at"])
    )
