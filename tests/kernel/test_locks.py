"""One more seat is taken than there are seats only when nobody takes the lock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from chuangju.kernel import locks
from chuangju.kernel.locks import LockBusy, take_locks
from chuangju.kernel.models import SavedView, User
from chuangju.kernel.refusals import Refused
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

SEATS = 3
RACERS = 8


class SeatRefused(Refused):
    """No seat is left."""


def take_seat(person: User) -> Callable[[int], Any]:
    def take(number: int) -> str:
        with transaction.atomic():
            locks.take_locks("seats:hall", "seats:balcony")
            taken = SavedView.objects.filter(listing="seats").count()
            time.sleep(0.02)
            if taken >= SEATS:
                raise SeatRefused("座位已满")
            SavedView.objects.create(user=person, listing="seats", name=str(number))
        return "granted"

    return take


@pytest.mark.django_db(transaction=True)
def test_racers_for_the_last_seats_get_exactly_those_and_clean_refusals(person: User) -> None:
    outcomes = race(take_seat(person), RACERS)
    assert outcomes.count("granted") == SEATS == SavedView.objects.count()
    assert [type(error) for error in errors_of(outcomes)] == [SeatRefused] * (RACERS - SEATS)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_grants_too_many_or_fails(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(take_seat(person), RACERS)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, SeatRefused)]
    assert unclean or SavedView.objects.count() > SEATS


@pytest.mark.django_db(transaction=True)
def test_locks_taken_in_any_order_never_wait_in_a_circle(db: None) -> None:
    def take(number: int) -> None:
        with transaction.atomic():
            take_locks(*(("a", "b", "c") if number % 2 else ("c", "b", "a")))
            time.sleep(0.005)

    assert errors_of(race(take, RACERS)) == []


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_is_told_to_try_again_and_may_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        # Nobody can wait here: the second transaction does not begin before the first has ended.
        with transaction.atomic():
            take_locks("a")
            take_locks("a")
        return
    monkeypatch.setattr(locks, "WAIT_MILLISECONDS", 200)

    def hold(number: int) -> str:
        with transaction.atomic():
            time.sleep(0.2 * number)
            try:
                take_locks("a")
            except LockBusy as busy:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT current_setting('lock_timeout')")
                    assert cursor.fetchone() == ("0",)
                return busy.sentence
            time.sleep(1.5)
            return "held"

    assert race(hold, 2) == ["held", "同一事项正有人在办理，请稍候几秒再试。"]


@pytest.mark.django_db
def test_a_lock_outside_a_transaction_is_a_programming_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(transaction.TransactionManagementError, match="inside a transaction"):
        take_locks("a")


@pytest.mark.django_db
def test_sqlite_must_begin_immediate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "vendor", "sqlite")
    monkeypatch.setattr(transaction.get_connection(), "transaction_mode", "DEFERRED", raising=False)
    with pytest.raises(transaction.TransactionManagementError, match="IMMEDIATE"):
        take_locks("a")


def test_a_key_has_the_same_number_in_every_process() -> None:
    assert locks._number("budget:2026") == 1248626639653572805
    assert locks._number("a") != locks._number("b")
