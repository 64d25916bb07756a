"""An uploaded file on its way to a version: kept, read, confirmed once, discarded, or found dead."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from chuangju.kernel.jobs import cancel_job
from chuangju.kernel.models import Attachment, Job, User
from chuangju.kernel.refusals import StaleForm
from chuangju.programme.imports import ImportRefused
from chuangju.programme.jobs import read_import
from chuangju.programme.models import TableImport, TableVersion
from chuangju.programme.uploads import (
    confirm_import,
    discard_import,
    is_silent,
    problem_sentence,
    reading_job,
    readings_under_way,
    start_import,
    stored_file,
    tell_progress,
    tidy_imports,
)

pytestmark = pytest.mark.django_db
SHIPPED = files("chuangju.programme").joinpath("data/minhang.txt").read_bytes()


def uploaded(office: User, at: datetime, data: bytes = SHIPPED, name: str = "任务分解表.txt") -> TableImport:
    upload = start_import(SimpleUploadedFile(name, data), by=office, at=at)
    read_import(upload, clock=lambda: at)
    upload.refresh_from_db()
    return upload


def confirm(upload: TableImport, office: User, at: datetime) -> TableVersion:
    return confirm_import(
        upload, name="2026 年任务分解表", effective_from=date(2026, 1, 1), unit_choices={}, by=office, at=at
    )


def test_the_shipped_table_goes_from_upload_to_version(
    reference_data: None, office: User, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    upload = uploaded(office, now)
    assert (upload.state, upload.rows_read) == (TableImport.State.READY, 22)
    with django_capture_on_commit_callbacks(execute=True):
        version = confirm(upload, office, now)
    assert version.rows.count() == 22
    assert version.categories.count() == 6
    assert Attachment.objects.get().name == "任务分解表.txt"
    assert not stored_file(upload).exists()


def test_confirming_twice_gives_the_same_version(reference_data: None, office: User, now: datetime) -> None:
    upload = uploaded(office, now)
    assert confirm(upload, office, now) == confirm(upload, office, now)
    assert TableVersion.objects.count() == 1


def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(
    office: User, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload = uploaded(office, now, b"\x89PNG\r\n\x1a\n" + b"0" * 100, "分解表.docx")
    assert upload.state == TableImport.State.FAILED
    assert "分解表.docx" in problem_sentence(upload)
    assert "图片" in problem_sentence(upload)
    assert not stored_file(upload).exists()
    with pytest.raises(ImportRefused, match="不在待确认状态"):
        confirm(upload, office, now)


def test_the_reason_is_said_in_the_readers_language(office: User, now: datetime) -> None:
    upload = uploaded(office, now, b"\x89PNG\r\n\x1a\n" + b"0" * 100, "plan.docx")
    with translation.override("en"):
        said = problem_sentence(upload)
    assert "plan.docx" in said
    assert "图片" not in said


def test_an_empty_file_and_one_too_large_are_refused_at_once(office: User, now: datetime, settings: object) -> None:
    with pytest.raises(ImportRefused, match="空文件"):
        start_import(SimpleUploadedFile("空.docx", b""), by=office, at=now)
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    with pytest.raises(ImportRefused, match="超过 1 MB"):
        start_import(SimpleUploadedFile("大.docx", b"x" * 1024 * 1025), by=office, at=now)
    assert not TableImport.objects.exists()


def test_only_the_office_uploads_and_discards(office: User, leader: User, now: datetime) -> None:
    with pytest.raises(ImportRefused, match="只有创建办"):
        start_import(SimpleUploadedFile("表.txt", SHIPPED), by=leader, at=now)
    with pytest.raises(ImportRefused, match="只有创建办"):
        discard_import(uploaded(office, now), by=leader, at=now)


def test_a_discarded_upload_is_gone_and_cannot_be_confirmed(
    reference_data: None, office: User, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    upload = uploaded(office, now)
    with django_capture_on_commit_callbacks(execute=True):
        discard_import(upload, by=office, at=now)
        discard_import(upload, by=office, at=now)
    assert not stored_file(upload).exists()
    with pytest.raises(ImportRefused):
        confirm(upload, office, now)


def test_what_is_in_force_cannot_be_discarded(reference_data: None, office: User, now: datetime) -> None:
    upload = uploaded(office, now)
    confirm(upload, office, now)
    with pytest.raises(ImportRefused, match="不能放弃"):
        discard_import(upload, by=office, at=now)


def test_a_reading_whose_process_died_is_known_by_its_silence(office: User, now: datetime) -> None:
    upload = start_import(SimpleUploadedFile("表.txt", SHIPPED), by=office, at=now)
    job = reading_job(upload)
    assert job is not None
    nobody: frozenset[str] = frozenset()
    assert not is_silent(upload, under_way=nobody, at=now + timedelta(seconds=30))
    tell_progress(upload, rows_read=5, rows_total=22, at=now + timedelta(seconds=30))
    upload.refresh_from_db()
    assert not is_silent(upload, under_way=nobody, at=now + timedelta(seconds=60))
    late = now + timedelta(seconds=120)
    assert not is_silent(upload, under_way=readings_under_way(), at=late), "its job will be taken up again"
    cancel_job(job, by=office, at=late)
    assert is_silent(upload, under_way=readings_under_way(), at=late)


def test_discarding_an_upload_takes_its_reading_back(office: User, now: datetime) -> None:
    upload = start_import(SimpleUploadedFile("表.txt", SHIPPED), by=office, at=now)
    discard_import(upload, by=office, at=now)
    assert reading_job(upload) is None
    assert Job.objects.get().state == Job.State.CANCELLED


def test_what_was_read_is_found_on_the_page_of_the_job(reference_data: None, office: User, now: datetime) -> None:
    upload = uploaded(office, now)
    job = Job.objects.get()
    assert (job.state, job.started_by) == (Job.State.DONE, office)
    assert job.result["values"] == {"count": 22}
    assert str(upload.pk) in job.result["address"]


def test_a_reading_that_ends_after_the_upload_was_discarded_changes_nothing(office: User, now: datetime) -> None:
    upload = start_import(SimpleUploadedFile("表.txt", SHIPPED), by=office, at=now)
    data = stored_file(upload).read_bytes()
    discard_import(upload, by=office, at=now)
    stored_file(upload).write_bytes(data)
    read_import(upload, clock=lambda: now)
    upload.refresh_from_db()
    assert upload.state == TableImport.State.DISCARDED
    stored_file(upload).unlink()


def test_a_file_that_cannot_be_kept_is_refused_with_a_sentence(
    office: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(ImportRefused, match="磁盘已满"):
        start_import(SimpleUploadedFile("表.txt", SHIPPED), by=office, at=now)
    assert not TableImport.objects.exists()


def test_files_that_no_open_import_owns_are_removed_after_a_while(
    office: User, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    kept = stored_file(start_import(SimpleUploadedFile("表.txt", SHIPPED), by=office, at=now))
    orphan = kept.with_name("0" * 32)
    orphan.write_bytes(b"left by a killed process")
    assert tidy_imports(before=now - timedelta(days=9000)) == 0
    assert tidy_imports(before=now + timedelta(days=9000)) == 1
    assert (kept.exists(), orphan.exists()) == (True, False)


def test_a_preview_made_before_another_version_came_is_not_confirmed(
    reference_data: None, office: User, now: datetime
) -> None:
    first, second = uploaded(office, now), uploaded(office, now)
    confirm(first, office, now)
    with pytest.raises(StaleForm, match="现行版本已经变化"):
        confirm_import(
            second,
            name="",
            effective_from=date(2026, 1, 1),
            unit_choices={},
            compared_with=0,
            by=office,
            at=now,
        )
    assert TableVersion.objects.count() == 1


def test_a_first_day_far_in_the_future_is_refused(reference_data: None, office: User, now: datetime) -> None:
    """Every later version would have to begin later still."""
    upload = uploaded(office, now)
    with pytest.raises(ImportRefused, match="晚于今天之后一年"):
        confirm_import(upload, name="", effective_from=date(9999, 12, 31), unit_choices={}, by=office, at=now)
    assert not TableVersion.objects.exists()
