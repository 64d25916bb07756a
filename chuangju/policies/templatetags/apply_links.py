"""Where a policy is applied for, for pages that show one."""

from __future__ import annotations

from django import template

from chuangju.policies.apply_links import apply_address
from chuangju.rules.policy import Policy

register = template.Library()


@register.simple_tag
def apply_link(policy: Policy) -> str:
    """`{% apply_link policy as address %}`: the path, empty where nobody applies for it."""
    return apply_address(policy)
