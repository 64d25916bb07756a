"""演示消息 - the reminders of the past working days, as the worker would have sent them, and a founder's first message."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from chuangju.kernel.models import Message, User
from chuangju.kernel.outbox import deliver_waiting, mark_read, notify
from chuangju.kernel.working_days import add_working_days, is_working_day
from chuangju.programme.reminders import remind_of_milestones

DAYS_OF_REMINDERS = 4
HOUR_OF_REMINDERS = time(8, 30)
STILL_UNREAD = timedelta(days=3)


@transaction.atomic
def load_demo_reminders(at: datetime) -> None:
    """Reminders of the last working days; the older ones are read. In demo mode they are kept as sent."""
    today = timezone.localdate(at)
    last = today if is_working_day(today) else add_working_days(today, -1)
    for back in range(DAYS_OF_REMINDERS, -1, -1):
        day = add_working_days(last, -back)
        morning = timezone.make_aware(datetime.combine(day, HOUR_OF_REMINDERS))
        moment = min(morning, at)
        remind_of_milestones(on=day, at=moment)
        _send(moment)
    founder = User.objects.filter(username="founder", is_demo=True).first()
    if founder is not None:
        notify(founder, "units.welcome", founder, at=at, address=reverse("units:message_preferences"))
        _send(at)
    for user in User.objects.filter(messages__isnull=False, is_demo=True).distinct():
        mark_read(Message.objects.filter(created_at__lt=at - STILL_UNREAD), by=user, at=at)


def _send(at: datetime) -> None:
    """Only where sending means keeping: demo people have neither mailbox nor telephone."""
    if settings.DEMO:
        deliver_waiting(at=at)
