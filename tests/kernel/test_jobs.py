"""Background work as people ask for it: once while it lives, cancelled, tried again; and what one attempt may do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils.translation import gettext_noop

from chuangju.kernel import job_runs
from chuangju.kernel.job_kinds import JobCancelled, JobOutcome, LeaseLost
from chuangju.kernel.job_leases import claim_job, fenced, held
from chuangju.kernel.job_runs import JobRun
from chuangju.kernel.jobs import (
    JobRefused,
    cancel_job,
    forget_jobs,
    kind_label,
    live_keys,
    retry_job,
    run_this_job,
    run_waiting_jobs,
    start_job,
)
from chuangju.kernel.models import AuditEvent, Job, User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.registry import NotRegistered
from tests.kernel.work import A_DAY, AN_HOUR, KIND, again, ask, kind_of

pytestmark = pytest.mark.django_db


def no_work(_run: JobRun) -> None:
    return None


def test_a_job_runs_once_and_keeps_what_came_of_it(person: User, now: datetime) -> None:
    heard: list[object] = []

    def run(job: JobRun) -> JobOutcome:
        heard.extend((job.payload, job.by, job.at))
        return JobOutcome(gettext_noop("处理 %(count)d 项"), "/x/", {"made": [1]}, {"count": 3})

    with kind_of(run):
        job = ask(now, payload={"on": now.date()}, by=person)
        assert run_waiting_jobs(at=now) == 1
        assert run_waiting_jobs(at=now) == 0
    job = again(job)
    assert heard == [{"on": now.date().isoformat()}, person, now]
    assert (job.state, job.finished_at, job.attempts) == (Job.State.DONE, now, 1)
    assert job.result == {
        "sentence": "处理 %(count)d 项",
        "values": {"count": 3},
        "address": "/x/",
        "detail": {"made": [1]},
    }


def test_a_kind_that_nobody_registered_is_not_asked_for(now: datetime) -> None:
    with pytest.raises(NotRegistered):
        start_job("tests.unknown", title="", payload={}, by=None, at=now)
    assert kind_label("tests.unknown") == "tests.unknown"


def test_the_same_live_key_is_the_same_job(now: datetime) -> None:
    with kind_of(no_work):
        first = ask(now, key="a")
        assert ask(now, key="a") == first
        assert ask(now, key="b") != first
        assert ask(now) != ask(now)
        assert live_keys(KIND) >= {"a", "b"}
        run_waiting_jobs(at=now)
        assert ask(now, key="a") != first


def test_an_attempt_that_falls_is_made_again_after_growing_pauses_and_then_given_up(now: datetime) -> None:
    def run(_job: JobRun) -> None:
        raise ZeroDivisionError("secret")

    with kind_of(run, attempts=3):
        job = ask(now)
        pauses = []
        for _attempt in range(2):
            run_waiting_jobs(at=again(job).next_try_at)
            pauses.append((again(job).next_try_at - now).total_seconds())
            assert run_waiting_jobs(at=now) == 0
        run_waiting_jobs(at=now + AN_HOUR)
        job = again(job)
        assert (job.state, job.attempts) == (Job.State.FAILED, 3)
        assert run_waiting_jobs(at=now + A_DAY) == 0
    assert pauses == [10, 30]
    assert "技术信息已记录" in job.problem
    assert "ZeroDivisionError: secret" in job.fault
    assert "secret" not in job.problem


def test_a_refusal_is_final_and_says_its_sentence(now: datetime) -> None:
    def run(_job: JobRun) -> None:
        raise Refused("表格没有表头")

    with kind_of(run):
        job = ask(now)
        run_waiting_jobs(at=now)
    assert (again(job).state, again(job).problem, again(job).attempts) == (Job.State.FAILED, "表格没有表头", 1)


def test_progress_is_kept_but_not_written_at_every_step(now: datetime, django_assert_max_num_queries: object) -> None:
    def run(job: JobRun) -> None:
        for step in range(1000):
            job.tell(step, 1000, "读取中")

    with kind_of(run):
        job = ask(now)
        with django_assert_max_num_queries(40):  # type: ignore[operator]
            run_waiting_jobs(at=now)
    assert (again(job).total, again(job).progress_text) == (1000, "读取中")


def test_what_waits_is_cancelled_at_once_and_logged(person: User, now: datetime) -> None:
    with kind_of(no_work):
        job = ask(now)
        cancel_job(job, by=person, at=now)
        assert run_waiting_jobs(at=now) == 0
    assert (again(job).state, again(job).finished_at) == (Job.State.CANCELLED, now)
    assert AuditEvent.objects.get().action == "kernel.job_cancelled"
    with pytest.raises(JobRefused, match="已经结束"):
        cancel_job(job, by=person, at=now)


def test_what_runs_hears_of_its_cancelling_and_changes_nothing(person: User, now: datetime) -> None:
    def run(job: JobRun) -> None:
        cancel_job(job.job, by=person, at=now)
        with job.taking_effect():
            User.objects.create(username="effect")

    with kind_of(run):
        job = ask(now)
        run_waiting_jobs(at=now)
    assert again(job).state == Job.State.CANCELLED
    assert not User.objects.filter(username="effect").exists()


def test_telling_progress_hears_of_it_too(person: User, now: datetime) -> None:
    heard = []

    def run(job: JobRun) -> None:
        cancel_job(job.job, by=person, at=now)
        try:
            job.tell(1, 2)
        except JobCancelled:
            heard.append("cancelled")
            raise

    with kind_of(run):
        job = ask(now)
        run_waiting_jobs(at=now)
    assert (heard, again(job).state) == (["cancelled"], Job.State.CANCELLED)


def test_what_has_taken_effect_is_not_cancelled(person: User, now: datetime) -> None:
    with kind_of(no_work):
        ask(now)
        job = claim_job("w", at=now)
        assert job is not None
        with fenced(job, at=now):
            pass
        with pytest.raises(JobRefused, match="已经生效"):
            cancel_job(job, by=person, at=now)


def test_a_failed_job_gets_its_attempts_anew(person: User, now: datetime) -> None:
    falls = [True]

    def run(_job: JobRun) -> None:
        if falls:
            raise Refused("没有文件")

    with kind_of(run):
        job = ask(now, key="k")
        with pytest.raises(JobRefused, match="失败或取消"):
            retry_job(job, by=person, at=now)
        run_waiting_jobs(at=now)
        other = ask(now, key="k")
        with pytest.raises(JobRefused, match="正在进行"):
            retry_job(job, by=person, at=now)
        cancel_job(other, by=person, at=now)
        falls.clear()
        retry_job(job, by=person, at=now)
        run_waiting_jobs(at=now)
    assert (again(job).state, again(job).problem, again(job).attempts) == (Job.State.DONE, "", 1)


def test_a_kind_that_is_gone_is_not_tried_again(person: User, now: datetime) -> None:
    with kind_of(no_work):
        job = ask(now)
        cancel_job(job, by=person, at=now)
    with pytest.raises(JobRefused, match="不再执行"):
        retry_job(job, by=person, at=now)


def test_an_effect_that_is_in_the_database_is_not_made_again(now: datetime) -> None:
    """The process died between the effect and the end of the job: the next one only writes the end."""
    runs = []

    def run(job: JobRun) -> None:
        runs.append(1)
        with job.taking_effect() as effect:
            effect.outcome = JobOutcome("写入 1 行")
            User.objects.create(username=f"effect-{len(runs)}")
        raise KeyboardInterrupt

    with kind_of(run):
        job = ask(now)
        with pytest.raises(KeyboardInterrupt):
            run_waiting_jobs(at=now)
        assert again(job).state == Job.State.RUNNING
        assert run_waiting_jobs(at=now + AN_HOUR) == 0
    assert (again(job).state, again(job).result["sentence"]) == (Job.State.DONE, "写入 1 行")
    assert (len(runs), User.objects.filter(username__startswith="effect").count()) == (1, 1)


def test_an_effect_that_falls_leaves_neither_itself_nor_its_mark(now: datetime) -> None:
    def run(job: JobRun) -> None:
        with job.taking_effect():
            User.objects.create(username="effect")
            raise ValueError

    with kind_of(run):
        job = ask(now)
        run_waiting_jobs(at=now)
    assert again(job).effect_at is None
    assert not User.objects.filter(username="effect").exists()


def overtaken(job: JobRun) -> None:
    """Somebody else takes the job up, then this run wants to change the world."""
    later = job.at + AN_HOUR
    assert claim_job("another", at=later) is not None
    with job.taking_effect():
        User.objects.create(username="effect")


def test_whoever_lost_the_lease_changes_nothing(now: datetime) -> None:
    with kind_of(overtaken, longest=timedelta(minutes=1)):
        job = ask(now)
        run_waiting_jobs(at=now, limit=1)
    assert (again(job).state, again(job).worker) == (Job.State.RUNNING, "another")
    assert not User.objects.filter(username="effect").exists()


def test_without_the_fence_it_would(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_runs, "fenced", lambda _job, *, at: transaction.atomic())  # noqa: ARG005 - as called
    with kind_of(overtaken, longest=timedelta(minutes=1)):
        ask(now)
        run_waiting_jobs(at=now, limit=1)
    assert User.objects.filter(username="effect").exists()


def test_a_lost_lease_is_heard_when_telling_progress(now: datetime) -> None:
    with kind_of(no_work):
        ask(now)
        job = claim_job("w", at=now, lease=timedelta(seconds=1))
        assert job is not None
        assert claim_job("another", at=now + AN_HOUR) is not None
        assert not held(job).exists()
        with pytest.raises(LeaseLost):
            JobRun(job, clock=lambda: now).tell(1, 2)


def test_one_job_may_be_run_here_unless_somebody_has_it(now: datetime) -> None:
    with kind_of(no_work):
        first, second = ask(now), ask(now)
        assert run_this_job(second, clock=lambda: now)
        assert not run_this_job(second, clock=lambda: now)
        assert (again(first).state, again(second).state) == (Job.State.WAITING, Job.State.DONE)


def test_jobs_that_ended_long_ago_are_forgotten(now: datetime) -> None:
    with kind_of(no_work):
        ask(now)
        run_waiting_jobs(at=now)
        waiting = ask(now)
    assert forget_jobs(before=now) == 0
    assert forget_jobs(before=now + A_DAY) == 1
    assert list(Job.objects.all()) == [waiting]
