"""会话 - Django's sessions in the database, each with its account, address and browser in columns of their own.

What is listed and ended is found by account, never by reading every session of the installation.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db.models import QuerySet

from chuangju.kernel.models import User, UserSession

STARTED, SEEN = "session_started", "session_seen"
_NUMBER, _ADDRESS, _AGENT = "session_number", "session_address", "session_agent"
_LONGEST_AGENT, _LONGEST_ADDRESS = 300, 45


class SessionStore(DatabaseSessions):
    """The session engine (`settings.SESSION_ENGINE`)."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        """The table with an account in a column of its own."""
        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        """The record of a session; the columns repeat what the session holds."""
        record: UserSession = super().create_model_instance(data)  # type: ignore[assignment]
        record.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        record.number = data.get(_NUMBER, "")
        record.address, record.agent = data.get(_ADDRESS, ""), data.get(_AGENT, "")
        record.started_at, record.seen_at = _moment(data.get(STARTED)), _moment(data.get(SEEN))
        return record


def begin_session(session: SessionBase, *, address: str, agent: str, at: datetime) -> None:
    """Note where and when somebody signed in; call it after Django has given the session its new key."""
    session[_NUMBER] = uuid4().hex
    session[_ADDRESS], session[_AGENT] = address[:_LONGEST_ADDRESS], agent[:_LONGEST_AGENT]
    session[STARTED] = session[SEEN] = int(at.timestamp())


def sessions_of(user: User, *, at: datetime) -> QuerySet[UserSession]:
    """The sessions of an account that have not run out, the one used last first."""
    return UserSession.objects.filter(user=user, expire_date__gt=at)


def end_sessions(user: User, *, at: datetime, but: str = "") -> int:
    """End the account's sessions, apart from the one with the key `but`; how many ended."""
    ended, _kinds = sessions_of(user, at=at).exclude(session_key=but).delete()
    return ended


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
