"""Messages about a record: who reads, who writes, what is unread, who is told, and what a withdrawal leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.attachments import AttachmentRefused, attachments_visible_to
from chuangju.kernel.models import (
    Attachment,
    AuditEvent,
    Message,
    SavedView,
    Thread,
    ThreadMessage,
    ThreadReading,
    User,
)
from chuangju.kernel.threads import (
    LONGEST_TEXT,
    MAX_FILES,
    ThreadRefused,
    ThreadRules,
    mark_read,
    messages_about,
    messages_by,
    post_message,
    thread_owners,
    withdraw_message,
)
from tests.kernel.files import picture, upload
from tests.kernel.racing import errors_of, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Two who talk, one who reads along, one who may not."""
    return {name: User.objects.create(username=name, name=name) for name in ("office", "officer", "reader", "other")}


@pytest.fixture(autouse=True)
def _owners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved views may be talked about here."""
    talkers = {"office", "officer"}
    rules = ThreadRules(
        can_read=lambda user, _owner: getattr(user, "username", "") in {*talkers, "reader"},
        can_write=lambda user, _owner: getattr(user, "username", "") in talkers,
        people=lambda _owner: User.objects.filter(username__in=[*talkers, "other"]),
        address=lambda owner: f"/views/{owner.pk}/",
        label=lambda owner: owner.name,
    )
    monkeypatch.setattr(thread_owners, "_entries", {"kernel.savedview": rules})


@pytest.fixture
def record(people: dict[str, User]) -> SavedView:
    """What is talked about."""
    return SavedView.objects.create(user=people["office"], listing="", name="第 4 行")


def texts(record: SavedView, user: Any) -> list[str]:
    return [shown.message.text for shown in messages_about(record, user)]


def test_a_message_is_kept_as_written_and_the_others_are_told(
    record: SavedView, people: dict[str, User], now: datetime
) -> None:
    text = " 一、<b>补材料</b>\r\n二、报时间 "
    sent = post_message(record, text=text, by=people["office"], at=now)
    assert sent.text == "一、<b>补材料</b>\n二、报时间"
    told = Message.objects.get()
    assert (told.user, told.address) == (people["officer"], f"/views/{record.pk}/")
    assert "第 4 行" in told.subject
    event = AuditEvent.objects.get(action="kernel.message_posted")
    assert (event.about_type, event.about_id) == ("kernel.savedview", str(record.pk))


def test_only_readers_read_and_only_writers_write(record: SavedView, people: dict[str, User], now: datetime) -> None:
    post_message(record, text="您好", by=people["officer"], at=now)
    assert texts(record, people["reader"]) == ["您好"]
    for outsider in (people["other"], AnonymousUser(), None):
        assert texts(record, outsider) == []
    for silent in (people["reader"], people["other"]):
        with pytest.raises(ThreadRefused):
            post_message(record, text="插话", by=silent, at=now)
    assert ThreadMessage.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "长" * (LONGEST_TEXT + 1)])
def test_an_empty_or_endless_message_is_refused(
    record: SavedView, people: dict[str, User], now: datetime, text: str
) -> None:
    with pytest.raises(ThreadRefused):
        post_message(record, text=text, by=people["office"], at=now)
    assert not Thread.objects.exists()


def test_files_go_with_a_message_and_only_readers_open_them(
    record: SavedView, people: dict[str, User], now: datetime
) -> None:
    post_message(record, text="照片", by=people["office"], at=now, files=[upload("现场.jpg", picture())])
    (shown,) = messages_about(record, people["officer"])
    assert [file.name for file in shown.files] == ["现场.jpg"]
    assert attachments_visible_to(people["reader"]).get(shown.files[0].pk)
    for outsider in (people["other"], None):
        with pytest.raises(Attachment.DoesNotExist):
            attachments_visible_to(outsider).get(shown.files[0].pk)


def test_a_bad_file_takes_the_whole_message_back(record: SavedView, people: dict[str, User], now: datetime) -> None:
    with pytest.raises(AttachmentRefused):
        post_message(record, text="程序", by=people["office"], at=now, files=[upload("a.exe", b"MZ\x00\x01")])
    with pytest.raises(ThreadRefused):
        post_message(record, text="太多", by=people["office"], at=now, files=[object()] * (MAX_FILES + 1))
    with pytest.raises(ThreadRefused):
        post_message(record, text="", by=people["office"], at=now, files=[upload("现场.jpg", picture())])
    assert not ThreadMessage.objects.exists()
    assert not Message.objects.exists()


def test_what_one_has_not_read_is_new_until_it_is_marked(
    record: SavedView, people: dict[str, User], now: datetime
) -> None:
    office, officer = people["office"], people["officer"]
    post_message(record, text="一", by=office, at=now)
    post_message(record, text="二", by=office, at=now)
    assert [shown.is_new for shown in messages_about(record, officer)] == [True, True]
    assert [shown.is_new for shown in messages_about(record, office)] == [False, False]
    mark_read(record, by=officer)
    assert [shown.is_new for shown in messages_about(record, officer)] == [False, False]
    post_message(record, text="三", by=office, at=now)
    assert [shown.is_new for shown in messages_about(record, officer)] == [False, False, True]


def test_answering_is_reading(record: SavedView, people: dict[str, User], now: datetime) -> None:
    post_message(record, text="一", by=people["office"], at=now)
    post_message(record, text="收到", by=people["officer"], at=now)
    assert not any(shown.is_new for shown in messages_about(record, people["officer"]))


def test_nobody_marks_what_they_may_not_read(record: SavedView, people: dict[str, User], now: datetime) -> None:
    post_message(record, text="一", by=people["office"], at=now)
    mark_read(record, by=people["other"])
    assert not ThreadReading.objects.filter(user=people["other"]).exists()


def test_a_withdrawn_message_keeps_its_words_and_hides_its_files(
    record: SavedView, people: dict[str, User], now: datetime
) -> None:
    sent = post_message(record, text="发错了", by=people["office"], at=now, files=[upload("错.jpg", picture())])
    withdraw_message(sent, reason=" 发错  对象 ", by=people["office"], at=now + timedelta(minutes=1))
    (shown,) = messages_about(record, people["officer"])
    assert (shown.message.text, shown.message.withdrawn_reason, shown.files) == ("发错了", "发错 对象", [])
    with pytest.raises(Attachment.DoesNotExist):
        attachments_visible_to(people["officer"]).get(Attachment.objects.get().pk)
    assert AuditEvent.objects.get(action="kernel.message_withdrawn").reason == "发错 对象"
    assert not shown.is_new


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_a_withdrawal_needs_a_reason(record: SavedView, people: dict[str, User], now: datetime, reason: str) -> None:
    sent = post_message(record, text="一", by=people["office"], at=now)
    with pytest.raises(ThreadRefused):
        withdraw_message(sent, reason=reason, by=people["office"], at=now)


def test_only_its_author_withdraws_a_message_and_once(
    record: SavedView, people: dict[str, User], now: datetime
) -> None:
    sent = post_message(record, text="一", by=people["office"], at=now)
    with pytest.raises(ThreadRefused):
        withdraw_message(sent, reason="不好", by=people["officer"], at=now)
    withdraw_message(sent, reason="重发", by=people["office"], at=now)
    with pytest.raises(ThreadRefused):
        withdraw_message(sent, reason="重发", by=people["office"], at=now)
    assert list(messages_by(people["office"])) == [sent]


def test_reading_takes_the_same_queries_for_few_and_for_many(
    record: SavedView, people: dict[str, User], now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(messages_about(record, people["officer"]))
        return len(captured)

    post_message(record, text="一", by=people["office"], at=now, files=[upload("a.jpg", picture())])
    few = queries()
    for number in range(6):
        post_message(record, text=f"{number}", by=people["office"], at=now)
    assert queries() == few <= 5


@pytest.mark.django_db(transaction=True)
def test_two_first_messages_open_one_thread(record: SavedView, people: dict[str, User], now: datetime) -> None:
    outcomes = race(lambda number: post_message(record, text=f"{number}", by=people["office"], at=now), 6)
    assert errors_of(outcomes) == []
    assert (Thread.objects.count(), ThreadMessage.objects.count()) == (1, 6)
