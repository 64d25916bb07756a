"""登录 - what the audit log keeps of signing in and out, how sessions end, and how a lock-out is lifted before its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User, UserSession
from chuangju.kernel.sessions import end_sessions, sessions_of
from chuangju.units.access import has_role
from chuangju.units.accounts import AccountRefused, username_as_stored
from chuangju.units.models import Role


@transaction.atomic
def record_sign_in(user: User, *, at: datetime, ways: Sequence[str] = ()) -> None:
    """Somebody came in; `ways` says by what they were recognised ("password", "totp", …)."""
    record_event("units.signed_in", user, by=user, at=at, after={"ways": list(ways)})


@transaction.atomic
def record_switch(user: User, *, at: datetime) -> None:
    """Somebody became another account by the switcher of demo mode."""
    record_event("units.demo_switched", user, by=user, at=at)


@transaction.atomic
def record_confirmation(user: User, *, way: str, at: datetime) -> None:
    """Somebody who is signed in proved again who they are, before something that cannot be undone."""
    record_event("units.identity_confirmed", user, by=user, at=at, after={"ways": [way]})


@transaction.atomic
def end_other_sessions(user: User, *, keep: str, at: datetime) -> int:
    """Sign oneself out everywhere but in the session with this key; how many ended."""
    ended = end_sessions(user, at=at, but=keep)
    record_event("units.sessions_ended", user, by=user, at=at, after={"ended": ended})
    return ended


@transaction.atomic
def end_session(session: UserSession, *, by: User, at: datetime) -> None:
    """Sign oneself out in one browser."""
    session.delete()
    record_event("units.sessions_ended", by, by=by, at=at, after={"ended": 1})


def sessions_visible_to(user: User, *, at: datetime) -> QuerySet[UserSession]:
    """One's own sessions, the one used last first."""
    return sessions_of(user, at=at)


@transaction.atomic
def record_sign_out(user: User, *, at: datetime) -> None:
    """Somebody left."""
    record_event("units.signed_out", user, by=user, at=at)


@transaction.atomic
def record_failed_sign_in(username: str, *, at: datetime) -> None:
    """Somebody was kept out. What they typed is not kept: now and then it is a password in the wrong field."""
    user = User.objects.filter(username=username_as_stored(username)).first()
    # An account that does not exist leaves the same trace and takes the same time as one that does.
    record_event("units.sign_in_failed", user or User(pk=0, username="", name="未知账号"), by=None, at=at)


def is_locked_out(user: User, *, at: datetime) -> bool:
    """Whether too many failures keep the account out just now, from at least one address."""
    since = at - timedelta(hours=settings.AXES_COOLOFF_TIME)
    failures = AccessAttempt.objects.filter(
        username=user.username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    )
    return bool(failures.exists())


@transaction.atomic
def unlock_account(user: User, *, by: User | None, at: datetime) -> None:
    """Forget the failures, so that the account can be tried again at once."""
    if by is not None and not has_role(by, Role.SECURITY_ADMINISTRATOR, on=timezone.localdate(at)):
        raise AccountRefused(_("只有安全保密管理员可以解除锁定"))
    if not is_locked_out(user, at=at):
        raise AccountRefused(_("该账号没有被锁定"))
    reset(username=user.username)
    record_event("units.account_unlocked", user, by=by, at=at)
