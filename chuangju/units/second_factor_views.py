"""One's own second factors: setting up an app or a passkey, recovery codes, removing one."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.shown_once import keep_for_once, waits_for_once
from chuangju.papers.qr_codes import qr_svg
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.views import confirm_page
from chuangju.units.authenticator_apps import new_app_secret
from chuangju.units.own_account_views import layout_for
from chuangju.units.passkeys import check_new, options_for_new
from chuangju.units.permissions import acting_user, fresh_sign_in_required, signed_in_required
from chuangju.units.second_factors import (
    add_passkey,
    factor_label,
    factors_of,
    factors_visible_to,
    must_have_second_factor,
    remove_factor,
    renew_recovery_codes,
    set_up_app,
    show_recovery_codes,
)
from chuangju.units.sign_in_forms import AppSetUpForm, PasskeyNameForm

# The secret of an app that is being set up waits here until it has shown its first code.
_WAITING = "waiting_app_secret"


@never_cache
@require_safe
@signed_in_required
def second_factor_list(request: HttpRequest) -> HttpResponse:
    """What one has set up, and what more one may."""
    user = acting_user(request)
    context = {
        "layout": layout_for(request),
        "factors": factors_of(user),
        "is_needed": must_have_second_factor(user, on=timezone.localdate()),
    }
    return render(request, "units/second_factor_list.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
def app_set_up(request: HttpRequest) -> HttpResponse:
    """An authenticator app: scan, and type what it shows."""
    user = acting_user(request)
    secret = waits_for_once(request.session, _WAITING) if request.method == "POST" else None
    if secret is None:
        secret = new_app_secret()
        keep_for_once(request.session, _WAITING, secret)
    form = AppSetUpForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            factor = set_up_app(user, secret=secret, code=form.cleaned_data["code"], at=timezone.now())
        except Refused as refused:
            form.add_error("code", refused.sentence)
        else:
            del request.session[_WAITING]
            return _go_on_from(request, user, factor)
    address = get_adapter().build_totp_url(user, secret)
    context = {
        "layout": layout_for(request),
        "form": form,
        "qr": qr_svg(address),
        "address": address,
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
    }
    return render(request, "units/app_set_up.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
def passkey_add(request: HttpRequest) -> HttpResponse:
    """A passkey of this device, or of a telephone or key beside it."""
    user = acting_user(request)
    form = PasskeyNameForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            credential = check_new(form.cleaned_data["credential"])
            factor = add_passkey(user, name=form.cleaned_data["name"], credential=credential, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _go_on_from(request, user, factor)
    options = {"creation_options": options_for_new(user)}
    context = {"layout": layout_for(request), "form": form, "passkey_options": options}
    return render(request, "units/passkey_add.html", context, status=422 if form.is_bound else 200)


def _go_on_from(request: HttpRequest, user: User, factor: Authenticator) -> HttpResponse:
    """The new factor counts for this session; with the first one come recovery codes to be kept."""
    record_authentication(request, user, method="mfa", type=factor.type, id=factor.pk)
    messages.success(request, _("已添加：%(factor)s") % {"factor": factor_label(factor)})
    return HttpResponseRedirect(resolve_url("units:recovery_codes"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, once; afterwards how many are left, and new ones on demand."""
    user, at = acting_user(request), timezone.now()
    if request.method == "POST":
        try:
            renew_recovery_codes(user, at=at)
        except Refused as refused:
            messages.error(request, refused.sentence)
        return HttpResponseRedirect(resolve_url("units:recovery_codes"))
    # Only a page that is really shown uses them up: not what a browser fetches in advance.
    codes = show_recovery_codes(user, at=at) if request.method == "GET" and _is_wanted(request) else []
    context = {
        "layout": layout_for(request),
        "account": user,
        "codes": codes,
        "file": "\n".join([str(_("恢复码")), user.username, *codes]),
        "factors": factors_of(user),
    }
    return render(request, "units/recovery_codes.html", context)


def _is_wanted(request: HttpRequest) -> bool:
    return "prefetch" not in request.headers.get("Sec-Purpose", "")


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
def factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an app or a passkey of one's own."""
    user = acting_user(request)
    factor = get_object_or_404(factors_visible_to(user), pk=pk)
    back = resolve_url("units:second_factor_list")
    if request.method == "POST":
        try:
            remove_factor(factor, by=user, at=timezone.now())
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("已移除：%(factor)s") % {"factor": factor_label(factor)})
        return HttpResponseRedirect(back)
    step = Confirmation(
        title=_("移除：%(factor)s") % {"factor": factor_label(factor)},
        sentence=_("移除后不能再用它登录；移除最后一种时，恢复码同时作废"),
        action_label=_("移除"),
        cancel_url=back,
        is_dangerous=True,
        layout=layout_for(request),
    )
    return confirm_page(request, step)
