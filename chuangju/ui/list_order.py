"""列表的顺序 - a total order from a word in the address, the same on both databases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy

from chuangju.ui.listing import Listing, exported_value


def _sort_fields(listing: Listing, sort: str) -> list[str]:
    """The database fields behind a sort word, each with "-" where it runs downwards."""
    column = listing.column(sort.removeprefix("-"))
    fields = (column.sort or "").split(",") if column else sort.removeprefix("-").split(",")
    if not sort.startswith("-"):
        return [each for each in fields if each]
    return [each.removeprefix("-") if each.startswith("-") else f"-{each}" for each in fields if each]


def _order(name: str) -> OrderBy:
    """Rows without a value come last in either direction, on both databases."""
    expression = F(name.removeprefix("-"))
    return expression.desc(nulls_last=True) if name.startswith("-") else expression.asc(nulls_last=True)


def ordered(rows: Any, listing: Listing, sort: str) -> Any:
    """The rows in the wanted order, always a total one (pages neither repeat nor lose a row)."""
    if not isinstance(rows, QuerySet):
        column = listing.column(sort.removeprefix("-"))
        if column is None:
            return rows
        return sorted(rows, key=lambda row: _sequence_key(column.value(row)), reverse=sort.startswith("-"))
    fields = _sort_fields(listing, sort)
    if fields:
        return rows.order_by(*(_order(each) for each in fields), "pk")
    return rows if rows.ordered else rows.order_by("pk")


def _sequence_key(value: object) -> tuple[int, Any]:
    """Numbers among numbers, words among words; nothing comes first."""
    if value is None:
        return 0, 0
    if isinstance(value, int | float | Decimal):
        return 1, value
    return 2, str(exported_value(value))
