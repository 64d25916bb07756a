"""沟通 - messages about any one record: who may read and write, what is unread, and who is told.

A package registers its model with `register_thread_owner`; the thread itself begins with the first message. A message is
never edited: its author withdraws it with a reason, and it stays on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Attachment, MessageTopic, Thread, ThreadMessage, ThreadReading, User
from chuangju.kernel.outbox import MessageTemplate, notify
from chuangju.kernel.refusals import Refused
from chuangju.kernel.registry import Registry

MAX_FILES = 9
LONGEST_TEXT = 4000
LONGEST_REASON = 200
NEW_MESSAGE_TEMPLATE = MessageTemplate(
    key="kernel.thread_message",
    subject=gettext_lazy("%(writer)s 在“%(subject)s”留言"),
    body=gettext_lazy("请打开查看并回复。"),
    pointer=gettext_lazy("您有一条新留言，请登录查看：%(link)s"),
    audience="any",
    topic=MessageTopic.TALK,
)


class ThreadRefused(Refused):
    """The message cannot be written or withdrawn like this; the sentence says why."""


@dataclass(frozen=True)
class ThreadRules:
    """Who reads and writes about a kind of record, who is told of new messages, and where the record's page is."""

    can_read: Callable[[Any, Any], bool]
    can_write: Callable[[Any, Any], bool]
    people: Callable[[Any], Iterable[User]]
    address: Callable[[Any], str]
    # What the record is called above its messages; its own name where not given.
    label: Callable[[Any], str | Promise] = str


@dataclass(frozen=True)
class ShownMessage:
    """A message as one reader sees it: with its files, whether it is new to them, whether they may withdraw it."""

    message: ThreadMessage
    files: list[Attachment] = field(default_factory=list)
    is_new: bool = False
    is_own: bool = False


thread_owners: Registry[str, ThreadRules] = Registry("thread_owners")


def register_thread_owner(model: type[models.Model], rules: ThreadRules) -> None:
    """Let people exchange messages about records of a model; rules get (user, record), user None being a stranger."""
    thread_owners.register(model._meta.label_lower, rules)


def thread_rules(owner: models.Model) -> ThreadRules:
    """The rules of a record's kind; raises NotRegistered."""
    return thread_owners.get(owner._meta.label_lower)


@transaction.atomic
def post_message(owner: models.Model, *, text: str, by: User, at: datetime, files: Iterable[Any] = ()) -> ThreadMessage:
    """Write about a record and tell the others; raises ThreadRefused, AttachmentRefused."""
    rules = thread_rules(owner)
    if not rules.can_write(by, owner):
        raise ThreadRefused(_("您不能在这里留言"))
    words = text.replace("\r\n", "\n").strip()
    enclosed = list(files)
    _refuse_unfit(words, enclosed)
    message = ThreadMessage.objects.create(thread=_opened(owner), text=words, by=by, at=at)
    for upload in enclosed:
        attach_file(message, upload, by=by, at=at)
    _mark(message.thread, by, message)
    # The words themselves stay out of the log, where a withdrawal could not hide them.
    record_event("kernel.message_posted", message, by=by, at=at, about=owner)
    told = {person.pk: person for person in rules.people(owner) if person.pk != by.pk and person.is_active}
    for person in told.values():
        if rules.can_read(person, owner):
            values = {"writer": str(by), "subject": str(rules.label(owner))[:80]}
            notify(person, NEW_MESSAGE_TEMPLATE.key, owner, at=at, values=values, address=rules.address(owner))
    return message


@transaction.atomic
def withdraw_message(message: ThreadMessage, *, reason: str, by: User, at: datetime) -> ThreadMessage:
    """Its author takes a message back, with the reason; its words stay on record, hidden from others. Raises ThreadRefused."""
    fresh = ThreadMessage.objects.select_for_update().get(pk=message.pk)
    if fresh.by_id != by.pk:
        raise ThreadRefused(_("只能撤回自己的留言"))
    if fresh.withdrawn_at is not None:
        raise ThreadRefused(_("该留言已经撤回"))
    words = " ".join(reason.split())
    if not words:
        raise ThreadRefused(_("请写明撤回原因"))
    if len(words) > LONGEST_REASON:
        raise ThreadRefused(_("撤回原因不能超过 %(limit)d 字") % {"limit": LONGEST_REASON})
    fresh.withdrawn_at, fresh.withdrawn_reason = at, words
    fresh.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record_event("kernel.message_withdrawn", fresh, by=by, at=at, about=fresh.thread.owner, reason=words)
    return fresh


def messages_about(owner: models.Model, user: Any) -> list[ShownMessage]:
    """The messages about a record, oldest first, as this reader sees them; none where they may not read. Five queries."""
    reader = user if getattr(user, "is_authenticated", False) else None
    if not thread_rules(owner).can_read(reader, owner):
        return []
    thread = _thread_of(owner)
    if thread is None:
        return []
    found = list(thread.messages.select_related("by", "thread__owner_type").order_by("at", "pk"))
    seen = ThreadReading.objects.filter(thread=thread, user=reader).first() if reader else None
    files = _files_of(found)
    return [
        ShownMessage(
            message=message,
            files=files.get(str(message.pk), []) if message.withdrawn_at is None else [],
            is_new=reader is not None
            and message.withdrawn_at is None
            and message.by_id != reader.pk
            and (seen is None or message.pk > seen.last_read_id),
            is_own=reader is not None and message.by_id == reader.pk,
        )
        for message in found
    ]


@transaction.atomic
def mark_read(owner: models.Model, *, by: User) -> None:
    """Remember that somebody has read what stands there now; their own affair, so nothing is recorded."""
    thread = _thread_of(owner)
    newest = thread.messages.order_by("-pk").first() if thread else None
    if thread and newest and thread_rules(owner).can_read(by, owner):
        _mark(thread, by, newest)


def messages_by(user: User) -> models.QuerySet[ThreadMessage]:
    """Everything this person has written, with its thread."""
    return ThreadMessage.objects.filter(by=user).select_related("thread__owner_type")


def can_read_message(user: User | None, message: ThreadMessage) -> bool:
    """Whether somebody may open the files of a message: readers of its thread, unless it was withdrawn."""
    owner = message.thread.owner
    if owner is None or message.withdrawn_at is not None:
        return False
    return thread_rules(owner).can_read(user, owner)


def _refuse_unfit(words: str, files: list[Any]) -> None:
    if not words and not files:
        raise ThreadRefused(_("请写下留言"))
    if not words:
        raise ThreadRefused(_("请用一句话说明附件"))
    if len(words) > LONGEST_TEXT:
        raise ThreadRefused(
            _("留言不能超过 %(limit)d 字，现有 %(count)d 字") % {"limit": LONGEST_TEXT, "count": len(words)}
        )
    if len(files) > MAX_FILES:
        raise ThreadRefused(_("一次最多上传 %(count)d 个文件") % {"count": MAX_FILES})


def _thread_of(owner: models.Model) -> Thread | None:
    kind = ContentType.objects.get_for_model(owner)
    return Thread.objects.filter(owner_type=kind, owner_id=str(owner.pk)).first()


def _opened(owner: models.Model) -> Thread:
    """The record's thread, opened by its first message; two first messages at once open one."""
    take_locks(f"thread:{owner._meta.label_lower}:{owner.pk}")
    kind = ContentType.objects.get_for_model(owner)
    return Thread.objects.get_or_create(owner_type=kind, owner_id=str(owner.pk))[0]


def _mark(thread: Thread, user: User, newest: ThreadMessage) -> None:
    ThreadReading.objects.update_or_create(thread=thread, user=user, defaults={"last_read": newest})


def _files_of(found: list[ThreadMessage]) -> dict[str, list[Attachment]]:
    """The files of messages whose thread the reader may read, in one query."""
    files: dict[str, list[Attachment]] = {}
    kind = ContentType.objects.get_for_model(ThreadMessage)
    for file in Attachment.objects.filter(owner_type=kind, owner_id__in=[str(message.pk) for message in found]):
        files.setdefault(file.owner_id, []).append(file)
    return files
