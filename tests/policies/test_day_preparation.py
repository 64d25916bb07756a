"""The first reader of a day finds every policy ready."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.utils import timezone

from chuangju.policies import day_preparation
from chuangju.policies.current import current_catalogue
from chuangju.policies.day_preparation import days_wanted, prepare_days, start_preparing
from chuangju.rules.program import prepare_policy


def test_tomorrow_is_wanted_from_the_evening_on() -> None:
    noon, evening = datetime(2026, 6, 15, 4, 0, tzinfo=UTC), datetime(2026, 6, 15, 13, 0, tzinfo=UTC)
    assert days_wanted(noon) == (date(2026, 6, 15),)
    assert days_wanted(evening) == (date(2026, 6, 15), date(2026, 6, 16))


@pytest.mark.django_db
def test_whoever_comes_after_finds_everything_ready() -> None:
    day = date(2026, 2, 3)
    assert prepare_days([day]) == len(current_catalogue().in_force(day))
    made = prepare_policy.cache_info().misses
    for policy in current_catalogue().in_force(day):
        prepare_policy(policy, day)
    assert prepare_policy.cache_info().misses == made


def test_a_thread_looks_again_and_again_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    closed, again = list[int](), threading.Event()

    def prepare(days: tuple[date, ...], *, breath: float) -> int:
        if closed:
            again.set()
            raise OperationalError("gone")  # is told in the log, and tried again
        return len(days)

    monkeypatch.setattr(day_preparation, "_FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(day_preparation, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(day_preparation, "prepare_days", prepare)
    # A thread keeps no connection to the database between its looks.
    monkeypatch.setattr(day_preparation, "connection", SimpleNamespace(close=lambda: closed.append(1)))
    stop = start_preparing(timezone.now)
    (thread,) = (one for one in threading.enumerate() if one.name == "policies-of-the-day")
    assert thread.daemon
    assert again.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert len(closed) > 1
