"""核验清单 - items of a template, ticked for any one record with a note and photos, by whoever may."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.file_checks import JPEG, AttachmentRefused, check_upload
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Checklist, ChecklistItem, User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.kernel.registry import Registry

MAX_PHOTOS = 6
LONGEST_NOTE = 500


class ChecklistRefused(Refused):
    """The list cannot be begun or ticked like this; the sentence says why."""


@dataclass(frozen=True)
class ChecklistTemplate:
    """The items to look at, by key, for records of one model."""

    key: str
    label: str | Promise
    model: type[models.Model]
    items: tuple[tuple[str, str | Promise], ...]


@dataclass(frozen=True)
class ChecklistRules:
    """Who sees and who ticks the lists of a kind of record, and where the record's page is; (user, record) each."""

    can_read: Callable[[Any, Any], bool]
    can_tick: Callable[[Any, Any], bool]
    address: Callable[[Any], str]
    label: Callable[[Any], str | Promise] = str


@dataclass(frozen=True)
class Progress:
    """How far a list is."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to look at."""
        return self.done == self.total


checklist_owners: Registry[str, ChecklistRules] = Registry("checklist_owners")
checklist_templates: Registry[str, ChecklistTemplate] = Registry("checklist_templates")


def register_checklist_owner(model: type[models.Model], rules: ChecklistRules) -> None:
    """Let records of a model have checklists."""
    checklist_owners.register(model._meta.label_lower, rules)


def register_checklist_template(template: ChecklistTemplate) -> None:
    """Offer a list for records of the template's model."""
    checklist_templates.register(template.key, template)


def checklist_rules(owner: models.Model) -> ChecklistRules:
    """The rules of a record's kind; raises NotRegistered."""
    return checklist_owners.get(owner._meta.label_lower)


def templates_for(owner: models.Model) -> list[ChecklistTemplate]:
    """The lists offered for a record and not begun yet."""
    kind = ContentType.objects.get_for_model(owner)
    begun = set(
        Checklist.objects.filter(owner_type=kind, owner_id=str(owner.pk)).values_list("template_key", flat=True)
    )
    return [one for one in checklist_templates.values() if isinstance(owner, one.model) and one.key not in begun]


def checklists_about(owner: models.Model, user: Any) -> list[Checklist]:
    """The record's lists with items and photos, for whoever may read them; three queries."""
    reader = user if getattr(user, "is_authenticated", False) else None
    if not checklist_rules(owner).can_read(reader, owner):
        return []
    kind = ContentType.objects.get_for_model(owner)
    return list(with_items(Checklist.objects.filter(owner_type=kind, owner_id=str(owner.pk))))


def with_items(lists: QuerySet[Checklist]) -> QuerySet[Checklist]:
    """Lists with their items in order, and what was noted and photographed."""
    items = ChecklistItem.objects.select_related("done_by").prefetch_related("photos").order_by("position")
    return lists.prefetch_related(Prefetch("items", items)).order_by("started_at", "pk")


def progress_of(checklist: Checklist) -> Progress:
    """How many of its items are ticked."""
    items = checklist.items.all()
    return Progress(sum(item.is_done for item in items), len(items))


@transaction.atomic
def start_checklist(owner: models.Model, template_key: str, *, by: User, at: datetime) -> Checklist:
    """Begin a list for a record; the same one twice is the same list. Raises ChecklistRefused."""
    template = checklist_templates.find(template_key)
    if not checklist_rules(owner).can_tick(by, owner):
        raise ChecklistRefused(_("您不能为这件事建立核验清单"))
    if template is None or not isinstance(owner, template.model):
        raise ChecklistRefused(_("没有这种核验清单"))
    take_locks(f"checklist:{owner._meta.label_lower}:{owner.pk}:{template_key}")
    kind = ContentType.objects.get_for_model(owner)
    with in_kept_language():
        checklist, is_new = Checklist.objects.get_or_create(
            owner_type=kind,
            owner_id=str(owner.pk),
            template_key=template_key,
            defaults={"title": str(template.label), "started_by": by, "started_at": at},
        )
        if not is_new:
            return checklist
        ChecklistItem.objects.bulk_create(
            ChecklistItem(checklist=checklist, key=key, position=place, label=str(label))
            for place, (key, label) in enumerate(template.items, start=1)
        )
    record_event("kernel.checklist_started", checklist, by=by, at=at, after=snapshot(checklist), about=owner)
    return checklist


@transaction.atomic
def tick_item(
    item: ChecklistItem, *, is_done: bool, note: str, photo: Any, by: User, at: datetime, was_done: bool | None = None
) -> ChecklistItem:
    """Say whether an item is in order, with a note and one or several photos; raises ChecklistRefused, AttachmentRefused.

    With `was_done` (what the page showed) an item that somebody else has answered meanwhile raises StaleForm.
    """
    fresh = ChecklistItem.objects.select_for_update().get(pk=item.pk)
    checklist = Checklist.objects.select_related("owner_type").get(pk=fresh.checklist_id)
    owner = checklist.owner
    if owner is None or not checklist_rules(owner).can_tick(by, owner):
        raise ChecklistRefused(_("您不能核验这份清单"))
    words = " ".join(note.split())
    if len(words) > LONGEST_NOTE:
        raise ChecklistRefused(_("说明不能超过 %(limit)d 字") % {"limit": LONGEST_NOTE})
    photos = _checked_photos(fresh, photo)
    if (fresh.is_done, fresh.note) == (is_done, words) and not photos:
        return fresh
    if was_done is not None and was_done != fresh.is_done:
        raise StaleForm(_("这一项刚由他人核验，请看过后再改"))
    before = snapshot(fresh)
    if is_done != fresh.is_done:
        fresh.done_by, fresh.done_at = (by, at) if is_done else (None, None)
    fresh.is_done, fresh.note = is_done, words
    fresh.save()
    for upload in photos:
        attach_file(fresh, upload, by=by, at=at)
    action = "kernel.checklist_ticked" if is_done else "kernel.checklist_noted"
    record_event(action, fresh, by=by, at=at, before=before, after=snapshot(fresh), about=owner)
    return fresh


def find_item(pk: int, user: Any) -> ChecklistItem | None:
    """An item that this person may answer; None where there is none."""
    item = ChecklistItem.objects.select_related("checklist__owner_type").filter(pk=pk).first()
    owner = item.checklist.owner if item else None
    return item if owner is not None and checklist_rules(owner).can_tick(user, owner) else None


def find_checklist(pk: int, user: Any) -> Checklist | None:
    """A list that this person may read, with its items; None where there is none."""
    found = with_items(Checklist.objects.select_related("owner_type").filter(pk=pk)).first()
    owner = found.owner if found else None
    return found if owner is not None and checklist_rules(owner).can_read(user, owner) else None


def can_read_item(user: User | None, item: ChecklistItem) -> bool:
    """Whether somebody may open the photos of an item: whoever may read its list."""
    owner = item.checklist.owner
    return owner is not None and checklist_rules(owner).can_read(user, owner)


def _checked_photos(item: ChecklistItem, photo: Any) -> list[Any]:
    photos: Iterable[Any] = photo if isinstance(photo, list | tuple) else [photo]
    found = [upload for upload in photos if upload]
    for upload in found:
        if check_upload(upload).media_type != JPEG:
            raise AttachmentRefused(_("文件“%(name)s”不是照片，请上传 jpg、png 或 webp。") % {"name": upload.name})
    if found and len(found) + item.photos.count() > MAX_PHOTOS:
        raise ChecklistRefused(_("每一项最多 %(count)d 张照片") % {"count": MAX_PHOTOS})
    return found
