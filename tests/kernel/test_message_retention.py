"""Messages go after their time; what is still to go out, and what is young, stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chuangju.kernel.message_retention import forget_messages
from chuangju.kernel.models import Delivery, Message, User
from chuangju.kernel.upkeep import KEEP_MESSAGES, KEEP_MESSAGES_WITHOUT_ACCOUNT, forget_old_messages
from tests.kernel.test_upkeep import period

pytestmark = pytest.mark.django_db
State = Delivery.State


def message(at: datetime, user: User | None, *, state: str = State.SENT, **more: Any) -> Delivery:
    made = Message.objects.create(
        user=user, template="t", topic="work", language="zh-hans", subject="催办", created_at=at
    )
    due = {"sent_at": at} if state == State.SENT else {"next_try_at": at}
    return Delivery.objects.create(message=made, channel="sms", state=state, **due, **more)


def test_old_messages_go_with_their_deliveries(person: User, now: datetime) -> None:
    old, half = now - KEEP_MESSAGES - timedelta(days=1), now - KEEP_MESSAGES_WITHOUT_ACCOUNT - timedelta(days=1)
    carrier = message(old, person)
    kept = [
        message(half, person, carrier=carrier),
        message(old, person, state=State.WAITING),
        message(now, None),
    ]
    message(half, None)
    assert forget_old_messages(period(now)) == 2
    assert {one.pk for one in Delivery.objects.all()} == {one.pk for one in kept}
    assert Message.objects.count() == 3
    assert Delivery.objects.get(pk=kept[0].pk).carrier is None
    assert forget_old_messages(period(now)) == 0


def test_there_may_be_more_than_one_portion(person: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangju.kernel.message_retention._AT_ONCE", 2)
    for _number in range(5):
        message(now, person)
    assert forget_messages(before=now + timedelta(1), before_without_account=now) == 5
