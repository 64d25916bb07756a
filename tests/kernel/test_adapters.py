"""The adapter for WeCom, as docs/adapters.md prints it, against a server that answers as WeCom does."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from typing import Any

import pytest

from chuangju.kernel.channels import Channel
from chuangju.kernel.models import Message, User
from chuangju.kernel.sending import SendFailed, Sending
from config.settings import BASE_DIR
from tests.kernel.outbox import Gateway, running_gateway

SENDING = Sending("key-1", "zhang", "", "您有一条新消息", "zh-hans", timeout=2.0)


@pytest.fixture
def wecom(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Channel, Gateway]]:
    """The channel of the page, and the server it talks to."""
    page = (BASE_DIR / "docs" / "adapters.md").read_text(encoding="utf-8")
    [source] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    with running_gateway() as server:
        server.answer = b'{"errcode": 0, "access_token": "T", "msgid": "m-1"}'
        for name, value in {
            "API": server.url.partition("/send")[0],
            "CORP_ID": "C",
            "SECRET": "S",
            "AGENT_ID": "7",
        }.items():
            monkeypatch.setenv(f"WECOM_{name}", value)
        module: Any = types.ModuleType("minhang_wecom")
        exec(compile(source, "docs/adapters.md", "exec"), module.__dict__)  # noqa: S102 - it is our own page
        yield module.CHANNEL, server


def test_the_printed_adapter_sends(wecom: tuple[Channel, Gateway]) -> None:
    channel, server = wecom
    assert channel.is_ready()
    assert channel.send(SENDING) == "m-1"
    token, message = server.requests
    assert token["path"] == "/gettoken?corpid=C&corpsecret=S"
    assert message["path"] == "/message/send?access_token=T"
    assert (message["body"]["touser"], message["body"]["agentid"]) == ("zhang", 7)
    assert message["body"]["text"] == {"content": "您有一条新消息"}


def test_it_reaches_accounts_only(wecom: tuple[Channel, Gateway]) -> None:
    channel, _server = wecom
    assert channel.address_of(Message(user=User(username="zhang"))) == "zhang"
    assert channel.address_of(Message(mobile="13800001234")) == ""


@pytest.mark.parametrize(
    ("answer", "is_final"), [(b'{"errcode": 81013}', True), (b'{"errcode": 45009}', False), (b"x", False)]
)
def test_a_refusal_is_told_apart_from_a_fault(
    wecom: tuple[Channel, Gateway],
    answer: bytes,
    is_final: bool,  # noqa: FBT001 - what the case expects
) -> None:
    channel, server = wecom
    server.answer = answer
    with pytest.raises(SendFailed) as refused:
        channel.send(SENDING)
    assert refused.value.is_final is is_final
