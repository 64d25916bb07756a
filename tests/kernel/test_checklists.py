"""核验清单: begun once, ticked by whoever may, with notes and photos; two at the same moment give one tick."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.attachments import AttachmentRefused, attachments_visible_to
from chuangju.kernel.checklists import (
    LONGEST_NOTE,
    MAX_PHOTOS,
    ChecklistRefused,
    ChecklistRules,
    ChecklistTemplate,
    checklist_owners,
    checklist_templates,
    checklists_about,
    find_checklist,
    find_item,
    progress_of,
    start_checklist,
    templates_for,
    tick_item,
)
from chuangju.kernel.models import Attachment, AuditEvent, Checklist, ChecklistItem, SavedView, User
from chuangju.kernel.refusals import StaleForm
from tests.kernel.files import picture, upload
from tests.kernel.racing import errors_of, race

pytestmark = pytest.mark.django_db
TEMPLATE = ChecklistTemplate("test.site", "现场核验", SavedView, (("open", "已对外开放"), ("sign", "标识清楚")))


@pytest.fixture(autouse=True)
def _owners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever made a saved view ticks its lists; everybody who is signed in reads them."""
    rules = ChecklistRules(
        can_read=lambda user, _owner: getattr(user, "pk", None) is not None,
        can_tick=lambda user, owner: getattr(user, "pk", None) == owner.user_id,
        address=lambda owner: f"/views/{owner.pk}/",
    )
    monkeypatch.setattr(checklist_owners, "_entries", {"kernel.savedview": rules})
    monkeypatch.setattr(checklist_templates, "_entries", {TEMPLATE.key: TEMPLATE})


@pytest.fixture
def record(person: User) -> SavedView:
    """What is verified on the spot."""
    return SavedView.objects.create(user=person, listing="", name="受理点")


@pytest.fixture
def other(db: None) -> User:
    """Reads, and ticks nothing."""
    return User.objects.create(username="other")


@pytest.fixture
def checklist(record: SavedView, person: User, now: datetime) -> Checklist:
    """A list begun."""
    return start_checklist(record, TEMPLATE.key, by=person, at=now)


def tick(item: ChecklistItem, by: User, at: datetime, **given: Any) -> ChecklistItem:
    return tick_item(item, **{"is_done": True, "note": "", "photo": None, "by": by, "at": at, **given})


def item_of(checklist: Checklist, key: str = "open") -> ChecklistItem:
    return checklist.items.get(key=key)


def test_a_list_begins_with_the_items_of_its_template(checklist: Checklist, record: SavedView, person: User) -> None:
    assert [item.label for item in checklist.items.all()] == ["已对外开放", "标识清楚"]
    assert templates_for(record) == []
    (shown,) = checklists_about(record, person)
    assert (progress_of(shown).done, progress_of(shown).total, progress_of(shown).is_complete) == (0, 2, False)


def test_the_same_list_begun_again_is_the_same(
    checklist: Checklist, record: SavedView, person: User, now: datetime
) -> None:
    assert start_checklist(record, TEMPLATE.key, by=person, at=now) == checklist
    assert AuditEvent.objects.filter(action="kernel.checklist_started").count() == 1


def test_outsiders_and_unknown_templates_are_refused(
    record: SavedView, person: User, other: User, now: datetime
) -> None:
    assert templates_for(record) == [TEMPLATE]
    with pytest.raises(ChecklistRefused):
        start_checklist(record, TEMPLATE.key, by=other, at=now)
    with pytest.raises(ChecklistRefused):
        start_checklist(record, "none", by=person, at=now)
    assert checklists_about(record, None) == []


def test_a_tick_says_who_and_when_and_can_be_taken_back(checklist: Checklist, person: User, now: datetime) -> None:
    ticked = tick(item_of(checklist), person, now, note=" 门口  已贴 ")
    assert (ticked.is_done, ticked.done_by, ticked.done_at, ticked.note) == (True, person, now, "门口 已贴")
    assert progress_of(checklist).done == 1
    undone = tick(ticked, person, now + timedelta(hours=1), is_done=False, note="牌子掉了")
    assert (undone.is_done, undone.done_by, undone.done_at) == (False, None, None)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["kernel.checklist_started", "kernel.checklist_ticked", "kernel.checklist_noted"]


def test_photos_go_with_an_item_and_nothing_else_does(
    checklist: Checklist, person: User, other: User, now: datetime
) -> None:
    ticked = tick(item_of(checklist), person, now, photo=[upload("门口.jpg", picture()), upload("柜台.jpg", picture())])
    names = set(ticked.photos.values_list("name", flat=True))
    assert names == {"门口.jpg", "柜台.jpg"}
    photo = ticked.photos.first()
    assert photo is not None
    assert attachments_visible_to(other).get(photo.pk) == photo
    with pytest.raises(Attachment.DoesNotExist):
        attachments_visible_to(None).get(photo.pk)
    with pytest.raises(AttachmentRefused):
        tick(item_of(checklist, "sign"), person, now, photo=upload("说明.txt", "说明".encode()))
    with pytest.raises(ChecklistRefused):
        tick(ticked, person, now, photo=[upload("多.jpg", picture())] * (MAX_PHOTOS - 1))
    assert not item_of(checklist, "sign").is_done


def test_outsiders_do_not_tick(checklist: Checklist, other: User, now: datetime) -> None:
    with pytest.raises(ChecklistRefused):
        tick(item_of(checklist), other, now)
    assert find_item(item_of(checklist).pk, other) is None
    assert find_checklist(checklist.pk, other) == checklist
    assert (find_checklist(0, other), find_item(0, other), find_checklist(checklist.pk, None)) == (None, None, None)


def test_a_long_note_is_refused(checklist: Checklist, person: User, now: datetime) -> None:
    with pytest.raises(ChecklistRefused):
        tick(item_of(checklist), person, now, note="长" * (LONGEST_NOTE + 1))


def test_a_page_made_before_somebody_else_ticked_is_stale(checklist: Checklist, person: User, now: datetime) -> None:
    item = item_of(checklist)
    tick(item, person, now, note="甲看过", was_done=False)
    with pytest.raises(StaleForm):
        tick(item, person, now, note="乙看过", was_done=False)
    assert item_of(checklist).note == "甲看过"
    assert tick(item, person, now, note="甲看过", was_done=False).is_done


def test_lists_are_read_in_the_same_queries_whatever_their_length(
    checklist: Checklist, record: SavedView, person: User, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for one in checklists_about(record, person):
                [(item.done_by, list(item.photos.all())) for item in one.items.all()]
        return len(captured)

    tick(item_of(checklist), person, now, photo=upload("一.jpg", picture()))
    few = queries()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(checklist=checklist, key=f"k{number}", position=number + 3, label="项") for number in range(20)
    )
    assert queries() == few <= 3


@pytest.mark.django_db(transaction=True)
def test_ticks_at_the_same_moment_give_one(record: SavedView, person: User, now: datetime) -> None:
    begun = race(lambda _number: start_checklist(record, TEMPLATE.key, by=person, at=now), 4)
    assert errors_of(begun) == []
    assert ChecklistItem.objects.count() == 2
    item = ChecklistItem.objects.get(key="open")
    assert errors_of(race(lambda _number: tick(item, person, now, was_done=False), 6)) == []
    assert AuditEvent.objects.filter(action="kernel.checklist_ticked").count() == 1
