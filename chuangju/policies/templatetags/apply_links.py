"""Where and when a policy is applied for, for pages that show one."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from chuangju.policies.apply_links import apply_address, apply_notes
from chuangju.rules.policy import Policy

register = template.Library()
_KEPT = "policies_apply_notes"


@register.simple_tag
def apply_link(policy: Policy) -> str:
    """`{% apply_link policy as address %}`: the path, empty where nobody applies for it."""
    return apply_address(policy)


@register.simple_tag(takes_context=True)
def apply_note(context: Any, policy: Policy) -> str:
    """`{% apply_note policy as note %}`: from when to when, where that is limited; asked once for a whole page."""
    request = context.get("request")
    notes = getattr(request, _KEPT, None)
    if notes is None:
        notes = apply_notes(timezone.localdate())
        if request is not None:
            setattr(request, _KEPT, notes)
    return str(notes.get(policy.id, ""))
