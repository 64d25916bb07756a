"""The frame around a page: what it shows to whom, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.models import User
from chuangju.ui import menus
from chuangju.ui.context_processors import LONGEST_BAR
from chuangju.ui.menus import MenuLink, MenuSection, register_menu

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.pages")]


@pytest.mark.parametrize("shell", ["staff", "public"])
def test_the_frame_costs_at_most_three_queries_beyond_session_and_user(
    client: Client, office: User, shell: str
) -> None:
    client.force_login(office)
    client.get(f"/shown/{shell}/")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/shown/{shell}/")
    session_and_user = 2
    saved = [each for each in captured if each["sql"].startswith(("UPDATE", "SAVEPOINT", "RELEASE", "BEGIN", "INSERT"))]
    assert len(captured) - len(saved) <= session_and_user + 3, [each["sql"] for each in captured]


def test_the_frame_costs_a_stranger_no_query(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/shown/public/")


def test_only_the_staff_side_carries_the_secrecy_notice(client: Client, office: User) -> None:
    client.force_login(office)
    assert "非涉密系统，严禁处理国家秘密、工作秘密" in client.get("/shown/staff/").content.decode()
    assert "非涉密系统" not in client.get("/shown/public/").content.decode()


def test_the_demo_notice_stands_on_every_page_of_a_demo_and_only_there(client: Client, settings: Any) -> None:
    assert "演示环境" not in client.get("/shown/public/").content.decode()
    settings.DEMO = True
    assert "演示环境" in client.get("/shown/public/").content.decode()


def test_strangers_are_offered_to_sign_in_and_people_see_their_name(client: Client, make_user: Any) -> None:
    assert "/sign-in/" in client.get("/shown/public/").content.decode()
    client.force_login(make_user("wang", name="王<晓>燕"))
    page = client.get("/shown/public/").content.decode()
    assert "王&lt;晓&gt;燕" in page


def test_the_brand_follows_the_language_and_the_district(client: Client, settings: Any) -> None:
    settings.DISTRICT = {**settings.DISTRICT, "brand": "创聚浦东", "brand_en": "Chuangju Pudong", "mark": "ui/mark.svg"}
    page = client.get("/shown/public/").content.decode()
    assert "<title>样页 · 创聚浦东</title>" in page
    assert 'src="/static/ui/mark.svg"' in page
    client.cookies["chuangju_language"] = "en"
    assert "Chuangju Pudong" in client.get("/shown/public/").content.decode()


def test_scripts_carry_the_nonce_of_the_policy(client: Client) -> None:
    answer = client.get("/shown/public/")
    policy = answer["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert nonce
    assert answer.content.decode().count(f'nonce="{nonce}"') == answer.content.decode().count("<script")


def test_there_is_a_way_past_the_navigation(client: Client) -> None:
    page = client.get("/shown/public/").content.decode()
    assert page.index('href="#main"') < page.index("<header")
    assert 'id="main"' in page


@pytest.mark.parametrize(
    ("links", "shown", "folded"), [(LONGEST_BAR, LONGEST_BAR, 0), (LONGEST_BAR + 2, LONGEST_BAR - 1, 3)]
)
def test_a_bar_that_would_be_too_long_folds_its_last_links(
    links: int, shown: int, folded: int, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(menus.menu_sections, "_entries", {})
    found = [MenuLink(f"去处{number}", f"/{number}/") for number in range(links)]
    register_menu(MenuSection("long", "", 1, "public", lambda _: found))
    page = client.get("/shown/public/").content.decode()
    bar = page[page.index('class="top-nav') : page.index('class="top-end"')]
    inside = bar[bar.index("更多") :] if folded else ""
    assert (bar.count("<a ") - inside.count("<a "), inside.count("<a ")) == (shown, folded)
    assert all(f"去处{number}" in bar for number in range(links))
