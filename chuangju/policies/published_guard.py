"""The guard of published versions: triggers that refuse to change or drop what was published."""

from __future__ import annotations

from chuangju.kernel.guards import Guard

PUBLISHED = Guard("policies_publishedpolicy", unique=(("id",), ("policy_id", "version"), ("draft_id",)))
