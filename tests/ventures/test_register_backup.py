"""Registers in a backup: the files of all versions come along, and come back to where they belong."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import datetime
from pathlib import Path

import pytest

from chuangju.kernel.backups import MANIFEST, BackupRefused, make_backup
from chuangju.kernel.restoring import restore_backup
from chuangju.ventures import demo_registers
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import find_register_faults, snapshot_frame, snapshot_path
from chuangju.ventures.register_uploads import current_register
from tests.kernel.installations import empty, fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> RegisterSnapshot:
    """A small made-up register in force, in a data folder of its own."""
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    monkeypatch.setattr(demo_registers, "ENTERPRISES", 40)
    fill()
    demo_registers.load_demo_register(now)
    made = current_register()
    assert made is not None
    return made


def test_the_files_of_registers_come_along_and_come_back(kept: RegisterSnapshot, tmp_path: Path, now: datetime) -> None:
    made = make_backup(tmp_path / "b.tar.gz", at=now)
    snapshot_path(kept).unlink()
    RegisterSnapshot.objects.all().delete()
    empty()
    restore_backup(made.file, at=now)
    back = current_register()
    assert back is not None
    assert snapshot_frame(back).height == 40
    assert list(find_register_faults()) == []


def test_a_missing_file_stops_the_backup(kept: RegisterSnapshot, tmp_path: Path, now: datetime) -> None:
    snapshot_path(kept).unlink()
    with pytest.raises(BackupRefused, match="不在存储中"):
        make_backup(tmp_path / "b.tar.gz", at=now)


def test_a_file_that_leads_elsewhere_is_refused(kept: RegisterSnapshot, tmp_path: Path, now: datetime) -> None:
    made = make_backup(tmp_path / "b.tar.gz", at=now)
    with tarfile.open(made.file) as archive:
        parts = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    manifest = json.loads(parts[MANIFEST])
    manifest["files"] = {"ventures.registers/../../evil.parquet": "0" * 64}
    parts[MANIFEST] = json.dumps(manifest).encode()
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    RegisterSnapshot.objects.all().delete()
    empty()
    with pytest.raises(BackupRefused, match="清单"):
        restore_backup(tmp_path / "evil.tar.gz", at=now)
