"""Keeps strangers off the staff side, and people with a temporary password at the page where they change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import ask_to_sign_in, refuse_without_role

STAFF_SIDE = "/staff/"
# What somebody with a temporary password may still do.
OPEN_BEFORE_CHANGE = frozenset({"units:change_password", "units:sign_out", "ui:set_language", "ui:brand_css"})


class StaffAccessMiddleware:
    """Below /staff/ nothing answers without a staff role, whatever its view forgot to ask (the views ask again)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Lead strangers from the staff side to the sign-in page, also from addresses that do not exist."""
        if request.path.startswith(STAFF_SIDE) and not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Ask for the new password first, then for a staff role."""
        del view, args, kwargs
        match = request.resolver_match
        name = match.view_name if match else ""
        if request.user.is_authenticated and request.user.must_change_password and name not in OPEN_BEFORE_CHANGE:
            messages.info(request, _("您使用的是临时密码，请先设置自己的密码"))
            return HttpResponseRedirect(resolve_url("units:change_password"))
        if request.path.startswith(STAFF_SIDE):
            refuse_without_role(request, tuple(STAFF_ROLES))
        return None
