"""Decorators of views: who may open a page at all; strangers are led to the sign-in page, others get a 403 page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.ui.views import session_lost_page, typed_words
from chuangju.units.access import STAFF_ROLES, roles_of
from chuangju.units.models import Role

# How long after proving who one is something that cannot be undone may be begun, and how long its form may take.
FRESH_FOR, TO_FILL_IN = timedelta(minutes=5), timedelta(minutes=10)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def roles_required(*roles: str) -> Callable[[View[P]], View[P]]:
    """Let the view be opened by whoever holds one of these roles today."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refuse_without_role(request, roles)
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead a stranger to the sign-in page; what was written in a form meanwhile is shown, to be copied, not lost."""
    words = typed_words(request)
    return session_lost_page(request, words) if words else redirect_to_login(request.get_full_path())


def staff_required(view: View[P]) -> View[P]:
    """Let the view be opened by everybody who works for the programme."""
    return roles_required(*STAFF_ROLES)(view)


def signed_in_required(view: View[P]) -> View[P]:
    """Let the view be opened by everybody who has signed in, whatever their roles."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def fresh_sign_in_required(view: View[P]) -> View[P]:
    """Let the view be opened by whoever proved within the last minutes who they are; others are asked again first.

    A page that was opened in time may be sent a little later, so that nothing typed into it is lost.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if not is_fresh(request, FRESH_FOR if request.method != "POST" else FRESH_FOR + TO_FILL_IN):
            onwards = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
            return HttpResponseRedirect(f"{resolve_url('units:reauthenticate')}?{onwards}")
        return view(request, *args, **kwargs)

    return guarded


def is_fresh(request: HttpRequest, within: timedelta) -> bool:
    """Whether somebody proved who they are in this session (password, code, passkey) so shortly ago."""
    records = get_authentication_records(request, acting_user(request))
    return bool(records) and timezone.now().timestamp() - float(records[-1]["at"]) < within.total_seconds()


def showed_second_factor(request: HttpRequest) -> bool:
    """Whether this session stands behind a second factor, shown at its beginning or set up in it."""
    records = get_authentication_records(request, acting_user(request))
    return any(record.get("method") == "mfa" for record in records)


def acting_user(request: HttpRequest) -> User:
    """The account behind a guarded view; a stranger has none, and gets a 403 page should a view forget its guard."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied(_("请先登录"))


def refuse_without_role(request: HttpRequest, roles: tuple[str, ...]) -> None:
    """Raise the 403 page's refusal for a signed-in user without any of the roles; strangers pass, to sign in."""
    if not request.user.is_authenticated:
        return
    if roles_of(request.user, timezone.localdate()).isdisjoint(roles):
        if STAFF_ROLES.issubset(roles):
            raise PermissionDenied(_("这里是工作人员使用的页面，您的账号没有工作人员角色"))
        names = _("、").join(str(Role(role).label) for role in sorted(roles, key=Role.values.index))
        raise PermissionDenied(_("此页面只对以下角色开放：%(roles)s") % {"roles": names})
