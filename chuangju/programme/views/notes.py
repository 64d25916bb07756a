"""Progress notes: written on a phone by the unit, released or withdrawn by the office."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangju.kernel.refusals import Refused
from chuangju.programme.access import (
    can_manage_table,
    milestones_visible_to,
    newest_row,
    notes_visible_to,
    reporting_unit_ids,
    rows_visible_to,
)
from chuangju.programme.forms import NoteForm, ReasonForm
from chuangju.programme.milestones import complete_milestone
from chuangju.programme.models import Milestone, ProgressNote, TableVersion, TaskRow, UnitPart
from chuangju.programme.notes import note_progress, release_note, retract_note, withdraw_note
from chuangju.units.access import STAFF_ROLES, units_visible_to
from chuangju.units.models import Role, Unit
from chuangju.units.permissions import acting_user, roles_required

# Digits of a key in an address.
LONGEST_KEY = 15


def _units_for(request: HttpRequest, row: TaskRow) -> list[Unit]:
    """The units in whose name the user may write about this row."""
    on = timezone.localdate()
    taking_part = units_visible_to(request.user).filter(row_units__row=row).order_by("position")
    if can_manage_table(request.user, on=on):
        return list(taking_part)
    return list(taking_part.filter(pk__in=reporting_unit_ids(request.user, on=on)))


def _as_key(text: str | None) -> int:
    """A key out of the address; junk is nobody's key."""
    return int(text) if text and text.isdecimal() and len(text) <= LONGEST_KEY else 0


def _likely_unit(row: TaskRow, units: list[Unit], milestone: Milestone | None) -> int | None:
    """Whose note it most likely is: the step's own unit, else a lead of the row, else any that may write."""
    own = {unit.pk for unit in units}
    if milestone is not None and milestone.unit_id in own:
        return milestone.unit_id
    leads = (
        row.row_units.filter(part=UnitPart.LEAD, unit__in=own).order_by("unit__position").values_list("unit", flat=True)
    )
    return next(iter([*leads, *(unit.pk for unit in units)]), None)


def _note_form(request: HttpRequest, row: TaskRow, units: list[Unit]) -> NoteForm:
    on = timezone.localdate()
    milestones = milestones_visible_to(request.user, on=on).filter(measure__rows__row=row, state=Milestone.State.OPEN)
    if not can_manage_table(request.user, on=on):
        milestones = milestones.filter(unit__in=units)
    choice = units_visible_to(request.user).filter(pk__in=[unit.pk for unit in units]).order_by("position")
    initial: dict[str, object] = {"milestone": request.GET.get("milestone", "")}
    if request.GET.get("done"):
        initial["is_done"] = True
    initial["unit"] = _likely_unit(row, units, milestones.filter(pk=_as_key(request.GET.get("milestone"))).first())
    return NoteForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        units=choice,
        milestones=milestones.order_by("due_on", "pk"),
        initial=initial,
    )


@transaction.atomic
def _save_note(request: HttpRequest, row: TaskRow, form: NoteForm) -> ProgressNote:
    """The note with its files, and the closing of its milestone, together or not at all."""
    data, at = form.cleaned_data, timezone.now()
    note = note_progress(
        row.task,
        unit=data["unit"],
        text=data["text"],
        milestone=data["milestone"],
        files=data["photos"] or (),
        by=acting_user(request),
        at=at,
    )
    if data["is_done"]:
        milestone = data["milestone"]
        done_on = data["done_on"] or timezone.localdate(at)
        complete_milestone(milestone, done_on=done_on, revision=milestone.revision, by=acting_user(request), at=at)
    return note


@roles_required(Role.PROGRAMME_OFFICE, Role.LIAISON_OFFICER)
def note_add(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what was done, with pictures; tick the milestone as done in the same breath."""
    row = (
        rows_visible_to(request.user, on=timezone.localdate())
        .filter(task__code=code, version__state=TableVersion.State.CURRENT)
        .select_related("task")
        .first()
    )
    units = _units_for(request, row) if row else []
    if row is None or not units:
        raise Http404
    form = _note_form(request, row, units)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            _save_note(request, row, form)
        except Refused as refusal:
            status = refusal.status
            form.add_error(None, refusal.sentence)
        else:
            closed = form.cleaned_data["milestone"] if form.cleaned_data["is_done"] else None
            done = _("已记录进展，落实节点“%(title)s”已完成") % {"title": closed.title} if closed else _("已记录进展")
            messages.success(request, done)
            return redirect("programme:task", code)
    return render(request, "programme/note_form.html", {"form": form, "row": row}, status=status)


def _note(request: HttpRequest, pk: int) -> ProgressNote:
    found = (
        notes_visible_to(request.user, on=timezone.localdate())
        .filter(pk=pk)
        .select_related("task", "milestone")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def note_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a note on the public page."""
    note = _note(request, pk)
    try:
        release_note(note, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已公开，公众可在“创建进展”中看到"))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("programme:task", note.task.code)


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def note_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a note off the public page."""
    note = _note(request, pk)
    try:
        retract_note(note, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已取消公开"))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("programme:task", note.task.code)


@roles_required(*STAFF_ROLES)
def note_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a wrong note, with the reason; its writer or the office."""
    note = _note(request, pk)
    if note.by_id != request.user.pk and not can_manage_table(request.user, on=timezone.localdate()):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_note(note, reason=form.cleaned_data["reason"], by=acting_user(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已撤回进展记录"))
            return redirect("programme:task", note.task.code)
    status = 422 if form.is_bound else 200
    return render(
        request,
        "programme/note_withdraw.html",
        {"form": form, "note": note, "row": newest_row(note.task)},
        status=status,
    )
