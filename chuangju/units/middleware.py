"""Keeps strangers off the staff side, and people at the page where they change a temporary password or set up a factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import ask_to_sign_in, refuse_without_role, showed_second_factor
from chuangju.units.second_factors import has_second_factor, must_have_second_factor

STAFF_SIDE = "/staff/"
# What somebody with a temporary password may still do.
OPEN_BEFORE_CHANGE = frozenset({"units:change_password", "units:sign_out", "ui:set_language", "ui:brand_css"})
# What somebody may do who must set up a second factor first.
OPEN_BEFORE_FACTOR = OPEN_BEFORE_CHANGE | {
    "units:second_factor_list",
    "units:app_set_up",
    "units:passkey_add",
    "units:recovery_codes",
    "units:reauthenticate",
}


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
        """Ask for the new password first, then for the second factor, then for a staff role."""
        del view, args, kwargs
        match = request.resolver_match
        name = match.view_name if match else ""
        if request.user.is_authenticated and request.user.must_change_password and name not in OPEN_BEFORE_CHANGE:
            messages.info(request, _("您使用的是临时密码，请先设置自己的密码"))
            return HttpResponseRedirect(resolve_url("units:change_password"))
        if name not in OPEN_BEFORE_FACTOR and (answer := _ask_for_factor(request)):
            return answer
        if request.path.startswith(STAFF_SIDE):
            refuse_without_role(request, tuple(STAFF_ROLES))
        return None


def _ask_for_factor(request: HttpRequest) -> HttpResponseBase | None:
    """Lead staff without a second factor to where they set one up; a session that never showed theirs ends."""
    user = request.user
    if not isinstance(user, User) or not must_have_second_factor(user, on=timezone.localdate()):
        return None
    if showed_second_factor(request):
        return None
    if has_second_factor(user):
        # Signed in before the role was granted, or before the installation asked for it.
        logout(request)
        messages.info(request, _("请重新登录，并完成第二重验证"))
        return ask_to_sign_in(request)
    messages.info(request, _("工作人员账号须先设置第二重验证，然后才能使用其他功能"))
    return HttpResponseRedirect(resolve_url("units:second_factor_list"))
