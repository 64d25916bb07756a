"""Signing in and out, the lock-out page, and the account switcher of demo mode."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.ui.views import local_next, problem_page
from chuangju.units.accounts import username_as_stored
from chuangju.units.adapters import SESSION_BACKEND, enter, note_session
from chuangju.units.city_accounts import city_label, is_city_sign_in_offered
from chuangju.units.demo import demo_accounts_visible_to, demo_choices
from chuangju.units.forms import SignInForm
from chuangju.units.sign_ins import record_failed_sign_in, record_sign_out, record_switch


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By name and password; afterwards to the page one wanted, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next")
    onwards = local_next(request, wanted, default=resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.user.is_authenticated:
        return HttpResponseRedirect(onwards)
    at = timezone.now()
    form = SignInForm(request, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return enter(request, form.get_user(), way="password", onwards=onwards)
    if form.is_bound and not getattr(request, "axes_locked_out", False):
        record_failed_sign_in(request.POST.get("username", ""), at=at)
    context = {**entrance_context(onwards if wanted else ""), "form": form}
    return render(request, "units/sign_in.html", context, status=422 if form.is_bound else 200)


def entrance_context(onwards: str) -> dict[str, Any]:
    """What every page that strangers come in by shows beside its form: the other ways in, and where one wanted to go."""
    return {
        "next": onwards,
        "city_label": city_label() if is_city_sign_in_offered() else "",
        "demo_groups": demo_choices(timezone.localdate()) if settings.DEMO else [],
    }


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the page after it shows nothing of the account."""
    if request.user.is_authenticated:
        record_sign_out(request.user, at=timezone.now())
    logout(request)
    return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Too many failures: what happened and what helps, the same for accounts that do not exist."""
    del response, credentials
    sentence = _("登录失败次数过多，该账号从您的网络暂时不能登录。请 15 分钟后再试，或请安全保密管理员解除锁定")
    page = problem_page(request, 429, sentence=sentence)
    page["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return page


@require_safe
def demo_accounts(request: HttpRequest) -> HttpResponse:
    """The demo accounts by role, each one tap away; exists only in demo mode."""
    if not settings.DEMO:
        raise Http404
    return render(request, "units/demo_accounts.html", {"demo_groups": demo_choices(timezone.localdate()), "next": ""})


@require_POST
def switch_demo_account(request: HttpRequest) -> HttpResponse:
    """Become another demo account without a password; exists only in demo mode, and only for demo accounts."""
    if not settings.DEMO:
        raise Http404
    username = username_as_stored(request.POST.get("username", ""))
    user = get_object_or_404(demo_accounts_visible_to(request.user), username=username)
    record_switch(user, at=timezone.now())
    logout(request)
    record_authentication(request, user, method="demo")
    login(request, user, backend=SESSION_BACKEND)
    note_session(request)
    onwards = resolve_url(settings.LOGIN_REDIRECT_URL)
    return HttpResponseRedirect(local_next(request, request.POST.get("next"), default=onwards))
