"""Coming in: the second factor behind the password, and the passkey that needs no password."""

from __future__ import annotations

from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chuangju.kernel.refusals import Refused
from chuangju.ui.views import local_next
from chuangju.units.adapters import SecondFactorStage, address_of, go_on
from chuangju.units.passkeys import check_use, options_for_use
from chuangju.units.second_factors import (
    TRIES_FROM_AN_ADDRESS,
    check_factor_code,
    check_passkey,
    factors_of,
    record_factor_failure,
    use_up_try,
)
from chuangju.units.sign_in_forms import FactorCodeForm, PasskeyForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Behind the password: the digits of the app, a passkey, or a recovery code."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    if request.user.is_authenticated or stage is None or stage.login.user is None:
        return _start_again(request)
    user, at = stage.login.user, timezone.now()
    code_form = FactorCodeForm(request.POST if "code" in request.POST else None)
    passkey_form = PasskeyForm(request.POST if "credential" in request.POST else None)
    form = passkey_form if passkey_form.is_bound else code_form
    if form.is_bound and form.is_valid():
        try:
            if form is code_form:
                factor = check_factor_code(user, form.cleaned_data["code"], at=at)
            else:
                factor = check_passkey(user, form.cleaned_data["credential"], at=at)
        except Refused as refused:
            form.add_error(None if form is passkey_form else "code", refused.sentence)
        else:
            post_authentication(request, factor)
            onwards: HttpResponse = stage.exit()
            return onwards
    factors = factors_of(user)
    context = {
        "form": code_form,
        "passkey_form": passkey_form,
        "asks_for_code": factors.app is not None or factors.codes_left > 0,
        "has_app": factors.app is not None,
        # Made last: the challenge of a new page takes the place of an old one.
        "passkey_options": {"request_options": options_for_use(user)} if factors.passkeys else None,
    }
    return render(request, "units/second_factor.html", context, status=422 if form.is_bound else 200)


def _start_again(request: HttpRequest) -> HttpResponse:
    """Nobody is on the way in: it took too long, or the page was opened by itself."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    messages.info(request, _("登录已超时，请重新登录"))
    return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """In by a passkey alone: the script asks for a challenge, and posts what the device answers."""
    wanted = request.POST.get("next") or request.GET.get("next")
    onwards = local_next(request, wanted, default=resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.user.is_authenticated:
        return HttpResponseRedirect(onwards)
    if request.method != "POST":
        if "application/json" not in request.headers.get("Accept", ""):
            return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
        return JsonResponse({"request_options": options_for_use(None)})
    form = PasskeyForm(request.POST)
    try:
        use_up_try(TRIES_FROM_AN_ADDRESS, address_of(request), at=timezone.now())
        factor = check_use(form.cleaned_data["credential"] if form.is_valid() else None, user=None)
    except Refused as refused:
        record_factor_failure(None, at=timezone.now())
        messages.error(request, refused.sentence)
        return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
    request.session.cycle_key()
    post_authentication(request, factor, passwordless=True)
    return go_on(request, factor.user, onwards=onwards)
