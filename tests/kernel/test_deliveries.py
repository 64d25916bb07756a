"""What leaves when: once however many deliver, later when a gateway is dead, not in the night, and in bundles."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction

from chuangju.kernel import deliveries
from chuangju.kernel.channels import SMS_CHANNEL
from chuangju.kernel.deliveries import DeliveryRefused, deliver_waiting, retry_delivery
from chuangju.kernel.models import AuditEvent, Delivery, Message, User
from chuangju.kernel.outbox import notify_mobile
from chuangju.kernel.sending import SendFailed
from tests.kernel.outbox import Kept, replaced, sms_of, tell
from tests.kernel.racing import errors_of, race

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_messages")]
State = Delivery.State
MINUTE = timedelta(minutes=1)


def _fail(sentence: str = "dead", *, is_final: bool = False) -> Callable[[], None]:
    def fail() -> None:
        raise SendFailed(sentence, is_final=is_final)

    return fail


def test_what_waits_is_sent_once(person: User, sms: Kept, now: datetime) -> None:
    message = tell(person, "甲", now)
    assert deliver_waiting(at=now) == 1
    assert deliver_waiting(at=now + MINUTE) == 0
    sent = sms_of(message)
    assert (sent.state, sent.sent_at, sent.receipt, sent.attempts) == (State.SENT, now, "receipt-1", 1)
    assert sent.sent_to == "138****1234"
    assert [each.key for each in sms.sendings] == [str(sent.pk)]


@pytest.mark.django_db(transaction=True)
def test_many_deliverers_send_one_message_once(person: User, sms: Kept, now: datetime) -> None:
    tell(person, "甲", now)
    outcomes = race(lambda _number: deliver_waiting(at=now), 4)
    assert errors_of(outcomes) == []
    assert len(sms.sendings) == 1
    assert Delivery.objects.get(channel="sms").attempts == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_else_takes_what_is_being_sent(person: User, sms: Kept, now: datetime) -> None:
    tell(person, "甲", now)
    during: list[int] = []

    def meanwhile() -> None:
        thread = threading.Thread(target=lambda: during.append(_in_own_connection(now + MINUTE)))
        thread.start()
        thread.join()

    sms.before = meanwhile
    assert deliver_waiting(at=now) == 1
    assert during == [0]
    assert len(sms.sendings) == 1


def _in_own_connection(at: datetime) -> int:
    try:
        return deliver_waiting(at=at)
    finally:
        connections.close_all()


def test_a_deliverer_killed_in_the_middle_leaves_it_to_the_next_with_the_same_key(
    person: User, sms: Kept, now: datetime
) -> None:
    message = tell(person, "甲", now)

    def killed() -> None:
        raise KeyboardInterrupt

    sms.before = killed
    with pytest.raises(KeyboardInterrupt):
        deliver_waiting(at=now)
    sms.before = lambda: None
    assert deliver_waiting(at=now + MINUTE) == 0, "the lease still runs"
    assert deliver_waiting(at=now + deliveries.LEASE) == 1
    assert [each.key for each in sms.sendings] == [str(sms_of(message).pk)]


def test_one_that_was_killed_again_and_again_is_given_up(person: User, sms: Kept, now: datetime) -> None:
    message = tell(person, "甲", now)
    Delivery.objects.filter(channel="sms").update(attempts=6)
    assert deliver_waiting(at=now) == 0
    assert (sms_of(message).state, sms.sendings) == (State.FAILED, [])


def test_failures_are_tried_again_with_growing_pauses_and_then_shown(person: User, sms: Kept, now: datetime) -> None:
    message, at = tell(person, "甲", now), now
    sms.before = _fail("网关返回 500")
    pauses = []
    while sms_of(message).state == State.WAITING:
        deliver_waiting(at=at)
        waiting = sms_of(message)
        if waiting.next_try_at is not None:
            pauses.append(waiting.next_try_at - at)
            at = waiting.next_try_at
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (MINUTE, timedelta(hours=4))
    failed = sms_of(message)
    assert (failed.state, failed.error, failed.attempts) == (State.FAILED, "网关返回 500", 6)


def test_a_final_refusal_is_not_repeated(person: User, sms: Kept, now: datetime) -> None:
    message = tell(person, "甲", now)
    sms.before = _fail("号码无效", is_final=True)
    deliver_waiting(at=now)
    assert (sms_of(message).state, sms_of(message).attempts) == (State.FAILED, 1)


def test_a_broken_adapter_stops_nothing_and_its_words_are_not_kept(
    person: User, sms: Kept, email: Kept, now: datetime
) -> None:
    person.email = "wang@example.org"
    person.save()

    def broken() -> None:
        raise ZeroDivisionError("13800001234 王芳")

    message = tell(person, "甲", now)
    sms.before = broken
    assert deliver_waiting(at=now) == 1, "the e-mail went out"
    assert sms_of(message).error == "ZeroDivisionError"


def test_a_dead_gateway_is_left_alone_until_the_next_minute(sms: Kept, now: datetime) -> None:
    for number in range(6):
        tell(User.objects.create(username=f"u{number}"), "甲", now, "tests.alarm")
    calls: list[int] = []
    sms.before = lambda: (calls.append(1), _fail()())[0]  # type: ignore[func-returns-value]
    deliver_waiting(at=now)
    assert len(calls) == deliveries.DEAD_AFTER


def test_the_log_names_nobody(person: User, sms: Kept, now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    person.email = "wang@example.org"
    sms.before = _fail("网关返回 500")
    with caplog.at_level(logging.DEBUG):
        tell(person, "建设社区工坊", now)
        deliver_waiting(at=now)
    assert "failed" in caplog.text
    assert not [word for word in ("工坊", "王芳", "wang", "13800001234") if word in caplog.text]


def test_whoever_left_or_cannot_be_reached_any_more_is_told_nothing(person: User, sms: Kept, now: datetime) -> None:
    left = tell(person, "甲", now)
    User.objects.update(is_active=False)
    assert deliver_waiting(at=now) == 0
    assert sms_of(left).state == State.CANCELLED
    User.objects.update(is_active=True)
    moved = tell(person, "乙", now)
    with replaced(replace(SMS_CHANNEL, send=sms.send, address_of=lambda _message: "")):
        assert deliver_waiting(at=now) == 0
    assert sms_of(moved).state == State.CANCELLED


def test_a_code_is_not_sent_when_it_is_no_longer_good_and_is_kept_nowhere(sms: Kept, db: None, now: datetime) -> None:
    def code() -> Message:
        with transaction.atomic():
            return notify_mobile("13900005678", "tests.code", at=now, values={"code": "246810"})

    sent, late = code(), code()
    deliveries.attempt_now(sms_of(sent).pk, at=now)
    assert deliver_waiting(at=now + timedelta(minutes=5)) == 0
    assert len(sms.sendings) == 1
    for message, state in ((sent, State.SENT), (late, State.FAILED)):
        message.refresh_from_db()
        assert (message.body, sms_of(message).text, sms_of(message).state) == ("", "", state)


@pytest.mark.django_db(transaction=True)
def test_a_code_leaves_as_soon_as_its_change_is_committed_and_falls_back_to_the_queue(sms: Kept, now: datetime) -> None:
    with transaction.atomic():
        notify_mobile("13900005678", "tests.code", at=now, values={"code": "1"})
        assert sms.sendings == []
    assert [sending.timeout for sending in sms.sendings] == [deliveries.TIMEOUT_WHILE_SOMEBODY_WAITS]
    sms.before = _fail()
    with transaction.atomic():
        message = notify_mobile("13900005678", "tests.code", at=now, values={"code": "2"})
    assert sms_of(message).state == State.WAITING
    sms.before = lambda: None
    assert deliver_waiting(at=now + MINUTE) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_when_the_change_is_undone(sms: Kept, now: datetime) -> None:
    with transaction.atomic():
        notify_mobile("13900005678", "tests.code", at=now, values={"code": "1"})
        transaction.set_rollback(True)
    assert (sms.sendings, Delivery.objects.count()) == ([], 0)


def test_an_administrator_has_a_failed_one_sent_again(
    person: User, sms: Kept, now: datetime, make_user: Callable[..., User]
) -> None:
    message = tell(person, "甲", now)
    sms.before = _fail(is_final=True)
    deliver_waiting(at=now)
    keeper = make_user("sysadmin", "system_administrator")
    retry_delivery(sms_of(message), by=keeper, at=now + MINUTE)
    sms.before = lambda: None
    assert deliver_waiting(at=now + MINUTE) == 1
    event = AuditEvent.objects.get(action="kernel.delivery_retried")
    assert event.actor == keeper
    with pytest.raises(DeliveryRefused):
        retry_delivery(sms_of(message), by=keeper, at=now)


def test_a_message_of_a_channel_that_is_gone_is_cancelled(person: User, sms: Kept, now: datetime) -> None:
    message = tell(person, "甲", now)
    Delivery.objects.filter(channel="sms").update(channel="pigeon")
    assert deliver_waiting(at=now) == 0
    assert message.deliveries.get(channel="pigeon").state == State.CANCELLED
