"""Registers as files: what may come in, where it lies, what is told of it, and what is left of a dead process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from chuangju.kernel.models import User
from chuangju.ventures import register_uploads
from chuangju.ventures.demo_registers import ENTERPRISES, load_demo_register
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import (
    RegisterMissing,
    find_register_faults,
    place_of,
    registers_folder,
    snapshot_frame,
    snapshot_path,
    tidy_registers,
)
from chuangju.ventures.register_uploads import (
    RegisterRefused,
    current_register,
    start_register,
)
from chuangju.ventures.register_words import counts_of, findings_of, kind_labels
from chuangju.ventures.registers.findings import TEXTS

HEAD = "id,name,town,staff_count"
pytestmark = pytest.mark.django_db
State = RegisterSnapshot.State


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "请选择"),
        ([("a.csv", b"")], "空文件"),
        ([(f"{place}.csv", b"id") for place in range(11)], "最多上传"),
        ([("a.csv", b"x" * 200)], "合计超过"),
    ],
)
def test_what_cannot_be_taken_is_said(
    files: list[tuple[str, bytes]], sentence: str, officer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_uploads, "MAX_BYTES", 100)
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    with pytest.raises(RegisterRefused) as refused:
        start_register(uploads, on=date(2026, 6, 1), is_complete=False, by=officer, at=now)
    assert sentence in refused.value.sentence


def test_a_day_to_come_and_a_stranger_are_refused(officer: User, clerk: User, now: datetime) -> None:
    file = SimpleUploadedFile("a.csv", b"id\nA1")
    with pytest.raises(RegisterRefused):
        start_register([file], on=now.date() + timedelta(days=2), is_complete=False, by=officer, at=now)
    with pytest.raises(RegisterRefused):
        start_register([file], on=date(2026, 6, 1), is_complete=False, by=clerk, at=now)


def test_a_disk_that_takes_nothing_is_said(officer: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr(register_uploads, "keep_files", full)
    with pytest.raises(RegisterRefused):
        start_register(
            [SimpleUploadedFile("a.csv", b"id\nA1")], on=date(2026, 6, 1), is_complete=False, by=officer, at=now
        )


def test_findings_are_said_in_the_readers_language(hand_in_register: Callable[..., RegisterSnapshot]) -> None:
    made = hand_in_register(f"{HEAD},xx", "A1,甲,月球,半", "B1,乙,莘庄镇,1")
    faults = [each for each in findings_of(made) if not each.is_notice]
    assert {(each.row, each.column, each.text) for each in faults} == {
        (2, "所属街镇", "“月球”不在代码表“街镇（工业区）”中"),
        (2, "从业人数", "“半”不是整数"),
    }
    assert [(each.label, each.column, each.count) for each in counts_of(made) if not each.is_notice]
    with translation.override("en"):
        assert {each.column for each in findings_of(made) if not each.is_notice} == {"Town", "Staff"}
    assert set(kind_labels()) == set(TEXTS)


def test_a_missing_or_changed_file_is_found(in_force: Callable[..., RegisterSnapshot]) -> None:
    made = in_force(HEAD, "A1,甲,莘庄镇,3")
    path = snapshot_path(made)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    assert ["校验值不符" in each for each in find_register_faults()] == [True]
    path.unlink()
    assert ["不在存储中" in each for each in find_register_faults()] == [True]
    with pytest.raises(RegisterMissing):
        snapshot_path(made)


def test_what_killed_processes_left_is_tidied_away(in_force: Callable[..., RegisterSnapshot], now: datetime) -> None:
    made = in_force(HEAD, "A1,甲,莘庄镇,3")
    lost = registers_folder() / "incoming" / ("0" * 32)
    lost.mkdir(parents=True)
    orphan = place_of("f" * 64)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"x")
    assert tidy_registers(before=datetime.now(tz=now.tzinfo) - timedelta(days=1)) == 0
    assert tidy_registers(before=datetime.now(tz=now.tzinfo) + timedelta(days=1)) >= 2
    assert not lost.exists()
    assert not orphan.exists()
    assert snapshot_path(made).exists()


def test_the_demo_holds_ten_thousand_made_up_enterprises(now: datetime) -> None:
    load_demo_register(now)
    made = current_register()
    assert made is not None
    assert made.is_synthetic
    assert snapshot_frame(made).height == ENTERPRISES
    assert snapshot_frame(made).select(pl.col("registered_on").max()).item() <= now.date()
