"""只显示一次 - what waits in a session for the one page that shows it: encrypted, so that no copy of the table tells it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from chuangju.kernel.encryption import KeysUnusable, decrypt, encrypt


def keep_for_once(session: SessionBase, name: str, value: Any) -> None:
    """Let something (of JSON's kinds) wait under a name; what waited there before is gone."""
    session[name] = encrypt(json.dumps(value, ensure_ascii=False), binding=_binding(name))


def waits_for_once(session: SessionBase, name: str) -> Any:
    """What waits under a name, and goes on waiting; None where nothing does, or its key is gone."""
    kept = session.get(name)
    if not isinstance(kept, str):
        return None
    try:
        return json.loads(decrypt(kept, binding=_binding(name)))
    except KeysUnusable:
        return None


def take_once(session: SessionBase, name: str) -> Any:
    """What waits under a name; whoever asks again gets None."""
    value = waits_for_once(session, name)
    session.pop(name, None)
    return value


def _binding(name: str) -> str:
    return f"kernel.shown_once.{name}"
