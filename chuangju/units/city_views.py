"""Coming in by the city's sign-in (随申办, 电子营业执照): out to the city, and back from it."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chuangju.kernel.encryption import decrypt, encrypt
from chuangju.ui.views import local_next
from chuangju.units.adapters import enter
from chuangju.units.city_accounts import (
    CityIdentity,
    CityRefused,
    account_of_subject,
    check_may_enter,
    is_city_sign_in_offered,
)
from chuangju.units.city_adapters import receive_from_city, send_to_city

# Whom the city has recognised, until they have confirmed their mobile; encrypted, for it holds a name and a number.
_IDENTITY, _BINDING = "city_identity", "units.city_identity"
_WAITS_SECONDS = 15 * 60


@never_cache
@require_safe
def city_sign_in(request: HttpRequest) -> HttpResponse:
    """Off to the city; a link and not a form, since the content policy sends forms to nobody else.

    Only from our own pages: another site cannot begin a sign-in for its visitors.
    """
    if not is_city_sign_in_offered():
        raise Http404
    onwards = local_next(request, request.GET.get("next"), default=resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.user.is_authenticated:
        return HttpResponseRedirect(onwards)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return HttpResponseRedirect(resolve_url("units:mobile_sign_in"))
    try:
        return send_to_city(request, onwards=onwards)
    except CityRefused as refused:
        return _back_with(request, refused)


@never_cache
@require_safe
def city_return(request: HttpRequest) -> HttpResponse:
    """Back from the city: into the linked account, or, at the first time, on to the mobile that has to be confirmed."""
    if not is_city_sign_in_offered():
        raise Http404
    if request.user.is_authenticated:
        return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    try:
        identity, wanted = receive_from_city(request)
        onwards = local_next(request, wanted, default=resolve_url(settings.LOGIN_REDIRECT_URL))
        user = account_of_subject(identity.subject)
        if user is not None:
            check_may_enter(user)
            return enter(request, user, way="city", onwards=onwards)
    except CityRefused as refused:
        return _back_with(request, refused)
    request.session.cycle_key()
    told = json.dumps([identity.subject, identity.name, identity.mobile])
    request.session[_IDENTITY] = [encrypt(told, binding=_BINDING), time.time()]
    return HttpResponseRedirect(f"{resolve_url('units:mobile_sign_in')}?{urlencode({'next': onwards})}")


def waiting_identity(request: HttpRequest) -> CityIdentity | None:
    """Whom the city recognised in this session a moment ago."""
    kept = request.session.get(_IDENTITY)
    if not kept or time.time() - kept[1] > _WAITS_SECONDS:
        return None
    return CityIdentity(*json.loads(decrypt(kept[0], binding=_BINDING)))


def forget_identity(request: HttpRequest) -> None:
    """Whoever it was has come in, or cannot."""
    request.session.pop(_IDENTITY, None)


def _back_with(request: HttpRequest, refused: CityRefused) -> HttpResponse:
    messages.error(request, refused.sentence)
    return HttpResponseRedirect(resolve_url("units:mobile_sign_in"))
