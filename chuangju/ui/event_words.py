"""日志用词 - what the log calls things by short keys of its own, in words: packages say theirs, once, when they start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.registry import Registry

Words = str | Promise

event_words: Registry[str, Words] = Registry("event_words")
value_words: Registry[str, Callable[[Any], str]] = Registry("value_words")

# Keys of the packages below this one.
_BELOW: Mapping[str, Words] = {
    "attachments": _("附件数"),
    "due_on": _("截止日"),
    "ended": _("结束数"),
    "expires_at": _("有效期至"),
    "field": _("字段"),
    "has_keys": _("含密钥"),
    "is_demo": _("演示库"),
    "keys": _("数据项"),
    "name": _("名称"),
    "rows": _("行数"),
    "sha256": _("散列值"),
    "state": _("状态"),
    "title": _("标题"),
    "version": _("版本"),
}


def register_event_words(words: Mapping[str, Words]) -> None:
    """What keys that are no columns are called where people read the log."""
    for key, word in words.items():
        event_words.register(key, word)


def register_value_words(name: str, say: Callable[[Any], str]) -> None:
    """How the values of a key or a column are said, under its name alone or as "<package>.<model>.<name>"."""
    value_words.register(name, say)


def word_of(key: str) -> Words | None:
    """The word of a key; None for one that nobody named."""
    return _BELOW.get(key) or event_words.find(key)


def say_value(owner: str, name: str, value: Any) -> str | None:
    """A value in words, where somebody said how; `owner` is "<package>.<model>"."""
    say = value_words.find(f"{owner}.{name}") or value_words.find(name)
    return None if say is None or value in (None, "", []) else say(value)
