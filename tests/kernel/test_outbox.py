"""Telling somebody something: who gets what over which channel, in which words, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import translation

from chuangju.kernel import outbox
from chuangju.kernel.channels import EMAIL_CHANNEL, SMS_CHANNEL
from chuangju.kernel.message_templates import words_in
from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import AuditEvent, Delivery, Message, MessagePreference, User
from chuangju.kernel.outbox import MessageRefused, notify, notify_email, notify_mobile
from chuangju.kernel.registry import NotRegistered
from tests.kernel.outbox import Kept, replaced, sample_templates
from tests.kernel.racing import errors_of, race

pytestmark = pytest.mark.django_db

VALUES = {"title": "建设社区工坊", "due": date(2026, 6, 12)}


@pytest.fixture(autouse=True)
def _templates() -> Iterator[None]:
    with sample_templates():
        yield


@pytest.fixture
def sms() -> Iterator[Kept]:
    kept = Kept()
    with replaced(replace(SMS_CHANNEL, send=kept.send, is_ready=lambda: True)):
        yield kept


@pytest.fixture
def email() -> Iterator[Kept]:
    kept = Kept()
    with replaced(replace(EMAIL_CHANNEL, send=kept.send, is_ready=lambda: True)):
        yield kept


@pytest.fixture
def officer(person: User, now: datetime) -> User:
    """Somebody who can be reached everywhere."""
    person.email = "wang@example.org"
    person.save()
    set_mobile(person, mobile="13800001234", by=None, at=now)
    return person


def _channels(message: Message | None) -> list[str]:
    assert message is not None
    return sorted(message.deliveries.values_list("channel", flat=True))


def test_a_message_is_in_the_list_at_once_and_waits_for_every_way_outside(
    officer: User, sms: Kept, email: Kept, now: datetime
) -> None:
    message = notify(officer, "tests.late", officer, at=now, values=VALUES, address="/staff/tasks/1/")
    assert message is not None
    assert (message.subject, message.body) == ("“建设社区工坊”已逾期", "时限为 2026-06-12，请尽快办理。")
    assert (message.about_type, message.about_id) == ("kernel.user", str(officer.pk))
    states = {each.channel: each.state for each in message.deliveries.all()}
    assert states == {"in_app": "sent", "email": "waiting", "sms": "waiting"}
    assert list(outbox.messages_visible_to(officer)) == [message]
    assert outbox.unread_count(officer) == 1


def test_staff_are_told_outside_nothing_but_where_to_sign_in(
    officer: User, sms: Kept, email: Kept, now: datetime, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://cj.example.gov.cn"
    message = notify(officer, "tests.late", None, at=now, values=VALUES, address="/staff/tasks/1/")
    assert message is not None
    outside = message.deliveries.exclude(channel="in_app")
    for delivery in outside:
        assert delivery.text == f"您有一条新消息，请登录查看：https://cj.example.gov.cn/m/{delivery.code}/"
        told = delivery.subject + delivery.text
        assert not [word for word in ("工坊", "逾期", "06-12", "王芳", "13800001234", "/staff/") if word in told]
    codes = set(outside.values_list("code", flat=True))
    assert len(codes) == 2, "each way out has a code of its own"


def test_people_from_outside_read_the_matter_itself(officer: User, sms: Kept, now: datetime, settings: Any) -> None:
    settings.PUBLIC_URL = "https://cj.example.gov.cn"
    message = notify(officer, "tests.progress", None, at=now, values={"amount": "8,000"}, address="/cases/7/")
    assert message is not None
    text = message.deliveries.get(channel="sms").text
    assert text == "补贴 8,000 元已到账。\nhttps://cj.example.gov.cn/cases/7/"


def test_what_is_said_stands_encrypted_in_the_database(officer: User, sms: Kept, now: datetime) -> None:
    notify(officer, "tests.progress", None, at=now, values={"amount": "8,000"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, filled FROM kernel_message")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT text FROM kernel_delivery")
        stored += str(cursor.fetchall())
    assert "8,000" not in stored
    assert "到账" not in stored


def test_everybody_is_written_to_in_their_own_language(officer: User, sms: Kept, now: datetime) -> None:
    officer.language = "en"
    officer.save()
    with translation.override("zh-hans"):
        message = notify(officer, "tests.late", None, at=now, values={**VALUES, "title": translation.get_language})
    assert message is not None
    assert message.language == "en"
    assert message.values["title"] == {"zh-hans": "zh-hans", "en": "en"}
    assert "en" in message.subject + message.body
    assert "zh-hans" not in message.subject + message.body
    assert "zh-hans" in words_in(message, "zh-hans").subject + words_in(message, "zh-hans").body


def test_a_message_is_read_in_the_language_of_the_page(officer: User, now: datetime) -> None:
    message = notify(officer, "tests.late", None, at=now, values=VALUES)
    assert message is not None
    assert words_in(message, "en").body == "时限为 2026-06-12，请尽快办理。"
    message.template = "tests.gone"
    assert words_in(message, "en").subject == message.subject


def test_only_channels_that_are_set_up_and_reach_the_person_are_used(
    officer: User, person: User, now: datetime
) -> None:
    assert _channels(notify(officer, "tests.late", None, at=now, values=VALUES)) == ["in_app"]
    kept = Kept()
    unreachable = User.objects.create(username="li", name="李")
    with replaced(replace(SMS_CHANNEL, send=kept.send, is_ready=lambda: True)):
        assert _channels(notify(unreachable, "tests.late", None, at=now, values=VALUES)) == ["in_app"]


def test_what_somebody_does_not_want_outside_stays_in_the_list_only(
    officer: User, sms: Kept, email: Kept, now: datetime
) -> None:
    MessagePreference.objects.create(user=officer, muted=["sms:work", "email:papers"])
    assert _channels(notify(officer, "tests.late", None, at=now, values=VALUES)) == ["email", "in_app"]
    served = notify(officer, "tests.served", None, at=now)
    assert _channels(served) == ["email", "in_app", "sms"], "what the law has delivered cannot be refused"


def test_a_message_belongs_into_the_transaction_of_the_change(officer: User, now: datetime) -> None:
    with transaction.atomic():
        notify(officer, "tests.late", None, at=now, values=VALUES)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_any_transaction_is_a_programming_error(person: User, now: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        notify(person, "tests.late", None, at=now, values=VALUES)


def test_the_same_thing_is_told_once(officer: User, now: datetime) -> None:
    first = notify(officer, "tests.late", None, at=now, values=VALUES, once_key="late:1")
    assert first is not None
    assert notify(officer, "tests.late", None, at=now, values=VALUES, once_key="late:1") is None
    other = User.objects.create(username="li", name="李")
    assert notify(other, "tests.late", None, at=now, values=VALUES, once_key="late:1") is not None


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_in_the_same_moment_tell_it_once(person: User, now: datetime) -> None:
    def tell(_number: int) -> object:
        with transaction.atomic():
            return notify(person, "tests.late", None, at=now, values=VALUES, once_key="late:1")

    outcomes = race(tell, 4)
    assert errors_of(outcomes) == []
    assert sum(outcome is not None for outcome in outcomes) == 1
    assert Message.objects.count() == 1


def test_a_closed_account_is_told_nothing(officer: User, now: datetime) -> None:
    officer.is_active = False
    assert notify(officer, "tests.late", None, at=now, values=VALUES) is None


def test_an_unknown_template_and_a_missing_value_are_programming_errors(officer: User, now: datetime) -> None:
    with pytest.raises(NotRegistered):
        notify(officer, "tests.nothing", None, at=now)
    with pytest.raises(KeyError):
        notify(officer, "tests.late", None, at=now, values={"title": "x"})


def test_a_telephone_is_told_by_sms_alone(sms: Kept, now: datetime) -> None:
    message = notify_mobile("+86 138 0000 1234", "tests.code", at=now, values={"code": "246810"})
    assert (message.user, message.mobile, message.is_urgent) == (None, "13800001234", True)
    assert _channels(message) == ["sms"]
    assert message.values == {}, "a secret is not kept beside the text"


def test_a_mailbox_without_an_account_is_written_to_and_kept_encrypted(settings: Any, now: datetime) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    message = notify_email("han@example.org", "tests.code", at=now, values={"code": "246810"})
    delivery = message.deliveries.get()
    assert (delivery.channel, delivery.is_pointer, message.user) == ("email", False, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM kernel_message WHERE id = %s", [message.pk])
        assert "han@example.org" not in cursor.fetchone()[0]
    outbox.deliver_waiting(at=now)
    assert mail.outbox[0].to == ["han@example.org"]
    with pytest.raises(MessageRefused, match="有效"):
        notify_email("han", "tests.code", at=now)
    settings.EMAIL_HOST = ""
    with pytest.raises(MessageRefused, match="尚未开通"):
        notify_email("han@example.org", "tests.code", at=now)


def test_without_a_gateway_nobody_waits_for_a_code(db: None, now: datetime) -> None:
    with pytest.raises(MessageRefused, match="短信"):
        notify_mobile("13800001234", "tests.code", at=now, values={"code": "1"})


def test_reading_is_for_ones_own_messages_and_takes_back_what_is_still_held(
    officer: User, sms: Kept, now: datetime
) -> None:
    at_night = now.replace(hour=23)
    message = notify(officer, "tests.late", None, at=at_night, values=VALUES)
    assert message is not None
    other = User.objects.create(username="li", name="李")
    assert outbox.mark_read(Message.objects.all(), by=other, at=at_night) == 0
    assert outbox.mark_read(Message.objects.all(), by=officer, at=at_night) == 1
    assert outbox.unread_count(officer) == 0
    assert message.deliveries.get(channel="sms").state == Delivery.State.CANCELLED
    assert outbox.mark_unread(Message.objects.all(), by=officer) == 1
    assert outbox.unread_count(officer) == 1


def test_choices_are_kept_with_an_event_and_only_for_oneself(officer: User, now: datetime) -> None:
    chosen = outbox.chosen_by(officer)
    assert not MessagePreference.objects.exists()
    assert (chosen.digest_hour, chosen.quiet_from.hour, chosen.quiet_until.hour) == (None, 21, 8)
    chosen.digest_hour = 8
    outbox.change_preference(chosen, by=officer, at=now)
    again = MessagePreference(user=officer, digest_hour=None, muted=["sms:work"])
    outbox.change_preference(again, by=officer, at=now)
    assert MessagePreference.objects.get().muted == ["sms:work"]
    assert AuditEvent.objects.filter(action="kernel.message_preference_changed").count() == 2
    with pytest.raises(MessageRefused):
        outbox.change_preference(chosen, by=User.objects.create(username="li"), at=now)
