"""Reading in the background: by a worker where one is there, else by the process that was asked; never twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from chuangju.kernel.job_runs import run_waiting_jobs
from chuangju.kernel.models import Job, User
from chuangju.kernel.workers import sign_on
from chuangju.programme import jobs
from chuangju.programme.models import TableImport
from chuangju.programme.table import read_table_guarded
from chuangju.programme.uploads import start_import

SHIPPED = files("chuangju.programme").joinpath("data/minhang.txt").read_bytes()


def asked(make_user: Callable[..., User]) -> TableImport:
    office = make_user("office", "programme_office")
    return start_import(SimpleUploadedFile("表.txt", SHIPPED), by=office, at=timezone.now())


def state_of(upload: TableImport) -> str:
    return TableImport.objects.get(pk=upload.pk).state


@pytest.mark.django_db(transaction=True)
class TestWaiting:
    def test_without_a_worker_the_file_is_read_before_the_page_is_shown(self, make_user: Callable[..., User]) -> None:
        upload = asked(make_user)
        jobs.await_reading(upload)
        assert state_of(upload) == TableImport.State.READY
        assert Job.objects.get().worker == "in-process"

    def test_a_worker_that_is_there_gets_a_head_start(
        self, make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "HEAD_START", 10.0)
        monkeypatch.setattr(jobs, "PATIENCE", 20.0)
        sign_on("w", at=timezone.now())
        upload = asked(make_user)

        def work() -> None:
            run_waiting_jobs()
            connections.close_all()

        worker = threading.Thread(target=work)
        worker.start()
        jobs.await_reading(upload)
        worker.join()
        assert state_of(upload) == TableImport.State.READY
        assert Job.objects.get().attempts == 1

    def test_one_that_is_busy_is_not_waited_for(
        self, make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "HEAD_START", 0.05)
        sign_on("busy", at=timezone.now())
        upload = asked(make_user)
        jobs.await_reading(upload)
        assert state_of(upload) == TableImport.State.READY

    def test_a_long_reading_goes_on_while_the_page_is_shown(
        self, make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_go = threading.Event()

        def slow(*given: Any, **options: Any) -> Any:
            assert let_go.wait(10)
            return read_table_guarded(*given, **options)

        monkeypatch.setattr(jobs, "read_table_guarded", slow)
        monkeypatch.setattr(jobs, "PATIENCE", 0.05)
        upload = asked(make_user)
        jobs.await_reading(upload)
        assert state_of(upload) == TableImport.State.READING
        let_go.set()
        for thread in threading.enumerate():
            if thread.name == f"read-{upload.pk}":
                thread.join(20)
        assert state_of(upload) == TableImport.State.READY


@pytest.mark.django_db
def test_a_reading_killed_after_it_was_written_down_is_not_made_again(
    office: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = start_import(SimpleUploadedFile("表.txt", SHIPPED), by=office, at=now)

    def die(*_given: Any, **_options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("chuangju.kernel.job_runs.finish_job", die)
        with pytest.raises(KeyboardInterrupt):
            jobs.read_import(upload, clock=lambda: now)
    assert state_of(upload) == TableImport.State.READY
    assert run_waiting_jobs(at=now + jobs.KINDS[0].longest * 2) == 0
    assert Job.objects.get().state == Job.State.DONE
