"""Proving again who one is, before something that cannot be undone: second factor, password, or a code by SMS."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chuangju.kernel.idempotency import takes_no_key
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ui.views import local_next
from chuangju.units.accounts import AccountRefused, check_present_password
from chuangju.units.mobile_codes import check_code
from chuangju.units.mobile_views import ask_for_code, code_context, waiting_code
from chuangju.units.models import MobileCode
from chuangju.units.own_account_views import layout_for
from chuangju.units.passkeys import options_for_use
from chuangju.units.permissions import acting_user, signed_in_required
from chuangju.units.second_factors import Factors, check_factor_code, check_passkey, factors_of
from chuangju.units.sign_in_forms import CodeForm, FactorCodeForm, PasskeyForm, PresentPasswordForm
from chuangju.units.sign_ins import record_confirmation

CONFIRM = MobileCode.Purpose.CONFIRM
FORMS: dict[str, type[Form]] = {
    "factor": FactorCodeForm,
    "passkey": PasskeyForm,
    "password": PresentPasswordForm,
    "sms": CodeForm,
    "send": Form,
}


@takes_no_key
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """Whoever has a second factor shows it; others give their password, or a code that is sent to their mobile."""
    user = acting_user(request)
    wanted = request.POST.get("next") or request.GET.get("next")
    onwards = local_next(request, wanted, default=resolve_url("units:my_account"))
    factors = factors_of(user)
    offered = ways_for(user, factors)
    way = request.POST.get("way", "") if request.method == "POST" else ""
    forms = {name: FORMS[name](request.POST if name == way else None) for name in offered}
    if way in forms and forms[way].is_valid():
        try:
            if way == "send":
                ask_for_code(request, user.mobile, purpose=CONFIRM)
            else:
                _check(request, user, way, forms[way])
                return HttpResponseRedirect(onwards)
        except Refused as refused:
            forms[way].add_error(None, refused.sentence)
    code = waiting_code(request, purpose=CONFIRM) if "sms" in offered else None
    context = {
        "layout": layout_for(request),
        "next": onwards,
        "forms": forms,
        "bound": forms.get(way),
        "passkey_options": {"request_options": options_for_use(user)} if "passkey" in offered else None,
        "code": code_context(code) if code else None,
        "mobile": code_context(code)["mobile"] if code else "",
    }
    is_refused = way in forms and bool(forms[way].errors)
    return render(request, "units/reauthenticate.html", context, status=422 if is_refused else 200)


def ways_for(user: User, factors: Factors) -> list[str]:
    """How this person can prove who they are: the strongest way they have, and what helps where it is lost."""
    if factors.is_there_any:
        return ["factor", *(["passkey"] if factors.passkeys else [])]
    if user.has_usable_password():
        return ["password"]
    return ["send", "sms"] if user.mobile else []


def _check(request: HttpRequest, user: User, way: str, form: Form) -> None:
    """Raise Refused where it proves nothing; note it where it does."""
    at, data = timezone.now(), form.cleaned_data
    factor: Authenticator | None = None
    if way == "factor":
        factor = check_factor_code(user, data["code"], at=at)
    elif way == "passkey":
        factor = check_passkey(user, data["credential"], at=at)
    elif way == "password":
        check_present_password(user, data["password"], at=at)
    else:
        code = waiting_code(request, purpose=CONFIRM)
        if code is None:
            raise AccountRefused(_("请先获取验证码"))
        check_code(code, data["code"], at=at)
    record_confirmation(user, way=factor.type if factor else way, at=at)
    if factor is not None:
        post_authentication(request, factor, reauthenticated=True)
    else:
        record_authentication(request, user, method=way, reauthenticated=True)
