"""At the end of each month the version in force is kept as it stands, once."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from chuangju.kernel.duties import run_due_duties
from chuangju.kernel.models import AuditEvent
from chuangju.kernel.periods import Period
from chuangju.programme.duties import DUTIES
from chuangju.programme.models import Snapshot, TableVersion
from chuangju.programme.snapshots import find_snapshot_faults, freeze_month
from tests.kernel.work import only_duties

pytestmark = pytest.mark.django_db


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(1)))


def test_the_month_that_ended_is_frozen_on_the_first_and_on_no_other_day(version: TableVersion) -> None:
    with only_duties(*DUTIES):
        for day in (date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 2)):
            run_due_duties(at=morning(day))
    kept = Snapshot.objects.get()
    assert (kept.month, kept.reason, kept.taken_by) == ("2026-06", "2026年6月末冻结", None)
    assert kept.content["on"] == "2026-06-30"
    assert AuditEvent.objects.filter(action="programme.snapshot_taken", actor_name="系统").count() == 1
    assert list(find_snapshot_faults()) == []


def test_a_downtime_over_the_first_is_made_up_for(version: TableVersion) -> None:
    with only_duties(*DUTIES):
        run_due_duties(at=morning(date(2026, 5, 20)))
        run_due_duties(at=morning(date(2026, 7, 9)))
    assert sorted(Snapshot.objects.values_list("month", flat=True)) == ["2026-05", "2026-06"]


def test_a_month_is_kept_once_and_none_before_the_first_version(version: TableVersion, now: datetime) -> None:
    assert freeze_month(Period.parse("2026-05"), at=now) is not None
    assert freeze_month(Period.parse("2026-05"), at=now) is None
    assert freeze_month(Period.parse("2020-05"), at=now) is None


def test_without_a_table_there_is_nothing_to_keep(db: None, now: datetime) -> None:
    assert freeze_month(Period.parse("2026-05"), at=now) is None
