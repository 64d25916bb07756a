"""A backup brought back is the installation as it was: rows, files, chains and keys, on either database."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from chuangju.kernel.attachments import path_of
from chuangju.kernel.audit import record_event
from chuangju.kernel.backup_rows import digest_of, kept_models
from chuangju.kernel.backups import BackupRefused, make_backup
from chuangju.kernel.encryption import key_file
from chuangju.kernel.integrity import find_faults
from chuangju.kernel.models import Attachment, AuditEvent, HolidayNotice, User
from chuangju.kernel.restoring import restore_backup
from tests import empty_database
from tests.kernel.installations import AT, empty, fill

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_anchors(data_folder: Path) -> None:
    """Anchors of other tests tell of other chains."""


def _state() -> dict[str, dict[str, object]]:
    return {name: digest_of(model).as_dict() for name, model in kept_models().items()}


def _repack(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same backup with something changed by somebody who can pack archives."""
    with tarfile.open(file) as archive:
        parts = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    change(parts)
    changed = file.with_name("changed.tar.gz")
    with tarfile.open(changed, "w:gz") as archive:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return changed


def test_what_comes_back_is_what_was_there(tmp_path: Path) -> None:
    user = fill()
    before = _state()
    made = make_backup(tmp_path / "b.tar.gz", at=AT)
    assert (made.attachments, made.has_keys) == (1, True)
    assert made.file.stat().st_mode & 0o077 == 0
    empty()
    assert not User.objects.exists()
    back = restore_backup(made.file, at=AT)
    assert back.rows == made.rows
    after = _state()
    # Only the note that it was restored is new; that the backup was made is not in the backup.
    assert {name for name in before if before[name] != after[name]} <= {
        "kernel_auditevent", "kernel_auditstream", "kernel_searchentry", "kernel_installation",
    }  # fmt: skip
    restored = User.objects.get(pk=user.pk)
    assert (restored.name, restored.mobile, restored.created_at) == (user.name, "13800138000", user.created_at)
    assert path_of(Attachment.objects.get()).read_bytes() == "内容".encode()
    assert find_faults() == []
    assert AuditEvent.objects.filter(action="kernel.backup_restored").count() == 1
    # New rows are numbered after the old ones.
    assert User.objects.create(username="li", name="李").pk > user.pk


def test_a_backup_of_sqlite_is_restored_into_this_database(tmp_path: Path) -> None:
    """Run on PostgreSQL too: the way from the embedded database to a server."""
    data = tmp_path / "source"
    data.mkdir()
    empty_database.place_copy(data / "chuangju.sqlite3")
    environment = {**os.environ, "CHUANGJU_DATA": str(data), "CHUANGJU_DEMO": "0", "DATABASE_URL": ""}
    environment = {name: value for name, value in environment.items() if value and name != "DJANGO_SETTINGS_MODULE"}

    def run(*arguments: str) -> None:
        command = [sys.executable, "-m", "config.cli", *arguments]
        finished = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stderr

    run("prepare")
    run("appoint_administrator", "system_administrator", "zhao", "赵一鸣")
    run("backup", "--without-keys", str(tmp_path / "b.tar.gz"))
    back = restore_backup(tmp_path / "b.tar.gz", at=AT)
    assert not back.has_keys
    assert User.objects.get().name == "赵一鸣"
    assert [fault for fault in find_faults() if "密钥" not in fault] == []


def test_a_backup_made_while_others_write_is_of_one_moment(tmp_path: Path) -> None:
    user = fill()
    stop = threading.Event()
    wrote = []

    def write() -> None:
        try:
            while not stop.is_set():
                with transaction.atomic():
                    record_event("kernel.demo_marked", user, by=user, at=AT)
                wrote.append(1)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(wrote) < 3:
            stop.wait(0.01)
        made = make_backup(tmp_path / "b.tar.gz", at=AT)
        at_backup = len(wrote)
    finally:
        stop.set()
        writer.join()
    assert at_backup >= 3
    empty()
    restore_backup(made.file, at=AT)
    assert find_faults() == []
    assert AuditEvent.objects.filter(action="kernel.demo_marked").count() <= len(wrote)


def _change_row(parts: dict[str, bytes]) -> None:
    parts["tables/kernel_user.jsonl"] = parts["tables/kernel_user.jsonl"].replace("王芳".encode(), "李芳".encode())


def _change_row_and_manifest(parts: dict[str, bytes]) -> None:
    """Somebody who also mends the sum of the table: the audit chain's own hash still tells."""
    parts["tables/kernel_holidaynotice.jsonl"] = b""
    manifest = json.loads(parts["manifest.json"])
    manifest["tables"]["kernel_holidaynotice"] = {"rows": 0, "sha256_sum": "0" * 64}
    parts["manifest.json"] = json.dumps(manifest).encode()


def _drop_table(parts: dict[str, bytes]) -> None:
    del parts["tables/kernel_user.jsonl"]


def _change_file(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith("attachments/"))
    parts[name] += b"!"


def _other_version(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    manifest["migrations"].append("kernel.0099_later")
    parts["manifest.json"] = json.dumps(manifest).encode()


def _drop_manifest(parts: dict[str, bytes]) -> None:
    del parts["manifest.json"]


def _other_manifest(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = b"[]"


CHANGES = {
    _change_row: "kernel_user",
    _change_row_and_manifest: "没有完成",
    _drop_table: "kernel_user.jsonl",
    _change_file: "attachments/",
    _other_version: "kernel.0099_later",
    _drop_manifest: "清单",
    _other_manifest: "清单",
}


def test_a_changed_or_cut_backup_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    fill()
    made = make_backup(tmp_path / "b.tar.gz", at=AT)
    empty()
    before = _state()
    for change, sentence in CHANGES.items():
        with pytest.raises(BackupRefused, match=sentence):
            restore_backup(_repack(made.file, change), at=AT)
    for size in (0, 10, made.file.stat().st_size // 2, made.file.stat().st_size - 20):
        half = tmp_path / f"half-{size}.tar.gz"
        half.write_bytes(made.file.read_bytes()[:size])
        with pytest.raises(BackupRefused, match="已损坏或不完整"):
            restore_backup(half, at=AT)
    assert _state() == before
    assert not User.objects.exists()


def test_an_archive_that_reaches_outside_its_folder_is_refused(tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as archive:
        member = tarfile.TarInfo("../outside.txt")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(BackupRefused):
        restore_backup(evil, at=AT)
    assert not (tmp_path / "outside.txt").exists()


def test_a_manifest_whose_names_lead_elsewhere_is_refused(tmp_path: Path, settings: object) -> None:
    fill()
    made = make_backup(tmp_path / "b.tar.gz", at=AT)
    empty()

    def lead_elsewhere(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        manifest["attachments"]["../tables/kernel_user.jsonl"] = hashlib.sha256(
            parts["tables/kernel_user.jsonl"]
        ).hexdigest()
        parts["manifest.json"] = json.dumps(manifest).encode()

    with pytest.raises(BackupRefused, match="清单"):
        restore_backup(_repack(made.file, lead_elsewhere), at=AT)
    stored = Path(settings.ATTACHMENTS_DIR)  # type: ignore[attr-defined]
    assert not list(stored.parent.rglob("*kernel_user.jsonl"))


def test_a_database_in_use_is_not_overwritten(tmp_path: Path) -> None:
    fill()
    made = make_backup(tmp_path / "b.tar.gz", at=AT)
    with pytest.raises(BackupRefused, match="空库"):
        restore_backup(made.file, at=AT)
    assert HolidayNotice.objects.count() == 1


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    taken = tmp_path / "b.tar.gz"
    taken.write_text("mine")
    with pytest.raises(BackupRefused, match="已存在"):
        make_backup(taken, at=AT)
    assert taken.read_text() == "mine"
    with pytest.raises(BackupRefused, match="文件夹不存在"):
        make_backup(tmp_path / "none" / "b.tar.gz", at=AT)


def test_a_missing_attachment_stops_the_backup_and_leaves_no_half_file(tmp_path: Path) -> None:
    fill()
    path_of(Attachment.objects.get()).unlink()
    with pytest.raises(BackupRefused, match=r"通知\.txt"):
        make_backup(tmp_path / "b.tar.gz", at=AT)
    assert list(tmp_path.glob("*.tar.gz")) == []
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".backup-")] == []


def test_other_keys_in_the_way_are_named(tmp_path: Path, settings: object) -> None:
    fill()
    made = make_backup(tmp_path / "b.tar.gz", at=AT)
    empty()
    other = tmp_path / "other-keys.json"
    other.write_bytes(key_file().read_bytes().replace(b"}", b" }"))
    settings.KEY_FILE = str(other)  # type: ignore[attr-defined]  # pytest-django's settings take any name
    with pytest.raises(BackupRefused, match="另一份密钥"):
        restore_backup(made.file, at=AT)


def test_keys_come_back_where_there_are_none(tmp_path: Path, settings: object) -> None:
    fill()
    made = make_backup(tmp_path / "b.tar.gz", at=AT)
    empty()
    settings.KEY_FILE = str(tmp_path / "new" / "keys.json")  # type: ignore[attr-defined]  # as above
    restore_backup(made.file, at=AT)
    assert key_file().stat().st_mode & 0o077 == 0
    assert User.objects.get().mobile == "13800138000"
