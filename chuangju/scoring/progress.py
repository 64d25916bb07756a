"""How far panels have come: subjects, scores given, scores awaited, assessors who declined; one query for many panels."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chuangju.scoring.models import Assessment, Panel, PanelEntry

_STATE = Assessment.State


def with_progress(panels: QuerySet[Panel]) -> QuerySet[Panel]:
    """The panels with `subject_count`, `done_count`, `open_count` and `declined_count`."""
    entries = PanelEntry.objects.filter(panel=OuterRef("pk"), withdrawn_at__isnull=True)
    return panels.annotate(
        subject_count=_count(entries),
        done_count=_count(_of(_STATE.SUBMITTED)),
        open_count=_count(_of(_STATE.ASSIGNED)),
        declined_count=_count(_of(_STATE.DECLINED_CONFLICT)),
    )


def _of(state: str) -> QuerySet[Assessment]:
    return Assessment.objects.filter(panel=OuterRef("pk"), state=state, entry__withdrawn_at__isnull=True)


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("panel").annotate(counted=Count("pk")).values("counted")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
