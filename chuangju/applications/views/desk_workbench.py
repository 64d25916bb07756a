"""The workbench: tabs of steps, all cases, who has how much, and what is done to several at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chuangju.applications.access import (
    DESK_ACTORS,
    DESK_READERS,
    can_open_counter,
    desk_applications_visible_to,
    desk_windows_visible_to,
    hides_cases,
    leads_many,
    steps_visible_to,
)
from chuangju.applications.bulk_actions import BulkAction, BulkResult, act_in_bulk, actions_for, bulk_limit, look_ahead
from chuangju.applications.bulk_approvals import look_at_approvals, money_of, read_seen, total_of
from chuangju.applications.forms_desk import AssignForm
from chuangju.applications.models import Step, Window
from chuangju.applications.step_assignments import colleagues_of_units
from chuangju.applications.workbench import Desk, Tab, count_tabs, desk_of, load_by_person, tab_steps
from chuangju.applications.workbench_listing import cases_listing, steps_listing
from chuangju.kernel.shown_once import keep_for_once, waits_for_once
from chuangju.programme.views.plan_steps import today
from chuangju.ui.list_views import render_list
from chuangju.units.access import existing_units_visible_to
from chuangju.units.models import Unit
from chuangju.units.permissions import acting_user, roles_required

RESULTS = "applications.bulk_results"
LONGEST_OPINION = 500


@require_safe
@roles_required(*DESK_READERS)
def workbench(request: HttpRequest, tab: str = Tab.MINE) -> HttpResponse:
    """One tab of the reader's workbench, with how much each tab holds."""
    if tab not in Tab.values:
        raise Http404
    user, on = acting_user(request), today()
    desk, windows = desk_of(user, on), _windows(request)
    sealed = frozenset(one.pk for one in windows if hides_cases(one, on))
    can_pick = tab in {Tab.MINE, Tab.SOON} and bool(desk.clerk | desk.approver)
    listing = steps_listing(
        tab, on=on, user_id=user.pk, windows=windows, towns=_towns(request, desk), can_pick=can_pick
    )
    counts = count_tabs(desk, sealed=sealed)
    context = {
        "tabs": _tabs(tab, counts),
        "can_pick": can_pick,
        "actions": actions_for(is_clerk=bool(desk.clerk), is_approver=bool(desk.approver)),
        "has_counter": can_open_counter(user, on),
        "tab": tab,
    }
    steps = tab_steps(tab, desk, sealed=sealed)
    template = "applications/workbench.html"
    return render_list(request, listing, steps, template=template, context=context, total=counts.get(tab))


@require_safe
@roles_required(*DESK_READERS)
def case_list(request: HttpRequest) -> HttpResponse:
    """Every case that the reader may open from the desk, ended ones too."""
    user, on = acting_user(request), today()
    desk = desk_of(user, on)
    cases = desk_applications_visible_to(user, on, one_by_one=leads_many(user, on))
    listing = cases_listing(windows=_windows(request), towns=_towns(request, desk))
    return render_list(request, listing, cases, template="applications/case_list.html")


@require_safe
@roles_required(*DESK_READERS)
def team(request: HttpRequest) -> HttpResponse:
    """Who has how many open steps, and how many of them are late."""
    lines = load_by_person(desk_of(request.user, today()))
    most = max((line.count for line in lines), default=0)
    context = {"lines": lines, "most": most, "late": sum(line.late for line in lines)}
    return render(request, "applications/team.html", context)


@require_safe
@roles_required(*DESK_ACTORS)
def bulk(request: HttpRequest) -> HttpResponse:
    """What was picked, before anything is done to it: each with what stands in the way."""
    action, steps = _picked(request, request.GET)
    if action == BulkAction.APPROVE:
        return _approvals(request, steps)
    lines = look_ahead(action, steps, by=acting_user(request), at=timezone.now())
    context = {
        "lines": lines,
        "possible": sum(line.is_possible for line in lines),
        "action": BulkAction(action),
        "form": _assign_form(request, steps) if action == BulkAction.ASSIGN else None,
        "limit": bulk_limit(),
    }
    return render(request, "applications/bulk.html", context)


@require_POST
@roles_required(*DESK_ACTORS)
def bulk_act(request: HttpRequest) -> HttpResponse:
    """Do it; what came of each is shown on a page of its own."""
    action, steps = _picked(request, request.POST)
    chosen = None
    if action == BulkAction.ASSIGN:
        form = _assign_form(request, steps, request.POST)
        if not form.is_valid():
            lines = look_ahead(action, steps, by=acting_user(request), at=timezone.now())
            context = {"lines": lines, "possible": len(lines), "action": BulkAction(action), "form": form, "limit": 0}
            return render(request, "applications/bulk.html", context, status=422)
        chosen = form.cleaned_data["user"]
    opinion, seen = request.POST.get("opinion", "").replace("\x00", "")[:LONGEST_OPINION], {}
    if action == BulkAction.APPROVE:
        if not opinion.strip():
            return _approvals(request, steps, error=_("请写明审定意见，写入每一件"))
        seen = read_seen(request.POST.getlist("seen"))
    user, at = acting_user(request), timezone.now()
    results = act_in_bulk(action, steps, opinion=opinion, assignee=chosen, seen=seen, by=user, at=at)
    kept = [[one.case, one.subject, one.address, one.is_done, one.sentence] for one in results]
    keep_for_once(request.session, RESULTS, {"action": action, "results": kept})
    return HttpResponseRedirect(reverse("applications:bulk_results"))


@require_safe
@roles_required(*DESK_ACTORS)
def bulk_results(request: HttpRequest) -> HttpResponse:
    """What came of the last bulk action: what was done, and each that was not with its reason."""
    kept = waits_for_once(request.session, RESULTS)
    if kept is None:
        return HttpResponseRedirect(reverse("applications:workbench"))
    results = [BulkResult(*row) for row in kept["results"]]
    context = {
        "action": BulkAction(kept["action"]),
        "done": [one for one in results if one.is_done],
        "failed": [one for one in results if not one.is_done],
    }
    return render(request, "applications/bulk_results.html", context)


def _approvals(request: HttpRequest, steps: list[Step], *, error: str = "") -> HttpResponse:
    """What was picked for approval: each proposal with its warnings, the sum, and what the budget lines have left."""
    lines = look_at_approvals(steps, by=acting_user(request), at=timezone.now())
    context = {
        "lines": lines,
        "possible": sum(line.is_possible for line in lines),
        "warned": sum(line.is_possible and bool(line.warnings) for line in lines),
        "total": total_of(lines),
        "money": money_of(lines),
        "action": BulkAction.APPROVE,
        "error": error,
    }
    return render(request, "applications/bulk_approve.html", context, status=422 if error else 200)


def _tabs(current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": tab.label,
            "count": counts.get(tab),
            "url": reverse("applications:workbench_tab", args=(tab.value,)),
            "is_current": tab == current,
        }
        for tab in Tab
    ]


def _windows(request: HttpRequest) -> list[Window]:
    """Every window that may have open cases: choices of the filter, and whether one is sealed."""
    return list(desk_windows_visible_to(request.user, today()).order_by("title", "pk"))


def _towns(request: HttpRequest, desk: Desk) -> list[Unit]:
    return list(
        existing_units_visible_to(request.user, desk.on).filter(kind__in=Unit.PLACES).order_by("position", "code")
    )


def _picked(request: HttpRequest, given: Any) -> tuple[str, list[Step]]:
    """The action and the steps that were picked, of those on the reader's desk."""
    action = given.get("action") or str(BulkAction.ACCEPT)
    if action not in BulkAction.values:
        raise BadRequest(action)
    keys = [int(key) for key in given.getlist("step")[: bulk_limit()] if key.isascii() and key.isdecimal()]
    steps = steps_visible_to(request.user, today()).filter(pk__in=keys)
    return action, list(
        steps.select_related("unit", "assignee", "application__subject", "application__unit").order_by("due_on", "pk")
    )


def _assign_form(request: HttpRequest, steps: list[Step], data: Any = None) -> AssignForm:
    users = colleagues_of_units({step.unit_id for step in steps}, at=timezone.now())
    return AssignForm(data, users=users, initial={"user": request.user.pk})
