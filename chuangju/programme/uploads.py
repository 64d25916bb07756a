"""上传 - one uploaded table on its way: kept outside the web root, read apart, confirmed or discarded."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.job_kinds import JobRefused
from chuangju.kernel.jobs import cancel_job, live_job, live_keys, start_job
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Job, User
from chuangju.kernel.refusals import StaleForm
from chuangju.papers.grids import UnreadableFile
from chuangju.programme.access import can_manage_table
from chuangju.programme.imports import ImportRefused, UnitChoice, create_version
from chuangju.programme.models import TableImport, TableVersion
from chuangju.programme.row_units import TABLE_LOCK
from chuangju.programme.table.result import ReadTable
from chuangju.programme.table.sentences import translate_refusal

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# A reading that has said nothing for so long is taken for dead (its process was killed) and may be started again.
SILENT_AFTER = timedelta(seconds=45)
# The job that reads an upload; its key is the upload's.
READ_TABLE = "programme.read_table"


def stored_file(upload: TableImport) -> Path:
    """Where the uploaded bytes lie while the import is open; a random name, outside the web root."""
    return Path(settings.DATA_DIR) / "imports" / upload.pk.hex


def _keep_bytes(target: Path, data: bytes) -> None:
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.touch(mode=0o600)
        target.write_bytes(data)
    except OSError as error:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise ImportRefused(_("文件无法保存：磁盘已满或存储目录不可写，请告诉系统管理员")) from error


def tidy_imports(*, before: datetime) -> int:
    """Remove files that no open import owns: what killed or failed requests left before that moment."""
    folder = Path(settings.DATA_DIR) / "imports"
    old = [file for file in folder.glob("*") if file.stat().st_mtime < before.timestamp()]
    open_states = (TableImport.State.READING, TableImport.State.READY)
    known = {key.hex for key in TableImport.objects.filter(state__in=open_states).values_list("pk", flat=True)}
    abandoned = [file for file in old if file.name not in known]
    for file in abandoned:
        file.unlink(missing_ok=True)
    return len(abandoned)


def _require_office(by: User, at: datetime) -> None:
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise ImportRefused(_("只有创建办可以导入任务分解表"))


@transaction.atomic
def start_import(file: UploadedFile[Any], *, by: User, at: datetime) -> TableImport:
    """Keep an uploaded file for reading; raises ImportRefused where it is empty or too large."""
    _require_office(by, at)
    size, limit = file.size or 0, settings.MAX_UPLOAD_BYTES
    name = Path(file.name or "table").name[-200:]
    if size == 0:
        raise ImportRefused(_("“%(name)s”是空文件") % {"name": name})
    if size > limit:
        raise ImportRefused(
            _("“%(name)s”超过 %(limit)d MB，请拆分后再导入") % {"name": name, "limit": limit // 1024**2}
        )
    data = file.read()
    upload = TableImport.objects.create(
        file_name=name, file_sha256=hashlib.sha256(data).hexdigest(), uploaded_by=by, uploaded_at=at, heartbeat_at=at
    )
    _keep_bytes(stored_file(upload), data)
    start_job(READ_TABLE, title=name, payload={"upload": upload.pk}, by=by, at=at, key=upload.pk.hex)
    facts = {"file_name": name, "file_sha256": upload.file_sha256}
    record_event("programme.import_started", upload, by=by, at=at, after=facts)
    return upload


def reading_job(upload: TableImport) -> Job | None:
    """The job that reads the upload, or waits to; None once it has come to an end."""
    return live_job(READ_TABLE, upload.pk.hex)


def readings_under_way() -> frozenset[str]:
    """The uploads (by hexadecimal key) that somebody reads or will read; one query, for lists."""
    return live_keys(READ_TABLE)


def is_silent(upload: TableImport, *, under_way: frozenset[str], at: datetime) -> bool:
    """Whether a reading is under way in name only: it has said nothing for long, and no job will take it up again."""
    heard = upload.heartbeat_at or upload.uploaded_at
    is_quiet = upload.state == TableImport.State.READING and at - heard > SILENT_AFTER
    return is_quiet and upload.pk.hex not in under_way


def tell_progress(upload: TableImport, *, rows_read: int, rows_total: int, at: datetime) -> None:
    """How far the reading has come; an import that was discarded meanwhile is left alone."""
    TableImport.objects.filter(pk=upload.pk, state=TableImport.State.READING).update(
        rows_read=rows_read, rows_total=rows_total, heartbeat_at=at
    )


@transaction.atomic
def finish_reading(upload: TableImport, read: ReadTable, *, at: datetime) -> None:
    """The table could be read: it waits for confirmation."""
    TableImport.objects.filter(pk=upload.pk, state=TableImport.State.READING).update(
        state=TableImport.State.READY,
        content=read.as_dict(),
        rows_read=len(read.tasks),
        rows_total=len(read.tasks),
        heartbeat_at=at,
    )


@transaction.atomic
def fail_reading(upload: TableImport, problem: UnreadableFile, *, at: datetime) -> None:
    """The table could not be read; the sentence says why and the file is not kept."""
    changed = TableImport.objects.filter(pk=upload.pk, state=TableImport.State.READING).update(
        state=TableImport.State.FAILED,
        problem=problem.sentence,
        problem_code=problem.code,
        problem_params=dict(problem.params),
        heartbeat_at=at,
    )
    if changed:
        transaction.on_commit(lambda: stored_file(upload).unlink(missing_ok=True))


def problem_sentence(upload: TableImport) -> str:
    """Why the file could not be read, in the reader's language."""
    told = UnreadableFile(upload.problem, code=upload.problem_code, params=upload.problem_params)
    return translate_refusal(told, _)


def read_content(upload: TableImport) -> ReadTable:
    """The table as it was read from the file."""
    return ReadTable.from_dict(upload.content or {})


def _require_current(number: int) -> None:
    """Two officers at work on two files: the second one has compared with a table that is no longer in force."""
    take_locks(TABLE_LOCK)
    current = TableVersion.objects.filter(state=TableVersion.State.CURRENT).first()
    if (current.number if current else 0) != number:
        raise StaleForm(_("预览之后，现行版本已经变化。请对照最新的差别核对后，再确认一次"))


@transaction.atomic
def confirm_import(  # noqa: PLR0913 - a confirmation is all of this, each by name
    upload: TableImport,
    *,
    name: str,
    effective_from: date,
    unit_choices: Mapping[str, UnitChoice],
    task_choices: Mapping[int, str] | None = None,
    compared_with: int | None = None,
    by: User,
    at: datetime,
) -> TableVersion:
    """Put the uploaded table into force, all or nothing; confirming twice gives the same version.

    Raises ImportRefused, and StaleForm where another version than `compared_with` (0: none) is in force by now.
    """
    fresh = TableImport.objects.select_for_update().get(pk=upload.pk)
    if fresh.state == TableImport.State.CONFIRMED and fresh.version is not None:
        return fresh.version
    if fresh.state != TableImport.State.READY:
        raise ImportRefused(_("这次导入不在待确认状态，请重新上传"))
    if compared_with is not None:
        _require_current(compared_with)
    version = create_version(
        read_content(fresh),
        name=name,
        effective_from=effective_from,
        file_name=fresh.file_name,
        file_sha256=fresh.file_sha256,
        by=by,
        at=at,
        unit_choices=unit_choices,
        task_choices=task_choices,
    )
    before = snapshot(fresh)
    fresh.state, fresh.version, fresh.content = TableImport.State.CONFIRMED, version, None
    fresh.save(update_fields=["state", "version", "content"])
    path = stored_file(fresh)
    if path.exists():
        attach_file(version, SimpleUploadedFile(fresh.file_name, path.read_bytes()), by=by, at=at)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    record_event(
        "programme.import_confirmed",
        fresh,
        by=by,
        at=at,
        before={"state": before["state"]},
        after={"state": fresh.state},
    )
    return version


@transaction.atomic
def discard_import(upload: TableImport, *, by: User, at: datetime) -> None:
    """Give an upload up; nothing of it was in force. Raises ImportRefused."""
    _require_office(by, at)
    fresh = TableImport.objects.select_for_update().get(pk=upload.pk)
    if fresh.state == TableImport.State.CONFIRMED:
        raise ImportRefused(_("已确认的导入不能放弃"))
    if fresh.state == TableImport.State.DISCARDED:
        return
    before = {"state": fresh.state}
    job = reading_job(fresh)
    if job is not None:
        with contextlib.suppress(JobRefused):
            # Just now it comes to its end; what it read is thrown away below.
            cancel_job(job, by=by, at=at)
    fresh.state, fresh.content = TableImport.State.DISCARDED, None
    fresh.save(update_fields=["state", "content"])
    transaction.on_commit(lambda: stored_file(fresh).unlink(missing_ok=True))
    record_event("programme.import_discarded", fresh, by=by, at=at, before=before, after={"state": fresh.state})
