"""存档 - a version with its milestones and lights as they stood, frozen with its hash."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.kernel.periods import Period
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import can_manage_table
from chuangju.programme.lights import rows_with_progress
from chuangju.programme.models import MeasureUnit, Milestone, Snapshot, TableVersion, TaskRow


class SnapshotRefused(Refused):
    """No snapshot can be taken; the sentence says why."""


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the content's canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _milestones_by_measure(version: TableVersion) -> dict[int, list[dict[str, object]]]:
    found: dict[int, list[dict[str, object]]] = defaultdict(list)
    milestones = Milestone.objects.filter(measure__rows__row__version=version).select_related("unit")
    for milestone in milestones.order_by("due_on", "pk"):
        found[milestone.measure_id].append(
            {
                "title": milestone.title,
                "unit": milestone.unit.name,
                "due_on": milestone.due_on.isoformat() if milestone.due_on else None,
                "done_on": milestone.done_on.isoformat() if milestone.done_on else None,
                "state": milestone.state,
            }
        )
    return found


def _measure_units(version: TableVersion) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for item in (
        MeasureUnit.objects.filter(measure_row__row__version=version).select_related("unit").order_by("unit__position")
    ):
        found[item.measure_row_id].append({"unit": item.unit.name, "part": item.part})
    return found


def version_content(version: TableVersion, *, on: date) -> dict[str, Any]:
    """The version as it stands on a day: rows, units as printed, measures, milestones, lights; JSON-safe."""
    milestones, own_units = _milestones_by_measure(version), _measure_units(version)
    rows = rows_with_progress(TaskRow.objects.filter(version=version), on=on)
    return {
        "number": version.number,
        "title": version.title,
        "name": version.name,
        "effective_from": version.effective_from.isoformat(),
        "on": on.isoformat(),
        "rows": [
            {
                "number": row.number,
                "code": row.task.code,
                "category": row.category.name if row.category else None,
                "title": row.title,
                "lead": row.lead_printed,
                "cooperating": row.cooperating_printed,
                "due": row.due_printed,
                "light": row.light,
                "deadline": row.deadline.isoformat() if row.deadline else None,
                "milestones_total": row.milestones_total,
                "milestones_done": row.milestones_done,
                "items_total": row.items_total,
                "items_done": row.items_done,
                "late_item": row.late_item,
                "measures": [
                    {
                        "text": measure.text,
                        "units": own_units[measure.pk],
                        "milestones": milestones[measure.measure_id],
                    }
                    for measure in row.measure_rows.all()
                ],
            }
            for row in rows.select_related("task", "category").prefetch_related("measure_rows").order_by("position")
        ],
    }


@transaction.atomic
def take_snapshot(version: TableVersion, *, reason: str, by: User, at: datetime) -> Snapshot:
    """Keep the version as it stands for the record; raises SnapshotRefused."""
    on = timezone.localdate(at)
    if not can_manage_table(by, on=on):
        raise SnapshotRefused(_("只有创建办可以存档"))
    if not reason.strip():
        raise SnapshotRefused(_("请写明存档原因"))
    return _keep(version, on=on, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def freeze_month(month: Period, *, at: datetime) -> Snapshot | None:
    """Keep the version in force as the month leaves it (月末冻结), once; None where there is none or the month is kept.

    Lights are those of the month's last day; what was changed since then shows as it stands at `at`.
    """
    version = TableVersion.objects.filter(state=TableVersion.State.CURRENT, effective_from__lte=month.end).first()
    if version is None or Snapshot.objects.filter(month=month.code).exists():
        return None
    # Kept with the table, and so not in the language of whoever happens to read.
    with in_kept_language():
        reason = _("%(month)s末冻结") % {"month": month.label}
    return _keep(version, on=month.end, reason=reason, by=None, at=at, month=month.code)


def _keep(version: TableVersion, *, on: date, reason: str, by: User | None, at: datetime, month: str = "") -> Snapshot:
    content = version_content(version, on=on)
    kept = Snapshot.objects.create(
        version=version,
        reason=reason[:200],
        content=content,
        sha256=content_hash(content),
        month=month,
        taken_by=by,
        taken_at=at,
    )
    record_event(
        "programme.snapshot_taken", kept, by=by, at=at, after={"sha256": kept.sha256}, about=version, reason=kept.reason
    )
    return kept


def find_snapshot_faults() -> Iterator[str]:
    """For `chuangju verify`: snapshots whose content no longer gives the hash kept with it."""
    for kept in Snapshot.objects.order_by("pk").iterator():
        if content_hash(kept.content) != kept.sha256:
            yield _("存档 %(id)s 的内容与其校验值不符") % {"id": kept.pk}
