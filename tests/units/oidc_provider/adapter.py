"""What the city says about its people: a name, and the mobile it has or has not verified."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

from tests.units.oidc_provider.people import PEOPLE


class CityAdapter(DefaultOIDCAdapter):
    """allauth's provider, with the claims of a mobile."""

    def get_claims(self, purpose: Any, user: Any, client: Any, scopes: Any, **kwargs: Any) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_claims(purpose, user, client, scopes, **kwargs)
        name, mobile, is_verified = PEOPLE[user.get_username()]
        if "profile" in scopes:
            claims["name"] = name
        # Only the userinfo tells the number, as many providers have it.
        if "phone" in scopes and purpose == "userinfo":
            claims |= {"phone_number": mobile, "phone_number_verified": is_verified}
        return claims

    def populate_id_token(self, id_token: dict[str, Any], client: Any, *_scopes: Any, **_more: Any) -> None:
        """Tell another nonce than the one that was asked with, where a test wants to see that noticed."""
        if client.data and client.data.get("wrong_nonce"):
            id_token["nonce"] = "somebody else's"
