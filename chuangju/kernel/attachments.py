"""附件: files that belong to a record, checked, stored under random names outside the web root.

A file is written before its row is committed, and its transaction may still be rolled back. So it waits in `incoming/`
(complete and on the disk) and moves to its place on commit; a file left waiting is found there all the same. When the
request ends, what was rolled back is removed; what a killed process left behind goes at the next start.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.file_checks import AttachmentRefused, CheckedFile, check_upload
from chuangju.kernel.models import Attachment, User
from chuangju.kernel.registry import Registry

__all__ = ["AttachmentRefused", "VisibleAttachments", "attach_file", "attachments_visible_to", "path_of"]

CanRead = Callable[[User | None, Any], bool]
owners: Registry[str, CanRead] = Registry("attachment_owners")


def register_attachment_owner(model: type[models.Model], can_read: CanRead) -> None:
    """Let records of a model own files; `can_read(user, record)` decides who may open them (user None: a stranger)."""
    owners.register(model._meta.label_lower, can_read)


@transaction.atomic
def attach_file(owner: models.Model, upload: Any, *, by: User, at: datetime) -> Attachment:
    """Check and keep an uploaded file for a record; raises AttachmentRefused with the file's name."""
    owners.get(owner._meta.label_lower)
    checked = check_upload(upload)
    attachment = Attachment.objects.create(
        owner_type=ContentType.objects.get_for_model(owner),
        owner_id=str(owner.pk),
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        stored_name=_store(checked),
        uploaded_by=by,
        uploaded_at=at,
    )
    transaction.on_commit(partial(_settle, attachment.stored_name))
    record_event("kernel.file_attached", attachment, by=by, at=at, after=snapshot(attachment), about=owner)
    return attachment


class VisibleAttachments:
    """The files that one person may open; every way to a file goes through the owner's own rule."""

    def __init__(self, user: User | None) -> None:
        self._user = user

    def get(self, pk: UUID | str) -> Attachment:
        """One file; raises Attachment.DoesNotExist where it is missing or not this person's to see."""
        attachment = Attachment.objects.select_related("owner_type").get(pk=pk)
        owner = attachment.owner
        if owner is None or not self._may_read(owner):
            raise Attachment.DoesNotExist
        return attachment

    def of(self, *records: models.Model) -> dict[Any, list[Attachment]]:
        """The files of records of one model, by the record's key, in one query; nothing for what is not visible."""
        found: dict[Any, list[Attachment]] = {record.pk: [] for record in records}
        readable = {str(record.pk): record.pk for record in records if self._may_read(record)}
        if readable:
            kind = ContentType.objects.get_for_model(records[0])
            for attachment in Attachment.objects.filter(owner_type=kind, owner_id__in=readable):
                found[readable[attachment.owner_id]].append(attachment)
        return found

    def _may_read(self, owner: models.Model) -> bool:
        return owners.get(owner._meta.label_lower)(self._user, owner)


def attachments_visible_to(user: Any) -> VisibleAttachments:
    """The files that somebody (or, with None or an anonymous user, a stranger) may open."""
    return VisibleAttachments(user if getattr(user, "is_authenticated", False) else None)


def path_of(attachment: Attachment) -> Path:
    """Where the content lies: in its place, or waiting for its transaction."""
    settled = place_of(attachment.stored_name)
    return settled if settled.exists() else _incoming() / attachment.stored_name


def put_back_file(place: Path, content: Path) -> None:
    """Bring a file back from a backup to its place, where nothing stands."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_durably(place, content.read_bytes())


def find_attachment_faults() -> Iterator[str]:
    """Recompute every stored file; one sentence for each that is missing or changed."""
    for attachment in Attachment.objects.order_by("pk").iterator(500):
        said = {"name": attachment.name, "id": attachment.pk}
        try:
            with path_of(attachment).open("rb") as file:
                actual = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield _("附件“%(name)s”（%(id)s）的文件缺失或无法读取。") % said
        else:
            if actual != attachment.sha256:
                yield _("附件“%(name)s”（%(id)s）的文件内容被改动。") % said


def discard_abandoned_files(**_signal: Any) -> None:
    """Remove what this thread stored in a transaction that was rolled back; called when a request ends."""
    names, _waiting.names = _waiting.names, set()
    if not names:
        return
    kept = set(Attachment.objects.filter(stored_name__in=names).values_list("stored_name", flat=True))
    for name in names - kept:
        (_incoming() / name).unlink(missing_ok=True)


def tidy_incoming(*, before: datetime) -> int:
    """Settle or remove what killed processes left waiting since before that moment; returns how many files."""
    if not _incoming().is_dir():
        return 0
    old = [file for file in _incoming().iterdir() if file.stat().st_mtime < before.timestamp()]
    known = set(
        Attachment.objects.filter(stored_name__in=[file.name for file in old]).values_list("stored_name", flat=True)
    )
    for file in old:
        if file.name in known:
            _settle(file.name)
        else:
            file.unlink(missing_ok=True)
    return len(old)


class _Waiting(threading.local):
    """Names this thread has stored and not yet seen committed."""

    def __init__(self) -> None:
        self.names: set[str] = set()


_waiting = _Waiting()


def _incoming() -> Path:
    return Path(settings.ATTACHMENTS_DIR) / "incoming"


def place_of(stored_name: str) -> Path:
    """Where a stored file belongs, whether or not it is there."""
    return Path(settings.ATTACHMENTS_DIR) / stored_name[:2] / stored_name


def _store(checked: CheckedFile) -> str:
    """Write the content where it waits for the commit, safe on the disk, readable by the server alone."""
    name = secrets.token_hex(20)
    waiting = _incoming() / name
    try:
        waiting.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_durably(waiting, checked.content)
    except OSError as error:
        with contextlib.suppress(OSError):
            waiting.unlink(missing_ok=True)
        raise AttachmentRefused(_("附件无法保存：磁盘已满或存储目录不可写，请告诉系统管理员。")) from error
    _waiting.names.add(name)
    return name


def _write_durably(path: Path, content: bytes) -> None:
    partial_file = path.with_suffix(".part")
    handle = os.open(partial_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial_file.rename(path)
    except OSError:
        partial_file.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _settle(name: str) -> None:
    """Move a committed file to its place; if that fails it stays readable where it waits."""
    with contextlib.suppress(OSError):
        place = place_of(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (_incoming() / name).rename(place)
    _waiting.names.discard(name)
