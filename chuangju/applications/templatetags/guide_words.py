"""Words of the guide of a life event, and what a recorded waiver says."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chuangju.applications.models import FeeWaiver
from chuangju.kernel.languages import reads_english
from chuangju.policies.check_reading import say
from chuangju.rules.kinds import Words

register = template.Library()


@register.simple_tag
def said(words: Words) -> str:
    """`{% said step.title %}`: the words in the reader's language."""
    return say(words)


@register.simple_tag
def waiver_line(waiver: FeeWaiver) -> SafeString:
    """The fee, what freed it, and the rule or document."""
    name = waiver.fee_name_en if reads_english() and waiver.fee_name_en else waiver.fee_name
    return format_html("{} · <strong>{}</strong> {}", name, waiver.get_ground_display(), waiver.rule)
