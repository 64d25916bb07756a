"""The kernel's own duties: anchors, verification, and what is no longer needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils.translation import override

from chuangju.kernel import upkeep
from chuangju.kernel.anchors import anchor_folder
from chuangju.kernel.duties import DutyAlarm, run_due_duties
from chuangju.kernel.duty_periods import DutyPeriod, day_span
from chuangju.kernel.idempotency import claim_key
from chuangju.kernel.languages import reads_english
from chuangju.kernel.models import DutyRun, IdempotencyKey, Job, User
from chuangju.units.job_words import run_outcome
from tests.kernel.work import A_DAY, only_duties

pytestmark = pytest.mark.django_db


def period(at: datetime) -> DutyPeriod:
    span = day_span(at.date())
    return DutyPeriod(on=at.date(), start=span.start, end=span.end, at=at)


def test_each_day_has_its_anchor_and_its_verification(data_folder: Path, now: datetime) -> None:
    with only_duties(*upkeep.DUTIES):
        run_due_duties(at=now)
    assert (anchor_folder() / f"{now.date()}.jsonl").exists()
    assert {run.state for run in DutyRun.objects.all()} == {DutyRun.State.DONE}
    verified, anchored = DutyRun.objects.get(duty="kernel.verify"), DutyRun.objects.get(duty="kernel.anchors")
    assert verified.values["count"] > 0
    assert "未发现问题" in run_outcome(verified)
    with override("en"):
        assert run_outcome(verified) == f"{verified.values['count']} checks, no problems found"
        assert run_outcome(anchored) == f"Written to {now.date()}.jsonl"


def test_what_verification_finds_is_an_alarm(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "find_faults", lambda: ["broken" if reads_english() else "审计链断裂"] * 30)
    with pytest.raises(DutyAlarm):
        upkeep.verify_daily(period(now))
    with only_duties(*[duty for duty in upkeep.DUTIES if duty.name == "kernel.verify"]):
        run_due_duties(at=now)
    run = DutyRun.objects.get()
    assert run.state == DutyRun.State.FOUND
    assert run_outcome(run).startswith("发现 30 处问题：\n审计链断裂")
    assert run_outcome(run).count("审计链断裂") == upkeep.SHOWN_FAULTS
    with override("en"):
        assert run_outcome(run) == "\n".join(["Faults found: 30", *["broken"] * upkeep.SHOWN_FAULTS])


def test_old_keys_jobs_and_runs_go_and_young_ones_stay(person: User, now: datetime) -> None:
    old = now - 2000 * A_DAY
    for at in (old, now):
        claim_key(person, f"key-{at.year}", body="x", at=at)
        Job.objects.create(kind="x", state=Job.State.DONE, created_at=at, next_try_at=at, finished_at=at)
        for name, key in (("day", f"{at:%Y-%m-%d}"), ("quarter", f"{at:%Y-%m-%d %H:%M}")):
            DutyRun.objects.create(duty=name, period=key, starts_at=at, started_at=at)
    month_old = now - timedelta(days=40)
    DutyRun.objects.create(
        duty="quarter", period=f"{month_old:%Y-%m-%d %H:%M}", starts_at=month_old, started_at=month_old
    )
    DutyRun.objects.create(duty="day", period=f"{month_old:%Y-%m-%d}", starts_at=month_old, started_at=month_old)
    assert upkeep.forget_what_is_old(period(now)) == 5
    assert (IdempotencyKey.objects.count(), Job.objects.count()) == (1, 1)
    assert sorted(DutyRun.objects.values_list("duty", flat=True)) == ["day", "day", "quarter"]


def test_ended_sessions_go(client: object, person: User, now: datetime) -> None:
    client.force_login(person)  # type: ignore[attr-defined]
    assert upkeep.forget_what_is_old(period(now + 4000 * A_DAY)) == 1


def test_files_left_behind_go(now: datetime, settings: object, tmp_path: Path) -> None:
    incoming = Path(settings.ATTACHMENTS_DIR) / "incoming"  # type: ignore[attr-defined]
    incoming.mkdir(parents=True)
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    (incoming / "left").write_bytes(b"x")
    assert upkeep.tidy_files(period(now + 4000 * A_DAY)) == 1
    assert not (incoming / "left").exists()


def test_sqlite_learns_how_its_tables_are_filled(person: User, now: datetime) -> None:
    assert person.pk
    with only_duties(*[duty for duty in upkeep.DUTIES if duty.name == "kernel.statistics"]):
        run_due_duties(at=now)
    assert DutyRun.objects.get().state == DutyRun.State.DONE
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'kernel_user'")
            assert cursor.fetchone()[0] > 0
