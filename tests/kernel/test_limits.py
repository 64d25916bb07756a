"""Limits: so many attempts in so long, for each subject of its own, and never more however many ask at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import QuerySet

from chuangju.kernel.limits import Limit, forget_attempts, forget_old_attempts, take_attempt
from chuangju.kernel.models import AttemptCount
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

LIMIT = Limit("test", 3, timedelta(minutes=15))


@pytest.mark.django_db
def test_after_the_last_attempt_there_is_none_until_the_window_is_over(now: datetime) -> None:
    assert [take_attempt(LIMIT, "a", at=now) for _ in range(5)] == [True, True, True, False, False]
    assert take_attempt(LIMIT, "b", at=now), "another subject has its own"
    assert take_attempt(Limit("other", 1, LIMIT.per), "a", at=now), "another purpose too"
    almost = now + timedelta(minutes=14, seconds=59)
    assert not take_attempt(LIMIT, "a", at=almost)
    later = now + timedelta(minutes=15)
    assert take_attempt(LIMIT, "a", at=later)


@pytest.mark.django_db
def test_success_forgets_earlier_attempts(now: datetime) -> None:
    for _ in range(3):
        take_attempt(LIMIT, "a", at=now)
    forget_attempts(LIMIT, "a")
    assert take_attempt(LIMIT, "a", at=now)


@pytest.mark.django_db
def test_the_table_tells_no_number_and_is_tidied(now: datetime) -> None:
    take_attempt(LIMIT, "13812345678", at=now)
    assert "13812345678" not in str(AttemptCount.objects.values_list())
    assert forget_old_attempts(before=now) == 0
    assert forget_old_attempts(before=now + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_no_more_than_the_limit_are_let_through(now: datetime) -> None:
    outcomes = race(lambda _number: take_attempt(LIMIT, "a", at=now), 8)
    assert outcomes.count(True) == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_goes_wrong(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    take_attempt(LIMIT, "a", at=now - LIMIT.per)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(lambda _number: take_attempt(LIMIT, "a", at=now), 8)
    assert errors_of(outcomes) or outcomes.count(True) > 3
