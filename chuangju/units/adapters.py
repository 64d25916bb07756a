"""Where allauth asks the product: in which stages one comes in, how a session begins, and how secrets are kept.

allauth's own pages, messages and mails are not used: every answer here leads to a page of ours.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as begin
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.kernel.sessions import begin_session
from chuangju.ui.context_processors import brand_of_district
from chuangju.units.authenticator_apps import keep_secret, kept_secret
from chuangju.units.sign_ins import record_sign_in

# Whoever signs in has been recognised before Django is told; this backend then finds the account of a session.
SESSION_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SecondFactorStage(AuthenticateStage):
    """The stage of a sign-in that asks for the second factor, on our own page."""

    urlname = "units:second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to the page where the account has a factor that has not been shown; go on otherwise."""
        if not self._should_handle(self.request):
            return None, True
        return HttpResponseRedirect(resolve_url(self.urlname)), True


class AccountAdapter(DefaultAccountAdapter):
    """Signing in goes by way of the second factor, leaves its trace in the audit log, and begins a session anew."""

    def get_login_stages(self) -> list[str]:
        """Whatever one came in by (password, SMS, the city), the second factor stands behind it."""
        return [f"{SecondFactorStage.__module__}.{SecondFactorStage.__qualname__}"]

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:  # noqa: ARG002 - allauth's signature
        """An account that was disabled meanwhile: back to the beginning."""
        messages.error(request, _("这个账号已停用，请联系系统管理员"))
        return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin the session under a new key, after the last stage; an account disabled since the first one stays out."""
        if not isinstance(user, User) or not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        at = timezone.now()
        record_sign_in(user, at=at, ways=ways_of(request, user))
        begin(request, user, backend=SESSION_BACKEND)
        note_session(request)

    def post_login(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        *,
        redirect_url: str | None,
        **kwargs: Any,
    ) -> HttpResponse:
        """To the page one wanted; it was checked when the sign-in began."""
        del request, user, kwargs
        return HttpResponseRedirect(redirect_url or resolve_url(settings.LOGIN_REDIRECT_URL))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted under the installation's keys; the district's name stands in apps and on devices."""

    def encrypt(self, text: str) -> str:
        """Keep a secret, and give out its reference."""
        return keep_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of a reference."""
        return kept_secret(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What an authenticator app lists the account under."""
        return brand_of_district(settings.LANGUAGE_CODE).name

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Which account it is: its sign-in name."""
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a passkey is for: this host, under the district's name."""
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()


def enter(request: HttpRequest, user: User, *, way: str, onwards: str) -> HttpResponse:
    """Somebody has been recognised (`way`: password, code, city): on to the second factor, or in.

    The session gets a new key at once, and another when it begins: nobody who knew the first one is carried along.
    """
    request.session.cycle_key()
    record_authentication(request, user, method=way)
    return go_on(request, user, onwards=onwards)


def go_on(request: HttpRequest, user: User, *, onwards: str) -> HttpResponse:
    """Through the stages that are left."""
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=onwards))
    return response


def note_session(request: HttpRequest) -> None:
    """Keep where and with what the session began."""
    begin_session(
        request.session,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
        at=timezone.now(),
    )


def address_of(request: HttpRequest) -> str:
    """The network address that asks, by which the lock-out and the limits count.

    Behind proxies of ours it is what the outermost of them saw; what a browser itself puts into the header counts for
    nothing.
    """
    nearest: str = request.META.get("REMOTE_ADDR", "")
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    told = seen[-settings.PROXIES] if 0 < settings.PROXIES <= len(seen) else nearest
    try:
        return str(ip_address(told))
    except ValueError:
        return nearest


def ways_of(request: HttpRequest, user: User) -> list[str]:
    """By what somebody was recognised in this session, in order: "password", "totp", "webauthn", "code", "city"."""
    return [str(record.get("type") or record["method"]) for record in get_authentication_records(request, user)]
