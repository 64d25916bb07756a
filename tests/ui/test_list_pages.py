"""Lists whose lines are fetched by their keys: the same pages, order, numbers and sheets as any other list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db.models import F

from chuangju.kernel.models import User
from chuangju.ui.list_state import ListState, read_state
from chuangju.ui.listing import Listing
from tests.ui.pages import ACCOUNTS

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class AccountLine:
    """An account as a line: its key, and what the columns of the list ask for."""

    pk: int
    username: str
    name: str
    is_active: bool
    created_at: object


def lines_of(keys: Sequence[int]) -> list[AccountLine]:
    """The lines of accounts, in no order."""
    names = ("pk", "username", "name", "is_active", "created_at")
    return [AccountLine(*row) for row in User.objects.filter(pk__in=keys).order_by("?").values_list(*names)]


BY_KEY = replace(ACCOUNTS, rows_of=lines_of)
ALONG = replace(BY_KEY, counts_along=True)


@pytest.fixture(autouse=True)
def users() -> None:
    """Twenty-five accounts, so that there are three pages."""
    for number in range(25):
        User.objects.create(
            username=f"user-{number:02}", name=f"{'张李'[number % 2]}{number:02}", is_active=number % 3 > 0
        )


def asked(listing: Listing, address: dict[str, str]) -> ListState:
    return read_state(listing, User.objects.all(), address)


ADDRESSES: list[dict[str, str]] = [
    {},
    {"page": "2"},
    {"page": "3"},
    {"page": "4"},
    {"page": "99999999999999999999"},
    {"page": "0"},
    {"page": "x"},
    {"sort": "-username", "page": "2"},
    {"active": "0"},
    {"q": "李"},
    {"q": "nobody"},
]


@pytest.mark.parametrize("listing", [BY_KEY, ALONG], ids=["counted first", "counted along"])
@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_a_list_by_keys_shows_what_any_list_shows(listing: Listing, address: dict[str, str]) -> None:
    plain, keyed = asked(ACCOUNTS, address), asked(listing, address)
    assert [line.row.username for line in keyed.lines] == [line.row.username for line in plain.lines]
    assert (keyed.total, keyed.page.number) == (plain.total, plain.page.number)
    assert keyed.exported() == plain.exported()


def test_keys_and_their_number_come_in_one_query(django_assert_num_queries: Any) -> None:
    state = asked(ALONG, {"page": "2"})
    with django_assert_num_queries(2):
        assert (state.total, len(state.lines)) == (25, 10)


def test_a_number_that_the_page_knows_is_not_counted_again_unless_something_narrows(
    django_assert_num_queries: Any,
) -> None:
    state = asked(ACCOUNTS, {})
    state.counted = 25
    with django_assert_num_queries(1):
        assert (state.total, len(state.lines)) == (25, 10)
    narrowed = asked(ACCOUNTS, {"active": "0"})
    narrowed.counted = 25
    assert narrowed.total == User.objects.filter(is_active=False).count()


def test_an_annotated_order_is_kept() -> None:
    rows = User.objects.annotate(turned=-F("pk"))
    by_turned = replace(BY_KEY, default_sort="turned")
    state = read_state(by_turned, rows, {})
    assert state.lines[0].row.username == "user-24"
