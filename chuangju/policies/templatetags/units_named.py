"""The name of a unit that a policy's file gives in Chinese, as the reader's language calls it."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from chuangju.kernel.languages import reads_english
from chuangju.policies.unit_words import english_names
from chuangju.ui.templatetags.ui import zh

register = template.Library()
_KEPT = "english_unit_names"


@register.simple_tag(takes_context=True)
def unit_named(context: Context, name: str) -> SafeString | str:
    """`{% unit_named policy.unit %}`: the register's English name where there is one; one query for a whole page."""
    if not reads_english():
        return name
    kept = context.dicts[0]
    if _KEPT not in kept:
        kept[_KEPT] = english_names()
    return kept[_KEPT].get(name) or zh(name)
