"""进展记录 - how a liaison officer tells what was done, with pictures, and how the office shows it to the public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import can_manage_table, can_report_for
from chuangju.programme.models import Milestone, ProgressNote, Task
from chuangju.units.models import Unit

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_FILES = 9
LONGEST_TEXT = 2000


class NoteRefused(Refused):
    """The note cannot be written, released or withdrawn like this; the sentence says why."""


@transaction.atomic
def note_progress(
    task: Task,
    *,
    unit: Unit,
    text: str,
    milestone: Milestone | None = None,
    files: Iterable[UploadedFile[Any]] = (),
    by: User,
    at: datetime,
) -> ProgressNote:
    """A unit tells what it did for a task, with files; all of it or nothing. Raises NoteRefused, AttachmentRefused."""
    if not can_report_for(by, unit.pk, on=timezone.localdate(at)):
        raise NoteRefused(_("只有该单位的联络员或创建办可以填报进展"))
    words = text.strip()
    if not words:
        raise NoteRefused(_("请用一两句话写明进展"))
    if len(words) > LONGEST_TEXT:
        said = {"limit": LONGEST_TEXT, "count": len(words)}
        raise NoteRefused(_("进展情况不能超过 %(limit)d 字，现有 %(count)d 字") % said)
    if milestone is not None and milestone.measure.task_id != task.pk:
        raise NoteRefused(_("所选落实节点不属于这项任务"))
    enclosed = list(files)
    if len(enclosed) > MAX_FILES:
        raise NoteRefused(_("一次最多上传 %(count)d 个文件") % {"count": MAX_FILES})
    note = ProgressNote.objects.create(task=task, milestone=milestone, unit=unit, text=words, by=by, at=at)
    for upload in enclosed:
        attach_file(note, upload, by=by, at=at)
    record_event("programme.note_written", note, by=by, at=at, after=snapshot(note), about=task)
    return note


def _locked(note: ProgressNote) -> ProgressNote:
    fresh = ProgressNote.objects.select_for_update().get(pk=note.pk)
    if fresh.withdrawn_at is not None:
        raise NoteRefused(_("该进展记录已经撤回"))
    return fresh


def _save_changed(
    note: ProgressNote, action: str, before: dict[str, object], *, by: User, at: datetime, reason: str = ""
) -> None:
    note.save()
    record_event(
        f"programme.{action}", note, by=by, at=at, before=before, after=snapshot(note), about=note.task, reason=reason
    )


@transaction.atomic
def release_note(note: ProgressNote, *, by: User, at: datetime) -> ProgressNote:
    """The office shows a note on the public page (三审三校 happens before); raises NoteRefused."""
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise NoteRefused(_("只有创建办可以公开进展"))
    fresh = _locked(note)
    if fresh.released_at is not None:
        raise NoteRefused(_("该进展已经公开"))
    before = snapshot(fresh)
    fresh.released_at, fresh.released_by = at, by
    _save_changed(fresh, "note_released", before, by=by, at=at)
    return fresh


@transaction.atomic
def retract_note(note: ProgressNote, *, by: User, at: datetime) -> ProgressNote:
    """The office takes a released note off the public page; raises NoteRefused."""
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise NoteRefused(_("只有创建办可以取消公开"))
    fresh = _locked(note)
    if fresh.released_at is None:
        raise NoteRefused(_("该进展尚未公开"))
    before = snapshot(fresh)
    fresh.released_at, fresh.released_by = None, None
    _save_changed(fresh, "note_retracted", before, by=by, at=at)
    return fresh


@transaction.atomic
def withdraw_note(note: ProgressNote, *, reason: str, by: User, at: datetime) -> ProgressNote:
    """Its writer or the office withdraws a wrong note; it stays on record, struck out. Raises NoteRefused."""
    fresh = _locked(note)
    if fresh.by_id != by.pk and not can_manage_table(by, on=timezone.localdate(at)):
        raise NoteRefused(_("只有填报人或创建办可以撤回进展"))
    if not reason.strip():
        raise NoteRefused(_("请写明撤回原因"))
    before = snapshot(fresh)
    fresh.withdrawn_at, fresh.withdrawn_reason = at, reason.strip()[:200]
    fresh.released_at, fresh.released_by = None, None
    _save_changed(fresh, "note_withdrawn", before, by=by, at=at, reason=reason.strip()[:200])
    return fresh
