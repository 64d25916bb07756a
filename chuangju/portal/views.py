"""The first page: staff go straight to the table, everybody else is told what there is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.portal.home import public_home, roles_shown
from chuangju.units.access import is_staff_member


def home(request: HttpRequest) -> HttpResponse:
    """Strangers see the programme, external roles a greeting above it; staff work on the table."""
    on = timezone.localdate()
    user = request.user
    if is_staff_member(user, on):
        return redirect("programme:table")
    context = {
        "home": public_home(on=on),
        "on": on,
        "roles": roles_shown(user, on=on) if isinstance(user, User) else [],
        "contact": settings.DISTRICT["contact"],
    }
    template = "portal/own_home.html" if isinstance(user, User) else "portal/home.html"
    return render(request, template, context)
