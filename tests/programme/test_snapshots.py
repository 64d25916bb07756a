"""What was kept for the record stays as it was, and a change of it is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from chuangju.kernel.models import User
from chuangju.programme.models import Milestone, Snapshot, TableVersion
from chuangju.programme.snapshots import SnapshotRefused, content_hash, find_snapshot_faults, take_snapshot

pytestmark = pytest.mark.django_db


def test_a_snapshot_holds_rows_steps_and_lights_of_its_day(
    version: TableVersion, make_milestone: Callable[..., Milestone], office: User, now: datetime
) -> None:
    make_milestone(1, title="印发年度安排", due_on=date(2026, 6, 1))
    kept = take_snapshot(version, reason="年中自查", by=office, at=now)
    row = kept.content["rows"][0]
    assert (row["light"], row["deadline"]) == ("late", "2026-06-01")
    assert row["measures"][0]["milestones"][0]["title"] == "印发年度安排"
    assert kept.sha256 == content_hash(kept.content)


def test_what_happens_later_does_not_touch_it(
    version: TableVersion, make_milestone: Callable[..., Milestone], office: User, now: datetime
) -> None:
    kept = take_snapshot(version, reason="年中自查", by=office, at=now)
    make_milestone(1, title="后来的节点")
    kept.refresh_from_db()
    assert kept.content["rows"][0]["milestones_total"] == 0


def test_a_changed_snapshot_is_found(version: TableVersion, office: User, now: datetime) -> None:
    kept = take_snapshot(version, reason="年中自查", by=office, at=now)
    assert list(find_snapshot_faults()) == []
    kept.content["rows"][0]["light"] = "good"
    Snapshot.objects.filter(pk=kept.pk).update(content=kept.content)
    assert len(list(find_snapshot_faults())) == 1


def test_only_the_office_keeps_snapshots_and_says_why(
    version: TableVersion, office: User, leader: User, now: datetime
) -> None:
    with pytest.raises(SnapshotRefused, match="只有创建办"):
        take_snapshot(version, reason="x", by=leader, at=now)
    with pytest.raises(SnapshotRefused, match="原因"):
        take_snapshot(version, reason=" ", by=office, at=now)


def test_its_name_says_the_moment_by_the_districts_clock(version: TableVersion, office: User) -> None:
    kept = take_snapshot(version, reason="年终", by=office, at=datetime(2026, 12, 31, 17, 30, tzinfo=UTC))
    assert str(kept).endswith("2027-01-01 01:30")
