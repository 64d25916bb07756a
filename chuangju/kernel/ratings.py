"""好差评 - one to five from whoever was served, once for each record; a low one becomes work for the unit concerned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Rating, User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.registry import Registry

# From here downwards a rating asks for an answer.
LOW = Rating.Stars.POOR
CHANGEABLE_DAYS = 7
LONGEST_COMMENT = 1000

LowRatingHandler = Callable[[Rating, User, datetime], object]


class RatingRefused(Refused):
    """The rating was not taken; the sentence says why."""


@dataclass(frozen=True)
class RatingRules:
    """Who may rate records of a kind, which unit answers for them, what they are called, and where they stand."""

    can_rate: Callable[[Any, Any], bool]
    unit_of: Callable[[Any], Any]
    label: Callable[[Any], str | Promise]
    # Where the one who was served sees the record, and where staff see it.
    address: Callable[[Any], str] = lambda _owner: ""
    staff_address: Callable[[Any], str] = lambda _owner: ""


rating_owners: Registry[str, RatingRules] = Registry("rating_owners")
low_rating_handlers: Registry[str, LowRatingHandler] = Registry("low_rating_handler")


def register_rating_owner(model: type[models.Model], rules: RatingRules) -> None:
    """Let records of a model be rated."""
    rating_owners.register(model._meta.label_lower, rules)


def register_low_rating_handler(handle: LowRatingHandler) -> None:
    """Say what becomes of a low rating; `handle(rating, by, at)` runs in the same transaction."""
    low_rating_handlers.register("low_rating", handle)


def rating_rules(owner: models.Model) -> RatingRules:
    """The rules of a record's kind; raises NotRegistered."""
    return rating_owners.get(owner._meta.label_lower)


def rating_of(owner: models.Model, user: Any) -> Rating | None:
    """What this person has said of the record, if anything."""
    if not getattr(user, "is_authenticated", False):
        return None
    return _ratings_of(owner).filter(by=user).first()


def ratings_by(owners: Iterable[models.Model], user: Any) -> dict[Any, Rating]:
    """What this person has said of several records of one model, by the record's key; one query."""
    records = list(owners)
    if not records or not getattr(user, "is_authenticated", False):
        return {}
    keys = {str(record.pk): record.pk for record in records}
    kind = ContentType.objects.get_for_model(records[0])
    return {keys[one.owner_id]: one for one in Rating.objects.filter(owner_type=kind, owner_id__in=keys, by=user)}


def is_changeable(rating: Rating, *, at: datetime) -> bool:
    """Whether its giver may still change it."""
    return at < rating.at + timedelta(days=CHANGEABLE_DAYS)


@transaction.atomic
def rate(owner: models.Model, *, stars: int, comment: str, by: User, at: datetime) -> Rating:
    """Give a rating, or change one's own within seven days; raises RatingRefused."""
    if not rating_rules(owner).can_rate(by, owner):
        raise RatingRefused(_("您不能评价这件事"))
    if stars not in Rating.Stars.values:
        raise RatingRefused(_("请从“非常满意”到“非常不满意”中选择一项"))
    words = comment.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_COMMENT:
        raise RatingRefused(
            _("意见不能超过 %(limit)d 字，现有 %(count)d 字") % {"limit": LONGEST_COMMENT, "count": len(words)}
        )
    take_locks(f"rating:{owner._meta.label_lower}:{owner.pk}:{by.pk}")
    earlier = _ratings_of(owner).filter(by=by).first()
    if earlier is None:
        rating = Rating.objects.create(
            owner_type=ContentType.objects.get_for_model(owner),
            owner_id=str(owner.pk),
            stars=stars,
            comment=words,
            by=by,
            at=at,
        )
        record_event("kernel.rated", rating, by=by, at=at, after=snapshot(rating), about=owner)
    else:
        rating = _changed(earlier, owner, stars=stars, comment=words, by=by, at=at)
    handle = low_rating_handlers.find("low_rating")
    if handle and rating.stars <= LOW:
        handle(rating, by, at)
    return rating


def _changed(rating: Rating, owner: models.Model, *, stars: int, comment: str, by: User, at: datetime) -> Rating:
    """One's own rating with other words; the same again changes nothing."""
    if (rating.stars, rating.comment) == (stars, comment):
        return rating
    if not is_changeable(rating, at=at):
        raise RatingRefused(_("评价满 %(days)d 天后不能再修改") % {"days": CHANGEABLE_DAYS})
    before = snapshot(rating)
    rating.stars, rating.comment, rating.changed_at = stars, comment, at
    rating.save(update_fields=["stars", "comment", "changed_at"])
    record_event("kernel.rating_changed", rating, by=by, at=at, before=before, after=snapshot(rating), about=owner)
    return rating


def _ratings_of(owner: models.Model) -> models.QuerySet[Rating]:
    kind = ContentType.objects.get_for_model(owner)
    return Rating.objects.filter(owner_type=kind, owner_id=str(owner.pk))
