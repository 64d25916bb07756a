"""What the tests of the outbox share: sample templates, a channel that remembers, and a gateway on a real port."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.db import transaction

from chuangju.kernel.channels import Channel, channels
from chuangju.kernel.message_templates import SMS, MessageTemplate, message_templates
from chuangju.kernel.models import Delivery, Message, MessageTopic, User
from chuangju.kernel.outbox import notify
from chuangju.kernel.sending import Sending

TEMPLATES = (
    MessageTemplate("tests.late", "“%(title)s”已逾期", "时限为 %(due)s，请尽快办理。"),
    MessageTemplate("tests.alarm", "系统告警：%(title)s", is_urgent=True, topic=MessageTopic.SYSTEM),
    MessageTemplate(
        "tests.progress", "申请有进展", "补贴 %(amount)s 元已到账。", audience="public", topic=MessageTopic.CASES
    ),
    MessageTemplate("tests.served", "文书送达", audience="public", can_opt_out=False, topic=MessageTopic.PAPERS),
    MessageTemplate(
        "tests.code",
        "验证码",
        "验证码 %(code)s，5 分钟内有效。",
        audience="public",
        is_urgent=True,
        topic=MessageTopic.SECURITY,
        channels=(SMS,),
        is_secret=True,
        expires_after=timedelta(minutes=5),
    ),
)


@contextmanager
def sample_templates() -> Iterator[None]:
    """The sample templates, for as long as the block lasts."""
    for template in TEMPLATES:
        message_templates.register(template.key, template)
    try:
        yield
    finally:
        for template in TEMPLATES:
            message_templates.remove(template.key)


@contextmanager
def replaced(channel: Channel) -> Iterator[None]:
    """Another channel in the place of the one with the same key."""
    old = channels.get(channel.key)
    channels.remove(channel.key)
    channels.register(channel.key, channel)
    try:
        yield
    finally:
        channels.remove(channel.key)
        channels.register(old.key, old)


@dataclass
class Kept:
    """What a channel was given to send; `before` may fail in its place."""

    sendings: list[Sending] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def send(self, sending: Sending) -> str:
        """Remember it."""
        self.before()
        self.sendings.append(sending)
        return f"receipt-{len(self.sendings)}"

    @property
    def texts(self) -> list[str]:
        """The texts in the order in which they left."""
        return [sending.text for sending in self.sendings]


@dataclass
class Gateway:
    """An HTTP server that answers as a test tells it to, and keeps what it was sent."""

    status: int = 200
    answer: bytes = b'{"accepted": true, "id": "gw-1"}'
    headers: dict[str, str] = field(default_factory=dict)
    # Seconds before it answers at all, and between the pieces of its answer.
    delay: float = 0.0
    trickle: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    """A gateway on a free port of this machine."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.requests.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
            time.sleep(gateway.delay)
            with suppress(OSError):  # the sender may have given up
                self._answer()

        def do_GET(self) -> None:
            gateway.requests.append({"path": self.path, "headers": dict(self.headers), "body": None})
            self._answer()

        def _answer(self) -> None:
            self.send_response(gateway.status)
            for name, value in gateway.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(gateway.answer)))
            self.end_headers()
            for position in range(0, len(gateway.answer), 4 if gateway.trickle else 1 << 16):
                self.wfile.write(gateway.answer[position : position + (4 if gateway.trickle else 1 << 16)])
                time.sleep(gateway.trickle)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send?v=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def number_of(message: Message) -> str:
    """A number for everybody."""
    return str(message.mobile) or "13800001234"


def tell(user: User, title: str, at: datetime, template: str = "tests.late") -> Message:
    """Tell somebody something, as a change of its own."""
    with transaction.atomic():
        message = notify(user, template, None, at=at, values={"title": title, "due": "2026-06-12", "amount": "1"})
    assert message is not None
    return message


def sms_of(message: Message) -> Delivery:
    """Its SMS as it stands now."""
    return message.deliveries.get(channel=SMS)
