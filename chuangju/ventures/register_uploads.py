"""企业名录 - files of a register on their way to a snapshot: kept, read apart, mapped, checked, confirmed as a version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.job_kinds import JobRefused
from chuangju.kernel.jobs import cancel_job, live_job, start_job
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Job, User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.papers.grids import UnreadableFile
from chuangju.ventures.access import can_import_registers
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import (
    forget_incoming,
    incoming_folder,
    keep_files,
    settle_file,
    snapshot_path,
)
from chuangju.ventures.registers.tasks import RESULT

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

CHECK_JOB = "ventures.check_register"
REGISTERS_LOCK = "ventures.registers"
MAX_FILES = 10
MAX_BYTES = 100 * 1024 * 1024
_MEGABYTE = 1024 * 1024
_LONGEST_NAME = 200


class RegisterRefused(Refused):
    """The files cannot be taken, or the snapshot not be mapped, confirmed or given up as it stands."""


@transaction.atomic
def start_register(
    files: Sequence[UploadedFile[Any]], *, on: date, is_complete: bool, by: User, at: datetime
) -> RegisterSnapshot:
    """Keep the files of a register and have them read in the background; raises RegisterRefused."""
    _require_importer(by, at)
    if on > timezone.localdate(at):
        raise RegisterRefused(_("数据日期不能晚于今天"))
    _check_files(files)
    contents = [file.read() for file in files]
    digest = hashlib.sha256(b"".join(hashlib.sha256(content).digest() for content in contents)).hexdigest()
    snapshot = RegisterSnapshot.objects.create(
        file_names=[Path(file.name or "register").name[-_LONGEST_NAME:] for file in files],
        source_sha256=digest,
        on=on,
        is_complete=is_complete,
        uploaded_by=by,
        uploaded_at=at,
    )
    try:
        keep_files(incoming_folder(snapshot), contents)
    except OSError as error:
        forget_incoming(snapshot)
        raise RegisterRefused(_("文件无法保存：磁盘已满或存储目录不可写，请告诉系统管理员")) from error
    _start_check(snapshot, by=by, at=at)
    facts = {"file_names": snapshot.file_names, "source_sha256": digest, "on": on, "is_complete": is_complete}
    record_event("ventures.register_started", snapshot, by=by, at=at, after=facts)
    return snapshot


def current_register() -> RegisterSnapshot | None:
    """The register in force."""
    return RegisterSnapshot.objects.filter(state=RegisterSnapshot.State.CURRENT).defer("report", "columns").first()


def working_job(snapshot: RegisterSnapshot) -> Job | None:
    """The job that reads the files, or waits to."""
    return live_job(CHECK_JOB, snapshot.pk.hex)


@transaction.atomic
def map_columns(snapshot: RegisterSnapshot, mapping: Mapping[str, str], *, by: User, at: datetime) -> None:
    """Say which fact each column holds, and have the files read once more; raises RegisterRefused."""
    fresh = _own(snapshot, by=by, at=at)
    if fresh.state not in {RegisterSnapshot.State.MAPPING, RegisterSnapshot.State.READY}:
        raise RegisterRefused(_("这份名录不在可以指定列的状态"))
    keys = [key for key in mapping.values() if key]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise RegisterRefused(_("有两列指定为同一个数据项，请改正"))
    if "id" not in keys:
        raise RegisterRefused(_("请指定哪一列是统一社会信用代码"))
    before = fresh.state
    fresh.state, fresh.mapping = RegisterSnapshot.State.CHECKING, dict(mapping)
    fresh.save(update_fields=["state", "mapping"])
    _start_check(fresh, by=by, at=at)
    record_event(
        "ventures.register_mapped",
        fresh,
        by=by,
        at=at,
        before={"state": before},
        after={"state": fresh.state, "mapping": fresh.mapping},
    )


@transaction.atomic
def check_again(snapshot: RegisterSnapshot, *, by: User, at: datetime) -> None:
    """Read the files once more where the reading was cancelled, or where another snapshot has come into force."""
    fresh = _own(snapshot, by=by, at=at)
    if fresh.state not in RegisterSnapshot.OPEN:
        raise RegisterRefused(_("这份名录不在待核对的状态"))
    RegisterSnapshot.objects.filter(pk=fresh.pk).update(state=RegisterSnapshot.State.CHECKING)
    _start_check(fresh, by=by, at=at)


@transaction.atomic
def keep_check(snapshot: RegisterSnapshot, found: Mapping[str, Any], *, former: RegisterSnapshot | None) -> None:
    """The files could be read: they wait for somebody to say what their columns are, or to confirm them."""
    columns = json.dumps(found["columns"], ensure_ascii=False)
    waiting = RegisterSnapshot.objects.filter(pk=snapshot.pk, state=RegisterSnapshot.State.CHECKING)
    if found["needs_mapping"]:
        waiting.update(state=RegisterSnapshot.State.MAPPING, columns=columns)
        return
    report = found["report"]
    waiting.update(
        state=RegisterSnapshot.State.READY,
        columns=columns,
        report=json.dumps(report, ensure_ascii=False),
        counts=found["counts"],
        sha256=found["sha256"],
        dictionary_version=report["version"],
        is_synthetic=report["synthetic"],
        former=former,
    )


@transaction.atomic
def fail_check(snapshot: RegisterSnapshot, problem: UnreadableFile) -> None:
    """The files cannot be used; the sentence says why, and they are not kept."""
    changed = RegisterSnapshot.objects.filter(pk=snapshot.pk, state=RegisterSnapshot.State.CHECKING).update(
        state=RegisterSnapshot.State.FAILED,
        problem=problem.sentence[:500],
        problem_code=problem.code,
        problem_params={key: str(value) for key, value in problem.params.items()},
    )
    if changed:
        transaction.on_commit(lambda: forget_incoming(snapshot))


@transaction.atomic
def confirm_register(snapshot: RegisterSnapshot, *, sha256: str, by: User, at: datetime) -> RegisterSnapshot:
    """Put a checked register into force as the next version; confirming twice gives the same one.

    Raises RegisterRefused, and StaleForm where another result than the one confirmed, or another register, has come about.
    """
    take_locks(REGISTERS_LOCK)
    fresh = _own(snapshot, by=by, at=at)
    if fresh.state in RegisterSnapshot.NUMBERED:
        return fresh
    if fresh.state != RegisterSnapshot.State.READY:
        raise RegisterRefused(_("这份名录不在待确认状态"))
    former = current_register()
    if fresh.sha256 != sha256 or fresh.former_id != (former.pk if former else None):
        raise StaleForm(_("核对之后现行名录已经变化，请重新核对后再确认"))
    settle_file(incoming_folder(fresh) / RESULT, fresh.sha256)
    put_into_force(fresh, former, by=by, at=at)
    transaction.on_commit(lambda: forget_incoming(fresh))
    return fresh


def put_into_force(
    snapshot: RegisterSnapshot, former: RegisterSnapshot | None, *, by: User | None, at: datetime
) -> None:
    """Number a snapshot whose file has its place, and let it take over; call it inside a transaction with the lock."""
    last = RegisterSnapshot.objects.exclude(number=None).order_by("-number").values_list("number", flat=True).first()
    if former is not None:
        RegisterSnapshot.objects.filter(pk=former.pk).update(state=RegisterSnapshot.State.SUPERSEDED)
    before = snapshot.state
    snapshot.state, snapshot.number = RegisterSnapshot.State.CURRENT, (last or 0) + 1
    snapshot.confirmed_by, snapshot.confirmed_at = by, at
    snapshot.save(update_fields=["state", "number", "confirmed_by", "confirmed_at"])
    facts = {"state": snapshot.state, "number": snapshot.number, "counts": snapshot.counts, "sha256": snapshot.sha256}
    record_event("ventures.register_confirmed", snapshot, by=by, at=at, before={"state": before}, after=facts)


@transaction.atomic
def discard_register(snapshot: RegisterSnapshot, *, by: User, at: datetime) -> None:
    """Give an upload up; nothing of it was in force. Raises RegisterRefused."""
    fresh = _own(snapshot, by=by, at=at)
    if fresh.state == RegisterSnapshot.State.DISCARDED:
        return
    if fresh.state not in RegisterSnapshot.OPEN:
        raise RegisterRefused(_("已确认或不能用的名录不能放弃"))
    job = working_job(fresh)
    if job is not None:
        try:
            cancel_job(job, by=by, at=at)
        except JobRefused as refused:
            raise RegisterRefused(refused.sentence) from refused
    before = fresh.state
    RegisterSnapshot.objects.filter(pk=fresh.pk).update(
        state=RegisterSnapshot.State.DISCARDED, columns="", report="", sha256=""
    )
    transaction.on_commit(lambda: forget_incoming(fresh))
    after = {"state": RegisterSnapshot.State.DISCARDED}
    record_event("ventures.register_discarded", fresh, by=by, at=at, before={"state": before}, after=after)


def task_of(snapshot: RegisterSnapshot, former: RegisterSnapshot | None) -> dict[str, Any]:
    """What the child process is told to do with the files."""
    return {
        "names": snapshot.file_names,
        "on": snapshot.on.isoformat(),
        "mapping": snapshot.mapping,
        "former": str(snapshot_path(former)) if former else None,
        "is_complete": snapshot.is_complete,
    }


def _check_files(files: Sequence[UploadedFile[Any]]) -> None:
    if not files:
        raise RegisterRefused(_("请选择名录文件"))
    if len(files) > MAX_FILES:
        raise RegisterRefused(_("一次最多上传 %(limit)d 个文件") % {"limit": MAX_FILES})
    for file in files:
        if not file.size:
            raise RegisterRefused(_("“%(name)s”是空文件") % {"name": Path(file.name or "").name[-_LONGEST_NAME:]})
    if sum(file.size or 0 for file in files) > MAX_BYTES:
        raise RegisterRefused(
            _("文件合计超过 %(limit)d MB，请改用 Parquet 或拆分后分次导入") % {"limit": MAX_BYTES // _MEGABYTE}
        )


def _require_importer(by: User, at: datetime) -> None:
    if not can_import_registers(by, timezone.localdate(at)):
        raise RegisterRefused(_("您没有导入企业名录的权限"))


def _own(snapshot: RegisterSnapshot, *, by: User, at: datetime) -> RegisterSnapshot:
    _require_importer(by, at)
    return RegisterSnapshot.objects.defer("report", "columns").select_for_update().get(pk=snapshot.pk)


def _start_check(snapshot: RegisterSnapshot, *, by: User, at: datetime) -> None:
    title = _("核对企业名录：%(name)s") % {"name": str(snapshot)}
    start_job(CHECK_JOB, title=title, payload={"snapshot": str(snapshot.pk)}, by=by, at=at, key=snapshot.pk.hex)
