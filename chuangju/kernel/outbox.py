"""发件箱 - how somebody is told something: written in the transaction of the change, sent by the worker after it.

    notify(officer, "programme.milestone_late", milestone, at=at, values={"title": milestone.title}, address="/…")

The message stands in the list of whoever it is for. Outside, staff get a pointer without content. What leaves when, and
what happens when a gateway is dead, stands in `deliveries.py`; the sentences stand in templates (`message_templates.py`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.channels import Channel, channels, register_channel
from chuangju.kernel.deliveries import attempt_now, chosen_by, deliver_waiting, earliest_departure, retry_delivery
from chuangju.kernel.message_templates import (
    BUILT_IN,
    EMAIL,
    IN_APP,
    SMS,
    MessageTemplate,
    Words,
    fill,
    fill_pointer,
    message_language,
    message_templates,
    plain_values,
    pointer_path,
    register_message_template,
)
from chuangju.kernel.mobiles import normal_mobile
from chuangju.kernel.models import Delivery, Message, MessagePreference, User
from chuangju.kernel.refusals import Refused

# Easily read from a telephone and typed; opens nothing, so that 50 bits are plenty.
CODE_SIGNS, CODE_LENGTH = "23456789abcdefghjkmnpqrstuvwxyz", 10
# A pointer leads to its message for so long; afterwards one finds it in the list.
POINTER_LIFE = timedelta(days=30)

__all__ = [
    "Channel",
    "MessageRefused",
    "MessageTemplate",
    "change_preference",
    "chosen_by",
    "deliver_waiting",
    "follow_pointer",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "messages_visible_to",
    "notify",
    "notify_mobile",
    "pointer_path",
    "register_channel",
    "register_message_template",
    "retry_delivery",
    "send_what_waits",
    "unread_count",
]


class MessageRefused(Refused):
    """A message that cannot be sent or marked like this."""


def notify(
    user: User,
    template_key: str,
    about: models.Model | None,
    *,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    address: str = "",
    once_key: str = "",
) -> Message | None:
    """Tell somebody something, in their language; must run inside the transaction of the change itself.

    `values` fill the template's `%(name)s`: text, numbers, dates, or functions asked in the reader's language.
    `address` is the path on this site where the matter is dealt with. None where nothing is told: the account is
    closed, or the same `once_key` told this person before. Raises NotRegistered for an unknown template.
    """
    _require_transaction()
    template = message_templates.get(template_key)
    if not user.is_active or (once_key and Message.objects.filter(user=user, once_key=once_key).exists()):
        return None
    message = _write(template, about, values, user=user, language=user.language, at=at)
    message.address, message.once_key = address, once_key
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        # Told by somebody else in the same moment.
        return None
    _address_deliveries(message, template, at=at)
    return message


def notify_mobile(
    mobile: str, template_key: str, *, at: datetime, values: Mapping[str, Any] | None = None, language: str = ""
) -> Message:
    """Tell a telephone something (a code), whether or not it belongs to an account; by SMS and at once after commit.

    Raises MobileRefused for what is no number, MessageRefused where the installation sends no SMS.
    """
    _require_transaction()
    template = message_templates.get(template_key)
    if not channels.get(SMS).is_ready():
        raise MessageRefused(_("本系统尚未开通短信，请改用其他方式"))
    message = _write(template, None, values, user=None, language=language, at=at)
    message.mobile, message.is_urgent = normal_mobile(mobile), True
    message.save(force_insert=True)
    _add_delivery(message, template, channels.get(SMS), at=at)
    return message


def notify_email(
    address: str, template_key: str, *, at: datetime, values: Mapping[str, Any] | None = None, language: str = ""
) -> Message:
    """Tell a mailbox something (an invitation), whether or not it belongs to an account; with the next round.

    Raises MessageRefused for what is no address, and where the installation sends no e-mail.
    """
    _require_transaction()
    template = message_templates.get(template_key)
    if not channels.get(EMAIL).is_ready():
        raise MessageRefused(_("本系统尚未开通电子邮件，请改用其他方式"))
    try:
        validate_email(address)
    except ValidationError as error:
        raise MessageRefused(_("不是有效的电子邮箱")) from error
    message = _write(template, None, values, user=None, language=language, at=at)
    message.email, message.is_urgent = address, True
    message.save(force_insert=True)
    _add_delivery(message, template, channels.get(EMAIL), at=at)
    return message


def send_what_waits(at: datetime) -> int:
    """What a worker does every minute."""
    return deliver_waiting(at=at)


def messages_visible_to(user: Any) -> QuerySet[Message]:
    """One's own messages and nobody else's."""
    return Message.objects.filter(user=user) if isinstance(user, User) else Message.objects.none()


def follow_pointer(code: str, *, at: datetime) -> Delivery | None:
    """The delivery that a pointer belongs to; None for an unknown or old one. Whoever follows it must still sign in."""
    found = Delivery.objects.filter(code=code, message__created_at__gte=at - POINTER_LIFE)
    return found.select_related("message").first()


def unread_count(user: User) -> int:
    """How many messages somebody has not read yet; one query."""
    return messages_visible_to(user).filter(read_at__isnull=True).count()


@transaction.atomic
def mark_read(messages: QuerySet[Message], *, by: User, at: datetime) -> int:
    """One's own messages of this selection are read; what of them was still to leave the house stays. How many."""
    unread = list(messages.filter(user=by, read_at__isnull=True).values_list("pk", flat=True))
    Message.objects.filter(pk__in=unread).update(read_at=at)
    held = Delivery.objects.filter(message__in=unread, state=Delivery.State.HELD, attempts=0)
    held.update(state=Delivery.State.CANCELLED, next_try_at=None, error=_("本人已在系统内阅读"))
    return len(unread)


@transaction.atomic
def mark_unread(messages: QuerySet[Message], *, by: User) -> int:
    """Put one's own messages of this selection back among the unread ones; how many."""
    return messages.filter(user=by, read_at__isnull=False).update(read_at=None)


def mark_all_read(*, by: User, at: datetime) -> int:
    """Every message of one's own is read; how many were not."""
    return mark_read(messages_visible_to(by), by=by, at=at)


@transaction.atomic
def change_preference(preference: MessagePreference, *, by: User, at: datetime) -> None:
    """Keep what somebody chose for themselves; raises MessageRefused for somebody else's."""
    if preference.user_id != by.pk:
        raise MessageRefused(_("只能修改自己的消息设置"))
    stored = MessagePreference.objects.select_for_update().filter(user=by).first()
    before = snapshot(stored) if stored else None
    preference.pk = stored.pk if stored else None
    preference.save()
    record_event(
        "kernel.message_preference_changed",
        preference,
        by=by,
        at=at,
        before=before,
        after=snapshot(preference),
        about=by,
    )


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a message belongs inside the transaction of the change")


def _write(
    template: MessageTemplate,
    about: models.Model | None,
    values: Mapping[str, Any] | None,
    *,
    user: User | None,
    language: str,
    at: datetime,
) -> Message:
    """The message as its reader will read it, not stored yet."""
    spoken = message_language(language)
    filled = plain_values(values)
    words = fill(template, filled, spoken)
    return Message(
        user=user,
        template=template.key,
        topic=template.topic,
        language=spoken,
        subject=words.subject,
        body=words.body,
        filled="" if template.is_secret or not filled else json.dumps(filled, ensure_ascii=False),
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        is_urgent=template.is_urgent,
        created_at=at,
        expires_at=at + template.expires_after if template.expires_after else None,
    )


def _address_deliveries(message: Message, template: MessageTemplate, *, at: datetime) -> None:
    """One delivery for each channel that is set up, reaches this person, and was not refused by them."""
    assert message.user is not None  # noqa: S101 - only those with an account have a choice of channels
    muted = chosen_by(message.user).muted if template.can_opt_out else []
    for key in (*template.channels, *_further_channels(template)):
        channel = channels.find(key)
        if channel is None or not channel.is_ready() or f"{key}:{template.topic}" in muted:
            continue
        if key == IN_APP:
            Delivery.objects.create(message=message, channel=IN_APP, state=Delivery.State.SENT, sent_at=at)
        elif channel.address_of(message):
            _add_delivery(message, template, channel, at=at)


def _further_channels(template: MessageTemplate) -> list[str]:
    """A district's own channels carry whatever may go outside at all."""
    goes_outside = any(key != IN_APP for key in template.channels)
    return [key for key, _channel in channels.items() if key not in BUILT_IN] if goes_outside else []


def _add_delivery(message: Message, template: MessageTemplate, channel: Channel, *, at: datetime) -> None:
    """The delivery with its very words; an urgent SMS is tried as soon as the change is committed."""
    delivery = Delivery(message=message, channel=channel.key, is_pointer=template.is_pointed_to)
    if delivery.is_pointer:
        delivery.code = "".join(secrets.choice(CODE_SIGNS) for _place in range(CODE_LENGTH))
        link = settings.PUBLIC_URL + pointer_path(delivery.code)
        delivery.text = fill_pointer(template, link, message.language)
        delivery.subject = _district_name(message.language)
    else:
        delivery.subject, delivery.text = message.subject, _outside_text(message, Words(message.subject, message.body))
    leaves_at = earliest_departure(delivery, channel, at=at)
    delivery.state = Delivery.State.HELD if leaves_at > at else Delivery.State.WAITING
    delivery.next_try_at = leaves_at
    delivery.save(force_insert=True)
    if message.is_urgent and channel.key == SMS:
        transaction.on_commit(partial(attempt_now, delivery.pk, at=at), robust=True)


def _outside_text(message: Message, words: Words) -> str:
    """What people who are told the content read: the body, and the address of the matter."""
    parts = [words.body or words.subject, settings.PUBLIC_URL + message.address if message.address else ""]
    return "\n".join(part for part in parts if part)


def _district_name(language: str) -> str:
    return str(settings.DISTRICT["brand_en" if language == "en" else "brand"])
