"""Who tells of progress, what is refused, and what the public gets to see."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chuangju.kernel.file_checks import AttachmentRefused
from chuangju.kernel.models import Attachment, AuditEvent, User
from chuangju.programme.access import notes_visible_to
from chuangju.programme.models import Milestone, ProgressNote, TableVersion, Task
from chuangju.programme.notes import NoteRefused, note_progress, release_note, retract_note, withdraw_note
from tests.programme.conftest import row_of, unit_called

pytestmark = pytest.mark.django_db


def picture(name: str = "现场.jpg") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def note(task: Task, by: User, at: datetime, text: str = "召开协调会一次", **more: object) -> ProgressNote:
    return note_progress(task, unit=unit_called("区财政局"), text=text, by=by, at=at, **more)


def test_a_liaison_officer_notes_progress_with_a_photo(task: Task, finance: User, now: datetime) -> None:
    written = note(task, finance, now, "  已安排资金 300 万元  ", files=[picture()])
    assert written.text == "已安排资金 300 万元"
    assert [file.media_type for file in written.attachments.all()] == ["image/jpeg"]
    assert AuditEvent.objects.filter(action="programme.note_written", about_id=str(task.pk)).exists()


def test_nobody_notes_in_the_name_of_a_unit_that_is_not_theirs(
    task: Task, finance: User, leader: User, now: datetime
) -> None:
    with pytest.raises(NoteRefused, match="联络员或创建办"):
        note_progress(task, unit=unit_called("团区委"), text="x", by=finance, at=now)
    with pytest.raises(NoteRefused):
        note(task, leader, now)
    assert not ProgressNote.objects.exists()


@pytest.mark.parametrize(("text", "sentence"), [(" \n ", "请用一两句话"), ("字" * 2001, "现有 2001 字")])
def test_a_note_says_something_and_not_too_much(
    text: str, sentence: str, task: Task, finance: User, now: datetime
) -> None:
    with pytest.raises(NoteRefused, match=sentence):
        note(task, finance, now, text)


def test_a_bad_file_takes_the_whole_note_back(task: Task, finance: User, now: datetime, settings: object) -> None:
    bad = SimpleUploadedFile("程序.jpg", b"MZ\x90\x00" * 50)
    with pytest.raises(AttachmentRefused):
        note(task, finance, now, files=[picture(), bad])
    assert not ProgressNote.objects.exists()
    assert not Attachment.objects.exists()
    assert not AuditEvent.objects.filter(action="programme.note_written").exists()


def test_ten_files_at_once_are_too_many(task: Task, finance: User, now: datetime) -> None:
    with pytest.raises(NoteRefused, match="最多上传 9 个"):
        note(task, finance, now, files=[picture() for _ in range(10)])


def test_a_note_cannot_be_hung_on_a_step_of_another_task(
    version: TableVersion, make_milestone: object, finance: User, now: datetime
) -> None:
    step: Milestone = make_milestone(2)  # type: ignore[operator]
    with pytest.raises(NoteRefused, match="不属于这项任务"):
        note(row_of(version, 1).task, finance, now, milestone=step)


def test_the_public_sees_a_note_only_between_release_and_retraction(
    task: Task, finance: User, office: User, now: datetime, today: object
) -> None:
    written = note(task, finance, now)
    assert not notes_visible_to(None, on=today).exists()
    release_note(written, by=office, at=now)
    assert notes_visible_to(None, on=today).get() == written
    with pytest.raises(NoteRefused, match="已经公开"):
        release_note(written, by=office, at=now)
    retract_note(written, by=office, at=now)
    assert not notes_visible_to(None, on=today).exists()
    with pytest.raises(NoteRefused, match="尚未公开"):
        retract_note(written, by=office, at=now)


def test_only_the_office_releases_and_retracts(task: Task, finance: User, now: datetime) -> None:
    written = note(task, finance, now)
    with pytest.raises(NoteRefused, match="只有创建办"):
        release_note(written, by=finance, at=now)
    with pytest.raises(NoteRefused, match="只有创建办"):
        retract_note(written, by=finance, at=now)


def test_a_withdrawn_note_stays_on_record_and_leaves_the_public_page(
    task: Task, finance: User, office: User, now: datetime, today: object
) -> None:
    written = release_note(note(task, finance, now), by=office, at=now)
    gone = withdraw_note(written, reason="数字有误", by=finance, at=now)
    assert gone.withdrawn_reason == "数字有误"
    assert not notes_visible_to(None, on=today).exists()
    assert notes_visible_to(finance, on=today).exists()
    with pytest.raises(NoteRefused, match="已经撤回"):
        withdraw_note(gone, reason="再撤", by=finance, at=now)


def test_a_note_is_withdrawn_by_its_writer_or_the_office_with_a_reason(
    task: Task, finance: User, office: User, leader: User, now: datetime
) -> None:
    written = note(task, finance, now)
    with pytest.raises(NoteRefused, match="填报人或创建办"):
        withdraw_note(written, reason="x", by=leader, at=now)
    with pytest.raises(NoteRefused, match="原因"):
        withdraw_note(written, reason=" ", by=finance, at=now)
    assert withdraw_note(written, reason="重复", by=office, at=now).withdrawn_at == now


def test_files_of_a_refused_note_are_not_left_on_disk(
    task: Task, finance: User, now: datetime, settings: object
) -> None:
    with pytest.raises(AttachmentRefused):
        note(task, finance, now, files=[SimpleUploadedFile("x.docx", b"not a document")])
    stored = [path for path in Path(settings.ATTACHMENTS_DIR).rglob("*") if path.is_file()]
    assert stored == []
