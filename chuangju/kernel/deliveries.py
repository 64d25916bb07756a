"""投递 - what leaves when, exactly once as far as a gateway allows.

A deliverer claims a delivery (the claim is a lease, fenced by the number of attempts), sends it outside any transaction
and then marks it. Killed between sending and marking, it is sent again after the lease: at least once, with the
delivery's id as the key by which the gateway tells a repetition. Two deliverers never send the same one.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from chuangju.kernel.audit import record_event
from chuangju.kernel.channels import Channel, channels, is_kept_only
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.message_templates import message_templates, pointer_path
from chuangju.kernel.message_timing import BACKOFF, after_quiet_hours, next_digest, next_morning, next_try, start_of_day
from chuangju.kernel.models import Delivery, Message, MessagePreference, User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.sending import SendFailed, Sending

LEASE = timedelta(minutes=5)
# A round ends well before the first of its leases does, in seconds.
LONGEST_ROUND = 60.0
TIMEOUT, TIMEOUT_WHILE_SOMEBODY_WAITS = 10.0, 3.0
# After so many failures in a row a channel is left alone until the next round: its gateway is dead.
DEAD_AFTER = 3
MOST_IN_A_BUNDLE = 200
State = Delivery.State

logger = logging.getLogger(__name__)


class DeliveryRefused(Refused):
    """A delivery that cannot be tried again."""


def earliest_departure(delivery: Delivery, channel: Channel, *, at: datetime) -> datetime:
    """When a delivery may leave: urgent ones at once, others after quiet hours, with the digest or the day's bundle."""
    message = delivery.message
    if message.is_urgent or message.user is None:
        return at
    preference = chosen_by(message.user)
    if channel.is_digested and preference.digest_hour is not None:
        return next_digest(at, preference.digest_hour)
    if not channel.is_quiet:
        return at
    if delivery.is_pointer and _has_had_todays_bundle(delivery, at):
        return next_morning(at, preference)
    return after_quiet_hours(at, preference)


def chosen_by(user: User) -> MessagePreference:
    """What somebody chose, or what holds for whoever chose nothing (not stored then)."""
    return MessagePreference.objects.filter(user=user).first() or MessagePreference(user=user)


def deliver_waiting(*, at: datetime, limit: int = 500) -> int:
    """Send what is due, for at most a minute; how many went out. The worker calls it every minute."""
    due = _due(at).order_by("next_try_at", "message_id").values_list("pk", "channel")[:limit]
    started, sent, failures = time.monotonic(), 0, Counter[str]()
    for pk, channel in list(due):
        if time.monotonic() - started > LONGEST_ROUND:
            break
        if failures[channel] >= DEAD_AFTER:
            continue
        result = _deliver(pk, at=at, timeout=TIMEOUT)
        sent += result or 0
        failures[channel] = failures[channel] + 1 if result == 0 else 0
    return sent


def attempt_now(pk: UUID, *, at: datetime) -> None:
    """Send one delivery while somebody waits for it; what fails stays in the queue."""
    _deliver(pk, at=at, timeout=TIMEOUT_WHILE_SOMEBODY_WAITS)


@transaction.atomic
def retry_delivery(delivery: Delivery, *, by: User, at: datetime) -> None:
    """An administrator has a failed delivery tried anew; raises DeliveryRefused."""
    fresh = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=delivery.pk)
    if fresh.state != State.FAILED:
        raise DeliveryRefused(_("只有发送失败的消息可以重新发送"))
    if not fresh.text or (fresh.message.expires_at is not None and fresh.message.expires_at <= at):
        raise DeliveryRefused(_("这条消息已过有效期，不再发送"))
    before = {"state": fresh.state, "attempts": fresh.attempts}
    fresh.state, fresh.next_try_at, fresh.error, fresh.attempts = State.WAITING, at, "", 0
    fresh.save(update_fields=["state", "next_try_at", "error", "attempts"])
    after = {"state": fresh.state, "attempts": fresh.attempts}
    record_event("kernel.delivery_retried", fresh, by=by, at=at, before=before, after=after)


def _due(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=Delivery.OPEN, next_try_at__lte=at)


def _has_had_todays_bundle(delivery: Delivery, at: datetime) -> bool:
    sent = Delivery.objects.filter(channel=delivery.channel, state=State.SENT, is_pointer=True)
    not_urgent = sent.filter(message__user=delivery.message.user, message__is_urgent=False)
    return not_urgent.filter(sent_at__gte=start_of_day(at)).exists()


def _deliver(pk: UUID, *, at: datetime, timeout: float) -> int | None:
    """Send one delivery with whatever travels along; how many it carried, 0 where the channel failed, else None."""
    claimed = _claim(pk, at)
    if not claimed:
        return None
    first = claimed[0]
    channel = channels.get(first.channel)
    to = channel.address_of(first.message)
    with override(first.message.language):
        subject, text = _words_of(claimed)
    try:
        with in_kept_language():
            receipt = channel.send(Sending(str(first.pk), to, subject, text, first.message.language, timeout))
    except SendFailed as failure:
        _note_failure(claimed, failure.sentence, is_final=failure.is_final, at=at)
        return None if failure.is_final else 0
    except Exception as failure:
        # An adapter of the district's own fails in its own ways; what it says may name people and is not kept.
        logger.exception("delivery %s: the channel %s is broken", first.pk, first.channel)
        _note_failure(claimed, type(failure).__name__, is_final=False, at=at)
        return 0
    _note_sent(claimed, (subject, text), channel.mask(to), receipt, at=at)
    return len(claimed)


@transaction.atomic
def _claim(pk: UUID, at: datetime) -> list[Delivery]:
    """The delivery and what goes in the same bundle, leased; nothing where somebody else has it or it may not leave now."""
    first = _due(at).select_related("message__user").filter(pk=pk).first()
    if first is None or not _may_leave(first, at=at) or not _lease(first, at):
        return []
    return [first, *(mate for mate in _mates_of(first, at) if _may_leave(mate, at=at) and _lease(mate, at))]


def _lease(delivery: Delivery, at: datetime) -> bool:
    """Take a delivery; False where another deliverer was quicker."""
    mine = _due(at).filter(pk=delivery.pk, attempts=delivery.attempts)
    is_taken = bool(mine.update(attempts=F("attempts") + 1, next_try_at=at + LEASE))
    delivery.attempts, delivery.next_try_at = delivery.attempts + 1, at + LEASE
    return is_taken


def _may_leave(delivery: Delivery, *, at: datetime) -> bool:
    """Whether it still may, and may now; otherwise it is cancelled, given up or held, and that is written down."""
    message, channel = delivery.message, channels.find(delivery.channel)
    problem, state = "", State.CANCELLED
    with in_kept_language():
        if channel is None:
            problem = _("渠道已停用")
        elif message.expires_at is not None and message.expires_at <= at:
            problem, state = _("已过有效期"), State.FAILED
        elif message.user is not None and not message.user.is_active:
            problem = _("账号已停用")
        elif not channel.address_of(message):
            problem = _("没有可用的联系方式")
        elif delivery.attempts > len(BACKOFF):
            problem, state = _("发送进程多次中断"), State.FAILED
    if problem:
        _end([delivery], state, problem)
        return False
    if message.is_urgent or message.user is None or channel is None or not channel.is_quiet:
        return True
    # It may have become due, or be tried again, in the night.
    leaves_at = after_quiet_hours(at, chosen_by(message.user))
    if leaves_at > at:
        _due(at).filter(pk=delivery.pk).update(state=State.HELD, next_try_at=leaves_at)
    return leaves_at <= at


def _mates_of(first: Delivery, at: datetime) -> list[Delivery]:
    """What leaves with the first one: pointers of the same person, or the e-mails of one digest; urgent ones go alone."""
    user = first.message.user
    if first.message.is_urgent or user is None or not (first.is_pointer or _is_digest(first, user)):
        return []
    mates = _due(at).filter(
        channel=first.channel, is_pointer=first.is_pointer, message__user=user, message__is_urgent=False
    )
    return list(mates.exclude(pk=first.pk).select_related("message__user").order_by("message_id")[:MOST_IN_A_BUNDLE])


def _is_digest(delivery: Delivery, user: User) -> bool:
    return channels.get(delivery.channel).is_digested and chosen_by(user).digest_hour is not None


def _words_of(claimed: Sequence[Delivery]) -> tuple[str, str]:
    """What is sent: the delivery's own words, or those of the bundle."""
    first, count = claimed[0], len(claimed)
    if count == 1:
        return first.subject, first.text
    if first.is_pointer:
        link = settings.PUBLIC_URL + pointer_path(first.code or "")
        sentence = ngettext(
            "您有 %(count)d 条新消息，请登录查看：%(link)s", "您有 %(count)d 条新消息，请登录查看：%(link)s", count
        )
        return first.subject, sentence % {"count": count, "link": link}
    heading = ngettext("消息汇总（%(count)d 条）", "消息汇总（%(count)d 条）", count) % {"count": count}
    return heading, "\n\n".join(f"{each.subject}\n{each.text}" for each in claimed)


def _mine(claimed: Delivery) -> QuerySet[Delivery]:
    """The delivery as long as the claim on it holds."""
    held = {"attempts": claimed.attempts, "next_try_at": claimed.next_try_at}
    return Delivery.objects.filter(pk=claimed.pk, state__in=Delivery.OPEN, **held)


@transaction.atomic
def _note_sent(
    claimed: Sequence[Delivery], words: tuple[str, str], sent_to: str, receipt: str, *, at: datetime
) -> None:
    for each in claimed:
        changes = {"state": State.SENT, "sent_at": at, "next_try_at": None, "error": "", "sent_to": sent_to[:100]}
        if each is not claimed[0]:
            changes["carrier"] = claimed[0]
        elif len(claimed) > 1:
            changes |= {"subject": words[0][:200], "text": words[1]}
        _mine(each).update(receipt=receipt[:100], **changes)
        _forget_secret(each)


@transaction.atomic
def _note_failure(claimed: Sequence[Delivery], sentence: str, *, is_final: bool, at: datetime) -> None:
    logger.warning("delivery %s over %s failed: %s", claimed[0].pk, claimed[0].channel, sentence)
    again = None if is_final else next_try(at, claimed[0].attempts)
    if again is None:
        _end(claimed, State.FAILED, sentence)
        return
    for each in claimed:
        _mine(each).update(state=State.WAITING, next_try_at=again, error=sentence[:200])


def _end(ended: Sequence[Delivery], state: str, sentence: str) -> None:
    for each in ended:
        _mine(each).update(state=state, next_try_at=None, error=sentence[:200])
        _forget_secret(each)


def _forget_secret(delivery: Delivery) -> None:
    """A secret that has been sent, or no longer will be, is kept nowhere; in demo mode it stays to be looked at."""
    template = message_templates.find(delivery.message.template)
    if template is not None and template.is_secret and not is_kept_only():
        Delivery.objects.filter(pk=delivery.pk).exclude(state__in=Delivery.OPEN).update(text="")
        Message.objects.filter(pk=delivery.message.pk).update(body="")
