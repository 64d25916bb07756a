"""Milestones: the list that leaders and units work from, and the office's forms."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.kernel.audit import events_about
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import (
    can_manage_table,
    can_report_for,
    milestones_visible_to,
    newest_row,
    notes_visible_to,
    own_open_steps,
    own_step_counts,
    reporting_unit_ids,
    rows_visible_to,
)
from chuangju.programme.forms import AddMilestoneForm, ChangeMilestoneForm, ReasonForm
from chuangju.programme.lights import milestones_with_light, sign_of
from chuangju.programme.milestone_listing import milestone_listing, own_listing
from chuangju.programme.milestones import add_milestone, change_milestone, drop_milestone, reopen_milestone
from chuangju.programme.models import Milestone, TableVersion, TaskRow
from chuangju.programme.task_page import likely_unit, measure_words
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES, units_of
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

NOTES_SHOWN = 20
EVENTS_SHOWN = 15


@roles_required(*STAFF_ROLES)
def milestone_list(request: HttpRequest) -> HttpResponse:
    """All milestones of the table in force: mine, late, near; sorted, filtered, exported."""
    on = timezone.localdate()
    milestones = (
        milestones_with_light(milestones_visible_to(request.user, on=on), on=on)
        .filter(measure__rows__row__version__state=TableVersion.State.CURRENT)
        .select_related("unit", "measure__task")
        .prefetch_related("measure__rows__row__version")
    )
    mine = reporting_unit_ids(request.user, on=on)
    listing = milestone_listing(on=on, mine=mine)
    return render_list(request, listing, milestones, template="programme/milestone_list.html")


@roles_required(Role.LIAISON_OFFICER)
def my_milestones(request: HttpRequest) -> HttpResponse:
    """我的待办: what the liaison officer's own units still have to do, each step one tap away from its report."""
    on = timezone.localdate()
    units = units_of(acting_user(request), Role.LIAISON_OFFICER, on)
    steps = (
        milestones_with_light(own_open_steps(request.user, on=on), on=on)
        .select_related("unit", "measure__task")
        .prefetch_related("measure__rows__row__version")
    )
    context = {"units": units, "counts": own_step_counts(request.user, on=on)}
    listing = own_listing(on=on, has_several_units=len(units) > 1)
    return render_list(request, listing, steps, template="programme/my_milestones.html", context=context)


@roles_required(*STAFF_ROLES)
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """One step: where it belongs, what was verified on the spot, what was said about it, its notes and history."""
    on = timezone.localdate()
    found = get_object_or_404(
        milestones_with_light(milestones_visible_to(request.user, on=on), on=on).select_related(
            "unit", "measure__task"
        ),
        pk=pk,
    )
    notes = notes_visible_to(request.user, on=on).filter(milestone=found)
    context = {
        "milestone": found,
        "sign": sign_of(found.light, found.deadline, on=on),
        "notes": list(notes.select_related("unit", "by").prefetch_related("attachments")[:NOTES_SHOWN]),
        "events": list(events_about(found).order_by("-at", "-pk")[:EVENTS_SHOWN]),
        "can_manage": can_manage_table(request.user, on=on),
        "can_report": can_report_for(request.user, found.unit_id, on=on),
        **_way_back(newest_row(found.measure.task)),
    }
    return render(request, "programme/milestone_page.html", context)


def _office_milestone(request: HttpRequest, pk: int) -> Milestone:
    on = timezone.localdate()
    if not can_manage_table(request.user, on=on):
        raise Http404
    found = milestones_visible_to(request.user, on=on).filter(pk=pk).select_related("measure__task", "unit").first()
    if found is None:
        raise Http404
    return found


def _way_back(row: TaskRow) -> dict[str, object]:
    """The row that a form belongs to, and the way back to it."""
    return {
        "row": row,
        "place": f"{row.number} {row.title}",
        "back": reverse("programme:task", args=(row.task.code,)),
    }


@roles_required(Role.PROGRAMME_OFFICE)
def milestone_add(request: HttpRequest, code: str) -> HttpResponse:
    """Set a new step under a measure of this row."""
    on = timezone.localdate()
    row = (
        rows_visible_to(request.user, on=on)
        .filter(task__code=code, version__state=TableVersion.State.CURRENT)
        .select_related("task")
        .first()
    )
    if row is None:
        raise Http404
    lines = list(row.measure_rows.select_related("measure").order_by("position"))
    measures = [(line.measure_id, measure_words(line, len(lines))) for line in lines]
    initial = {"measure": request.GET.get("measure", ""), "unit": likely_unit(row, lines, request.GET.get("measure"))}
    form = AddMilestoneForm(
        request.POST if request.method == "POST" else None, user=request.user, measures=measures, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            add_milestone(
                data["measure"],
                title=data["title"],
                unit=data["unit"],
                due_on=data["due_on"],
                by=acting_user(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已添加落实节点“%(title)s”") % {"title": data["title"]})
            return redirect("programme:task", code)
    context = {"form": form, "heading": _("添加落实节点"), "submit": _("添加"), "milestone": None, **_way_back(row)}
    status = 422 if form.is_bound else 200
    return render(request, "programme/milestone_form.html", context, status=status)


@roles_required(Role.PROGRAMME_OFFICE)
def milestone_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a step; a form made from an older state is answered with what stands now, and nothing typed is lost."""
    milestone = _office_milestone(request, pk)
    initial = {
        "title": milestone.title,
        "unit": milestone.unit_id,
        "due_on": milestone.due_on,
        "revision": milestone.revision,
    }
    form = ChangeMilestoneForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change_milestone(milestone, by=acting_user(request), at=timezone.now(), **data)
        except Refused as refusal:
            status = refusal.status
            form = form.made_from(milestone.revision)
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已更正落实节点"))
            return redirect("programme:task", milestone.measure.task.code)
    context = {
        "form": form,
        "milestone": milestone,
        "heading": _("更正落实节点"),
        "submit": _("保存更正"),
        **_way_back(newest_row(milestone.measure.task)),
    }
    return render(request, "programme/milestone_form.html", context, status=status)


def _decide(
    request: HttpRequest, pk: int, decide: Callable[..., Milestone], heading: str, submit: str, done: str | Promise
) -> HttpResponse:
    milestone = _office_milestone(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"revision": milestone.revision})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            decide(
                milestone,
                reason=data["reason"],
                revision=data["revision"] or milestone.revision,
                by=acting_user(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            status = refusal.status
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, str(done))
            return redirect("programme:task", milestone.measure.task.code)
    context = {
        "form": form,
        "milestone": milestone,
        "heading": heading,
        "submit": submit,
        **_way_back(newest_row(milestone.measure.task)),
    }
    return render(request, "programme/milestone_form.html", context, status=status)


@roles_required(Role.PROGRAMME_OFFICE)
def milestone_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a step up, with the reason."""
    return _decide(request, pk, drop_milestone, _("取消落实节点"), _("确认取消"), _("已取消落实节点"))


@roles_required(Role.PROGRAMME_OFFICE)
def milestone_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a closing or a dropping back, with the reason."""
    return _decide(request, pk, reopen_milestone, _("恢复落实节点"), _("恢复为推进中"), _("已恢复落实节点"))
