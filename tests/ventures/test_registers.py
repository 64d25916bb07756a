"""Registers of enterprises: from files to the version in force, merged by key, with every way it can stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.kernel.jobs import cancel_job, run_waiting_jobs
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import (
    enterprise_row,
    find_register_faults,
    incoming_folder,
    snapshot_frame,
)
from chuangju.ventures.register_uploads import (
    RegisterRefused,
    check_again,
    confirm_register,
    current_register,
    discard_register,
    map_columns,
    start_register,
    working_job,
)
from chuangju.ventures.register_words import columns_of, problem_of

HEAD = "id,name,town,staff_count"
pytestmark = pytest.mark.django_db
State = RegisterSnapshot.State


def test_a_register_is_checked_confirmed_and_read(in_force: Callable[..., RegisterSnapshot]) -> None:
    made = in_force(HEAD, "A1,甲,莘庄镇,3", "A2,乙,月球,4")
    assert (made.state, made.number) == (State.CURRENT, 1)
    assert made.counts == {"rows": 2, "enterprises": 2, "new": 2, "changed": 0, "unchanged": 0, "gone": 0, "faults": 1}
    assert snapshot_frame(made)["town"].to_list() == ["310112101", None]
    assert snapshot_frame(made, ["id"]).columns == ["id"]
    assert (enterprise_row(made, "A1") or {})["staff_count"] == 3
    assert enterprise_row(made, "Z9") is None
    assert current_register() == made
    assert list(find_register_faults()) == []
    assert str(made) == "企业.csv"


def test_a_new_register_goes_over_the_former_by_key(
    in_force: Callable[..., RegisterSnapshot], hand_in_register: Callable[..., RegisterSnapshot]
) -> None:
    first = in_force(HEAD, "A1,甲,莘庄镇,3", "A2,乙,梅陇镇,4", "A3,丙,七宝镇,5")
    second = in_force("id,name,staff_count", "A1,甲,3", "A2,乙,9", "A4,丁,1")
    first.refresh_from_db()
    assert (first.state, second.number, second.former) == (State.SUPERSEDED, 2, first)
    assert {key: second.counts[key] for key in ("new", "changed", "unchanged", "gone", "enterprises")} == {
        "new": 1, "changed": 1, "unchanged": 1, "gone": 1, "enterprises": 4,
    }  # fmt: skip
    rows = {row["id"]: row for row in snapshot_frame(second).to_dicts()}
    assert rows["A2"]["staff_count"] == 9
    assert rows["A2"]["town"] == "310112108"
    assert rows["A3"]["staff_count"] == 5
    assert rows["A4"]["town"] is None
    whole = hand_in_register("id,name", "A1,甲", is_complete=True)
    assert whole.counts["gone"] == 3
    assert whole.counts["enterprises"] == 1
    assert snapshot_frame(first)["id"].to_list() == ["A1", "A2", "A3"]


def test_unknown_columns_are_named_and_the_files_read_once_more(
    hand_in_register: Callable[..., RegisterSnapshot], officer: User, now: datetime
) -> None:
    made = hand_in_register("编码,称谓,人头", "A1,甲,3")
    assert made.state == State.MAPPING
    assert [(each["name"], each["key"], each["samples"]) for each in columns_of(made)] == [
        ("编码", "", ["A1"]), ("称谓", "", ["甲"]), ("人头", "", ["3"]),
    ]  # fmt: skip
    with pytest.raises(RegisterRefused):
        map_columns(made, {"称谓": "name"}, by=officer, at=now)
    with pytest.raises(RegisterRefused):
        map_columns(made, {"编码": "id", "称谓": "id"}, by=officer, at=now)
    map_columns(made, {"编码": "id", "称谓": "name", "人头": "staff_count"}, by=officer, at=now)
    run_waiting_jobs(at=now)
    made.refresh_from_db()
    assert made.state == State.READY
    assert made.counts["enterprises"] == 1
    confirmed = confirm_register(made, sha256=made.sha256, by=officer, at=now)
    with pytest.raises(RegisterRefused):
        map_columns(confirmed, {"编码": "id"}, by=officer, at=now)


def test_files_that_cannot_be_used_say_why_and_are_not_kept(
    hand_in_register: Callable[..., RegisterSnapshot], officer: User, now: datetime
) -> None:
    made = hand_in_register("%PDF-1.7")
    assert made.state == State.FAILED
    assert "PDF" in problem_of(made)
    with pytest.raises(RegisterRefused):
        discard_register(made, by=officer, at=now)
    with pytest.raises(RegisterRefused):
        check_again(made, by=officer, at=now)
    with pytest.raises(RegisterRefused):
        confirm_register(made, sha256="", by=officer, at=now)


def test_strangers_files_are_read_in_a_child_process(officer: User, now: datetime) -> None:
    file = SimpleUploadedFile("企业.csv", f"{HEAD}\nA1,甲,莘庄镇,3".encode())
    made = start_register([file], on=date(2026, 6, 1), is_complete=False, by=officer, at=now)
    run_waiting_jobs(at=now)
    made.refresh_from_db()
    assert made.state == State.READY
    bad = start_register(
        [SimpleUploadedFile("r.parquet", b"PAR1" * 9)], on=date(2026, 6, 1), is_complete=False, by=officer, at=now
    )
    run_waiting_jobs(at=now)
    bad.refresh_from_db()
    assert bad.problem_code == "not_parquet"


@pytest.mark.django_db(transaction=True)
def test_uploaded_files_are_gone_once_the_register_is_in_force_or_cannot_be_used(
    in_force: Callable[..., RegisterSnapshot],
    hand_in_register: Callable[..., RegisterSnapshot],
    officer: User,
    now: datetime,
) -> None:
    assert not incoming_folder(in_force(HEAD, "A1,甲,莘庄镇,3")).exists()
    assert not incoming_folder(hand_in_register("%PDF-1.7")).exists()
    waiting = hand_in_register(HEAD, "A1,甲,莘庄镇,4")
    assert incoming_folder(waiting).exists()
    discard_register(waiting, by=officer, at=now)
    assert not incoming_folder(waiting).exists()


def test_confirming_twice_is_once_and_another_result_is_stale(
    hand_in_register: Callable[..., RegisterSnapshot], officer: User, now: datetime
) -> None:
    made, rival = hand_in_register(HEAD, "A1,甲,莘庄镇,3"), hand_in_register(HEAD, "A1,甲,莘庄镇,4")
    with pytest.raises(StaleForm):
        confirm_register(made, sha256="0" * 64, by=officer, at=now)
    assert confirm_register(made, sha256=made.sha256, by=officer, at=now).number == 1
    assert confirm_register(made, sha256=made.sha256, by=officer, at=now).number == 1
    with pytest.raises(StaleForm):
        confirm_register(rival, sha256=rival.sha256, by=officer, at=now)
    check_again(rival, by=officer, at=now)
    run_waiting_jobs(at=now)
    rival.refresh_from_db()
    assert rival.counts["changed"] == 1
    assert confirm_register(rival, sha256=rival.sha256, by=officer, at=now).number == 2


def test_giving_up_leaves_nothing(
    hand_in_register: Callable[..., RegisterSnapshot], officer: User, now: datetime
) -> None:
    made = hand_in_register(HEAD, "A1,甲,莘庄镇,3")
    discard_register(made, by=officer, at=now)
    made.refresh_from_db()
    assert (made.state, made.report, made.sha256) == (State.DISCARDED, "", "")
    discard_register(made, by=officer, at=now)
    assert current_register() is None


def test_an_upload_that_is_being_read_is_given_up_with_its_job(officer: User, now: datetime, read_here: None) -> None:
    made = start_register(
        [SimpleUploadedFile("r.csv", b"id\nA1")], on=date(2026, 6, 1), is_complete=False, by=officer, at=now
    )
    assert working_job(made) is not None
    discard_register(made, by=officer, at=now)
    assert working_job(made) is None
    run_waiting_jobs(at=now)
    made.refresh_from_db()
    assert made.state == State.DISCARDED


def test_a_reading_that_was_cancelled_can_be_asked_for_again(officer: User, now: datetime, read_here: None) -> None:
    made = start_register(
        [SimpleUploadedFile("r.csv", b"id\nA1")], on=date(2026, 6, 1), is_complete=False, by=officer, at=now
    )
    job = working_job(made)
    assert job is not None
    cancel_job(job, by=officer, at=now)
    check_again(made, by=officer, at=now)
    run_waiting_jobs(at=now)
    made.refresh_from_db()
    assert made.state == State.READY


def test_a_job_for_a_register_that_is_gone_does_nothing(officer: User, now: datetime, read_here: None) -> None:
    made = start_register(
        [SimpleUploadedFile("r.csv", b"id\nA1")], on=date(2026, 6, 1), is_complete=False, by=officer, at=now
    )
    RegisterSnapshot.objects.filter(pk=made.pk).update(state=State.DISCARDED)
    run_waiting_jobs(at=now)
    made.refresh_from_db()
    assert made.state == State.DISCARDED
