"""审计: every change leaves one event, written in the same transaction and chained by hash so that nothing can be undone unseen.

One chain per stream (the package of the subject). The head of the stream is locked by `record_event`, so record as the
last step of a change, and where a change touches several packages let the lower package record first: then writers
never wait for each other in a circle. `anchors.py` keeps the heads outside the database, `verify_chain` recomputes.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.kernel.encryption import EncryptedTextField, KeyedHashField
from chuangju.kernel.models import AuditEvent, AuditStream, User
from chuangju.kernel.registry import Registry
from chuangju.kernel.search_index import note_change

GENESIS = "0" * 64
# Never written to the log, not even as a digest.
SECRET_FIELDS = frozenset({"password"})
_NAIVE = "an audit event needs an aware moment, with its time zone"

action_labels: Registry[str, str | Promise] = Registry("audit_actions")
role_resolvers: Registry[str, Callable[[User, datetime], str]] = Registry("audit_role_resolver")


def register_actions(labels: Mapping[str, str | Promise]) -> None:
    """Say what action codes such as "programme.milestone_changed" mean in the log."""
    for code, label in labels.items():
        action_labels.register(code, label)


def action_label(code: str) -> str:
    """What an action is called; the code itself where its package is gone."""
    return str(action_labels.find(code) or code)


def register_role_resolver(resolve: Callable[[User, datetime], str]) -> None:
    """Let the package that knows roles say in which role somebody acted."""
    role_resolvers.register("role", resolve)


def record_event(  # noqa: PLR0913 - an event says this much, each by name
    action: str,
    subject: models.Model,
    *,
    by: User | None,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    about: models.Model | None = None,
    reason: str = "",
) -> AuditEvent:
    """Append one event to the subject's stream; must run inside the transaction of the change itself."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record_event belongs inside the transaction of the change")
    if at.tzinfo is None:
        raise ValueError(_NAIVE)
    old, new = _safe(before, subject), _safe(after, subject)
    stream = _locked_stream(subject._meta.app_label)
    event = AuditEvent(
        stream=stream,
        sequence=stream.last_sequence + 1,
        at=at.astimezone(UTC),
        actor=by,
        actor_name=str(by)[:128] if by else "系统",  # the log keeps one language
        role=_role_of(by, at),
        action=action,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        object_label=str(subject)[:300],
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        reason=reason,
        changes=_changes(old, new),
        digest_before=digest(old) if old is not None else "",
        digest_after=digest(new) if new is not None else "",
        previous_hash=stream.last_hash,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    stream.last_sequence, stream.last_hash = event.sequence, event.hash
    stream.save(update_fields=["last_sequence", "last_hash"])
    note_change(subject, about)
    return event


def snapshot(obj: models.Model) -> dict[str, Any]:
    """The record's own fields as they stand now, safe for JSON, without secrets."""
    fields = (field for field in obj._meta.concrete_fields if not _is_secret(field))
    return {field.name: _said(field, field.value_from_object(obj)) for field in fields}


def events_about(*objs: models.Model) -> QuerySet[AuditEvent]:
    """Events whose subject is one of these records, or which were recorded as being about one."""
    ids: dict[str, list[str]] = defaultdict(list)
    for obj in objs:
        ids[obj._meta.label_lower].append(str(obj.pk))
    wanted = Q(pk__in=[])
    for kind, keys in ids.items():
        wanted |= Q(object_type=kind, object_id__in=keys) | Q(about_type=kind, about_id__in=keys)
    return AuditEvent.objects.filter(wanted)


def verify_chain(stream: AuditStream) -> Iterator[str]:
    """Recompute one chain from its first event; one sentence for each fault."""
    place, previous, expected = stream.name, GENESIS, 1
    for event in AuditEvent.objects.filter(stream=stream).order_by("sequence").iterator(2000):
        if event.sequence != expected:
            yield _("审计链 %(stream)s 缺少第 %(number)s 号事件。") % {"stream": place, "number": expected}
        elif event.previous_hash != previous:
            yield _("审计链 %(stream)s 第 %(number)s 号事件与前一事件不衔接。") % {
                "stream": place,
                "number": event.sequence,
            }
        if event_hash(event) != event.hash:
            yield _("审计链 %(stream)s 第 %(number)s 号事件的内容被改动。") % {
                "stream": place,
                "number": event.sequence,
            }
        previous, expected = event.hash, event.sequence + 1
    if (expected - 1, previous) != (stream.last_sequence, stream.last_hash):
        yield _("审计链 %(stream)s 的末尾与链首记录不符：应有 %(head)s 个事件，实有 %(found)s 个。") % {
            "stream": place,
            "head": stream.last_sequence,
            "found": expected - 1,
        }


def event_hash(event: AuditEvent) -> str:
    """The hash of everything an event says, with the hash of the event before it."""
    said = {
        field.attname: json_safe(field.value_from_object(event))
        for field in AuditEvent._meta.concrete_fields
        if field.name not in {"id", "hash"}
    }
    return digest(said)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def json_safe(value: object) -> Any:
    """The value as JSON that both databases give back unchanged: moments in UTC, fractions as text."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return value.replace("\x00", "\ufffd")  # PostgreSQL stores no NUL
        case float() | Decimal():
            return format(value) if isinstance(value, Decimal) else repr(value)
        case datetime():
            if value.tzinfo is None:
                raise ValueError(_NAIVE)
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case Mapping():
            return {str(key): json_safe(item) for key, item in value.items()}
        case list() | tuple():
            return [json_safe(item) for item in value]
        case set() | frozenset():
            return sorted((json_safe(item) for item in value), key=str)
        case models.Model():
            return json_safe(value.pk)
        case _:
            return str(value)


def _safe(values: Mapping[str, Any] | None, subject: models.Model) -> dict[str, Any] | None:
    if values is None:
        return None
    own: dict[str, Any] = {field.name: field for field in subject._meta.concrete_fields}
    kept = {str(key): value for key, value in values.items() if key not in SECRET_FIELDS}
    return {key: _said(own.get(key), value) for key, value in kept.items() if not _is_secret(own.get(key))}


def _is_secret(field: object) -> bool:
    """Whether a field never reaches the log: passwords, and the hashes by which encrypted values are found."""
    return isinstance(field, KeyedHashField) or getattr(field, "name", "") in SECRET_FIELDS


def _said(field: object, value: Any) -> Any:
    """A value as the log keeps it; of what is encrypted only the mask."""
    return field.masked(value) if isinstance(field, EncryptedTextField) else json_safe(value)


def _changes(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, list[Any]]:
    old, new = old or {}, new or {}
    fields = [*old, *(field for field in new if field not in old)]
    pairs = {field: [old.get(field), new.get(field)] for field in fields}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def _role_of(user: User | None, at: datetime) -> str:
    resolve = role_resolvers.find("role")
    return resolve(user, at)[:64] if user and resolve else ""


def _locked_stream(name: str) -> AuditStream:
    heads = AuditStream.objects.select_for_update()
    found = heads.filter(name=name).first()
    if found:
        return found
    try:
        with transaction.atomic():
            AuditStream.objects.create(name=name)
    except IntegrityError:
        # Another writer opened the stream in the same moment; both go on, one after the other.
        pass
    return heads.get(name=name)
