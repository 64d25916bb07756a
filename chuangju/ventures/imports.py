"""名册导入 - a file of parties on its way into the register: kept encrypted, checked, previewed, confirmed as a whole."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.jobs import live_job, start_job
from chuangju.kernel.models import Job, User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sentences import say_refusal
from chuangju.ventures.access import can_import_parties
from chuangju.ventures.import_plans import ImportPlan, Tell, plan_import
from chuangju.ventures.models import Party, PartyImport
from chuangju.ventures.sheets.reader import SENTENCES, read_register_guarded

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

CHECK_JOB = "ventures.check_import"
WRITE_JOB = "ventures.write_import"
# So many rows are checked while somebody waits for the page.
CHECKED_AT_ONCE = 1_000
# Rows of the parts of a preview that a page can show.
_LONGEST_NAME = 200


class ImportRefused(Refused):
    """The file cannot be read, or the import not be confirmed or given up as it stands."""


def start_import(file: UploadedFile[Any], *, by: User, at: datetime) -> PartyImport:
    """Read an uploaded register and check it, at once or in the background; raises ImportRefused with the reader's sentence.

    The bytes lie on the disk only while a child process reads them; the rows are kept encrypted until the import is over.
    """
    if not can_import_parties(by, timezone.localdate(at)):
        raise ImportRefused(_("您没有导入名册的权限"))
    name = Path(file.name or "register").name[-_LONGEST_NAME:]
    size, limit = file.size or 0, settings.MAX_UPLOAD_BYTES
    if size == 0:
        raise ImportRefused(_("“%(name)s”是空文件") % {"name": name})
    if size > limit:
        told = {"name": name, "limit": limit // 1024**2}
        raise ImportRefused(_("“%(name)s”超过 %(limit)d MB，请拆分后再导入") % told)
    content = file.read()
    rows = _read(content, name)
    with transaction.atomic():
        upload = PartyImport.objects.create(
            file_name=name,
            file_sha256=hashlib.sha256(content).hexdigest(),
            rows=json.dumps(rows, ensure_ascii=False),
            uploaded_by=by,
            uploaded_at=at,
        )
        facts = {"file_name": name, "file_sha256": upload.file_sha256, "行数": count_rows(rows)}
        record_event("ventures.import_started", upload, by=by, at=at, after=facts)
        if count_rows(rows) > CHECKED_AT_ONCE:
            start_job(CHECK_JOB, title=name, payload={"import": str(upload.pk)}, by=by, at=at, key=str(upload.pk))
        else:
            keep_preview(upload, preview_of(upload, at=at))
    return upload


def count_rows(rows: dict[str, Any]) -> int:
    """How many rows a file holds in all."""
    return sum(len(part["rows"]) for part in (rows["parties"], rows["relations"]) if part)


def rows_of(upload: PartyImport) -> dict[str, Any]:
    """What was read from the file."""
    rows: dict[str, Any] = json.loads(upload.rows)
    return rows


def plan_of(upload: PartyImport, *, at: datetime, tell: Tell | None = None) -> ImportPlan:
    """What the import would do now, with the sentences in the reader's language."""
    return plan_import(rows_of(upload), on=timezone.localdate(at), tell=tell)


def preview_of(upload: PartyImport, *, at: datetime, tell: Tell | None = None) -> dict[str, Any]:
    """The plan as it is shown: outcome and name of each row, faults in every language of the product."""
    plan = plan_of(upload, at=at, tell=tell)
    shown: dict[str, Any] = {
        "digest": plan.digest,
        "counts": plan.counts,
        "parties": _shown(plan.parties),
        "relations": _shown(plan.relations),
    }
    has_faults = any(counts["faulty"] for counts in plan.counts.values())
    for language, _name in settings.LANGUAGES if has_faults else ():
        with translation.override(language):
            said = plan_of(upload, at=at)
        _add_faults(shown["parties"], {row.number: row.faults for row in said.parties if row.faults}, language)
        _add_faults(shown["relations"], {row.number: row.faults for row in said.relations if row.faults}, language)
    return shown


@transaction.atomic
def keep_preview(upload: PartyImport, preview: dict[str, Any]) -> None:
    """The check is done: the import waits for somebody to confirm it."""
    PartyImport.objects.filter(pk=upload.pk).exclude(
        state__in=(PartyImport.State.DONE, PartyImport.State.DISCARDED)
    ).update(
        state=PartyImport.State.READY,
        counts=preview["counts"],
        preview_digest=preview["digest"],
        findings=json.dumps(preview, ensure_ascii=False),
    )


def findings_of(upload: PartyImport) -> dict[str, Any]:
    """The preview that was kept; nothing before the check and after the end."""
    return json.loads(upload.findings) if upload.findings else {"parties": [], "relations": []}


def working_job(upload: PartyImport) -> Job | None:
    """The job that is at work on the import, if any."""
    return live_job(CHECK_JOB, str(upload.pk)) or live_job(WRITE_JOB, str(upload.pk))


@transaction.atomic
def confirm_import(upload: PartyImport, *, digest: str, by: User, at: datetime) -> Job:
    """Let what was previewed be written, as a whole and in the background; confirming twice gives the same job.

    Raises ImportRefused, and StaleForm where another preview than the one confirmed has come about.
    """
    fresh = _own_import(upload, by=by, at=at)
    job = live_job(WRITE_JOB, str(fresh.pk))
    if fresh.state == PartyImport.State.WRITING and job is not None:
        return job
    if fresh.state not in {PartyImport.State.READY, PartyImport.State.WRITING}:
        raise ImportRefused(_("这次导入不在待确认状态"))
    if fresh.preview_digest != digest:
        raise StaleForm(_("预览已更新，请核对后再确认"))
    if not any(fresh.counts[part][outcome] for part in fresh.counts for outcome in ("new", "changed")):
        raise ImportRefused(_("没有需要写入的内容"))
    before = fresh.state
    PartyImport.objects.filter(pk=fresh.pk).update(state=PartyImport.State.WRITING)
    record_event(
        "ventures.import_confirmed",
        fresh,
        by=by,
        at=at,
        before={"state": before},
        after={"state": PartyImport.State.WRITING, "counts": fresh.counts},
    )
    return start_job(
        WRITE_JOB, title=fresh.file_name, payload={"import": str(fresh.pk)}, by=by, at=at, key=str(fresh.pk)
    )


@transaction.atomic
def discard_import(upload: PartyImport, *, by: User, at: datetime) -> None:
    """Give an import up; nothing of it was written, and what was read is gone. Raises ImportRefused."""
    fresh = _own_import(upload, by=by, at=at)
    if fresh.state == PartyImport.State.DISCARDED:
        return
    if fresh.state == PartyImport.State.DONE or working_job(fresh) is not None:
        raise ImportRefused(_("正在写入或已经写入的导入不能放弃"))
    before = fresh.state
    forget_content(fresh, state=PartyImport.State.DISCARDED, at=at)
    record_event(
        "ventures.import_discarded",
        fresh,
        by=by,
        at=at,
        before={"state": before},
        after={"state": PartyImport.State.DISCARDED},
    )


def forget_content(upload: PartyImport, *, state: str, at: datetime) -> None:
    """End an import; the personal data of the file are gone from here."""
    PartyImport.objects.filter(pk=upload.pk).update(state=state, rows="", findings="", finished_at=at)


def faulty_table(upload: PartyImport, *, language: str) -> tuple[list[str], list[list[str]]]:
    """The rows that cannot be taken as a table of their own: the file's columns, and what is wrong in a last one."""
    found, rows = findings_of(upload), rows_of(upload)
    entries = {entry["row"]: entry for entry in found["parties"] if entry["outcome"] == "faulty"}
    part = rows["parties"] or {"names": {}, "rows": []}
    keys = list(part["names"])
    header = [_("行号"), *part["names"].values(), _("问题")]
    table = [
        [str(number), *(texts.get(key, "") for key in keys), fault_text(entries[number], part["names"], language)]
        for number, texts in part["rows"]
        if number in entries
    ]
    return header, table


def fault_text(entry: dict[str, Any], names: dict[str, str], language: str) -> str:
    """Everything that is wrong with a row, in one cell."""
    return "\n".join(sentence for _key, _column, sentence in faults_of(entry, names, language))


def faults_of(entry: dict[str, Any], names: dict[str, str], language: str) -> list[tuple[str, str, str]]:
    """What is wrong with a row: key and name of each column, and the whole sentence with row and column."""
    faults: dict[str, str] = entry.get("faults", {}).get(language, {})
    return [
        (
            key,
            names.get(key) or column_name(key),
            _("第 %(row)s 行，列“%(column)s”：%(sentence)s")
            % {"row": entry["row"], "column": names.get(key) or column_name(key), "sentence": sentence},
        )
        for key, sentence in faults.items()
    ]


def column_name(key: str) -> str:
    """What a column is called where the file has none of it."""
    labels = {
        "former_name": _("曾用名"),
        "from": _("主体代码或证件号"),
        "to": _("对方代码或证件号"),
        "starts_on": _("起始日期"),
        "ends_on": _("截止日期"),
        "share": _("持股比例"),
    }
    if key in labels:
        return labels[key]
    return next(str(field.verbose_name) for field in Party._meta.concrete_fields if field.name == key)


def _add_faults(entries: list[dict[str, Any]], faults: dict[int, dict[str, str]], language: str) -> None:
    for entry in entries:
        if entry["row"] in faults:
            entry.setdefault("faults", {})[language] = faults[entry["row"]]


def _own_import(upload: PartyImport, *, by: User, at: datetime) -> PartyImport:
    if not can_import_parties(by, timezone.localdate(at)):
        raise ImportRefused(_("您没有导入名册的权限"))
    return PartyImport.objects.defer("rows", "findings").select_for_update().get(pk=upload.pk)


def _shown(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"row": row.number, "outcome": row.outcome, "name": row.name, "changed": row.changed}
        | ({"party": str(row.party.pk)} if getattr(row, "party", None) else {})
        for row in rows
    ]


def _read(content: bytes, name: str) -> dict[str, Any]:
    """The rows of a file, read by a child process from a private file that is gone right afterwards."""
    handle, path = tempfile.mkstemp(prefix="register-", dir=settings.DATA_DIR)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        return read_register_guarded(Path(path), name=name)
    except UnreadableFile as refusal:
        raise ImportRefused(say_refusal(refusal, _, SENTENCES)) from refusal
    finally:
        Path(path).unlink(missing_ok=True)
