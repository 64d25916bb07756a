"""Files of records: where they lie, who may open them, and what happens to them when a change is rolled back."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.signals import request_finished
from django.db import transaction
from pytest_django import Settings

from chuangju.kernel import attachments
from chuangju.kernel.attachments import (
    AttachmentRefused,
    attach_file,
    attachments_visible_to,
    find_attachment_faults,
    path_of,
    register_attachment_owner,
    tidy_incoming,
)
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import Attachment, SavedView, User
from chuangju.kernel.registry import NotRegistered
from tests.kernel.files import picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _views_own_files() -> Iterator[None]:
    register_attachment_owner(SavedView, lambda user, view: user is not None and view.user_id == user.pk)
    yield
    attachments.owners.remove("kernel.savedview")


@pytest.fixture
def record(person: User) -> SavedView:
    return SavedView.objects.create(user=person, listing="tasks", name="我的")


@pytest.fixture
def other() -> User:
    return User.objects.create(username="li", name="李")


def stored_files(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.ATTACHMENTS_DIR).rglob("*") if path.is_file()]


def test_a_file_is_kept_under_a_random_name_for_the_server_alone(
    record: SavedView, person: User, now: datetime, settings: Settings
) -> None:
    attachment = attach_file(record, upload("说明.txt", "你好".encode()), by=person, at=now)
    path = path_of(attachment)
    assert path.read_bytes() == "你好".encode()
    assert stored_files(settings) == [path]
    assert "说明" not in str(path)
    assert path.suffix == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert attachment.sha256 == hashlib.sha256("你好".encode()).hexdigest()
    assert (attachment.owner, attachment.size, attachment.media_type) == (record, 6, "text/plain")
    assert (attachment.uploaded_by, attachment.uploaded_at) == (person, now)


def test_attaching_is_recorded_as_being_about_the_owner(record: SavedView, person: User, now: datetime) -> None:
    attachment = attach_file(record, upload("说明.txt", b"abc"), by=person, at=now)
    event = events_about(record).get()
    assert (event.action, event.object_id) == ("kernel.file_attached", str(attachment.pk))
    assert event.changes["sha256"] == [None, attachment.sha256]


def test_what_is_hashed_is_the_picture_as_stored(record: SavedView, person: User, now: datetime) -> None:
    attachment = attach_file(record, upload("a.png", picture("PNG")), by=person, at=now)
    assert attachment.is_picture
    assert (attachment.name, attachment.size) == ("a.jpg", path_of(attachment).stat().st_size)


def test_a_refused_file_leaves_nothing(record: SavedView, person: User, now: datetime, settings: Settings) -> None:
    with pytest.raises(AttachmentRefused):
        attach_file(record, upload("a.exe", b"MZ"), by=person, at=now)
    assert stored_files(settings) == []
    assert not Attachment.objects.exists()


def test_a_record_whose_model_nobody_registered_cannot_own_files(person: User, now: datetime) -> None:
    with pytest.raises(NotRegistered, match=r"kernel\.user"):
        attach_file(person, upload("a.txt", b"abc"), by=person, at=now)


@pytest.mark.django_db(transaction=True)
def test_on_commit_the_file_moves_to_its_place(
    record: SavedView, person: User, now: datetime, settings: Settings
) -> None:
    with transaction.atomic():
        attachment = attach_file(record, upload("a.txt", b"abc"), by=person, at=now)
        assert path_of(attachment).parent.name == "incoming"
    assert path_of(attachment).parent.name == attachment.stored_name[:2]
    request_finished.send(None)
    assert stored_files(settings) == [path_of(attachment)]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_gone_when_the_request_ends_and_what_was_kept_stays(
    record: SavedView, person: User, now: datetime, settings: Settings
) -> None:
    with transaction.atomic():
        kept = attach_file(record, upload("a.txt", b"abc"), by=person, at=now)
        with transaction.atomic():
            attach_file(record, upload("b.txt", b"def"), by=person, at=now)
            transaction.set_rollback(True)
    assert len(stored_files(settings)) == 2
    attachments.discard_abandoned_files()
    assert stored_files(settings) == [path_of(kept)]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_moved_on_commit_is_found_where_it_waits_and_settled_later(
    record: SavedView, person: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full_disk:
        full_disk.setattr(Path, "rename", _only_the_first_rename_works())
        attachment = attach_file(record, upload("a.txt", b"abc"), by=person, at=now)
    assert path_of(attachment).parent.name == "incoming"
    assert path_of(attachment).read_bytes() == b"abc"
    os.utime(path_of(attachment), (0, 0))
    assert tidy_incoming(before=now) == 1
    assert path_of(attachment).parent.name == attachment.stored_name[:2]


def _only_the_first_rename_works() -> object:
    rename, calls = Path.rename, []

    def sometimes(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > 1:
            raise OSError("no space left on device")
        return rename(self, target)

    return sometimes


def test_what_a_killed_process_left_behind_goes_after_a_day_and_not_before(now: datetime, settings: Settings) -> None:
    assert tidy_incoming(before=now) == 0
    incoming = Path(settings.ATTACHMENTS_DIR) / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "old").write_bytes(b"x")
    (incoming / "new").write_bytes(b"x")
    os.utime(incoming / "old", (now.timestamp() - 1, now.timestamp() - 1))
    os.utime(incoming / "new", (now.timestamp() + 1, now.timestamp() + 1))
    assert tidy_incoming(before=now) == 1
    assert [path.name for path in incoming.iterdir()] == ["new"]


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(
    record: SavedView, person: User, now: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(AttachmentRefused, match="磁盘已满或存储目录不可写"):
            attach_file(record, upload("a.txt", b"abc"), by=person, at=now)
    assert stored_files(settings) == []
    assert not Attachment.objects.exists()


def test_only_whom_the_owner_admits_gets_the_file(record: SavedView, person: User, other: User, now: datetime) -> None:
    attachment = attach_file(record, upload("a.txt", b"abc"), by=person, at=now)
    assert attachments_visible_to(person).get(attachment.pk) == attachment
    for stranger in (other, None, AnonymousUser()):
        with pytest.raises(Attachment.DoesNotExist):
            attachments_visible_to(stranger).get(attachment.pk)
    record.delete()
    with pytest.raises(Attachment.DoesNotExist):
        attachments_visible_to(person).get(attachment.pk)


def test_the_files_of_many_records_come_in_one_query_and_only_those_that_may_be_read(
    record: SavedView, person: User, other: User, now: datetime, django_assert_num_queries: object
) -> None:
    second = SavedView.objects.create(user=person, listing="tasks", name="第二")
    foreign = SavedView.objects.create(user=other, listing="tasks", name="别人的")
    files = {
        owner: attach_file(owner, upload(f"{owner.pk}.txt", b"abc"), by=person, at=now + timedelta(seconds=owner.pk))
        for owner in (record, second, foreign)
    }
    later = attach_file(record, upload("z.txt", b"abc"), by=person, at=now + timedelta(hours=1))
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = attachments_visible_to(person).of(record, second, foreign)
    assert found == {record.pk: [files[record], later], second.pk: [files[second]], foreign.pk: []}
    assert attachments_visible_to(None).of(record) == {record.pk: []}
    assert attachments_visible_to(person).of() == {}


def test_a_file_that_was_changed_or_lost_is_a_fault(
    record: SavedView, person: User, now: datetime, data_folder: Path
) -> None:
    attachment = attach_file(record, upload("说明.txt", b"abc"), by=person, at=now)
    assert list(find_attachment_faults()) == []
    path_of(attachment).write_bytes(b"abd")
    assert list(find_attachment_faults()) == [f"附件“说明.txt”（{attachment.pk}）的文件内容被改动。"]
    path_of(attachment).unlink()
    assert list(find_attachment_faults()) == [f"附件“说明.txt”（{attachment.pk}）的文件缺失或无法读取。"]
