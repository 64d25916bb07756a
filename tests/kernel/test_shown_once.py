"""What waits to be shown once cannot be read in the table of sessions, and is gone after it was shown."""

from __future__ import annotations

import pytest

from chuangju.kernel.models import UserSession
from chuangju.kernel.sessions import SessionStore
from chuangju.kernel.shown_once import keep_for_once, take_once, waits_for_once

pytestmark = pytest.mark.django_db


def test_it_waits_encrypted_and_is_taken_once() -> None:
    session = SessionStore()
    keep_for_once(session, "links", [{"name": "张三", "url": "/invitation/abcdef/"}])
    session.save()
    stored = UserSession.objects.get().get_decoded()
    assert "abcdef" not in str(stored)
    assert waits_for_once(session, "links") == [{"name": "张三", "url": "/invitation/abcdef/"}]
    assert take_once(session, "links") == [{"name": "张三", "url": "/invitation/abcdef/"}]
    assert take_once(session, "links") is None
    assert "links" not in session


def test_what_was_moved_or_is_of_another_making_counts_as_nothing() -> None:
    session = SessionStore()
    keep_for_once(session, "password", "secret")
    session["links"] = session["password"]
    session["plain"] = ["an older release kept it like this"]
    assert waits_for_once(session, "links") is None
    assert take_once(session, "plain") is None
