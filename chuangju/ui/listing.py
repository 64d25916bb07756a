"""列表 - what a list shows and how it may be narrowed: columns, filters, search, order; the same way everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.ui.signs import SignLike


@dataclass(frozen=True)
class Column:
    """A column: `value` is what is exported and, without a `template`, shown; `sort` names the fields to order by."""

    key: str
    label: str | Promise
    value: Callable[[Any], object]
    sort: str | None = None
    template: str | None = None
    # Draws the cell of a row as HTML where it is more than a value and a link; far cheaper than a template.
    draw: Callable[[Any], str] | None = None
    css: str = ""
    # Where the cell leads to; the first column with one makes the card's heading on a phone.
    url: Callable[[Any], str] | None = None
    # Not shown until somebody chooses it.
    is_extra: bool = False
    # Always shown, whatever is chosen.
    is_kept: bool = False
    # Something to act with, not to read: always shown, and in no sheet.
    is_tool: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice that narrows the list; `choices` are (value, label) pairs, asked once for each page."""

    key: str
    label: str | Promise
    choices: Callable[[], Iterable[tuple[object, object]]]
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]


@dataclass(frozen=True)
class Band:
    """The heading over a run of rows, and a quieter note beside it (6 项 · 2 项滞后)."""

    title: str
    note: str = ""


@dataclass(frozen=True)
class Listing:
    """What a list shows and how it may be narrowed; `default_sort` is a column key (or fields), "-" before it turns it."""

    key: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    default_sort: str = ""
    empty_title: str | Promise = ""
    empty_hint: str | Promise = ""
    per_page: int = 50
    search_label: str | Promise = ""
    # A heading over each run of rows, drawn while the list stands in its default order.
    group: Callable[[Any], str | Band] | None = None
    title: str | Promise = ""
    # Whether readers choose the columns they want to see.
    is_choosable: bool = False
    # Lines of the keys found, in any order, each with its `pk`: of very many rows only keys are gone through, and no models built.
    rows_of: Callable[[Sequence[Any]], Iterable[Any]] | None = None
    # With `rows_of`: keys and their number are read together; for lists whose rows have to be gone through either way.
    counts_along: bool = False

    def column(self, key: str) -> Column | None:
        """The column of this key that rows can be ordered by."""
        return next((each for each in self.columns if each.key == key and each.sort), None)


def exported_value(value: object) -> object:
    """A value as a sheet holds it: numbers and dates stay what they are, all else becomes the words shown."""
    if value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    if isinstance(value, SignLike):
        return str(value.text)
    if isinstance(value, Iterable) and not isinstance(value, str | Promise):
        return _("、").join(str(each) for each in value)
    return str(value)
