"""到期提醒 - told by SMS or message on the day from which one would qualify; stopped by the link in it, or beforehand."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.audit import record_event
from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.encryption import keyed_hashes
from chuangju.kernel.message_templates import MessageTemplate
from chuangju.kernel.mobiles import normal_mobile
from chuangju.kernel.models import MessageTopic, User
from chuangju.kernel.outbox import MessageRefused, notify, notify_mobile
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.policies.models import CheckReminder
from chuangju.policies.saved_checks import forget_shared

TEMPLATE = "policies.check_due"
MOST_WAITING = 10
FURTHEST = timedelta(days=3 * 366)
_CODE_BYTES = 12

MESSAGES = (
    MessageTemplate(
        key=TEMPLATE,
        subject=gettext_lazy("“%(policy)s”从今天起您可能可以申请了"),
        body=gettext_lazy(
            "您请我们在 %(day)s 提醒：“%(policy)s”从这天起您可能可以申请。请再测一次，以审核结果为准：%(link)s 不再提醒：%(stop)s"
        ),
        audience="public",
        topic=MessageTopic.CASES,
    ),
)


class ReminderRefused(Refused):
    """No reminder can be set like this."""


@transaction.atomic
def ask_reminder(
    policy_id: str, *, due_on: date, user: User | None = None, mobile: str = "", language: str = "", at: datetime
) -> CheckReminder:
    """Be told on a day; asked again for the same policy, the newer day counts. The mobile has been confirmed before."""
    on = at.astimezone().date()
    if current_catalogue().latest(policy_id) is None or not on < due_on <= on + FURTHEST:
        raise ReminderRefused(_("这一天已经到了或太远，不能设提醒"))
    number = normal_mobile(mobile) if mobile else ""
    waiting = CheckReminder.objects.filter(state=CheckReminder.State.WAITING)
    own = waiting.filter(user=user) if user is not None else waiting.filter(mobile_hash__in=_hashes(number))
    own.filter(policy=policy_id).update(state=CheckReminder.State.STOPPED, closed_at=at)
    if own.count() >= MOST_WAITING:
        raise ReminderRefused(_("最多同时设 %(count)d 个提醒") % {"count": MOST_WAITING})
    reminder = CheckReminder.objects.create(
        user=user,
        mobile="" if user is not None else number,
        policy=policy_id,
        due_on=due_on,
        language=language,
        stop_code=secrets.token_urlsafe(_CODE_BYTES),
        asked_at=at,
    )
    record_event("policies.reminder_asked", reminder, by=user, at=at, after={"due_on": due_on.isoformat()})
    return reminder


def _hashes(number: str) -> list[str]:
    return keyed_hashes(number, purpose="mobile") if number else []


def find_by_stop_code(code: str) -> CheckReminder | None:
    """The reminder that a link of a message stops."""
    return CheckReminder.objects.filter(stop_code=code).first()


@transaction.atomic
def stop_reminder(reminder: CheckReminder, *, by: User | None, at: datetime) -> None:
    """No more of it, and of everything else this telephone waits for; nothing where it was closed before."""
    waiting = CheckReminder.objects.filter(state=CheckReminder.State.WAITING)
    same = waiting.filter(user=reminder.user) if reminder.user_id else waiting.filter(mobile_hash=reminder.mobile_hash)
    if same.update(state=CheckReminder.State.STOPPED, closed_at=at):
        record_event("policies.reminder_stopped", reminder, by=by, at=at)
    reminder.refresh_from_db()


def send_due(period: DutyPeriod) -> int:
    """Tell everybody whose day has come, and remove links that have run out; how many were told."""
    sent = 0
    due = CheckReminder.objects.filter(state=CheckReminder.State.WAITING, due_on__lte=period.on)
    for reminder in due.select_related("user").order_by("due_on", "pk"):
        sent += _tell(reminder, at=period.at)
    forget_shared(before=period.at)
    return sent


def _tell(reminder: CheckReminder, *, at: datetime) -> int:
    latest = current_catalogue().latest(reminder.policy)
    is_told = False
    if latest is not None:
        words = latest.title.en if reminder.language == "en" else latest.title.zh
        values = {
            "policy": words,
            "day": reminder.due_on,
            "link": settings.PUBLIC_URL + reverse("policies:policy", args=(reminder.policy,)),
            "stop": settings.PUBLIC_URL + reverse("policies:reminder_stop", args=(reminder.stop_code,)),
        }
        if reminder.user is not None:
            is_told = notify(reminder.user, TEMPLATE, reminder, at=at, values=values) is not None
        else:
            try:
                notify_mobile(reminder.mobile, TEMPLATE, at=at, values=values, language=reminder.language)
                is_told = True
            except MessageRefused:
                # No SMS on this installation any more: it waits for the day it is there again.
                return 0
    reminder.state = CheckReminder.State.SENT if is_told else CheckReminder.State.STOPPED
    reminder.closed_at = at
    reminder.save(update_fields=["state", "closed_at"])
    return int(is_told)


DUTY = Duty("policies.check_reminders", gettext_lazy("政策到时提醒"), "day", send_due)
