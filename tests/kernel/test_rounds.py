"""What a worker does every minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import DatabaseError

from chuangju.kernel.rounds import register_round, rounds, run_rounds


@pytest.fixture
def register() -> Iterator[Callable[[str, Callable[[datetime], object]], None]]:
    names: list[str] = []

    def add(name: str, run: Callable[[datetime], object]) -> None:
        register_round(name, run)
        names.append(name)

    yield add
    for name in names:
        rounds.remove(name)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [DatabaseError("gone"), ValueError("a fault of ours")])
def test_one_that_fails_keeps_no_other_from_running(
    register: Callable[[str, Callable[[datetime], object]], None], now: datetime, fault: Exception
) -> None:
    seen: list[datetime] = []

    def broken(_at: datetime) -> None:
        raise fault

    register("a", broken)
    register("b", seen.append)
    assert run_rounds(at=now) == ["b", "outbox", "search_index"]
    assert seen == [now]
