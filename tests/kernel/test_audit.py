"""What an event says, how events hang together, and what they never say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction

from chuangju.kernel import audit
from chuangju.kernel.audit import (
    GENESIS,
    action_label,
    digest,
    event_hash,
    events_about,
    json_safe,
    record_event,
    register_actions,
    register_role_resolver,
    snapshot,
    verify_chain,
)
from chuangju.kernel.models import AuditEvent, AuditStream, SavedView, User
from chuangju.kernel.registry import AlreadyRegistered

pytestmark = pytest.mark.django_db


@pytest.fixture
def view(person: User) -> SavedView:
    return SavedView.objects.create(user=person, listing="tasks", name="我的", query="q=1")


def test_an_event_says_who_did_what_to_which_record_when_and_why(person: User, view: SavedView, now: datetime) -> None:
    event = record_event(
        "kernel.view_saved",
        view,
        by=person,
        at=now,
        before={"query": ""},
        after={"query": "q=1"},
        about=person,
        reason="试",
    )
    event.refresh_from_db()
    assert (event.actor, event.actor_name, event.action, event.reason) == (person, "王芳", "kernel.view_saved", "试")
    assert (event.object_type, event.object_id, event.object_label) == ("kernel.savedview", str(view.pk), "我的")
    assert (event.about_type, event.about_id) == ("kernel.user", str(person.pk))
    assert event.changes == {"query": ["", "q=1"]}
    assert event.at == now
    assert event.digest_before == digest({"query": ""})
    assert event.digest_after == digest({"query": "q=1"})


def test_what_the_system_does_by_itself_has_no_actor_and_no_role(view: SavedView, now: datetime) -> None:
    event = record_event("kernel.view_saved", view, by=None, at=now)
    assert (event.actor, event.actor_name, event.role, event.digest_before, event.digest_after) == (
        None,
        "系统",
        "",
        "",
        "",
    )


def test_fields_that_did_not_change_are_left_out_and_fields_that_came_or_went_are_kept(
    person: User, view: SavedView, now: datetime
) -> None:
    event = record_event(
        "x", view, by=person, at=now, before={"a": 1, "b": 2, "gone": 3}, after={"a": 1, "b": 5, "new": 4}
    )
    assert event.changes == {"b": [2, 5], "gone": [3, None], "new": [None, 4]}


def test_secrets_never_reach_the_log(person: User, now: datetime) -> None:
    person.set_password("a-long-secret-1")
    assert "password" not in snapshot(person)
    event = record_event("x", person, by=person, at=now, before={"password": "old"}, after={"password": "new"})
    assert event.changes == {}
    assert event.digest_after == digest({})


def test_events_of_one_stream_are_numbered_and_each_carries_the_hash_before_it(
    person: User, view: SavedView, now: datetime
) -> None:
    first, second = (record_event("x", view, by=person, at=now) for _ in range(2))
    assert (first.sequence, first.previous_hash) == (1, GENESIS)
    assert (second.sequence, second.previous_hash) == (2, first.hash)
    stream = AuditStream.objects.get()
    assert (stream.name, stream.last_sequence, stream.last_hash) == ("kernel", 2, second.hash)
    assert list(verify_chain(stream)) == []


def test_an_event_outside_a_transaction_is_a_programming_error(
    view: SavedView, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(transaction.TransactionManagementError, match="inside the transaction"):
        record_event("x", view, by=None, at=now)


def test_a_moment_without_time_zone_is_a_programming_error(view: SavedView) -> None:
    with pytest.raises(ValueError, match="aware moment"):
        record_event("x", view, by=None, at=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


def test_a_change_that_is_rolled_back_leaves_no_event(view: SavedView, now: datetime) -> None:
    with transaction.atomic():
        record_event("x", view, by=None, at=now)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


def test_the_stored_event_hashes_to_the_same_value_after_a_round_trip_through_the_database(view: SavedView) -> None:
    at = datetime(2026, 6, 15, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    after = {
        "pay": Decimal("1.50"),
        "share": 0.1,
        "big": 10**15,
        "list": [1, {"b": 2, "a": 1}],
        "nul": "a\x00b",
        "emoji": "🎉",
    }
    event = record_event("x", view, by=None, at=at, after=after)
    assert event_hash(AuditEvent.objects.get()) == event.hash
    assert event.at == at.astimezone(UTC)


def test_long_labels_and_names_are_cut_to_what_the_columns_hold(now: datetime, person: User) -> None:
    view = SavedView(pk=1, user=person, listing="x", name="长" * 400)
    person.name = "名" * 200
    event = record_event("x", view, by=person, at=now)
    assert (len(event.object_label), len(event.actor_name)) == (300, 128)


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, "0.5"),
        (Decimal("2.10"), "2.10"),
        ("a\x00", "a\ufffd"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(9, 30), "09:30:00"),
        (datetime(2026, 1, 2, 8, tzinfo=timezone(timedelta(hours=8))), "2026-01-02T00:00:00.000000+00:00"),
        ({1: date(2026, 1, 2)}, {"1": "2026-01-02"}),
        ((1, "b"), [1, "b"]),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({2, 1}), [1, 2]),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (User(pk=7), 7),
    ],
)
def test_every_kind_of_value_becomes_json_that_reads_the_same_everywhere(value: object, safe: object) -> None:
    assert json_safe(value) == safe


def test_a_moment_without_time_zone_inside_a_change_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="aware moment"):
        json_safe({"due": datetime(2026, 1, 1)})  # noqa: DTZ001 - the fault under test


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": "闵行"}) == digest({"b": "闵行", "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


def test_events_about_a_record_are_its_own_and_those_recorded_as_being_about_it(
    person: User, view: SavedView, now: datetime
) -> None:
    other = SavedView.objects.create(user=person, listing="tasks", name="别的")
    own = record_event("x", view, by=None, at=now)
    about = record_event("x", other, by=None, at=now, about=view)
    unrelated = record_event("x", other, by=None, at=now)
    assert set(events_about(view)) == {own, about}
    assert set(events_about(view, other)) == {own, about, unrelated}
    assert set(events_about(person)) == set()
    assert set(events_about()) == set()


@pytest.fixture
def _own_registrations() -> Iterator[None]:
    resolver = audit.role_resolvers.find("role")
    if resolver:
        audit.role_resolvers.remove("role")
    yield
    for registry, key in ((audit.role_resolvers, "role"), (audit.action_labels, "test.done")):
        if key in registry:
            registry.remove(key)
    if resolver:
        register_role_resolver(resolver)


@pytest.mark.usefixtures("_own_registrations")
def test_the_role_is_what_the_registered_package_says_at_that_moment(
    person: User, view: SavedView, now: datetime
) -> None:
    assert record_event("x", view, by=person, at=now).role == ""
    register_role_resolver(lambda user, at: f"{user.username} {at:%Y}" + "!" * 99)
    event = record_event("x", view, by=person, at=now)
    assert event.role.startswith("wang 2026!")
    assert len(event.role) == 64
    with pytest.raises(AlreadyRegistered):
        register_role_resolver(lambda _user, _at: "")


@pytest.mark.usefixtures("_own_registrations")
def test_an_action_is_called_what_its_package_registered_and_by_its_code_otherwise() -> None:
    assert action_label("test.done") == "test.done"
    register_actions({"test.done": "办结"})
    assert action_label("test.done") == "办结"
    with pytest.raises(AlreadyRegistered):
        register_actions({"test.done": "又办结"})
