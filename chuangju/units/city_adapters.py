"""The adapter for the city's sign-in: OpenID Connect, code flow, with PKCE, state and nonce.

allauth speaks the protocol; here stands what it leaves open: that the token's signature, its issuer and its nonce are
checked, that nothing the city tells is stored, and that no page of allauth's is ever shown.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from chuangju.units.city_accounts import PROVIDER, CityIdentity, CityRefused, city_label, identity_from

log = logging.getLogger(__name__)

# What a provider that is down, slow, or talks nonsense makes the libraries raise.
_TROUBLE = (OAuth2Error, requests.RequestException, KeyError, TypeError, ValueError)
SCOPE = ["openid", "profile", "phone"]


class CityAdapter(OpenIDConnectOAuth2Adapter):
    """The addresses of the provider, from its own description, and ours."""

    def get_provider(self) -> CityProvider:
        """The one provider there is."""
        return CityProvider(self.request, app=city_app())

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002 - allauth's signature
        """Where the city sends people back to."""
        scheme = "https" if settings.SESSION_COOKIE_SECURE else request.scheme
        return f"{scheme}://{request.get_host()}{resolve_url('units:city_return')}"

    def claims(self, tokens: dict[str, Any], *, nonce: str) -> dict[str, Any]:
        """What the city says about the person: the id token, checked, and where it is short, its userinfo.

        Raises OAuth2Error where anything about it is not as it must be.
        """
        config = self.openid_config
        if str(config["issuer"]).rstrip("/") != settings.CITY_SIGN_IN["issuer"]:
            raise OAuth2Error("the description of the provider names another issuer")
        told: dict[str, Any] = jwtkit.verify_and_decode(
            credential=tokens["id_token"],
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=settings.CITY_SIGN_IN["client_id"],
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        if not hmac.compare_digest(str(told.get("nonce", "")).encode(), nonce.encode()):
            raise OAuth2Error("the nonce of the token is not ours")
        if "phone_number" in told or "userinfo_endpoint" not in config:
            return told
        more = self._fetch_user_info(tokens["access_token"])
        if more.get("sub") != told["sub"]:
            raise OAuth2Error("the userinfo is about somebody else")
        return {**more, **told}


class CityProvider(OpenIDConnectProvider):
    """The provider as this installation is set up for it."""

    oauth2_adapter_class = CityAdapter


class CityAccountAdapter(DefaultSocialAccountAdapter):
    """Whatever goes wrong inside allauth leads back to the sign-in page."""

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Raise the way back instead of allauth's own page."""
        del request, provider, kwargs
        raise ImmediateHttpResponse(HttpResponseRedirect(resolve_url(settings.LOGIN_URL)))


def city_app() -> SocialApp:
    """The client as the environment describes it; never stored."""
    city = settings.CITY_SIGN_IN
    return SocialApp(
        provider="openid_connect",
        provider_id=PROVIDER,
        name=city["label"],
        client_id=city["client_id"],
        secret=city["secret"],
        settings={"server_url": city["issuer"], "oauth_pkce_enabled": True, "scope": SCOPE},
    )


def send_to_city(request: HttpRequest, *, onwards: str) -> HttpResponse:
    """Send the browser to the city, with state, nonce and challenge; raises CityRefused where it does not answer."""
    nonce = secrets.token_urlsafe(32)
    provider = CityProvider(request, app=city_app())
    try:
        response: HttpResponse = provider.redirect(
            request, process="login", next_url=onwards, auth_params={"nonce": nonce}, nonce=nonce
        )
    except _TROUBLE as trouble:
        raise _unreachable(trouble) from trouble
    return response


def receive_from_city(request: HttpRequest) -> tuple[CityIdentity, str]:
    """Whom the city recognised, and where they wanted to go; raises CityRefused with what to tell them."""
    state = statekit.unstash_state(request, provider_id=PROVIDER, state_id=request.GET.get("state", ""))
    if state is None:
        raise CityRefused(_("这次登录已过期，或不是从本页面开始的，请重新登录"))
    if request.GET.get("error") == "access_denied":
        raise CityRefused(_("您没有同意授权，登录已取消。也可以用手机号登录"))
    if "code" not in request.GET:
        raise CityRefused(_("%(name)s没有完成登录，请稍后再试，或用手机号登录") % {"name": city_label()})
    adapter = CityAdapter(request, PROVIDER)
    app = adapter.get_provider().app
    try:
        client = adapter.get_client(request, app)
        tokens = adapter.get_access_token_data(request, app, client, state["pkce_code_verifier"])
        return identity_from(adapter.claims(tokens, nonce=state["nonce"])), state.get("next", "")
    except _TROUBLE as trouble:
        raise _unreachable(trouble) from trouble


def _unreachable(trouble: Exception) -> CityRefused:
    # For whoever connects the installation; what the city tells about people does not stand in it.
    log.warning("the city's sign-in failed: %s: %s", type(trouble).__name__, str(trouble)[:300])
    return CityRefused(_("暂时无法使用%(name)s登录，请稍后再试，或用手机号登录") % {"name": city_label()})
