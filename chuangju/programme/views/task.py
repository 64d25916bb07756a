"""One row of the living table, and the office's settings of its units."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.indicators.metrics import readings_for_task
from chuangju.kernel.audit import events_about
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import (
    can_manage_table,
    measure_rows_visible_to,
    printed_units_visible_to,
    reporting_unit_ids,
    rows_visible_to,
    tasks_visible_to,
)
from chuangju.programme.forms import MeasureUnitsForm, UnitsForm
from chuangju.programme.lights import rows_with_progress
from chuangju.programme.models import TableVersion, UnitPart
from chuangju.programme.row_units import choose_group_members, set_measure_units
from chuangju.programme.slots import tools_of
from chuangju.programme.table_page import live_row, with_units
from chuangju.programme.task_page import group_words, live_measures, notes_of, units_of_row
from chuangju.units.access import STAFF_ROLES, roles_of
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

CURRENT = TableVersion.State.CURRENT
NOTES_SHOWN = 20
EVENTS_SHOWN = 15


@roles_required(*STAFF_ROLES)
def task(request: HttpRequest, code: str) -> HttpResponse:
    """A row: units, measures and milestones, notes with pictures, figures, tools and history."""
    on = timezone.localdate()
    found = tasks_visible_to(request.user, on=on).filter(code=code).first()
    if found is None:
        raise Http404
    rows = rows_visible_to(request.user, on=on).filter(task=found)
    row = with_units(rows_with_progress(rows, on=on)).order_by("-version__number").first()
    if row is None:
        raise Http404
    parts = units_of_row(row)
    mine = reporting_unit_ids(request.user, on=on)
    manages = can_manage_table(request.user, on=on)
    context = {
        "row": row,
        "line": live_row(row, on=on),
        "measures": live_measures(row, parts, user=request.user, on=on),
        "groups": group_words(row, parts),
        "notes": Paginator(notes_of(row, user=request.user, on=on), NOTES_SHOWN).get_page(request.GET.get("notes")),
        "readings": readings_for_task(code, on=on),
        "tools": tools_of(code, roles_of(request.user, on)),
        "events": Paginator(events_about(found), EVENTS_SHOWN).get_page(request.GET.get("events")),
        "can_manage": manages and row.version.is_current,
        "can_note": manages or any(unit.pk in mine for units in parts.values() for unit in units),
        "my_units": mine,
        "is_gone": not row.version.is_current,
    }
    return render(request, "programme/task.html", context)


@roles_required(Role.PROGRAMME_OFFICE)
def group_units(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick the members of 相关创建成员单位 for one row."""
    on = timezone.localdate()
    name = printed_units_visible_to(request.user, on=on).filter(pk=pk, row__version__state=CURRENT).first()
    if name is None:
        raise Http404
    form = UnitsForm(
        request.POST if request.method == "POST" else None, user=request.user, initial={"units": name.chosen.all()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            choose_group_members(name, units=form.cleaned_data["units"], by=acting_user(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已指定“%(name)s”的成员单位") % {"name": name.printed})
            return redirect("programme:task", name.row.task.code)
    heading = _("指定“%(name)s”包括哪些单位") % {"name": name.printed}
    context = {"form": form, "row": name.row, "heading": heading}
    return render(request, "programme/units_form.html", context, status=422 if form.is_bound else 200)


@roles_required(Role.PROGRAMME_OFFICE)
def measure_units(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a measure its own lead and cooperating units, or let it follow its row."""
    on = timezone.localdate()
    line = measure_rows_visible_to(request.user, on=on).filter(pk=pk, row__version__state=CURRENT).first()
    if line is None:
        raise Http404
    own = list(line.measure_units.select_related("unit"))
    initial = {
        "leads": [item.unit_id for item in own if item.part == UnitPart.LEAD],
        "units": [item.unit_id for item in own if item.part == UnitPart.COOPERATING],
    }
    form = MeasureUnitsForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            set_measure_units(
                line, leads=data["leads"], cooperating=data["units"], by=acting_user(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已保存举措的承担单位"))
            return redirect("programme:task", line.row.task.code)
    context = {"form": form, "row": line.row, "measure": line, "heading": _("设定举措的承担单位")}
    return render(request, "programme/units_form.html", context, status=422 if form.is_bound else 200)
