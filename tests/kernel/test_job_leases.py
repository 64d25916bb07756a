"""Who holds a job: one at a time, for as long as they give a sign of life, and never two."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from chuangju.kernel import job_leases
from chuangju.kernel.job_kinds import LeaseLost, job_kinds
from chuangju.kernel.job_leases import DIED, beat, claim_job, fail_attempt, finish_job, hand_back
from chuangju.kernel.jobs import cancel_job, live_job
from chuangju.kernel.models import Job, User
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.kernel.work import AN_HOUR, KIND, again, ask, kind_of

LEASE = timedelta(seconds=45)
JOBS, RACERS = 6, 10


@pytest.fixture
def kind() -> Any:
    with kind_of(lambda _run: None, attempts=2) as registered:
        yield registered


@pytest.mark.django_db
@pytest.mark.usefixtures("kind")
class TestOneHolder:
    def test_the_longest_waiting_job_comes_first(self, now: datetime) -> None:
        second, first = ask(now), ask(now - AN_HOUR)
        claimed = [claim_job("w", at=now), claim_job("w", at=now), claim_job("w", at=now)]
        assert claimed == [first, second, None]

    def test_a_holder_that_gives_signs_of_life_keeps_the_job(self, now: datetime) -> None:
        ask(now)
        job = claim_job("w", at=now, lease=LEASE)
        assert job is not None
        beat(job, at=now + LEASE, lease=LEASE)
        assert claim_job("another", at=now + LEASE * 1.5) is None
        taken = claim_job("another", at=now + LEASE * 3)
        assert taken == job
        with pytest.raises(LeaseLost):
            beat(job, at=now + LEASE * 3)
        with pytest.raises(LeaseLost):
            finish_job(job, None, at=now)
        with pytest.raises(LeaseLost):
            fail_attempt(job, problem="", at=now)

    def test_a_job_whose_holders_all_died_has_failed(self, now: datetime) -> None:
        job = ask(now)
        assert claim_job("w", at=now, lease=LEASE) is not None
        assert claim_job("w", at=now + AN_HOUR, lease=LEASE) is not None
        assert claim_job("w", at=now + 2 * AN_HOUR) is None
        assert (again(job).state, again(job).problem) == (Job.State.FAILED, DIED)

    def test_what_was_cancelled_while_its_holder_died_is_not_taken_up(self, person: User, now: datetime) -> None:
        job = ask(now)
        claim_job("w", at=now, lease=LEASE)
        cancel_job(job, by=person, at=now)
        assert claim_job("w", at=now + AN_HOUR) is None
        assert again(job).state == Job.State.CANCELLED

    def test_a_job_handed_back_is_taken_up_at_once_and_the_attempt_does_not_count(self, now: datetime) -> None:
        ask(now)
        job = claim_job("w", at=now)
        assert job is not None
        hand_back(job, at=now)
        taken = claim_job("another", at=now)
        assert taken is not None
        assert taken.attempts == 1

    def test_a_worker_leaves_kinds_alone_that_it_does_not_know(self, now: datetime) -> None:
        ask(now)
        known = job_kinds.get(KIND)
        job_kinds.remove(KIND)
        try:
            assert claim_job("older", at=now) is None
        finally:
            job_kinds.register(KIND, known)

    def test_the_database_knows_no_running_job_without_a_lease_and_no_second_live_one_of_a_key(
        self, now: datetime
    ) -> None:
        job = ask(now, key="a")
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(kind=KIND, key="a", title="", created_at=now, next_try_at=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("kind")
class TestRaces:
    def test_workers_that_race_share_the_jobs_and_never_hold_one_twice(self, now: datetime) -> None:
        jobs = [ask(now) for _number in range(JOBS)]
        outcomes = race(lambda number: claim_job(f"w{number}", at=now, lease=LEASE), RACERS)
        assert errors_of(outcomes) == []
        claimed = [job for job in outcomes if job is not None]
        assert sorted(job.pk for job in claimed) == sorted(job.pk for job in jobs)
        assert {again(job).attempts for job in jobs} == {1}

    def test_without_the_lock_two_hold_the_same_job_or_fall(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask(now)
        monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)
        let_sqlite_begin_deferred(monkeypatch)
        take_up = job_leases._take_up
        # Long enough for the others to read the same job before one of them writes.

        def slowly(*given: Any, **more: Any) -> bool:
            time.sleep(0.2)
            return take_up(*given, **more)

        monkeypatch.setattr(job_leases, "_take_up", slowly)
        outcomes = race(lambda number: claim_job(f"w{number}", at=now, lease=LEASE), RACERS)
        holders = [job for job in outcomes if isinstance(job, Job)]
        assert len(holders) > 1 or errors_of(outcomes)

    def test_asking_twice_in_the_same_moment_gives_one_job(self, now: datetime) -> None:
        outcomes = race(lambda _number: ask(now, key="once"), RACERS)
        assert errors_of(outcomes) == []
        assert len({job.pk for job in outcomes}) == 1
        assert live_job(KIND, "once") is not None

    @pytest.mark.database("postgresql")
    def test_a_holder_that_is_writing_its_effect_is_neither_waited_for_nor_overtaken(self, now: datetime) -> None:
        ask(now)
        job = claim_job("w", at=now, lease=LEASE)
        assert job is not None

        def look(number: int) -> Any:
            if number == 0:
                with transaction.atomic():
                    Job.objects.select_for_update().get(pk=job.pk)
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(1)")
                return None
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")
            beat(job, at=now)
            return claim_job("another", at=now + AN_HOUR)

        assert race(look, 2) == [None, None]
