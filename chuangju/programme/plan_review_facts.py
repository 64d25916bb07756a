"""总结依据 - what the records say of a plan in a period: every figure with the records behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from chuangju.kernel.periods import Period
from chuangju.programme.lights import Light, rows_with_progress
from chuangju.programme.models import Plan, PlanAdjustment, PlanItem, PlanItemReport, ProgressNote, TaskRow

# So many reports and notes are quoted; the rest is a click away.
QUOTED = 40


def _line(item: PlanItem) -> dict[str, Any]:
    return {
        "title": f"{item.number}. {item.title}",
        "unit": item.unit.name,
        "due_on": item.due_on.isoformat(),
        "first_due_on": item.first_due_on.isoformat() if item.first_due_on else "",
        "done_on": item.done_on.isoformat() if item.done_on else "",
        "address": reverse("programme:plan_item", args=(item.pk,)),
    }


def _lines(items: Iterable[PlanItem]) -> list[dict[str, Any]]:
    return [_line(item) for item in items]


def _adjustments(plan: Plan, period: Period) -> list[dict[str, Any]]:
    found = plan.adjustments.filter(
        state=PlanAdjustment.State.APPROVED, decided_at__date__range=(period.start, period.end)
    ).select_related("item")
    return [
        {
            "kind": adjustment.kind,
            "title": adjustment.item.title if adjustment.item else adjustment.new_title,
            "before": adjustment.before,
            "after": adjustment.after,
            "reason": adjustment.reason,
            "address": reverse("programme:plan_adjustment", args=(adjustment.pk,)),
        }
        for adjustment in found.order_by("decided_at")
    ]


def _evidence(plan: Plan, period: Period) -> list[dict[str, Any]]:
    """Reports of the plan's items, then notes on its tasks, newest first, with the way to each."""
    reports = PlanItemReport.objects.filter(item__plan=plan, at__date__range=(period.start, period.end))
    found = [
        {
            "text": str(report),
            "unit": report.unit.name,
            "on": timezone.localdate(report.at).isoformat(),
            "address": reverse("programme:plan_item", args=(report.item_id,)) + f"#report-{report.pk}",
        }
        for report in reports.select_related("unit").order_by("-at")[:QUOTED]
    ]
    notes = ProgressNote.objects.filter(
        task__in=plan.items.values("task"), withdrawn_at__isnull=True, at__date__range=(period.start, period.end)
    )
    found += [
        {
            "text": str(note),
            "unit": note.unit.name,
            "on": timezone.localdate(note.at).isoformat(),
            "address": reverse("programme:task", args=(note.task.code,)) + f"#note-{note.pk}",
        }
        for note in notes.select_related("unit", "task").order_by("-at")[: QUOTED - len(found)]
    ]
    return found


def _lights(plan: Plan, on: date) -> dict[str, int]:
    """How many rows that the plan serves show which light on a day."""
    rows = TaskRow.objects.filter(version=plan.version, task__in=plan.items.values("task"))
    shown = list(rows_with_progress(rows, on=on).order_by("pk").values_list("pk", "light"))
    return {light.value: sum(seen == light for _row, seen in shown) for light in Light}


def review_facts(plan: Plan, period: Period, *, on: date) -> dict[str, Any]:
    """Items done, late and adjusted in the period, the lights as of `on`, and the evidence; JSON-safe.

    An item is on time when it was done no later than its date as approved; late counts what was still open after its date
    on the last day of the period (or today, while the period runs).
    """
    day = min(on, period.end)
    items = plan.items.exclude(state=PlanItem.State.DROPPED).select_related("unit").order_by("number")
    done = items.filter(state=PlanItem.State.DONE, done_on__range=(period.start, period.end))
    late = items.filter(due_on__lt=day).exclude(state=PlanItem.State.DONE, done_on__lte=day)
    coming = items.filter(state=PlanItem.State.OPEN, due_on__gt=period.end)
    return {
        "on": on.isoformat(),
        "total": items.count(),
        "done_in_all": items.filter(state=PlanItem.State.DONE, done_on__lte=period.end).count(),
        "done_on_time": done.filter(done_on__lte=F("due_on")).count(),
        "done": _lines(done),
        "late": _lines(late),
        "coming": coming.count(),
        "adjustments": _adjustments(plan, period),
        "lights": _lights(plan, on),
        "evidence": _evidence(plan, period),
    }
