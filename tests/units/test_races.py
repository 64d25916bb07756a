"""The same account or unit entered by many at the same moment: one is made, the others are told that it exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from chuangju.kernel.models import User
from chuangju.units import accounts, registry
from chuangju.units.accounts import AccountRefused, create_account
from chuangju.units.models import Unit
from chuangju.units.registry import UnitRefused, add_unit
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 8


def making_an_account(by: User, at: datetime) -> Callable[[int], Any]:
    return lambda _number: create_account(username="zhang.san", name="张三", by=by, at=at)


def making_a_unit(by: User, at: datetime) -> Callable[[int], Any]:
    return lambda number: add_unit(name=f"区{number}局", kind=Unit.Kind.GOVERNMENT, code="sjj", by=by, at=at)


def test_one_account_is_made(system_administrator: User, now: datetime) -> None:
    outcomes = race(making_an_account(system_administrator, now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [AccountRefused] * (RACERS - 1)
    assert User.objects.filter(username="zhang.san").count() == 1


def test_one_unit_gets_the_code(office: User, now: datetime) -> None:
    outcomes = race(making_a_unit(office, now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [UnitRefused] * (RACERS - 1)
    assert Unit.objects.filter(code="sjj").count() == 1


def test_without_the_lock_somebody_falls(
    system_administrator: User, office: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (accounts, registry):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    fallen = errors_of(race(making_an_account(system_administrator, now), RACERS))
    fallen += errors_of(race(making_a_unit(office, now), RACERS))
    assert [error for error in fallen if not isinstance(error, AccountRefused | UnitRefused)] != []
