"""What templates of the policy officers' desk ask: words in two languages, verdicts, amounts, lines of a text."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.kernel.money import format_wan, format_yuan
from chuangju.policies.draft_page import CHOICE_WORDS, VERDICT_WORDS, ShownField, say, verdict_sign
from chuangju.rules.explain import Explanation
from chuangju.rules.kinds import Words
from chuangju.ui.signs import draw_sign

register = template.Library()


@register.filter
def words(value: Words) -> str:
    """In the reader's language."""
    return say(value)


@register.filter
def label_of(fields: dict[str, ShownField]) -> str:
    """What a condition is called for people, in the reader's language."""
    zh, en = fields["label.zh"].value, fields["label.en"].value
    return (en if reads_english() else zh) or zh


@register.filter
def verdict_word(verdict: str) -> str:
    """A verdict in words."""
    return str(VERDICT_WORDS.get(verdict, verdict))


@register.filter
def verdict_tag(verdict: str) -> SafeString:
    """A verdict by shape and word."""
    sign = verdict_sign(verdict)
    return draw_sign(sign.state, sign.text)


@register.filter
def amount_word(explanation: Explanation) -> str:
    """The amount with its unit."""
    return quantity(explanation.amount, explanation.policy.amount_unit)


@register.filter
def quantity(amount: int | None, unit: str) -> str:
    """Money in yuan, else points or months."""
    if amount is None:
        return ""
    if unit == "points":
        return _("%(count)s 分") % {"count": f"{amount:,}"}
    if unit == "months":
        return _("%(count)s 个月") % {"count": f"{amount:,}"}
    return str(format_yuan(amount))


@register.filter
def text_lines(text: str) -> list[str]:
    """A text line by line."""
    return text.splitlines()


@register.filter
def slugify_path(path: Any) -> str:
    """A path as an id of the page."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", str(path))


@register.filter
def wan(fen: int | None) -> str:
    """An amount in ten thousands of yuan, where it is large; in English in yuan."""
    return "" if fen is None else str(format_yuan(fen) if reads_english() else format_wan(fen))


@register.filter
def signed(number: int | None) -> str:
    """A change with its sign; a dash where it cannot be told, and no sign where nothing changes."""
    return "—" if number is None else f"{number:+,}".replace("-", "−") if number else "0"


@register.filter
def choice_word(code: str) -> str:
    """A code of a policy file in words."""
    return str(CHOICE_WORDS.get(code, code))


@register.filter
def absolute(number: int) -> int:
    """Without its sign."""
    return abs(number)
