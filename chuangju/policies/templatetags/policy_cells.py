"""The name of a policy in a list with how sure its source is and what it gives, drawn once for each language."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from chuangju.policies.check_reading import say
from chuangju.policies.policy_words import source_sign
from chuangju.rules.policy import Policy
from chuangju.ui.signs import draw_sign

register = template.Library()


@register.simple_tag
def policy_cell(policy: Policy) -> SafeString:
    """`{% policy_cell row.policy %}`."""
    return _drawn(policy, get_language() or "")


@lru_cache(maxsize=512)
def _drawn(policy: Policy, _language: str) -> SafeString:
    sign = source_sign(policy.confidence)
    return format_html(
        '<a href="{}">{}</a> {}<span class="under policy-under">{}</span>',
        reverse("policies:policy", args=(policy.id,)),
        say(policy.title),
        draw_sign(sign.state, sign.text),
        say(policy.summary),
    )
