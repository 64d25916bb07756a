"""Pages of the audit log, for the auditor alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chuangju.ui.history import lines_of
from chuangju.ui.list_views import render_list
from chuangju.units.access import audit_events_visible_to
from chuangju.units.lists import audit_listing, roles_in_words
from chuangju.units.models import Role
from chuangju.units.permissions import roles_required


@require_safe
@roles_required(Role.AUDITOR)
def audit_list(request: HttpRequest) -> HttpResponse:
    """Who changed what and when."""
    events = audit_events_visible_to(request.user)
    return render_list(request, audit_listing(timezone.localdate()), events, template="units/audit_list.html")


@require_safe
@roles_required(Role.AUDITOR)
def audit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with its changes in words and its place in the chain."""
    event = get_object_or_404(audit_events_visible_to(request.user).select_related("stream"), pk=pk)
    context = {"event": event, "line": lines_of([event])[0], "roles": roles_in_words(event.role)}
    return render(request, "units/audit_detail.html", context)
