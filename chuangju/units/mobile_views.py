"""Coming in by mobile: the number, the code that an SMS brings, and at the first time the name and the consent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.masking import mask_mobile
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ui.views import local_next
from chuangju.units.adapters import address_of, enter
from chuangju.units.city_accounts import CityIdentity, CityRefused, city_label, link_city_identity
from chuangju.units.city_views import forget_identity, waiting_identity
from chuangju.units.demo_mobiles import DEMO_MOBILES
from chuangju.units.founder_accounts import PRIVACY_NOTICE_VERSION, account_of_code, check_may_use_codes, create_founder
from chuangju.units.mobile_codes import RESEND_AFTER, VALID_FOR, check_code, find_code, seconds_until_resend, send_code
from chuangju.units.models import MobileCode
from chuangju.units.sign_in_forms import CodeForm, FounderForm, MobileForm
from chuangju.units.views import entrance_context

# The code that this browser asked for, and where its owner wanted to go.
_CODE, _NEXT = "mobile_code", "mobile_next"
SIGN_IN = MobileCode.Purpose.SIGN_IN


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mobile_sign_in(request: HttpRequest) -> HttpResponse:
    """The number; whatever it is, the answer is the same page that asks for the code."""
    wanted = request.POST.get("next") or request.GET.get("next")
    onwards = local_next(request, wanted, default=resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.user.is_authenticated:
        return HttpResponseRedirect(onwards)
    identity = waiting_identity(request)
    data: dict[str, Any] | None = request.POST.dict() if request.method == "POST" else None
    if data is not None and identity and identity.mobile:
        # The number that the city vouches for is not the browser's to change.
        data["mobile"] = identity.mobile
    form = MobileForm(data)
    if form.is_bound and form.is_valid():
        try:
            ask_for_code(request, form.cleaned_data["mobile"], purpose=SIGN_IN)
        except Refused as refused:
            form.add_error("mobile", refused.sentence)
        else:
            request.session[_NEXT] = onwards
            return HttpResponseRedirect(resolve_url("units:mobile_code"))
    context = {
        **entrance_context(onwards if wanted else ""),
        **_city_context(identity),
        "form": form,
        "demo_mobile": DEMO_MOBILES["founder"] if settings.DEMO else "",
    }
    return render(request, "units/mobile_sign_in.html", context, status=422 if form.is_bound else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def mobile_code(request: HttpRequest) -> HttpResponse:
    """The code: entered rightly, one is in, or gives a name first; or a new one is asked for."""
    code = waiting_code(request, purpose=SIGN_IN)
    if request.user.is_authenticated or code is None or code.used_at is not None:
        return HttpResponseRedirect(resolve_url("units:mobile_sign_in"))
    form = CodeForm(request.POST if "code" in request.POST else None)
    try:
        if "resend" in request.POST:
            ask_for_code(request, code.mobile, purpose=SIGN_IN)
            messages.success(request, _("已重新发送验证码"))
            return HttpResponseRedirect(resolve_url("units:mobile_code"))
        if form.is_bound and form.is_valid():
            check_code(code, form.cleaned_data["code"], at=timezone.now())
            return _come_in(request, code)
    except CityRefused as refused:
        return _back_with(request, refused)
    except Refused as refused:
        form = form if form.is_bound else CodeForm({})
        form.errors.pop("code", None)
        form.add_error("code", refused.sentence)
    context = {**_city_context(waiting_identity(request)), **code_context(code), "form": form}
    return render(request, "units/mobile_code.html", context, status=422 if form.is_bound else 200)


def _come_in(request: HttpRequest, code: MobileCode) -> HttpResponse:
    """Into the account of the number; whoever has none yet gives a name first."""
    user = account_of_code(code, at=timezone.now())
    if user is None:
        return HttpResponseRedirect(resolve_url("units:founder_name"))
    return _enter(request, user, waiting_identity(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def founder_name(request: HttpRequest) -> HttpResponse:
    """The name and the consent, with which an account is made."""
    code, identity = waiting_code(request, purpose=SIGN_IN), waiting_identity(request)
    if request.user.is_authenticated or code is None or code.used_at is None:
        return HttpResponseRedirect(resolve_url("units:mobile_sign_in"))
    initial = {"name": identity.name} if identity else None
    form = FounderForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            user = create_founder(code, name=data["name"], has_consented=data["consent"], at=timezone.now())
            return _enter(request, user, identity)
        except Refused as refused:
            return _back_with(request, refused)
    context = {"form": form, "mobile": mask_mobile(code.mobile)}
    return render(request, "units/founder_name.html", context, status=422 if form.is_bound else 200)


@require_safe
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, for how long, and what they may ask for."""
    return render(request, "units/privacy_notice.html", {"version": PRIVACY_NOTICE_VERSION})


def _enter(request: HttpRequest, user: User, identity: CityIdentity | None) -> HttpResponse:
    """In, by the city where it has recognised somebody, whose account this is from now on.

    Asked last of all: the number may have become that of somebody on the staff since the code was sent.
    """
    if identity is None:
        check_may_use_codes(user, at=timezone.now())
    onwards = request.session.pop(_NEXT, resolve_url(settings.LOGIN_REDIRECT_URL))
    if identity is not None:
        link_city_identity(user, identity, at=timezone.now())
    request.session.pop(_CODE, None)
    forget_identity(request)
    return enter(request, user, way="city" if identity else "code", onwards=onwards)


def _back_with(request: HttpRequest, refused: Refused) -> HttpResponse:
    """To the beginning, with the sentence that says why; nothing is left to go on from."""
    request.session.pop(_CODE, None)
    forget_identity(request)
    messages.error(request, refused.sentence)
    return HttpResponseRedirect(resolve_url("units:mobile_sign_in"))


def ask_for_code(request: HttpRequest, mobile: str, *, purpose: MobileCode.Purpose) -> None:
    """Send a code, and remember in this session which one; raises MobileRefused and CodeRefused."""
    language = get_language() or settings.LANGUAGE_CODE
    code = send_code(mobile, purpose=purpose, address=address_of(request), at=timezone.now(), language=language)
    request.session[_CODE] = code.pk


def waiting_code(request: HttpRequest, *, purpose: MobileCode.Purpose) -> MobileCode | None:
    """The code that this session asked for last, where it was for this purpose."""
    pk = request.session.get(_CODE)
    return find_code(pk, purpose=purpose) if pk else None


def code_context(code: MobileCode) -> dict[str, Any]:
    """What the page that asks for a code says of it."""
    at = timezone.now()
    return {
        "mobile": mask_mobile(code.mobile),
        "wait": seconds_until_resend(code.mobile, purpose=MobileCode.Purpose(code.purpose), at=at),
        "minutes": VALID_FOR // timedelta(minutes=1),
        "resend_seconds": int(RESEND_AFTER.total_seconds()),
    }


def _city_context(identity: CityIdentity | None) -> dict[str, Any]:
    """Whom the city has recognised, where somebody is on the way from there."""
    return {
        "coming_from": city_label() if identity else "",
        "city_mobile": mask_mobile(identity.mobile) if identity and identity.mobile else "",
    }
