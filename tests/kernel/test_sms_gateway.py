"""The SMS adapter against a real server: one that takes it, refuses, hangs, trickles, redirects or talks nonsense."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from chuangju.kernel.sending import SendFailed, Sending
from chuangju.kernel.sms_gateway import send_to_gateway
from tests.kernel.outbox import Gateway, running_gateway

SENDING = Sending("key-1", "13800001234", "", "您有一条新消息", "zh-hans", timeout=0.4)


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with running_gateway() as found:
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SIGN = found.url, "secret", "创聚"
        yield found


def test_an_sms_is_handed_over_with_its_key_and_the_receipt_comes_back(gateway: Gateway) -> None:
    assert send_to_gateway(SENDING) == "gw-1"
    [asked] = gateway.requests
    assert asked["path"] == "/send?v=1"
    assert asked["headers"]["Idempotency-Key"] == "key-1"
    assert asked["headers"]["Authorization"] == "Bearer secret"
    assert asked["body"] == {"id": "key-1", "mobile": "13800001234", "text": "您有一条新消息", "sign": "创聚"}


@pytest.mark.parametrize(
    ("status", "answer", "is_final"),
    [
        (500, b"oops", False),
        (503, b"", False),
        (429, b"", False),
        (408, b"", False),
        (400, b'{"accepted": false}', True),
        (401, b"", True),
        (302, b"", False),
        (200, b"<html>", False),
        (200, b"[]", False),
        (200, b'{"accepted": false, "code": "BLACKLIST 13800001234 and much more"}', True),
        (200, b'{"ok": 1}', True),
        (200, b'{"accepted": "true"}', True),
    ],
)
def test_only_a_clear_yes_is_a_yes(gateway: Gateway, status: int, answer: bytes, is_final: bool) -> None:  # noqa: FBT001 - a parameter of the test
    gateway.status, gateway.answer = status, answer
    with pytest.raises(SendFailed) as refused:
        send_to_gateway(SENDING)
    assert refused.value.is_final is is_final
    assert "13800001234" not in refused.value.sentence


def test_a_redirect_is_not_followed_with_the_token(gateway: Gateway) -> None:
    gateway.status, gateway.headers = 302, {"Location": gateway.url}
    with pytest.raises(SendFailed):
        send_to_gateway(SENDING)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(("delay", "trickle"), [(2.0, 0.0), (0.0, 0.15)])
def test_a_gateway_that_hangs_or_trickles_is_given_up_in_time(gateway: Gateway, delay: float, trickle: float) -> None:
    gateway.delay, gateway.trickle = delay, trickle
    started = time.monotonic()
    with pytest.raises(SendFailed, match="没有应答") as hung:
        send_to_gateway(SENDING)
    assert not hung.value.is_final
    assert time.monotonic() - started < 1.5


def test_an_answer_without_end_is_given_up(gateway: Gateway) -> None:
    gateway.answer = b" " * 200_000
    with pytest.raises(SendFailed, match="没有应答"):
        send_to_gateway(SENDING)


def test_nobody_at_the_door_is_a_failure_to_be_repeated(settings: Any) -> None:
    with running_gateway() as gone:
        settings.SMS_URL = gone.url
    with pytest.raises(SendFailed) as refused:
        send_to_gateway(SENDING)
    assert not refused.value.is_final


@pytest.mark.parametrize("url", ["http://sms.example.com/", "ftp://sms.example.com/", "sms.example.com", "https://"])
def test_a_token_goes_over_tls_or_stays_on_this_machine(settings: Any, url: str) -> None:
    settings.SMS_URL = url
    with pytest.raises(SendFailed, match="https"):
        send_to_gateway(SENDING)
