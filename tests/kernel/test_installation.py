"""Demo or real, never both; what is loaded once; a database that is safe to start on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Self

import pytest
from django.db import transaction
from pytest_django import Settings

from chuangju.kernel import demo, reference_data
from chuangju.kernel.audit import events_about
from chuangju.kernel.demo import load_demo, register_demo
from chuangju.kernel.installation import (
    DemoRefused,
    UnsafeDatabase,
    is_demo_database,
    mark_demo,
    refuse_demo_mismatch,
    refuse_unsafe_database,
    this_installation,
)
from chuangju.kernel.models import Installation, SavedView, User
from chuangju.kernel.reference_data import load_reference_data, register_reference_data
from chuangju.kernel.registry import AlreadyRegistered, Registry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_foreign_registrations(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sets of other packages stay out of these tests."""
    monkeypatch.setattr(demo, "demo_sets", Registry("demo sets of the test"))
    monkeypatch.setattr(reference_data, "reference_sets", Registry("reference data of the test"))
    yield
    from chuangju.kernel import registry  # noqa: PLC0415 - its private table is put back

    for name in ("demo sets of the test", "reference data of the test"):
        del registry._every[name]


def test_an_empty_database_becomes_demo_once_and_says_so_in_the_log(now: datetime) -> None:
    assert not is_demo_database()
    mark_demo(at=now)
    mark_demo(at=now)
    assert is_demo_database()
    assert [event.action for event in events_about(this_installation())] == ["kernel.demo_marked"]
    assert str(this_installation()) == "demo"


def test_a_database_with_accounts_never_becomes_demo(person: User, now: datetime) -> None:
    with pytest.raises(DemoRefused, match="演示模式不能用于正式数据库"):
        mark_demo(at=now)
    with pytest.raises(DemoRefused):
        load_demo(at=now)
    assert not is_demo_database()
    assert str(this_installation()) == "production"


def test_demo_mode_does_not_start_on_a_database_in_real_use(person: User, settings: Settings) -> None:
    settings.DEMO = True
    with pytest.raises(DemoRefused, match="演示模式不能用于正式数据库"):
        refuse_demo_mismatch()
    settings.DEMO = False
    refuse_demo_mismatch()


def test_a_demo_database_does_not_start_in_real_use(now: datetime, settings: Settings) -> None:
    settings.DEMO = True
    refuse_demo_mismatch()
    mark_demo(at=now)
    refuse_demo_mismatch()
    settings.DEMO = False
    with pytest.raises(DemoRefused, match="演示账号的密码是公开的"):
        refuse_demo_mismatch()


def test_demo_sets_are_loaded_in_order_and_once(now: datetime) -> None:
    loaded: list[str] = []
    register_demo("b", lambda _at: loaded.append("b"), order=20)
    register_demo("a", lambda _at: loaded.append("a"), order=30)
    register_demo("c", lambda at: loaded.append(f"c {at:%Y}"), order=10)
    assert load_demo(at=now) == ["c", "b", "a"]
    assert load_demo(at=now) == []
    assert loaded == ["c 2026", "b", "a"]
    register_demo("d", lambda _at: loaded.append("d"), order=1)
    assert load_demo(at=now) == ["d"]
    with pytest.raises(AlreadyRegistered):
        register_demo("d", lambda _at: None, order=2)


def test_a_demo_set_that_fails_leaves_nothing_and_is_tried_again(now: datetime) -> None:
    fails = [True]

    def load(at: datetime) -> None:
        User.objects.create(username="demo", name="演示")
        if fails:
            fails.pop()
            raise RuntimeError

    register_demo("a", load, order=1)
    with pytest.raises(RuntimeError), transaction.atomic():
        load_demo(at=now)
    assert not User.objects.exists()
    assert load_demo(at=now) == ["a"]
    assert User.objects.count() == 1


def test_reference_data_is_loaded_when_new_and_again_when_its_version_changes(now: datetime, person: User) -> None:
    def load(name: str) -> Callable[[datetime], None]:
        def add(at: datetime) -> None:
            SavedView.objects.create(user=person, listing="data", name=f"{name}{SavedView.objects.count()}")

        return add

    register_reference_data("units", load("u"), 10)
    register_reference_data("codes", load("c"), 5, version="2026")
    assert load_reference_data(at=now) == ["codes", "units"]
    assert load_reference_data(at=now) == []
    reference_data.reference_sets.remove("codes")
    register_reference_data("codes", load("c"), 5, version="2027")
    assert load_reference_data(at=now) == ["codes"]
    assert sorted(view.name for view in SavedView.objects.all()) == ["c0", "c2", "u1"]


def test_the_suites_own_database_is_safe() -> None:
    refuse_unsafe_database()


@pytest.mark.parametrize(
    ("mode", "journal", "synchronous", "sentence"),
    [
        (None, "wal", 2, "transaction_mode 必须为 IMMEDIATE"),
        ("IMMEDIATE", "delete", 2, "journal_mode 必须为 WAL，现为 delete"),
        ("IMMEDIATE", "wal", 1, "synchronous 必须为 FULL"),
    ],
)
def test_a_sqlite_that_loses_writes_is_refused(
    mode: str | None, journal: str, synchronous: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Answers:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *error: object) -> None: ...

        def execute(self, question: str) -> None:
            self.answer = journal if "journal" in question else synchronous

        def fetchone(self) -> tuple[object]:
            return (self.answer,)

    wrapper = transaction.get_connection()
    monkeypatch.setattr(wrapper, "vendor", "sqlite")
    monkeypatch.setattr(wrapper, "transaction_mode", mode, raising=False)
    monkeypatch.setattr(wrapper, "cursor", Answers)
    with pytest.raises(UnsafeDatabase, match=sentence):
        refuse_unsafe_database()


def test_postgresql_needs_no_such_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "vendor", "postgresql")
    monkeypatch.setattr(transaction.get_connection(), "transaction_mode", None, raising=False)
    refuse_unsafe_database()


def test_there_is_only_one_installation() -> None:
    assert this_installation() == this_installation()
    assert Installation.objects.count() == 1
