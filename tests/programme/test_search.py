"""What of the table is found, by whom: a version coming into force, a note released and retracted, the two sides apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from chuangju.kernel.models import User
from chuangju.kernel.search import find_index_faults, find_records
from chuangju.programme.milestones import complete_milestone
from chuangju.programme.models import Milestone, TableVersion, Task
from chuangju.programme.notes import note_progress, release_note, retract_note, withdraw_note
from tests.programme.conftest import read_table_of, read_task, unit_called

pytestmark = pytest.mark.django_db


def found(text: str, user: User | None, side: str = "staff") -> dict[str, int]:
    """What of the table is found; packages above have words of their own."""
    counts = find_records(text, user, limit=20, side=side).counts  # type: ignore[arg-type]
    return {key: count for key, count in counts.items() if key.startswith("programme.")}


def test_rows_and_measures_in_force_are_found_and_lead_to_their_pages(version: TableVersion, leader: User) -> None:
    assert found("初创期扶持", leader) == {"programme.task": 1}
    assert found("开办补贴", leader) == {"programme.measure": 1}
    hits = find_records("chuchuangqi", leader, limit=20, side="staff").hits
    (hit,) = [one for one in hits if one.label == "工作任务"]
    assert hit.title == "初创期扶持政策的落实"
    assert hit.address.startswith("/staff/table/tasks/")


def test_another_version_takes_the_place_of_the_last_in_the_index(
    version: TableVersion, put_into_force: Callable[..., TableVersion], leader: User
) -> None:
    put_into_force(read_table_of(read_task(1, "孵化载体的建设")), effective_from=date(2026, 6, 1))
    assert "programme.task" not in found("初创期扶持", leader)
    assert found("孵化载体", leader)["programme.task"] == 1
    assert found("孵化载体", None, "public") == {"programme.public_task": 1}
    assert [fault for fault in find_index_faults() if "任务" in fault or "举措" in fault or "版本" in fault] == []


def test_releasing_a_note_changes_what_strangers_find(
    task: Task, office: User, finance: User, leader: User, now: datetime
) -> None:
    note = note_progress(task, unit=unit_called("区财政局"), text="首批资金拨付到位。", by=finance, at=now)
    assert found("拨付到位", leader) == {"programme.note": 1}
    assert found("拨付到位", None, "public") == {}
    note = release_note(note, by=office, at=now)
    assert found("拨付到位", None, "public") == {"programme.public_note": 1}
    note = retract_note(note, by=office, at=now)
    assert found("拨付到位", None, "public") == {}
    withdraw_note(release_note(note, by=office, at=now), reason="有误", by=office, at=now)
    assert found("拨付到位", None, "public") == {}


def test_strangers_find_a_step_once_it_is_done(
    make_milestone: Callable[..., Milestone], office: User, leader: User, now: datetime
) -> None:
    step = make_milestone(1, title="完成资金下达")
    assert found("资金下达", leader) == {"programme.milestone": 1}
    assert found("资金下达", None, "public") == {}
    complete_milestone(step, done_on=now.date(), revision=step.revision, by=office, at=now)
    assert found("资金下达", None, "public") == {"programme.public_milestone": 1}


def test_indicators_are_found_by_staff_and_not_by_strangers(version: TableVersion, leader: User) -> None:
    (hit,) = find_records("落实节点完成率", leader, limit=1, side="staff").hits
    assert hit.address == "/staff/indicators/programme.completion_rate/"
    assert "indicators.metric" not in found("落实节点完成率", None, "any")


def test_the_staff_side_is_closed_to_founders_even_when_they_ask_for_it(
    version: TableVersion, entrepreneur: User
) -> None:
    for side in ("staff", "any"):
        assert not {key for key in found("初创期扶持", entrepreneur, side) if "public" not in key}
