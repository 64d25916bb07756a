"""列的选择 - which columns of a list a reader wants to see; kept in the address, so in saved views too, and in exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chuangju.ui.listing import Column, Listing

# The parameter of the address: keys with a point between them, or the parameter once for each key as a form sends it.
PARAMETER = "cols"


@dataclass(frozen=True)
class ColumnChoice:
    """A column that can be shown or not."""

    key: str
    label: str
    is_shown: bool


def _is_fixed(column: Column) -> bool:
    return column.is_kept or column.is_tool


def usual_columns(listing: Listing) -> list[Column]:
    """What a list shows while nobody chose otherwise."""
    return [each for each in listing.columns if not each.is_extra]


def chosen_columns(listing: Listing, wanted: str) -> tuple[list[Column], str]:
    """The columns shown, in the list's own order, and the choice as it stands in the address; empty for the usual ones."""
    usual = usual_columns(listing)
    keys = set(wanted.split(".")) & {each.key for each in listing.columns}
    if not listing.is_choosable or not keys:
        return usual, ""
    shown = [each for each in listing.columns if each.key in keys or _is_fixed(each)]
    if [each.key for each in shown] == [each.key for each in usual]:
        return usual, ""
    named = [each.key for each in shown if not _is_fixed(each)] or [each.key for each in shown if each.is_kept]
    return shown, ".".join(named)


def column_choices(listing: Listing, shown: Sequence[Column]) -> list[ColumnChoice]:
    """What can be chosen: every column that is not always there."""
    keys = {each.key for each in shown}
    return [
        ColumnChoice(each.key, str(each.label), each.key in keys) for each in listing.columns if not _is_fixed(each)
    ]
