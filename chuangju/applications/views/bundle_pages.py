"""一件事: the public guide by steps with time and fees, and one's own way through it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.applications.applicant_access import bundles_visible_to
from chuangju.applications.bundles import (
    begin_bundle,
    dated_list,
    fees_of,
    licensed_on,
    note_step,
    notes_of,
    tick_follow,
)
from chuangju.applications.case_words import title_of
from chuangju.applications.life_events import LifeEvent, life_events
from chuangju.applications.models import ApplicationBundle
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.policies.service_points import service_points
from chuangju.units.permissions import acting_user, signed_in_required


def _event(key: str) -> LifeEvent:
    found = life_events().get(key)
    if found is None:
        raise Http404
    return found


@require_safe
def life_event(request: HttpRequest, key: str) -> HttpResponse:
    """The guide for everybody: steps, time, fees as they stand today, and the dated list after the licence."""
    event, on = _event(key), timezone.localdate()
    fees = {fee.id: fee for fee in fees_of([one for step in event.steps for one in step.fees], on=on)}
    context = {
        "event": event,
        "title": say(event.title),
        "summary": say(event.summary),
        "steps": [(step, [fees[one] for one in step.fees if one in fees]) for step in event.steps],
        "points": service_points().nearest(None),
    }
    return render(request, "applications/bundle_guide.html", context)


@require_POST
@signed_in_required
def bundle_begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begin, or go on."""
    bundle = begin_bundle(_event(key).key, by=acting_user(request), at=timezone.now())
    return redirect("applications:bundle", pk=bundle.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own way: outcomes entered back, fees with what waived them, the dated list, what can be applied for now."""
    user, on = acting_user(request), timezone.localdate()
    found = get_object_or_404(bundles_visible_to(user, on).select_related("subject"), pk=pk)
    problem, at_fault = "", ""
    if request.method == "POST":
        problem, at_fault = _note(request, found)
        if not problem:
            return redirect("applications:bundle", pk=pk)
    context = _shown(request, found, on) | {"problem": problem, "at_fault": at_fault}
    return render(request, "applications/bundle.html", context, status=422 if problem else 200)


def _note(request: HttpRequest, found: ApplicationBundle) -> tuple[str, str]:
    """Keep a step or a tick; the problem, and at which step."""
    user, now = acting_user(request), timezone.now()
    step = request.POST.get("step", "")
    try:
        if "follow" in request.POST:
            is_done = request.POST.get("done") == "1"
            tick_follow(found, request.POST.get("follow", ""), is_done=is_done, by=user, at=now)
            return "", ""
        done_on = date.fromisoformat(request.POST.get("done_on") or timezone.localdate(now).isoformat())
        note_step(found, step, request.POST.dict(), done_on=done_on, by=user, at=now)
        messages.success(request, _("已记下"))
    except Refused as refused:
        return refused.sentence, step
    except ValueError:
        return _("请填写办理日期"), step
    return "", ""


def _shown(request: HttpRequest, found: ApplicationBundle, on: date) -> dict[str, Any]:
    event, notes = _event(found.event_key), notes_of(found).get("steps", {})
    waivers: dict[str, list[Any]] = {}
    for one in found.waivers.order_by("pk"):
        waivers.setdefault(one.step, []).append(one)
    catalogue = current_catalogue()
    policies = [catalogue.version_for(one, on) for one in event.apply]
    sent = request.POST.dict() if request.method == "POST" else {}
    steps = []
    for step in event.steps:
        done = notes.get(step.key)
        typed = sent if sent.get("step") == step.key else {}
        fields = [(one, typed.get(one.key, (done or {}).get("outcome", {}).get(one.key, ""))) for one in step.outcome]
        day = typed.get("done_on") or (done or {}).get("done_on", "")
        steps.append((step, done, fields, day, waivers.get(step.key, [])))
    return {
        "bundle": found,
        "event": event,
        "title": say(event.title),
        "steps": steps,
        "done": len(notes),
        "licensed_on": licensed_on(found),
        "follows": dated_list(found),
        "today": on,
        "policies": [(one.id, say(one.title)) for one in policies if one is not None],
        "applications": [(one, title_of(one, catalogue)) for one in found.applications.order_by("started_at", "pk")],
    }
