"""列表的一页 - which rows a page holds and how many there are in all, with as little asked of the database as can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

from chuangju.ui.listing import Listing

# A longer number in the address is somebody's guess, and none that a database could skip to.
_LONGEST_NUMBER = 7
_AT_ONCE = 1_000


def find_page(
    selection: Any, listing: Listing, number: str, *, counted: int | None
) -> tuple[Page[Any], list[Any] | None]:
    """The page (the last one for a number beyond it, the first one for what is no number), and its keys if they were read.

    `counted` is how many rows there are, where the page knows. A list that `counts_along` reads keys and number together.
    """
    paginator = Paginator(selection, listing.per_page)
    known = number if number.isascii() and number.isdecimal() else "1"
    wanted = int(known) if len(known) < _LONGEST_NUMBER else 0
    keys = None
    if counted is not None:
        paginator.count = counted  # a cached property: what is given is not asked
    elif listing.counts_along and wanted > 0 and isinstance(selection, QuerySet):
        start = (wanted - 1) * listing.per_page
        rows = selection.annotate(listed=Window(Count("*"))).values_list("pk", "listed")
        found = list(rows[start : start + listing.per_page])
        if found or wanted == 1:
            paginator.count = found[0][1] if found else 0
            keys = [key for key, _listed in found]
    return paginator.get_page(known), keys


def rows_by_key(listing: Listing, keys: list[Any]) -> list[Any]:
    """The rows of these keys in their order."""
    if listing.rows_of is None:
        return []
    found = {row.pk: row for row in listing.rows_of(keys)}
    return [found[key] for key in keys if key in found]


def every_row(selection: Any, listing: Listing) -> Iterator[Any]:
    """All rows of a selection, for a sheet."""
    if listing.rows_of is None or not isinstance(selection, QuerySet):
        yield from selection
        return
    keys = list(selection.values_list("pk", flat=True))
    for start in range(0, len(keys), _AT_ONCE):
        yield from rows_by_key(listing, keys[start : start + _AT_ONCE])
