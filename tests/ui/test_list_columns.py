"""Columns that readers choose: shown in the list's order, kept in addresses, saved views and sheets; tools are never exported."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from chuangju.ui.list_state import ListState, read_state
from chuangju.ui.listing import Column, Listing

COLUMNS = (
    Column("pick", "选择", lambda _row: "", draw=lambda row: f"<b>{row}</b>", is_tool=True),
    Column("name", "名称", str, url=lambda row: f"/{row}/", is_kept=True),
    Column("size", "大小", len),
    Column("first", "首字", lambda row: row[0], is_extra=True),
)
CHOOSABLE = Listing("x", COLUMNS, is_choosable=True)


def asked(cols: str, listing: Listing = CHOOSABLE, **more: str) -> ListState:
    state = read_state(listing, ["甲乙", "丙"], {"cols": cols, **more})
    state.path = "/here/"
    return state


def keys(state: ListState) -> list[str]:
    return [each.key for each in state.columns]


@pytest.mark.parametrize(
    ("cols", "shown", "kept"),
    [
        ("", ["pick", "name", "size"], ""),
        ("size", ["pick", "name", "size"], ""),
        ("first.size", ["pick", "name", "size", "first"], "size.first"),
        ("first", ["pick", "name", "first"], "first"),
        ("name", ["pick", "name"], "name"),
        ("nobody.<b>", ["pick", "name", "size"], ""),
        ("first.nobody", ["pick", "name", "first"], "first"),
    ],
)
def test_what_is_chosen_is_shown_in_the_order_of_the_list(cols: str, shown: list[str], kept: str) -> None:
    state = asked(cols)
    assert (keys(state), state.columns_chosen) == (shown, kept)
    assert [heading.column.key for heading in state.headings] == shown
    assert len(state.lines[0].cells) == len(shown)


def test_a_list_that_does_not_offer_it_shows_what_it_shows() -> None:
    assert keys(asked("first", Listing("x", COLUMNS))) == ["pick", "name", "size"]
    assert asked("first", Listing("x", COLUMNS)).column_choices == []


def test_the_choice_goes_along_with_every_address_but_the_one_that_undoes_it() -> None:
    state = asked("first.size", sort="size")
    assert state.columns_chosen == "size.first"
    assert "cols=size.first" in state.query(page="2")
    assert "cols=size.first" in state.saved_query
    assert ("cols", "size.first") in state.hidden
    assert "cols" not in dict(state.hidden_beside_columns)
    assert state.usual_query == "?"
    assert state.cleared == "/here/?cols=size.first"
    assert asked("").cleared == "/here/"


def test_a_sheet_holds_the_columns_chosen_and_no_tools() -> None:
    header, rows = asked("first").exported()
    assert header == ["名称", "首字"]
    assert sorted(map(str, rows)) == ["['丙', '丙']", "['甲乙', '甲']"]


def test_the_form_ticks_what_is_shown() -> None:
    html = Template('{% include "ui/list_columns.html" %}').render(Context({"list": asked("first")}))
    assert '<input type="checkbox" name="cols" value="first" checked>' in html
    assert '<input type="checkbox" name="cols" value="size">' in html
    assert 'value="pick"' not in html
    assert "恢复默认" in html
