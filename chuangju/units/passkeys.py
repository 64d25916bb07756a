"""通行密钥 - the exchange with the browser when a passkey is made or used; allauth and fido2 do the cryptography.

The challenge waits in the session of the request that allauth's middleware has at hand; it counts for one answer.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused

# What malformed answers make the libraries raise; a browser sends none of them.
_MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError)


class PasskeyRefused(Refused):
    """An answer of the browser that proves nothing."""


def options_for_new(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey that can sign in by itself (the device asks for finger, face or PIN)."""
    return dict(auth.begin_registration(user, passwordless=True))


def check_new(credential: object) -> dict[str, Any]:
    """The passkey a browser made, fit to be kept; raises PasskeyRefused."""
    refused = PasskeyRefused(_("没有收到有效的通行密钥，请重试"))
    if not isinstance(credential, dict):
        raise refused
    try:
        auth.parse_registration_response(credential)
        is_verified = auth.complete_registration(credential).is_user_verified()
    except _MALFORMED as error:
        raise refused from error
    if not is_verified:
        raise PasskeyRefused(_("设备没有验证指纹、面容或 PIN，请换一台设备或换一种方式"))
    return credential


def options_for_use(user: User | None) -> dict[str, Any]:
    """What the browser needs to show a passkey: one of this account's, or, for nobody yet, any it holds for us."""
    return dict(auth.begin_authentication(user))


def check_use(credential: object, *, user: User | None) -> Authenticator:
    """The passkey that answered, of this account or, where there is none yet, of the account it names.

    Raises PasskeyRefused; all reasons read the same.
    """
    refused = PasskeyRefused(_("没有认出这个通行密钥，请重试，或换一种方式登录"))
    if not isinstance(credential, dict):
        raise refused
    try:
        auth.parse_authentication_response(credential)
        owner = user or auth.extract_user_from_response(credential)
        factor = auth.complete_authentication(owner, credential)
    except _MALFORMED as error:
        raise refused from error
    factor.user = owner
    return factor


def name_of(factor: Authenticator) -> str:
    """What its owner called a passkey."""
    return str(factor.data.get("name", ""))
