"""The sign before a condition - met, not met, not yet, open - with its word for those who hear the page."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chuangju.policies.check_cards import Card

register = template.Library()
_SIGNS = {"yes": "✓", "no": "!", "wait": "◷", "unknown": "?", "more": "…"}


@register.simple_tag
def mark(kind: str) -> SafeString:
    """`{% mark reason.mark %}`: yes, no, wait, unknown or more."""
    return _drawn(kind, get_language() or "")


@register.simple_tag
def card_part(card: Card, name: str) -> SafeString:
    """`{% card_part card "policies/card_why.html" %}`: a part of a card that says the same to everybody with this answer, drawn once for it."""
    found = card.drawn.get(name)
    if found is None:
        found = card.drawn[name] = render_to_string(name, {"card": card})
    return found


@lru_cache(maxsize=32)
def _drawn(kind: str, _language: str) -> SafeString:
    words = {"yes": _("满足："), "no": _("不满足："), "wait": _("时间未到："), "unknown": _("待补充：")}
    return format_html(
        '<span class="mark-sign" aria-hidden="true">{}</span><span class="visually-hidden">{}</span>',
        _SIGNS.get(kind, _SIGNS["more"]),
        words.get(kind, ""),
    )
