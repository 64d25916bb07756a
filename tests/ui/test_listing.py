"""A list: search, filters, order, pages, bands, sheets; whatever stands in the address, the list opens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from chuangju.kernel.models import User
from chuangju.ui.list_state import read_state
from chuangju.ui.listing import Band, Column, Listing, exported_value
from chuangju.ui.signs import Sign
from tests.ui.pages import ACCOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def users() -> list[User]:
    """Twelve accounts, every third of them disabled."""
    return [
        User.objects.create(
            username=f"user-{number:02}", name=f"{'张李'[number % 2]}{number:02}", is_active=number % 3 > 0
        )
        for number in range(12)
    ]


def names(address: dict[str, str], listing: Listing = ACCOUNTS) -> list[str]:
    return [line.row.username for line in read_state(listing, User.objects.all(), address).lines]


def test_rows_come_in_the_default_order_page_by_page(users: list[User]) -> None:
    assert names({}) == [f"user-{number:02}" for number in range(10)]
    assert names({"page": "2"}) == ["user-10", "user-11"]


def test_a_column_orders_both_ways_and_rows_without_a_value_come_last(users: list[User]) -> None:
    assert names({"sort": "-username"})[0] == "user-11"
    nulls = Listing(key="x", columns=[Column("login", "登录", lambda user: user.last_login, sort="last_login")])
    users[3].last_login = datetime(2026, 1, 1, tzinfo=UTC)
    users[3].save()
    assert names({"sort": "login"}, nulls)[0] == "user-03"
    assert names({"sort": "-login"}, nulls)[0] == "user-03"


def test_a_column_may_order_by_several_fields_and_turns_all_of_them() -> None:
    for username, name in (("a", "乙"), ("b", "甲"), ("c", "乙")):
        User.objects.create(username=username, name=name)
    by_two = Listing(key="x", columns=[Column("both", "都", lambda user: user.name, sort="name,-username")])
    assert names({"sort": "both"}, by_two) == ["c", "a", "b"]
    assert names({"sort": "-both"}, by_two) == ["b", "a", "c"]


def test_the_default_may_name_database_fields_that_are_no_column(users: list[User]) -> None:
    listing = Listing(key="x", columns=[Column("name", "姓名", lambda user: user.name)], default_sort="-username")
    assert names({}, listing)[0] == "user-11"


def test_a_list_without_any_order_is_ordered_by_key(users: list[User]) -> None:
    listing = Listing(key="x", columns=[Column("name", "姓名", lambda user: user.name)])
    state = read_state(listing, User.objects.order_by(), {})
    assert [line.row.pk for line in state.lines] == sorted(user.pk for user in users)


def test_filters_and_search_narrow_together(users: list[User]) -> None:
    assert names({"active": "0"}) == ["user-00", "user-03", "user-06", "user-09"]
    assert names({"active": "0", "q": "李"}) == ["user-03", "user-09"]


def test_what_the_address_wrongly_holds_is_ignored(users: list[User]) -> None:
    junk = {"active": "2", "demo": "", "sort": "password", "page": "-7", "colour": "red", "q": "\x00  \t"}
    assert names(junk) == names({})
    assert names({"page": "99999999999999999999"}) == names({"page": "2"})
    assert names({"sort": "--username"}) == names({})


@given(st.dictionaries(st.sampled_from(["q", "sort", "page", "active", "demo", "x"]), st.text(max_size=200)))
def test_no_address_breaks_a_list(address: dict[str, str]) -> None:
    state = read_state(ACCOUNTS, User.objects.none(), address)
    assert state.lines == []
    assert state.here.startswith("?")


def test_a_search_is_cut_at_a_reasonable_length() -> None:
    assert len(read_state(ACCOUNTS, User.objects.all(), {"q": "长" * 5000}).search_text) == 100


def test_links_keep_the_selection_and_drop_the_page(users: list[User]) -> None:
    state = read_state(ACCOUNTS, User.objects.all(), {"q": "张", "active": "1", "sort": "-name", "page": "2"})
    assert state.query() == "?q=%E5%BC%A0&active=1&sort=-name"
    assert state.saved_query == "q=%E5%BC%A0&active=1&sort=-name"
    assert state.xlsx_query.endswith("&export=xlsx")
    assert state.csv_query.endswith("&export=csv")
    assert state.hidden == [("active", "1"), ("sort", "-name")]


def test_a_filter_says_what_is_chosen_and_where_each_choice_leads(users: list[User]) -> None:
    shown = read_state(ACCOUNTS, User.objects.all(), {"active": "0"}).filters[0]
    assert shown.chosen == "停用"
    assert [(choice.label, choice.query, choice.is_current) for choice in shown.choices] == [
        ("全部", "?", False),
        ("可登录", "?active=1", False),
        ("停用", "?active=0", True),
    ]


def test_a_heading_turns_the_order_on_the_second_click(users: list[User]) -> None:
    first = {heading.column.key: heading for heading in read_state(ACCOUNTS, User.objects.all(), {}).headings}
    assert (first["username"].order, first["username"].query) == ("ascending", "?sort=-username")
    assert (first["name"].order, first["name"].query) == ("", "?sort=name")
    assert (first["state"].order, first["state"].query) == ("", "")
    turned = read_state(ACCOUNTS, User.objects.all(), {"sort": "-name"}).headings[1]
    assert (turned.order, turned.query) == ("descending", "?sort=name")


def test_bands_stand_above_each_run_only_in_the_default_order() -> None:
    for username, name in (("a", "张一"), ("b", "张二"), ("c", "李三")):
        User.objects.create(username=username, name=name)
    bands = [line.band for line in read_state(ACCOUNTS, User.objects.all(), {}).lines]
    assert bands == [Band("张"), None, Band("李")]
    sorted_by_name = read_state(ACCOUNTS, User.objects.all(), {"sort": "name"})
    assert [line.band for line in sorted_by_name.lines] == [None, None, None]


def test_a_band_may_carry_a_note(users: list[User]) -> None:
    listing = Listing(key="x", columns=ACCOUNTS.columns, group=lambda _: Band("全部", "12 人"))
    assert [line.band for line in read_state(listing, User.objects.all(), {}).lines[:2]] == [
        Band("全部", "12 人"),
        None,
    ]


def test_the_first_linked_column_is_the_heading_of_a_card(users: list[User]) -> None:
    cells = read_state(ACCOUNTS, User.objects.all(), {}).lines[0].cells
    assert [cell.css.split()[:1] == ["title"] for cell in cells] == [False, True, False, False]
    assert cells[1].url == f"/accounts/{users[0].pk}/"


def test_plain_sequences_are_listed_and_ordered_too() -> None:
    listing = Listing(
        key="numbers", columns=[Column("size", "大小", lambda row: row, sort="size")], default_sort="-size", per_page=2
    )
    assert [line.row for line in read_state(listing, [3, None, 10], {}).lines] == [10, 3]
    assert [line.row for line in read_state(listing, [3, None, 10], {"sort": "size"}).lines] == [None, 3]
    unsorted = Listing(key="words", columns=[Column("word", "词", str)])
    assert [line.row for line in read_state(unsorted, ["乙", "甲"], {}).lines] == ["乙", "甲"]
    words = Listing(key="words", columns=[Column("word", "词", str, sort="word")])
    assert [line.row for line in read_state(words, ["b", "a"], {"sort": "word"}).lines] == ["a", "b"]


def test_a_list_without_search_ignores_words(users: list[User]) -> None:
    listing = Listing(key="x", columns=[Column("name", "姓名", lambda user: user.name)])
    state = read_state(listing, User.objects.all(), {"q": "张"})
    assert (state.has_search, state.search_text, state.total) == (False, "", 12)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (3, 3),
        (Decimal("-1.50"), Decimal("-1.50")),
        (True, "是"),
        (False, "否"),
        (date(2026, 3, 1), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 1, 0, tzinfo=UTC), datetime(2026, 3, 1, 9, 0)),  # noqa: DTZ001 - sheets know no zones
        (datetime(2026, 3, 1, 1, 0), datetime(2026, 3, 1, 1, 0)),  # noqa: DTZ001
        (Sign("late", "逾期"), "逾期"),
        (["甲", "乙"], "甲、乙"),
        ("=1+1", "=1+1"),
    ],
)
def test_sheets_keep_numbers_and_days_and_turn_all_else_into_words(value: Any, expected: Any) -> None:
    with override("zh-hans"):
        assert exported_value(value) == expected


def test_an_export_holds_every_row_of_the_selection(users: list[User]) -> None:
    header, rows = read_state(ACCOUNTS, User.objects.all(), {"active": "1", "page": "2"}).exported()
    assert header == ["登录名", "姓名", "创建时间", "状态"]
    assert [row[0] for row in rows] == [user.username for user in users if user.is_active]
    assert rows[0][3] == "可登录"
