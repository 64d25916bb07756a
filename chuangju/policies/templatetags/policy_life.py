"""What the public page of a policy tells of its life: when it was issued, until when it holds, and what it says in plain words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from chuangju.policies.access import clauses_visible_to, issued_records_visible_to
from chuangju.policies.expiries import Expiry, expiry_of
from chuangju.policies.models import PolicyRecord

register = template.Library()
CLAUSES_SHOWN = 8


@register.inclusion_tag("policies/public_life.html")
def policy_life(policy_id: str, version: str) -> dict[str, Any]:
    """`{% policy_life policy.id policy.version %}`: nothing where nothing was recorded beyond the file; two queries."""
    on = timezone.localdate()
    record = issued_records_visible_to(None, on=on).filter(policy_id=policy_id, version=version).first()
    is_near = (
        record is not None
        and record.state == PolicyRecord.State.ISSUED
        and expiry_of(record, on=on) in {Expiry.URGENT, Expiry.SOON, Expiry.EVALUATED}
    )
    clauses = clauses_visible_to(None, on=on).filter(policy_id=policy_id).select_related("package").defer("text")
    return {"record": record, "is_near": is_near, "clauses": clauses[:CLAUSES_SHOWN]}
