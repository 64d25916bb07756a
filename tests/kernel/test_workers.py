"""Who is there to work: known by their signs of life; the leases of those killed here are let go of at once."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest

from chuangju.kernel.job_leases import claim_job
from chuangju.kernel.models import Job, Worker
from chuangju.kernel.workers import let_go_of_the_dead, live_workers, own_name, sign_off, sign_on
from tests.kernel.work import again, ask, kind_of

pytestmark = pytest.mark.django_db
NO_PROCESS = 2**22 + 1


def test_a_worker_lives_while_it_is_heard_of(now: datetime) -> None:
    sign_on("w", at=now)
    sign_on("w", at=now + timedelta(minutes=1))
    assert live_workers(at=now + timedelta(minutes=2)).exists()
    assert not live_workers(at=now + timedelta(minutes=4)).exists()
    assert Worker.objects.get().started_at == now
    sign_off("w")
    assert not Worker.objects.exists()


def test_those_not_heard_of_for_a_day_are_struck_off(now: datetime) -> None:
    sign_on("old", at=now - timedelta(days=2))
    sign_on("new", at=now)
    assert [worker.name for worker in Worker.objects.all()] == ["new"]


def test_a_job_of_a_worker_killed_here_is_free_at_once_and_one_elsewhere_is_not(now: datetime) -> None:
    here = own_name().rpartition("-")[0]
    names = {"dead": f"{here}-{NO_PROCESS}", "alive": f"{here}-{os.getpid()}", "elsewhere": f"other-{NO_PROCESS}"}
    with kind_of(lambda _run: None):
        jobs: dict[str, Job] = {}
        for key, name in names.items():
            sign_on(name, at=now)
            ask(now)
            claimed = claim_job(name, at=now)
            assert claimed is not None
            jobs[key] = claimed
        assert let_go_of_the_dead(at=now) == 1
        assert let_go_of_the_dead(at=now) == 0
        taken = claim_job("next", at=now)
        assert taken == jobs["dead"]
        assert again(jobs["alive"]).worker == names["alive"]
