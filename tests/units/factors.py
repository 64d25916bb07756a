"""Second factors of people under test."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.units.authenticator_apps import app_code, new_app_secret
from chuangju.units.second_factors import set_up_app

PERIOD = timedelta(seconds=30)


def give_app(user: User, *, at: datetime | None = None) -> str:
    """Set up an authenticator app for somebody, two periods ago, and give its secret."""
    secret, then = new_app_secret(), (at or timezone.now()) - 2 * PERIOD
    set_up_app(user, secret=secret, code=app_code(secret, at=then), at=then)
    return secret
