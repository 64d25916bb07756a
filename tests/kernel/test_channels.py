"""The ways out of every installation: what each sends, whom it reaches, and that a demo sends nothing."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.core import mail

from chuangju.kernel import channels
from chuangju.kernel.models import Message, User
from chuangju.kernel.sending import SendFailed, Sending

SENDING = Sending("key-1", "wang@example.org", "创聚闵行", "您有一条新消息", "zh-hans", timeout=0.4)


def test_an_email_carries_its_key_and_says_that_a_machine_wrote_it() -> None:
    assert channels.send_email(SENDING) == "<key-1@310112.chuangju>"
    [letter] = mail.outbox
    assert (letter.subject, letter.body, letter.to) == ("创聚闵行", "您有一条新消息", ["wang@example.org"])
    assert letter.extra_headers["Message-ID"] == "<key-1@310112.chuangju>"
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_server_that_is_not_there_is_a_failure_to_be_repeated(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL = "127.0.0.1", port, False
    with pytest.raises(SendFailed, match="ConnectionRefusedError") as refused:
        channels.send_email(SENDING)
    assert not refused.value.is_final


def test_a_mail_server_that_says_nothing_is_given_up(settings: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        host, port = silent.getsockname()
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL = host, port, False
        with pytest.raises(SendFailed, match="SMTPServerDisconnected"):
            channels.send_email(SENDING)


def test_in_demo_mode_nothing_leaves_whatever_is_set_up(settings: Any) -> None:
    settings.DEMO, settings.SMS_URL = True, "https://sms.invalid/"
    assert channels.send_email(SENDING) == channels.send_sms(SENDING) == "demo"
    assert mail.outbox == []


def test_a_channel_is_ready_when_it_is_set_up_or_only_keeps(settings: Any) -> None:
    settings.EMAIL_HOST = settings.SMS_URL = ""
    assert not channels.EMAIL_CHANNEL.is_ready()
    assert not channels.SMS_CHANNEL.is_ready()
    settings.SMS_URL = "https://sms.example.com/"
    assert channels.SMS_CHANNEL.is_ready()
    settings.DEMO = True
    assert channels.EMAIL_CHANNEL.is_ready()


def test_people_are_reached_where_their_account_says(settings: Any) -> None:
    message = Message(user=User(username="wang", email="wang@example.org", mobile="13800001234"))
    assert channels.email_of(message) == "wang@example.org"
    assert channels.mobile_of(message) == "13800001234"
    nobody = Message(user=User(username="li"))
    assert (channels.email_of(nobody), channels.mobile_of(nobody)) == ("", "")
    settings.DEMO = True
    assert channels.email_of(nobody) == "li@demo.invalid"
    assert channels.mobile_of(nobody)
    telephone = Message(mobile="13900005678")
    assert (channels.email_of(telephone), channels.mobile_of(telephone)) == ("", "13900005678")
    assert channels.account_name(telephone) == ""


def test_destinations_are_shown_masked() -> None:
    assert channels.mask_email("wang@example.org") == "w***@example.org"
    assert channels.SMS_CHANNEL.mask("13800001234") == "138****1234"


def test_a_district_adds_channels_by_name(settings: Any) -> None:
    settings.MESSAGE_CHANNELS = ["chuangju.kernel.channels.SMS_CHANNEL"]
    assert channels.every_channel()[-1] is channels.SMS_CHANNEL
    assert channels.channel_label("sms") == "短信"
    assert channels.channel_label("pigeon") == "pigeon"
