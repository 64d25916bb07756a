"""政策包导入 - an uploaded package on its way: read apart, previewed with what is wrong at which line, confirmed or given up."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.kernel.search import index_records
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.papers.sentences import say_refusal
from chuangju.policies.access import keeps_policies
from chuangju.policies.models import PackageClause, PackageImport, PolicyPackage
from chuangju.units.models import Unit
from chuangju.units.names import NameDirectory, name_directory

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

READER = "chuangju.policies.clause_reader:read_package"
SECONDS, MEGABYTES = 30, 512
_LONGEST_NAME = 200
# What stands between the names of several units; the first named leads.
_BETWEEN = "、，,;；/ "
FAULTS = {
    "no_clauses": gettext_noop(
        "没有认出编号的条款；请用“第一条”“一、”“1.”或“（一）”编号，或用含“序号”“内容”两列的表格"
    ),
    "no_number": gettext_noop("这一行没有条款编号：%(text)s"),
    "number_twice": gettext_noop("编号 %(number)s 与第 %(first)s 行重复"),
    "number_gap": gettext_noop("编号是 %(number)s，前面缺 %(expected)s"),
    "empty_clause": gettext_noop("第 %(number)s 条没有文字"),
    "too_long": gettext_noop("第 %(number)s 条有 %(count)s 字，超过 %(limit)s 字"),
    "too_many": gettext_noop("有 %(count)s 条，最多 %(limit)s 条，请确认是否选错了文件"),
    "no_unit": gettext_noop("第 %(number)s 条没有写明责任单位，导入后可补"),
    "unknown_unit": gettext_noop("第 %(number)s 条的责任单位“%(unit)s”没有登记过，导入后可补"),
}


class PackageRefused(Refused):
    """The file cannot be read, or the import not be confirmed or given up as it stands."""


@dataclass(frozen=True)
class PackageFacts:
    """The outside of a package, as whoever confirms it writes it."""

    title: str
    title_en: str = ""
    issuer: str = ""
    document_number: str = ""
    issued_on: date | None = None
    url: str = ""
    confidence: str = "official"
    is_sample: bool = False
    replaces: PolicyPackage | None = None


@dataclass(frozen=True)
class ShownFault:
    """A fault as the preview says it."""

    line: int
    sentence: str
    is_warning: bool


def _require_keeper(by: User, at: datetime) -> None:
    if not keeps_policies(by, on=timezone.localdate(at)):
        raise PackageRefused(_("只有创建办和政策主管可以导入政策包"))


def start_package_import(file: UploadedFile[Any], *, by: User, at: datetime) -> PackageImport:
    """Read an uploaded file for its clauses; raises PackageRefused with the reader's sentence."""
    _require_keeper(by, at)
    name = Path(file.name or "package").name[-_LONGEST_NAME:]
    size, limit = file.size or 0, settings.MAX_UPLOAD_BYTES
    if size == 0:
        raise PackageRefused(_("“%(name)s”是空文件") % {"name": name})
    if size > limit:
        told = {"name": name, "limit": limit // 1024**2}
        raise PackageRefused(_("“%(name)s”超过 %(limit)d MB，请拆分后再导入") % told)
    content = file.read()
    read = _read(content, name)
    with transaction.atomic():
        upload = PackageImport.objects.create(
            file_name=name,
            file_sha256=hashlib.sha256(content).hexdigest(),
            content=read,
            uploaded_by=by,
            uploaded_at=at,
        )
        facts = {"file_name": name, "file_sha256": upload.file_sha256, "条款数": len(read["clauses"])}
        record_event("policies.package_import_started", upload, by=by, at=at, after=facts)
    return upload


def _read(content: bytes, name: str) -> dict[str, Any]:
    """The clauses of a file, read by a child process from a private file that is gone right afterwards."""
    handle, path = tempfile.mkstemp(prefix="package-", dir=settings.DATA_DIR)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        return read_in_child(READER, Path(path), name=name, seconds=SECONDS, megabytes=MEGABYTES)
    except UnreadableFile as refusal:
        raise PackageRefused(say_refusal(refusal, _)) from refusal
    finally:
        Path(path).unlink(missing_ok=True)


def faults_of(upload: PackageImport, *, on: date) -> list[ShownFault]:
    """What the preview says, by line: what the reader found, and units that nobody has written down."""
    directory = name_directory(on)
    found = [
        ShownFault(fault["line"], _said(fault["code"], fault["values"]), fault["is_warning"])
        for fault in upload.content["faults"]
    ]
    for clause in upload.content["clauses"]:
        if clause["unit"] and unit_in(clause["unit"], directory) is None:
            said = {"number": clause["number"], "unit": clause["unit"]}
            found.append(ShownFault(clause["line"], _said("unknown_unit", said), is_warning=True))
    return sorted(found, key=lambda fault: (fault.line, fault.is_warning))


def _said(code: str, values: dict[str, Any]) -> str:
    """A fault in the reader's language."""
    source = FAULTS[code]
    return _(source) % values


def has_errors(upload: PackageImport) -> bool:
    """Whether something must be mended in the file before it can be imported."""
    return any(not fault["is_warning"] for fault in upload.content["faults"]) or not upload.content["clauses"]


def unit_in(printed: str, directory: NameDirectory) -> Unit | None:
    """The unit that leads, of the names printed: the first that is known."""
    names = printed
    for sign in _BETWEEN[1:]:
        names = names.replace(sign, _BETWEEN[0])
    for name in (printed, *names.split(_BETWEEN[0])):
        found = directory.find(name.strip()) if name.strip() else None
        if isinstance(found, Unit):
            return found
    return None


@transaction.atomic
def confirm_package_import(upload: PackageImport, facts: PackageFacts, *, by: User, at: datetime) -> PolicyPackage:
    """Make the package with the clauses that were previewed; what it replaces hands its ties on. Raises PackageRefused."""
    _require_keeper(by, at)
    fresh = _locked(upload)
    if fresh.state == PackageImport.State.CONFIRMED and fresh.package is not None:
        return fresh.package
    if fresh.state != PackageImport.State.READY:
        raise PackageRefused(_("这次导入已经放弃"))
    if has_errors(fresh):
        raise PackageRefused(_("文件中还有错误，请改正后重新上传"))
    title = " ".join(facts.title.split())
    if not title:
        raise PackageRefused(_("请填写政策包名称"))
    package = PolicyPackage.objects.create(
        title=title,
        title_en=facts.title_en.strip(),
        issuer=facts.issuer.strip(),
        document=title,
        document_number=facts.document_number.strip(),
        url=facts.url,
        confidence="sample" if facts.is_sample else facts.confidence,
        issued_on=facts.issued_on,
        is_sample=facts.is_sample,
        replaces=facts.replaces,
        file_name=fresh.file_name,
        file_sha256=fresh.file_sha256,
        imported_by=by,
        imported_at=at,
    )
    _write_clauses(package, fresh.content["clauses"], on=timezone.localdate(at))
    record_event("policies.package_imported", package, by=by, at=at, after=snapshot(package))
    if facts.replaces is not None:
        _supersede(facts.replaces, by=by, at=at)
    fresh.state, fresh.package = PackageImport.State.CONFIRMED, package
    fresh.save()
    return package


def _write_clauses(package: PolicyPackage, clauses: list[dict[str, Any]], *, on: date) -> None:
    directory = name_directory(on)
    older = {clause.number: clause for clause in package.replaces.clauses.all()} if package.replaces else {}
    rows = []
    for clause in clauses:
        row = PackageClause(
            package=package,
            number=clause["number"],
            chapter=clause["chapter"],
            heading=clause["heading"],
            text=clause["text"],
            unit=unit_in(clause["unit"], directory),
            unit_printed=clause["unit"],
            policy_id=clause["policy"],
        )
        before = older.get(row.number)
        # The tie goes with the matter, not with the number alone.
        if before is not None and before.heading == row.heading:
            row.policy_id, row.note = row.policy_id or before.policy_id, before.note
            row.unit = row.unit or before.unit
        rows.append(row)
    PackageClause.objects.bulk_create(rows)
    index_records(PackageClause.objects.filter(package=package))


def _supersede(old: PolicyPackage, *, by: User, at: datetime) -> None:
    fresh = PolicyPackage.objects.select_for_update().get(pk=old.pk)
    if fresh.state == PolicyPackage.State.SUPERSEDED:
        raise PackageRefused(_("要替代的政策包已经被替代，请重新选择"))
    before = snapshot(fresh)
    fresh.state = PolicyPackage.State.SUPERSEDED
    fresh.save()
    record_event("policies.package_superseded", fresh, by=by, at=at, before=before, after=snapshot(fresh))


@transaction.atomic
def discard_package_import(upload: PackageImport, *, by: User, at: datetime) -> None:
    """Give an upload up; raises PackageRefused once it was confirmed."""
    _require_keeper(by, at)
    fresh = _locked(upload)
    if fresh.state == PackageImport.State.CONFIRMED:
        raise PackageRefused(_("已经确认的导入不能放弃"))
    if fresh.state == PackageImport.State.DISCARDED:
        return
    fresh.state = PackageImport.State.DISCARDED
    fresh.save()
    record_event(
        "policies.package_import_discarded",
        fresh,
        by=by,
        at=at,
        before={"state": "ready"},
        after={"state": fresh.state},
    )


def _locked(upload: PackageImport) -> PackageImport:
    take_locks(f"policies.package_import:{upload.pk}")
    fresh = PackageImport.objects.select_for_update(of=("self",)).select_related("package").filter(pk=upload.pk).first()
    if fresh is None:
        raise StaleForm(_("这次导入刚刚已由他人处理"))
    return fresh
