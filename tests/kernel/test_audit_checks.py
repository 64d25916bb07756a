"""R9 in small: every kind of tampering with the log is found, each time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from chuangju.kernel.anchors import export_anchor
from chuangju.kernel.audit import event_hash, record_event
from chuangju.kernel.guards import AUDIT_EVENTS, guards_lifted, install_guard, missing_guards, remove_guard
from chuangju.kernel.integrity import find_faults
from chuangju.kernel.models import AuditEvent, AuditStream, SavedView, User

pytestmark = pytest.mark.django_db

EVENTS = 40
TAMPERS = 60
EDITABLE = (
    "action",
    "actor_name",
    "role",
    "object_type",
    "object_id",
    "object_label",
    "about_type",
    "about_id",
    "reason",
)
HASHES = ("digest_before", "digest_after", "previous_hash", "hash")


@pytest.fixture
def log(person: User, now: datetime, data_folder: Path) -> Iterator[None]:
    """A log of some length, anchored, with its guards taken away as an intruder would."""
    view = SavedView.objects.create(user=person, listing="tasks", name="我的")
    for number in range(EVENTS):
        record_event("x.y", view, by=person, at=now, after={"number": number}, about=person, reason=f"第{number}次")
    export_anchor(now.date())
    with guards_lifted():
        yield


def rows() -> list[AuditEvent]:
    return list(AuditEvent.objects.order_by("sequence"))


def update(event: AuditEvent, **values: object) -> None:
    AuditEvent.objects.filter(pk=event.pk).update(**values)


def edit(dice: random.Random) -> None:
    event = dice.choice(rows())
    field = dice.choice((*EDITABLE, *HASHES, "at", "changes", "actor"))
    value: object = "f" * 64 if field in HASHES else f"{getattr(event, field)}!"
    if field == "at":
        value = event.at + timedelta(microseconds=1)
    if field == "changes":
        value = {"number": [None, 999]}
    if field == "actor":
        value = None
    update(event, **{field: value})


def edit_and_hash_again(dice: random.Random) -> None:
    """The intruder knows how the hash is made, and makes it anew for the edited event."""
    event = dice.choice(rows())
    event.reason += "改"
    update(event, reason=event.reason, hash=event_hash(event))


def delete(dice: random.Random) -> None:
    AuditEvent.objects.filter(pk=dice.choice(rows()).pk).delete()


def swap(dice: random.Random) -> None:
    first, second = dice.sample(rows(), 2)
    update(first, sequence=10**6)
    update(second, sequence=first.sequence)
    update(first, sequence=second.sequence)


def insert(dice: random.Random) -> None:
    """A forged event at the end, well linked and well hashed; only the head does not know it."""
    last = rows()[-1]
    forged = dice.choice(rows())
    forged.pk, forged.sequence, forged.previous_hash = None, last.sequence + 1, last.hash
    forged.hash = event_hash(forged)
    forged.save(force_insert=True)


def cut_tail(dice: random.Random) -> None:
    """The tail is cut and the head set back, so that the chain itself is whole again: only the anchor knows."""
    keep = dice.randrange(0, EVENTS - 1)
    AuditEvent.objects.filter(sequence__gt=keep).delete()
    last = rows()[-1] if keep else None
    AuditStream.objects.update(last_sequence=keep, last_hash=last.hash if last else "0" * 64)


def cut_tail_and_write_another(dice: random.Random) -> None:
    """The tail is replaced by as many forged events, perfectly chained."""
    keep = dice.randrange(1, EVENTS - 1)
    for event in rows()[keep:]:
        previous = AuditEvent.objects.get(sequence=event.sequence - 1)
        event.reason, event.previous_hash = "伪造", previous.hash
        update(event, reason=event.reason, previous_hash=event.previous_hash, hash=event_hash(event))
    AuditStream.objects.update(last_hash=rows()[-1].hash)


def empty_the_log(dice: random.Random) -> None:
    AuditEvent.objects.all().delete()
    AuditStream.objects.all().delete()


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "tamper",
    [edit, edit_and_hash_again, delete, swap, insert, cut_tail, cut_tail_and_write_another, empty_the_log],
)
def test_every_tamper_is_found_wherever_it_strikes(tamper: Callable[[random.Random], None]) -> None:
    dice = random.Random(f"{tamper.__name__} 2026")
    assert find_log_faults() == []
    missed = 0
    for _ in range(TAMPERS // 8 + 1):
        with transaction.atomic():
            tamper(dice)
            missed += not find_log_faults()
            transaction.set_rollback(True)
    assert missed == 0
    assert find_log_faults() == []


def find_log_faults() -> list[str]:
    """Without the missing guards, which this module lifted itself."""
    return [fault for fault in find_faults() if "触发器" not in fault]


@pytest.mark.usefixtures("log")
def test_the_fault_names_the_stream_and_the_event() -> None:
    update(rows()[6], reason="改过")
    assert find_log_faults() == ["审计链 kernel 第 7 号事件的内容被改动。"]


@pytest.mark.usefixtures("log")
def test_a_gap_a_broken_link_and_a_head_that_is_ahead_are_told_apart() -> None:
    AuditEvent.objects.filter(sequence=5).delete()
    assert find_log_faults() == ["审计链 kernel 缺少第 5 号事件。"]
    AuditEvent.objects.filter(sequence__gt=EVENTS - 2).delete()
    assert "审计链 kernel 的末尾与链首记录不符：应有 40 个事件，实有 38 个。" in find_log_faults()


@pytest.mark.usefixtures("log")
def test_a_link_that_does_not_fit_is_told() -> None:
    event = rows()[9]
    event.previous_hash = "e" * 64
    update(event, previous_hash=event.previous_hash, hash=event_hash(event))
    assert "审计链 kernel 第 10 号事件与前一事件不衔接。" in find_log_faults()


@pytest.mark.usefixtures("log")
def test_events_without_a_chain_are_told() -> None:
    constraints = "PRAGMA defer_foreign_keys = ON" if connection.vendor == "sqlite" else "SET CONSTRAINTS ALL DEFERRED"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(constraints)
        cursor.execute("DELETE FROM kernel_auditstream")
        assert "审计链 kernel 的链首记录缺失。" in find_log_faults()
        transaction.set_rollback(True)


def test_the_database_itself_refuses_to_edit_or_delete_events(person: User, now: datetime) -> None:
    record_event("x.y", person, by=person, at=now)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(reason="改")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditStream.objects.update(last_sequence=0)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditStream.objects.update(last_sequence=1, last_hash="f" * 64)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO kernel_auditstream (name, last_sequence, last_hash) VALUES ('kernel', 0, '')"
            if connection.vendor == "sqlite"
            else "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE kernel_auditevent CASCADE"
        )
    assert AuditEvent.objects.count() == 1


def test_a_guard_that_is_gone_is_a_fault(data_folder: Path) -> None:
    assert find_faults() == []
    remove_guard(connection, AUDIT_EVENTS)
    assert len(missing_guards()) == 3
    assert find_faults()[0].startswith("数据库缺少防篡改触发器 kernel_auditevent_guard_")
    install_guard(connection, AUDIT_EVENTS)
    assert find_faults() == []


def test_an_anchor_is_written_once_for_the_same_heads_and_kept_by_day(
    person: User, now: datetime, data_folder: Path
) -> None:
    record_event("x.y", person, by=person, at=now)
    file = export_anchor(date(2026, 6, 15))
    assert file.is_relative_to(data_folder / "anchors")
    export_anchor(date(2026, 6, 15))
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1
    record_event("x.y", person, by=person, at=now)
    assert export_anchor(date(2026, 6, 15)) == file
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    assert export_anchor(date(2026, 6, 16)).name == "2026-06-16.jsonl"
    assert find_faults() == []


@pytest.mark.parametrize("line", ["not json", "[]", '{"kernel": 3}', '{"kernel": ["x", "y"]}'])
def test_an_anchor_file_that_cannot_be_read_is_a_fault(line: str, data_folder: Path) -> None:
    file = export_anchor(date(2026, 6, 15))
    file.write_text(f"{line}\n", encoding="utf-8")
    assert find_faults() == ["锚文件 2026-06-15.jsonl 无法读取。"]
