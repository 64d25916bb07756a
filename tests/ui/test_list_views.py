"""A list over HTTP: what the page shows, what it costs, its sheets and its saved views."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.models import SavedView, User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.pages")]


def add_users(count: int) -> None:
    User.objects.bulk_create(User(username=f"user-{number:03}", name=f"张{number:03}") for number in range(count))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_thirty_rows_cost_as_many_queries_as_one(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    client.get("/accounts/")
    with_one = queries_of(client, "/accounts/")
    add_users(30)
    assert queries_of(client, "/accounts/") == with_one
    assert queries_of(client, "/accounts/?q=张&active=1&sort=-name&page=2") == with_one


def test_the_page_shows_search_filters_order_pages_and_what_is_chosen(client: Client) -> None:
    add_users(30)
    page = client.get("/accounts/?active=1").content.decode()
    assert "状态：可登录" in page
    assert 'aria-sort="ascending"' in page
    assert "共 30 条" in page
    assert 'href="?active=1&amp;page=2"' in page
    assert 'data-label="姓名"' in page
    assert "清除条件" in page


def test_an_empty_list_says_what_to_do_and_a_narrow_one_how_to_widen_it(client: Client) -> None:
    assert "请系统管理员新建账号。" in client.get("/accounts/").content.decode()
    add_users(1)
    assert "清除筛选条件" in client.get("/accounts/?q=nobody").content.decode()


@pytest.mark.parametrize(
    "query",
    ["page=x", "page=-1", "sort=%00", "active=%F0", "q=%00", "sort=password", "q=" + "x" * 3000, "page=1&page=2"],
)
def test_junk_in_the_address_never_breaks_the_page(client: Client, query: str) -> None:
    add_users(1)
    assert client.get(f"/accounts/?{query}").status_code == 200


def test_names_are_escaped(client: Client) -> None:
    User.objects.create(username="x", name="<script>alert(1)</script>")
    page = client.get("/accounts/", {"q": "<script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'value="&lt;script&gt;"' in page


def test_a_workbook_holds_the_whole_selection_and_no_formula(client: Client) -> None:
    add_users(15)
    User.objects.create(username="evil", name="=HYPERLINK(1)")
    answer = client.get("/accounts/?export=xlsx&page=2")
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "user-014" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_text_table_opens_in_a_spreadsheet_with_its_header(client: Client) -> None:
    add_users(2)
    answer = client.get("/accounts/?export=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["登录名", "姓名", "创建时间", "状态"]
    assert [row[0] for row in rows[1:]] == ["user-000", "user-001"]


def test_an_unknown_kind_of_sheet_is_not_found(client: Client) -> None:
    assert client.get("/accounts/?export=exe").status_code == 404


def save(client: Client, **given: Any) -> Any:
    data = {"listing": "accounts", "name": "停用的", "query": "active=0", "next": "/accounts/?active=0", **given}
    return client.post("/lists/save-view/", data)


def test_a_selection_is_kept_under_a_name_and_opened_again(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert save(client)["Location"] == "/accounts/?active=0"
    page = client.get("/accounts/").content.decode()
    assert 'href="/accounts/?active=0">停用的</a>' in page
    assert "已保存视图“停用的”。" in page


def test_a_view_without_a_name_is_refused_in_words(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert save(client, name=" \x00 ").status_code == 302
    assert 'class="message error"' in client.get("/accounts/").content.decode()
    assert not SavedView.objects.exists()


def test_one_deletes_only_ones_own_view(client: Client, stranger: User, entrepreneur: User) -> None:
    for user in (stranger, entrepreneur):
        client.force_login(user)
        save(client)
    client.post("/lists/delete-view/", {"listing": "accounts", "name": "停用的", "next": "/accounts/"})
    assert [view.user for view in SavedView.objects.all()] == [stranger]


@pytest.mark.parametrize("address", ["/lists/save-view/", "/lists/delete-view/"])
def test_views_belong_to_people_who_are_signed_in(client: Client, address: str) -> None:
    answer = client.post(address, {"listing": "accounts", "name": "x"})
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


@pytest.mark.parametrize("key", ["", "../x", "x" * 65, "a\x00"])
def test_what_cannot_be_a_list_is_refused(client: Client, stranger: User, key: str) -> None:
    client.force_login(stranger)
    assert save(client, listing=key).status_code == 400


def test_a_view_returns_only_to_this_host(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert save(client, next="https://evil.example/")["Location"] == "/"


def test_strangers_see_the_list_without_views_of_their_own(client: Client) -> None:
    add_users(1)
    assert "save-view" not in client.get("/accounts/").content.decode()
