"""Clocks in working days: what counts, what a pause takes out, and when promise and law run out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from chuangju.kernel.audit import events_about
from chuangju.kernel.clocks import (
    ClockRefused,
    clock_of,
    clocks_of,
    pause_clock,
    read_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from chuangju.kernel.models import Clock, ClockPause, User
from chuangju.kernel.working_days import is_working_day, working_days_between
from tests.people import make_user

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=SHANGHAI)


@pytest.fixture
def matter(db: None) -> User:
    """Any record can have a clock; an account is as good as another."""
    return make_user("someone")


def test_the_day_of_the_start_is_not_counted_and_the_last_one_is(matter: User) -> None:
    clock = start_clock(matter, "review", promised_days=5, legal_days=20, by=matter, at=at("2026-06-15"))
    assert read_clock(clock, on=date(2026, 6, 15)).used == 0
    # 19 June 2026 is a holiday, the weekend follows.
    reading = read_clock(clock, on=date(2026, 6, 23))
    assert (reading.used, reading.left, reading.promised_on) == (5, 0, date(2026, 6, 23))
    assert not reading.is_past_promise
    late = read_clock(clock, on=date(2026, 6, 24))
    assert (late.left, late.is_past_promise, late.is_past_law) == (-1, True, False)


def test_days_of_a_pause_do_not_count(matter: User) -> None:
    clock = start_clock(matter, "review", promised_days=5, by=matter, at=at("2026-06-08"))
    pause_clock(clock, reason="补正材料", by=matter, at=at("2026-06-09"))
    paused = read_clock(clock, on=date(2026, 6, 11))
    assert (paused.used, paused.is_paused, paused.promised_on, paused.pause_reason) == (1, True, None, "补正材料")
    resume_clock(clock, by=matter, at=at("2026-06-12"))
    reading = read_clock(clock, on=date(2026, 6, 16))
    # Tuesday was used, Monday and Tuesday of the next week are.
    assert (reading.used, reading.is_paused) == (3, False)
    assert reading.promised_on == date(2026, 6, 18)


def test_a_stopped_clock_stays_as_it_is(matter: User) -> None:
    clock = start_clock(matter, "review", promised_days=2, legal_days=3, by=matter, at=at("2026-06-08"))
    pause_clock(clock, reason="现场核查", by=matter, at=at("2026-06-09"))
    stop_clock(clock, by=matter, at=at("2026-06-17"))
    stop_clock(clock, by=matter, at=at("2026-06-24"))
    fresh = clock_of(matter, "review")
    assert fresh is not None
    reading = read_clock(fresh, on=date(2026, 12, 1))
    assert (reading.used, reading.is_stopped, reading.is_paused) == (1, True, False)
    assert fresh.stopped_on == date(2026, 6, 17)


def test_past_the_law_is_told_apart_from_past_the_promise(matter: User) -> None:
    clock = start_clock(matter, "review", promised_days=1, legal_days=2, by=matter, at=at("2026-06-08"))
    assert read_clock(clock, on=date(2026, 6, 10)).is_past_promise
    assert not read_clock(clock, on=date(2026, 6, 10)).is_past_law
    assert read_clock(clock, on=date(2026, 6, 11)).is_past_law


def test_a_count_into_a_year_without_notice_is_provisional(matter: User) -> None:
    clock = start_clock(matter, "review", promised_days=5, by=matter, at=at("2026-12-28"))
    assert read_clock(clock, on=date(2026, 12, 29)).is_provisional


@pytest.mark.parametrize(("promised", "legal"), [(0, None), (5, 4), (-1, 5), (4000, None)])
def test_limits_that_make_no_sense_are_refused(matter: User, promised: int, legal: int | None) -> None:
    with pytest.raises(ClockRefused):
        start_clock(matter, "review", promised_days=promised, legal_days=legal, by=matter, at=at("2026-06-08"))


def test_steps_out_of_order_are_refused(matter: User) -> None:
    clock = start_clock(matter, "review", promised_days=5, by=matter, at=at("2026-06-08"))
    with pytest.raises(ClockRefused):
        start_clock(matter, "review", promised_days=5, by=matter, at=at("2026-06-08"))
    with pytest.raises(ClockRefused):
        resume_clock(clock, by=matter, at=at("2026-06-08"))
    with pytest.raises(ClockRefused, match="原因"):
        pause_clock(clock, reason=" ", by=matter, at=at("2026-06-08"))
    pause_clock(clock, reason="补正", by=matter, at=at("2026-06-08"))
    with pytest.raises(ClockRefused):
        pause_clock(clock, reason="补正", by=matter, at=at("2026-06-08"))
    stop_clock(clock, by=matter, at=at("2026-06-09"))
    with pytest.raises(ClockRefused):
        resume_clock(clock, by=matter, at=at("2026-06-10"))
    twice = [ClockPause(clock=clock, paused_on=date(2026, 6, 9), reason=reason) for reason in "ab"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPause.objects.bulk_create(twice)


def test_each_step_is_in_the_log_of_the_record(matter: User) -> None:
    clock = start_clock(matter, "review", promised_days=5, by=matter, at=at("2026-06-08"))
    pause_clock(clock, reason="补正", by=matter, at=at("2026-06-09"))
    resume_clock(clock, by=matter, at=at("2026-06-10"))
    stop_clock(clock, by=matter, at=at("2026-06-11"))
    actions = [event.action for event in events_about(matter)]
    assert sorted(actions) == [f"kernel.clock_{step}" for step in ("paused", "resumed", "started", "stopped")]


def test_many_clocks_are_read_with_two_queries(db: None, django_assert_num_queries: object) -> None:
    people = [make_user(f"user{number}") for number in range(12)]
    for person in people:
        start_clock(person, "review", promised_days=3, by=person, at=at("2026-06-08"))
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
        readings = [read_clock(clock, on=date(2026, 6, 9)) for clock in clocks_of(people, "review").values()]
    assert [reading.used for reading in readings] == [1] * 12


@given(
    start=st.dates(date(2025, 1, 1), date(2026, 6, 30)),
    limit=st.integers(1, 30),
    pauses=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=3),
)
def test_the_due_day_is_where_the_limit_is_used_up(start: date, limit: int, pauses: list[tuple[int, int]]) -> None:
    clock = Clock(pk=1, started_on=start, promised_days=limit)
    ends = start
    spans = []
    for gap, length in pauses:
        begins = ends + timedelta(days=gap)
        ends = begins + timedelta(days=length)
        spans.append(ClockPause(paused_on=begins, resumed_on=ends, reason="x"))
    clock._prefetched_objects_cache = {"pauses": _Kept(spans)}  # type: ignore[attr-defined]  # what prefetching leaves
    due = read_clock(clock, on=start).promised_on
    assert due is not None
    reading = read_clock(clock, on=due)
    assert reading.used == limit
    assert read_clock(clock, on=due - timedelta(days=1)).used == limit - 1
    assert is_working_day(due)
    if not spans:
        assert working_days_between(start, due) == limit


@given(
    start=st.dates(date(2025, 1, 1), date(2026, 6, 30)),
    limit=st.integers(1, 30),
    pauses=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=3),
    last=st.none() | st.integers(0, 60),
    asked=st.integers(-5, 120),
    stopped=st.none() | st.integers(0, 90),
)
def test_a_clock_is_read_on_any_day_whenever_its_last_pause_begins(
    start: date, limit: int, pauses: list[tuple[int, int]], last: int | None, asked: int, stopped: int | None
) -> None:
    ends, spans = start, list[ClockPause]()
    for gap, length in pauses:
        begins = ends + timedelta(days=gap)
        ends = begins + timedelta(days=length)
        spans.append(ClockPause(paused_on=begins, resumed_on=ends, reason="x"))
    opened = None if last is None else ends + timedelta(days=last)
    if opened is not None:
        spans.append(ClockPause(paused_on=opened, resumed_on=None, reason="y"))
    stopped_on = None if stopped is None else start + timedelta(days=stopped)
    clock = Clock(pk=1, started_on=start, promised_days=limit, legal_days=limit + 5, stopped_on=stopped_on)
    clock._prefetched_objects_cache = {"pauses": _Kept(spans)}  # type: ignore[attr-defined]  # what prefetching leaves
    on = start + timedelta(days=asked)
    reading = read_clock(clock, on=on)
    end = on if stopped_on is None else min(on, stopped_on)
    assert reading.is_paused == (stopped_on is None and opened is not None and opened <= end)
    assert (reading.promised_on is None) == reading.is_paused
    assert reading.pause_reason == ("y" if reading.is_paused else "")
    assert 0 <= reading.used <= max(0, working_days_between(start, end))
    if opened is not None and opened > end:
        # Whatever begins later changes nothing about this day.
        clock._prefetched_objects_cache = {"pauses": _Kept(spans[:-1])}  # type: ignore[attr-defined]  # as above
        assert read_clock(clock, on=on) == reading


class _Kept(list[ClockPause]):
    """Pauses that were fetched before."""

    def all(self) -> list[ClockPause]:
        return list(self)
