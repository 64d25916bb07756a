"""Duties: once for each period, in order, made up for after downtime, never held up by another one's failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar

import pytest
from django.db import transaction
from django.utils import timezone

from chuangju.kernel import duties as duties_module
from chuangju.kernel.duties import (
    DUTY_ATTEMPTS,
    DutyAlarm,
    DutyRefused,
    last_runs,
    register_duty,
    run_due_duties,
    run_duty_now,
)
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import AuditEvent, DutyRun, User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.registry import AlreadyRegistered
from chuangju.kernel.working_days import is_working_day
from tests.kernel.racing import errors_of, race
from tests.kernel.work import A_DAY, A_MINUTE, AN_HOUR, duty_of, only_duties

T = TypeVar("T")
YEAR = 2026
DOWN_FROM, DOWN_DAYS = date(YEAR, 8, 3), 7


def at_hour(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def noting(kept: list[T], what: Callable[[DutyPeriod], T]) -> Callable[[DutyPeriod], int]:
    """What a duty does that only writes down for which period it was run."""

    def run(period: DutyPeriod) -> int:
        kept.append(what(period))
        return 0

    return run


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.django_db
def test_a_year_with_holidays_and_a_week_of_downtime_is_run_once_for_each_day_in_order() -> None:
    run_for: list[date] = []
    reminders: list[date] = []

    def remind(period: DutyPeriod) -> int:
        run_for.append(period.on)
        if not is_working_day(period.on):
            return 0
        reminders.append(period.on)
        return 1

    down = {DOWN_FROM + timedelta(days=number) for number in range(DOWN_DAYS)}
    with only_duties(duty_of(remind)):
        for day in days_of(YEAR):
            if day in down:
                continue
            for hour in (0, 9, 9, 23):
                run_due_duties(at=at_hour(day, hour))
    assert run_for == days_of(YEAR)
    assert reminders == [day for day in days_of(YEAR) if is_working_day(day)]
    assert date(YEAR, 10, 1) not in reminders
    assert DutyRun.objects.filter(state=DutyRun.State.DONE).count() == len(days_of(YEAR))
    made_up = DutyRun.objects.get(period=DOWN_FROM.isoformat())
    assert made_up.finished_at == at_hour(DOWN_FROM + timedelta(days=DOWN_DAYS), 0)


@pytest.mark.django_db
def test_a_duty_that_does_not_catch_up_runs_for_today_alone(now: datetime) -> None:
    run_for: list[date] = []
    with only_duties(duty_of(noting(run_for, lambda period: period.on), catches_up=False)):
        run_due_duties(at=now)
        run_due_duties(at=now + 5 * A_DAY)
    assert run_for == [now.date(), (now + 5 * A_DAY).date()]


@pytest.mark.django_db
def test_a_quarter_hourly_duty_runs_once_a_quarter_and_leaves_no_gap(now: datetime) -> None:
    spans: list[tuple[datetime, datetime]] = []
    duty = duty_of(noting(spans, lambda period: (period.start, period.end)), every="quarter_hour")
    with only_duties(duty):
        for minute in range(46):
            run_due_duties(at=now + minute * A_MINUTE)
        assert len(spans) == 4
        run_due_duties(at=now + A_DAY + 7 * A_MINUTE)
    assert len(spans) == 5
    assert all(later[0] == earlier[1] for earlier, later in pairwise(spans))
    assert spans[-1][1] == now + A_DAY + 15 * A_MINUTE
    assert DutyRun.objects.filter(period=f"{now:%Y-%m-%d} 10:15").exists()


@pytest.mark.django_db
def test_a_duty_that_fails_waits_longer_each_time_and_holds_up_nobody_else(now: datetime) -> None:
    tries: list[datetime] = []
    others: list[date] = []

    def fail(period: DutyPeriod) -> int:
        tries.append(period.at)
        User.objects.create(username=f"half-{len(tries)}")
        raise ZeroDivisionError

    first = duty_of(fail, name="a", order=1)
    second = duty_of(noting(others, lambda period: period.on), name="b", order=2)
    with only_duties(first, second):
        for minute in range(24 * 60):
            run_due_duties(at=now + minute * A_MINUTE)
            if len(tries) == DUTY_ATTEMPTS:
                break
        assert [round((later - earlier) / A_MINUTE) for earlier, later in pairwise(tries)] == [
            1,
            2,
            4,
            8,
            16,
        ]
        run = DutyRun.objects.get(duty="a")
        assert (run.state, run.attempts) == (DutyRun.State.FAILED, DUTY_ATTEMPTS)
        assert "ZeroDivisionError" in run.problem
        run_due_duties(at=now + A_DAY)
    assert others == [now.date(), (now + A_DAY).date()]
    assert tries[-1] == now + A_DAY
    assert not User.objects.filter(username__startswith="half").exists()


@pytest.mark.django_db
def test_later_days_wait_until_an_earlier_one_is_done(now: datetime) -> None:
    run_for: list[date] = []
    broken = [True]

    def run(period: DutyPeriod) -> str:
        if broken:
            raise Refused("名单还没有导入")
        run_for.append(period.on)
        return "完成"

    with only_duties(duty_of(run)):
        run_due_duties(at=now)
        run_due_duties(at=now + timedelta(seconds=30))
        assert DutyRun.objects.get().problem == "名单还没有导入"
        broken.clear()
        run_due_duties(at=now + A_DAY)
    assert run_for == [now.date(), (now + A_DAY).date()]
    assert {run.outcome for run in DutyRun.objects.all()} == {"完成"}


@pytest.mark.django_db
def test_what_a_duty_finds_is_shown_and_not_tried_again(now: datetime) -> None:
    def find(_period: DutyPeriod) -> int:
        raise DutyAlarm("审计链断裂")

    with only_duties(duty_of(find, is_atomic=False)):
        run_due_duties(at=now)
        assert run_due_duties(at=now + AN_HOUR) == []
    run = last_runs()["tests.duty"]
    assert (run.state, run.problem, run.next_try_at) == (DutyRun.State.FOUND, "审计链断裂", None)


@pytest.mark.django_db
def test_a_period_whose_runner_died_is_taken_up_again(now: datetime) -> None:
    runs = []

    def die(_period: DutyPeriod) -> int:
        runs.append(1)
        if len(runs) == 1:
            raise KeyboardInterrupt
        return 0

    with only_duties(duty_of(die)):
        with pytest.raises(KeyboardInterrupt):
            run_due_duties(at=now)
        assert run_due_duties(at=now + A_MINUTE) == []
        (run,) = run_due_duties(at=now + 5 * A_MINUTE)
    assert (run.state, run.attempts, len(runs)) == (DutyRun.State.DONE, 2, 2)


@pytest.mark.django_db
def test_a_runner_that_was_taken_for_dead_changes_nothing_and_writes_no_end(now: datetime) -> None:
    """It wakes up after its lease has run out and another one has the period."""
    overtakes = [True]

    def run(_period: DutyPeriod) -> int:
        if overtakes:
            overtakes.clear()
            run_due_duties(at=now + AN_HOUR * 2, worker="another")
        return 1

    with only_duties(duty_of(run, is_atomic=False)):
        assert run_due_duties(at=now, worker="slow") == []
    run_row = DutyRun.objects.get()
    assert (run_row.worker, run_row.state, run_row.attempts) == ("another", DutyRun.State.DONE, 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_the_same_period_twice(now: datetime) -> None:
    def run(period: DutyPeriod) -> int:
        User.objects.create(username=f"run-{period.on}-{User.objects.count()}")
        return 1

    with only_duties(duty_of(run)):
        run_due_duties(at=now - 3 * A_DAY)
        outcomes = race(lambda number: run_due_duties(at=now, worker=f"w{number}"), 6)
    assert errors_of(outcomes) == []
    periods = [run.period for made in outcomes for run in made]
    assert sorted(periods) == sorted(set(periods))
    assert User.objects.filter(username__startswith="run-").count() == DutyRun.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_without_holding_the_period_they_do(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the row's token is not asked for, and a period that runs may be taken."""
    monkeypatch.setattr(duties_module, "_holds", lambda _run: True)
    monkeypatch.setattr(duties_module, "_may_be_taken", lambda _run, _at: True)
    again = [True]

    def run(period: DutyPeriod) -> int:
        if again:
            again.clear()
            with transaction.atomic():
                run_due_duties(at=now, worker="another")
        User.objects.create(username=f"run-{period.on}-{User.objects.count()}")
        return 1

    with only_duties(duty_of(run, is_atomic=False)):
        run_due_duties(at=now)
    assert User.objects.filter(username__startswith="run-").count() > DutyRun.objects.count()


@pytest.mark.django_db
def test_an_administrator_has_a_failed_period_run_at_once(person: User, now: datetime) -> None:
    broken = [True]

    def run(_period: DutyPeriod) -> int:
        if broken:
            raise DutyAlarm("没有数据")
        return 3

    duty = duty_of(run)
    with only_duties(duty):
        with pytest.raises(DutyRefused, match="到期后"):
            run_duty_now(duty, by=person, at=now)
        run_due_duties(at=now)
        broken.clear()
        run_duty_now(duty, by=person, at=now)
        (made,) = run_due_duties(at=now)
        assert (made.state, made.count) == (DutyRun.State.DONE, 3)
        with pytest.raises(DutyRefused, match="已经完成"):
            run_duty_now(duty, by=person, at=now)
    assert AuditEvent.objects.get().action == "kernel.duty_run_asked"


@pytest.mark.django_db
def test_a_harmless_duty_may_be_run_anew(person: User, now: datetime) -> None:
    runs: list[date] = []
    duty = duty_of(noting(runs, lambda period: period.on), is_repeatable=True)
    with only_duties(duty):
        run_due_duties(at=now)
        run_duty_now(duty, by=person, at=now)
        run_due_duties(at=now)
    assert len(runs) == 2
    assert DutyRun.objects.count() == 1


def test_a_name_is_given_once() -> None:
    duty = duty_of(lambda _period: 0)
    with only_duties(duty), pytest.raises(AlreadyRegistered):
        register_duty(duty)
