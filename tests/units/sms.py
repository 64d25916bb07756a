"""What a telephone under test received."""

from __future__ import annotations

import re

from chuangju.kernel.models import Message


def code_sent_to(mobile: str) -> str:
    """The digits of the newest code sent to a number."""
    sent = [one for one in Message.objects.order_by("-pk") if one.mobile == mobile]
    assert sent, f"nothing was sent to {mobile}"
    found = re.search(r"\d{6}", sent[0].body)
    assert found, "the message says no code"
    return found[0]
