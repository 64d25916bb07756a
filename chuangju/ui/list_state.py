"""列表的状态 - a list as one reader asked for it.

Everything a reader chose stands in the address: `q`, `sort`, `page` and one parameter for each filter. What the address
holds beyond that, or wrongly, is ignored: an old bookmark still opens the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.ui.list_columns import PARAMETER, ColumnChoice, chosen_columns, column_choices
from chuangju.ui.list_order import ordered
from chuangju.ui.list_pages import every_row, find_page, rows_by_key
from chuangju.ui.listing import Band, Column, Filter, Listing, exported_value

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Choice:
    """One option of a filter as drawn."""

    label: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class ShownFilter:
    """A filter as drawn: what is chosen, and where each other choice leads."""

    key: str
    label: str | Promise
    value: str
    chosen: str
    choices: list[Choice]


@dataclass(frozen=True)
class Heading:
    """A column's head: how it is ordered now (ascending, descending, none) and where a click leads."""

    column: Column
    order: str
    query: str


@dataclass(frozen=True)
class Cell:
    """One value of one row."""

    column: Column
    # The heading of its column in words.
    label: str
    # How the table cell is marked: as the heading of a card on a phone, short, to the right.
    css: str
    value: object
    url: str


@dataclass(frozen=True)
class Line:
    """A row as drawn; `band` is the heading above it where a new group begins."""

    row: Any
    cells: list[Cell]
    band: Band | None = None


@dataclass
class ListState:
    """A listing with what one reader chose in the address; reads rows only when a template or an export asks."""

    listing: Listing
    rows: Any
    chosen: dict[str, str]
    search_text: str
    sort: str
    page_number: str
    options: dict[str, list[tuple[str, str]]]
    saved_views: list[Any] = field(default_factory=list)
    can_save: bool = False
    path: str = ""
    # The columns as chosen in the address; empty for the usual ones.
    columns_chosen: str = ""
    # How many rows there are while nothing narrows them, where the page knows.
    counted: int | None = None

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, and exported."""
        return chosen_columns(self.listing, self.columns_chosen)[0]

    @property
    def column_choices(self) -> list[ColumnChoice]:
        """What columns can be chosen; none where the list does not offer it."""
        return column_choices(self.listing, self.columns) if self.listing.is_choosable else []

    @cached_property
    def selection(self) -> Any:
        """Every row that search and filters leave, in the chosen order."""
        rows = self.rows
        for each in self.listing.filters:
            if self.chosen.get(each.key):
                rows = each.apply(rows, self.chosen[each.key])
        if self.search_text and self.listing.search:
            rows = self.listing.search(rows, self.search_text)
        return ordered(rows, self.listing, self.sort or self.listing.default_sort)

    @cached_property
    def _found(self) -> tuple[Page[Any], list[Any] | None]:
        counted = None if self.is_narrowed else self.counted
        return find_page(self.selection, self.listing, self.page_number, counted=counted)

    @property
    def page(self) -> Page[Any]:
        """The page shown: the last one for a number beyond it, the first one for what is no number."""
        return self._found[0]

    @property
    def has_search(self) -> bool:
        """Whether the list can be searched by words."""
        return self.listing.search is not None

    @property
    def search_label(self) -> str:
        """What the search box says it searches."""
        return str(self.listing.search_label)

    @property
    def empty_title(self) -> str:
        """What an empty list says."""
        return str(self.listing.empty_title)

    @property
    def empty_hint(self) -> str:
        """What to do about an empty list."""
        return str(self.listing.empty_hint)

    @property
    def total(self) -> int:
        """How many rows the filter leaves."""
        return self.page.paginator.count

    @property
    def is_narrowed(self) -> bool:
        """Whether search or a filter hides rows."""
        return bool(self.search_text or self.chosen)

    def query(self, **changes: str) -> str:
        """The address' query for this selection with changes; empty values are left out, so is the page unless named."""
        parts = {"q": self.search_text, **self.chosen, "sort": self.sort, PARAMETER: self.columns_chosen, **changes}
        return "?" + urlencode({key: value for key, value in parts.items() if value})

    @property
    def saved_query(self) -> str:
        """What a saved view keeps: the selection without the page."""
        return self.query().removeprefix("?")

    @property
    def here(self) -> str:
        """The address of this very page of the list."""
        return self.path + self.query(page=str(self.page.number) if self.page.number > 1 else "")

    @property
    def xlsx_query(self) -> str:
        """Where the workbook is."""
        return self.query(export="xlsx")

    @property
    def csv_query(self) -> str:
        """Where the text table is."""
        return self.query(export="csv")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the search form must carry along."""
        carried = {**self.chosen, "sort": self.sort, PARAMETER: self.columns_chosen}
        return [(key, value) for key, value in carried.items() if value]

    @property
    def hidden_beside_columns(self) -> list[tuple[str, str]]:
        """What the form of columns must carry along."""
        carried = {"q": self.search_text, **self.chosen, "sort": self.sort}
        return [(key, value) for key, value in carried.items() if value]

    @property
    def usual_query(self) -> str:
        """The same selection with the columns that the list shows by itself."""
        return self.query(**{PARAMETER: ""})

    @property
    def cleared(self) -> str:
        """The list without search and filters; the columns stay as they were chosen."""
        return self.path + (f"?{urlencode({PARAMETER: self.columns_chosen})}" if self.columns_chosen else "")

    @cached_property
    def filters(self) -> list[ShownFilter]:
        """The filters with where each choice leads."""
        return [self._shown(each) for each in self.listing.filters]

    def _shown(self, each: Filter) -> ShownFilter:
        options = self.options[each.key]
        value = self.chosen.get(each.key, "")
        every = [("", _("全部")), *options]
        choices = [Choice(label, self.query(**{each.key: key}), is_current=key == value) for key, label in every]
        return ShownFilter(each.key, each.label, value, dict(every)[value], choices)

    @cached_property
    def headings(self) -> list[Heading]:
        """The columns' heads; the first click orders upwards, the next downwards."""
        now = self.sort or self.listing.default_sort
        found = []
        for column in self.columns:
            order = {column.key: "ascending", f"-{column.key}": "descending"}.get(now, "") if column.sort else ""
            target = f"-{column.key}" if order == "ascending" else column.key
            found.append(Heading(column, order, self.query(sort=target) if column.sort else ""))
        return found

    def _page_rows(self) -> Iterable[Any]:
        """The rows of the page; where the list fetches rows by their keys, only keys are gone through and ordered."""
        page, keys = self._found
        if self.listing.rows_of is None or not isinstance(page.object_list, QuerySet):
            return page.object_list
        return rows_by_key(self.listing, list(page.object_list.values_list("pk", flat=True)) if keys is None else keys)

    def banded_rows(self) -> Iterator[tuple[Any, Band | None]]:
        """The rows of the page, each with the heading above it where a new group begins."""
        group = self.listing.group if not self.sort else None
        last: Band | None = None
        for row in self._page_rows():
            found = group(row) if group else None
            band = Band(found) if isinstance(found, str) else found
            yield row, band if band != last else None
            last = band

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of the page with their cells."""
        return [Line(row, self._cells(row), band) for row, band in self.banded_rows()]

    @cached_property
    def heads(self) -> list[tuple[Column, str, str]]:
        """Each column with its label and marks, worked out once for all rows."""
        columns = self.columns
        title = next((each.key for each in columns if each.url), columns[0].key)
        return [
            (each, str(each.label), f"title {each.css}".rstrip() if each.key == title else each.css) for each in columns
        ]

    def _cells(self, row: Any) -> list[Cell]:
        return [
            Cell(column, label, css, column.value(row), column.url(row) if column.url else "")
            for column, label, css in self.heads
        ]

    def exported(self) -> tuple[list[str], list[list[object]]]:
        """Header and all rows of the selection, for a sheet."""
        columns = [each for each in self.columns if not each.is_tool]
        header = [str(each.label) for each in columns]
        return header, [
            [exported_value(each.value(row)) for each in columns] for row in every_row(self.selection, self.listing)
        ]


def read_state(listing: Listing, rows: Any, address: Mapping[str, str]) -> ListState:
    """What the address chooses; unknown filters, values, columns and pages are ignored."""
    options = {each.key: [(str(key), str(label)) for key, label in each.choices()] for each in listing.filters}
    chosen = {key: address[key] for key, known in options.items() if address.get(key) in dict(known)}
    sort = address.get("sort", "")
    if listing.column(sort.removeprefix("-")) is None or sort == listing.default_sort:
        sort = ""
    text = " ".join(address.get("q", "").replace("\x00", " ").split())[:LONGEST_SEARCH]
    return ListState(
        listing=listing,
        rows=rows,
        chosen={key: value for key, value in chosen.items() if value},
        search_text=text if listing.search else "",
        sort=sort,
        page_number=address.get("page", "1"),
        options=options,
        columns_chosen=chosen_columns(listing, address.get(PARAMETER, ""))[1],
    )
