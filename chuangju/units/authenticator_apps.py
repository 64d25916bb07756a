"""验证器应用 - the six digits that an app computes from a secret and the time (TOTP, RFC 6238), and where secrets are kept."""

from __future__ import annotations

import hmac
import unicodedata
import uuid
from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

from chuangju.units.models import FactorSecret

PERIOD_SECONDS = 30
# One period early or late: the clocks of telephones differ.
_TOLERANCE = (-1, 0, 1)


def new_app_secret() -> str:
    """A secret for an authenticator app, in the letters such apps take (Base32)."""
    return str(generate_totp_secret())


def app_code(secret: str, *, at: datetime, step: int = 0) -> str:
    """The six digits that an app shows at a moment, or `step` periods later."""
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // PERIOD_SECONDS + step)))


def matching_period(secret: str, typed: str, *, at: datetime) -> int | None:
    """The latest period whose code was typed, None for a wrong code; each is compared, so the time taken tells nothing."""
    now = int(at.timestamp()) // PERIOD_SECONDS
    digits = only_digits(typed)
    found = [now + step for step in _TOLERANCE if hmac.compare_digest(app_code(secret, at=at, step=step), digits)]
    return max(found, default=None)


def only_digits(typed: str) -> str:
    """What was typed, without blanks and in half width."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign in "0123456789")


def keep_secret(text: str) -> str:
    """Keep a secret encrypted, and give out the reference under which a factor knows it."""
    return str(FactorSecret.objects.create(reference=uuid.uuid4(), secret=text).pk)


def kept_secret(reference: str) -> str:
    """The secret of a reference; raises FactorSecret.DoesNotExist."""
    return str(FactorSecret.objects.get(pk=reference).secret)


def forget_secret(reference: str) -> None:
    """Remove a secret with the factor it belonged to."""
    FactorSecret.objects.filter(pk=reference).delete()
