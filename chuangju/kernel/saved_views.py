"""保存的视图: a list's filters and order, kept by one person under a name of their own."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chuangju.kernel.models import SavedView, User
from chuangju.kernel.refusals import Refused

MAX_VIEWS = 20


class SavedViewRefused(Refused):
    """The view was not saved."""


def views_of(user: User, listing: str) -> QuerySet[SavedView]:
    """What this person has saved for this list, by name."""
    return SavedView.objects.filter(user=user, listing=listing).order_by("name")


@transaction.atomic
def save_view(user: User, *, listing: str, name: str, query: str) -> SavedView:
    """Keep the list's present address under a name; the same name again replaces it."""
    name = " ".join(name.split())
    if not name:
        raise SavedViewRefused(_("请给这个视图起个名称。"))
    if len(name) > _longest("name"):
        raise SavedViewRefused(_("视图名称不超过 %(count)s 个字。") % {"count": _longest("name")})
    if len(query) > _longest("query") or len(listing) > _longest("listing"):
        raise SavedViewRefused(_("筛选条件太长，无法保存，请减少几项。"))
    others = views_of(user, listing).exclude(name=name)
    if others.count() >= MAX_VIEWS:
        raise SavedViewRefused(_("每个列表最多保存 %(count)s 个视图，请先删除不用的。") % {"count": MAX_VIEWS})
    view, _created = SavedView.objects.update_or_create(
        user=user, listing=listing, name=name, defaults={"query": query.lstrip("?")}
    )
    return view


@transaction.atomic
def delete_view(user: User, *, listing: str, name: str) -> None:
    """Forget one of one's own views; nothing happens where there is none of that name."""
    views_of(user, listing).filter(name=name).delete()


def _longest(field: str) -> int:
    return SavedView._meta.get_field(field).max_length or 0  # type: ignore[union-attr]
