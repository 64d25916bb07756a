"""What a stranger sees of the programme: the rows and what has been achieved, never the internal notes."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from chuangju.programme.access import milestones_visible_to, notes_visible_to, rows_visible_to
from chuangju.programme.lights import rows_with_progress
from chuangju.programme.models import Milestone, TableVersion
from chuangju.programme.table_page import bands, live_row, with_units
from chuangju.programme.task_page import live_measures, notes_of, units_of_row

PER_PAGE = 50
LATEST = 5
NOTES_SHOWN = 20


def public_programme(request: HttpRequest) -> HttpResponse:
    """The table in force for everybody, grouped by category, with the steps done and the latest news."""
    on = timezone.localdate()
    rows = rows_visible_to(None, on=on).filter(version__state=TableVersion.State.CURRENT)
    found = with_units(rows_with_progress(rows, on=on)).order_by("position")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    news = (
        notes_visible_to(None, on=on)
        .filter(task__rows__in=rows)
        .select_related("unit", "task")
        .prefetch_related("attachments", Prefetch("task__rows", rows, to_attr="current_rows"))
        .order_by("-released_at")[:LATEST]
    )
    done = milestones_visible_to(None, on=on).filter(measure__rows__row__in=rows, state=Milestone.State.DONE)
    context = {
        "version": shown[0].version if shown else None,
        "page": page,
        "bands": bands(shown, on=on),
        "news": news,
        "done_count": done.count(),
        "on": on,
    }
    return render(request, "programme/public_programme.html", context)


def public_task(request: HttpRequest, code: str) -> HttpResponse:
    """One row for everybody: who leads, what is to be done, what has been done."""
    on = timezone.localdate()
    rows = rows_visible_to(None, on=on).filter(version__state=TableVersion.State.CURRENT, task__code=code)
    row = with_units(rows_with_progress(rows, on=on)).first()
    if row is None:
        raise Http404
    context = {
        "row": row,
        "line": live_row(row, on=on),
        "measures": live_measures(row, units_of_row(row), user=None, on=on),
        "notes": Paginator(notes_of(row, user=None, on=on), NOTES_SHOWN).get_page(request.GET.get("page")),
    }
    return render(request, "programme/public_task.html", context)
