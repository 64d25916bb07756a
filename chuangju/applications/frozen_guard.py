"""数据快照不改 - the rows of frozen facts are guarded in the database: a decision must be found as it was taken."""

from __future__ import annotations

from chuangju.kernel.guards import Guard

FROZEN_FACTS = Guard("applications_frozenfacts")
