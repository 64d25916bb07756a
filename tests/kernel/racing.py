"""Racers: the same call from many threads at once, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections


def race(call: Callable[[int], Any], racers: int) -> list[Any]:
    """Start everybody at the same moment; what each returned or raised, in the order of their numbers."""
    start = threading.Barrier(racers)
    outcomes: list[Any] = [None] * racers

    def run(number: int) -> None:
        try:
            start.wait(timeout=30)
            outcomes[number] = call(number)
        except Exception as error:  # noqa: BLE001 - whatever a racer meets is its outcome
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def errors_of(outcomes: list[Any]) -> list[Exception]:
    """Those who fell."""
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def let_sqlite_begin_deferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's part of "the lock is off": transactions that take the write lock only when they first write."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 1)
