"""Writers that race for one chain: none waits for ever, none is lost, the chain stays whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from chuangju.kernel import audit
from chuangju.kernel.audit import record_event, verify_chain
from chuangju.kernel.models import AuditEvent, AuditStream, User
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 12
EACH = 4


def write_some(now: datetime) -> Any:
    user = User.objects.get()

    def write(number: int) -> None:
        for _ in range(EACH):
            with transaction.atomic():
                record_event("x.y", user, by=user, at=now, reason=str(number))

    return write


def test_every_writer_gets_its_place_in_the_chain(person: User, now: datetime) -> None:
    assert errors_of(race(write_some(now), WRITERS)) == []
    stream = AuditStream.objects.get()
    assert stream.last_sequence == AuditEvent.objects.count() == WRITERS * EACH
    assert list(verify_chain(stream)) == []


def test_without_the_lock_writers_collide(person: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        record_event("x.y", person, by=person, at=now)
    monkeypatch.setattr(audit, "_locked_stream", lambda name: AuditStream.objects.get(name=name))
    let_sqlite_begin_deferred(monkeypatch)
    assert errors_of(race(write_some(now), WRITERS)) != []


def test_two_writers_may_open_a_stream_in_the_same_moment(
    person: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second finds no stream, then cannot create it because the first just has: both are kept."""
    with transaction.atomic():
        record_event("x.y", person, by=person, at=now)
    monkeypatch.setattr(QuerySet, "first", lambda _queryset: None)
    with transaction.atomic():
        assert audit._locked_stream("kernel").last_sequence == 1
    assert AuditStream.objects.count() == 1
