"""Pages of background work and duties: what its owner sees, what those see who keep the programme running."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_noop

from chuangju.kernel.duties import run_due_duties
from chuangju.kernel.job_kinds import JobOutcome
from chuangju.kernel.job_leases import claim_job
from chuangju.kernel.job_runs import JobRun, run_waiting_jobs
from chuangju.kernel.models import DutyRun, Job, User
from chuangju.kernel.workers import sign_on
from tests.kernel.work import again, ask, duty_of, kind_of, only_duties

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client, entrepreneur: User, clock: object) -> Client:
    """Somebody from outside at their own pages; the clock stands at `now`."""
    client.force_login(entrepreneur)
    return client


@pytest.fixture
def keeper(system_administrator: User, clock: object) -> Client:
    """Who keeps the programme running."""
    client = Client()
    client.force_login(system_administrator)
    return client


def page(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, name: str, *args: Any) -> str:
    return client.post(reverse(name, args=args), follow=True).content.decode()


def nothing(_run: JobRun) -> None:
    return None


def test_a_job_under_way_shows_how_far_it_is_and_how_long_it_will_take(
    owner: Client, entrepreneur: User, now: datetime
) -> None:
    sign_on("w", at=now)
    with kind_of(nothing):
        job = ask(now - timedelta(seconds=40), by=entrepreneur, title="导出名单")
        claim_job("w", at=now - timedelta(seconds=30))
        Job.objects.filter(pk=job.pk).update(done=250, total=1000, progress_text="正在写入")
        text = page(owner, "units:job", job.pk)
    assert "250 / 1,000" in text
    assert "已用 30 秒" in text
    assert "约剩 90 秒" in text
    assert "正在写入" in text
    assert 'hx-trigger="every 2s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "没有执行进程" not in text


def test_a_finished_job_says_what_came_of_it_and_leads_there(owner: Client, entrepreneur: User, now: datetime) -> None:
    def run(_run: JobRun) -> JobOutcome:
        return JobOutcome(gettext_noop("处理 %(count)d 项"), "/account/", values={"count": 12})

    with kind_of(run):
        job = ask(now, by=entrepreneur)
        run_waiting_jobs(at=now)
        text = page(owner, "units:job", job.pk)
    assert "处理 12 项" in text
    assert 'href="/account/"' in text
    assert "every 2s" not in text
    assert job.title in page(owner, "units:own_jobs")


def test_a_job_that_nobody_will_take_up_says_so(
    owner: Client, keeper: Client, entrepreneur: User, now: datetime
) -> None:
    sign_on("w", at=now - timedelta(minutes=5))
    with kind_of(nothing):
        job = ask(now, by=entrepreneur)
    assert "没有执行进程" in page(owner, "units:job", job.pk)
    assert "没有执行进程" in page(keeper, "units:job_list")
    assert "没有执行进程" in page(keeper, "units:duty_list")
    sign_on("w", at=now)
    assert "没有执行进程" not in page(owner, "units:job", job.pk)
    assert "1 个执行进程在运行" in page(keeper, "units:job_list")


def test_ones_own_job_is_cancelled_and_tried_again_and_nobody_elses(
    owner: Client, entrepreneur: User, leader: User, now: datetime
) -> None:
    with kind_of(nothing):
        job, other = ask(now, by=entrepreneur), ask(now, by=leader)
        assert "已中止" in send(owner, "units:job_cancel", job.pk)
        assert again(job).state == Job.State.CANCELLED
        assert "已经结束" in send(owner, "units:job_cancel", job.pk)
        assert "重新排队" in send(owner, "units:job_retry", job.pk)
        assert "失败或取消" in send(owner, "units:job_retry", job.pk)
        for name in ("units:job_cancel", "units:job_retry"):
            assert owner.post(reverse(name, args=(other.pk,))).status_code == 404
    assert (again(job).state, again(other).state) == (Job.State.WAITING, Job.State.WAITING)


def test_technical_words_are_for_the_system_administrator_alone(
    owner: Client, keeper: Client, entrepreneur: User, now: datetime
) -> None:
    def fall(_run: JobRun) -> None:
        raise ZeroDivisionError("inside")

    with kind_of(fall, attempts=1):
        job = ask(now, by=entrepreneur)
        run_waiting_jobs(at=now)
        assert "ZeroDivisionError: inside" in page(keeper, "units:job", job.pk)
        text = page(owner, "units:job", job.pk)
    assert "ZeroDivisionError" not in text
    assert "程序出错" in text


def test_a_job_between_two_attempts_says_when_the_next_one_is(owner: Client, entrepreneur: User, now: datetime) -> None:
    def fall(_run: JobRun) -> None:
        raise ZeroDivisionError

    with kind_of(fall):
        job = ask(now, by=entrepreneur)
        run_waiting_jobs(at=now)
        text = page(owner, "units:job", job.pk)
    assert "等待第 2 次执行" in text
    assert "下次执行时间" in text


def test_keepers_see_everybodys_jobs_with_their_states(keeper: Client, leader: User, now: datetime) -> None:
    with kind_of(nothing):
        ask(now, by=leader, title="甲")
        ask(now, title="乙")
        claim_job("w", at=now)
        text = page(keeper, "units:job_list")
        assert "甲" in text
        assert "系统" in text
        assert "正在执行" in text
        waiting = keeper.get(reverse("units:job_list"), {"state": "waiting"}).content.decode()
    assert waiting.count('<td class="title') == 1


def test_the_auditor_reads_duties_and_the_administrator_has_them_run(
    client: Client, keeper: Client, auditor: User, now: datetime
) -> None:
    from chuangju.kernel.duties import DutyAlarm  # noqa: PLC0415 - beside its one use

    def find(_period: object) -> int:
        raise DutyAlarm("审计链断裂")

    client.force_login(auditor)
    with only_duties(duty_of(find)):
        assert "即将执行" in page(client, "units:duty_list")
        run_due_duties(at=now)
        text = page(client, "units:duty_list")
        assert "审计链断裂" in text
        assert "2026-06-16 00:00" in text
        assert "立即执行" not in text
        assert "立即执行" in page(keeper, "units:duty_list")
        assert "将在一分钟内执行" in send(keeper, "units:duty_run", "tests.duty")
        assert DutyRun.objects.get().state == DutyRun.State.WAITING
        assert keeper.post(reverse("units:duty_run", args=("tests.none",))).status_code == 404


def test_a_duty_that_is_done_is_not_run_twice(keeper: Client, now: datetime) -> None:
    with only_duties(duty_of(lambda _period: 2)):
        run_due_duties(at=now)
        assert "处理 2 项" in page(keeper, "units:duty_list")
        assert "不必再次执行" in send(keeper, "units:duty_run", "tests.duty")


def test_the_page_of_a_job_asks_few_questions(
    owner: Client, entrepreneur: User, now: datetime, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with kind_of(nothing):
        job = ask(now, by=entrepreneur)
        page(owner, "units:job", job.pk)
        with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
            page(owner, "units:job", job.pk)
