"""The navigation as registered: whose it is, in which order, and which line is the page's own."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from chuangju.kernel.models import User
from chuangju.kernel.registry import AlreadyRegistered
from chuangju.ui import menus
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, menu_for, register_menu, roles_for
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menus.menu_sections, "_entries", {})
    monkeypatch.setattr(menus.role_sources, "_entries", {})
    monkeypatch.setattr(menus.standing_sources, "_entries", {})


def section(key: str, *urls: str, order: int = 1, audience: menus.Audience = "staff") -> MenuSection:
    return MenuSection(key, key, order, audience, lambda _: [MenuLink(url, url) for url in urls])


def context(path: str = "/", roles: frozenset[str] = frozenset()) -> MenuContext:
    return MenuContext(AnonymousUser(), NOW, path, roles)


def test_sections_come_in_their_order_each_to_its_audience() -> None:
    for each in (section("b", "/b/", order=2), section("a", "/a/"), section("p", "/p/", audience="public")):
        register_menu(each)
    assert [each.key for each in menu_for("staff", context())] == ["a", "b"]
    assert [each.key for each in menu_for("public", context())] == ["p"]


def test_a_section_without_a_link_for_this_reader_is_left_out() -> None:
    register_menu(
        MenuSection("office", "", 1, "staff", lambda now: [MenuLink("导入", "/i/")] if "office" in now.roles else [])
    )
    assert menu_for("staff", context()) == []
    assert len(menu_for("staff", context(roles=frozenset({"office"})))) == 1


def test_the_nearest_line_above_a_page_is_the_current_one() -> None:
    register_menu(section("a", "/staff/table/", "/staff/table/?category=2", "/staff/table/versions/", "/staff/"))

    def current(path: str) -> list[str]:
        return [each.link.url for part in menu_for("staff", context(path)) for each in part.links if each.is_current]

    assert current("/staff/table/versions/3/") == ["/staff/table/versions/"]
    assert current("/staff/table/tasks/x/") == ["/staff/table/"]
    assert current("/elsewhere/") == []


def test_home_is_current_only_at_home() -> None:
    register_menu(section("a", "/", "/programme/"))
    links = menu_for("staff", context("/other/"))[0].links
    assert not any(each.is_current for each in links)
    assert menu_for("staff", context("/"))[0].links[0].is_current


def test_a_folded_section_opens_for_its_own_page_and_says_how_much_is_late() -> None:
    late = MenuLink("差评整改", "/late/", "2", "late")
    register_menu(MenuSection("open", "工作类别", 1, "staff", lambda _: [MenuLink("政策", "/p/")]))
    register_menu(MenuSection("folded", "单位", 2, "staff", lambda _: [MenuLink("单位", "/u/")], is_folded=True))
    register_menu(MenuSection("late", "整改", 3, "staff", lambda _: [late], is_folded=True))
    assert [each.is_open for each in menu_for("staff", context("/p/"))] == [True, False, False]
    assert [each.is_open for each in menu_for("staff", context("/u/3/"))] == [True, True, False]
    assert [each.late_count for each in menu_for("staff", context("/p/"))] == [0, 0, 2]


def test_the_same_key_twice_is_a_programming_error() -> None:
    register_menu(section("a", "/a/"))
    with pytest.raises(AlreadyRegistered):
        register_menu(section("a", "/b/"))


def test_roles_come_from_above_and_strangers_have_none() -> None:
    day = date(2026, 6, 15)
    user = User(username="wang")
    assert roles_for(user, day) == frozenset()
    menus.register_role_source(
        lambda who, on: frozenset({f"{who.username}-{on:%Y}"}), standing_of=lambda who, _on: who.username
    )
    assert roles_for(user, day) == {"wang-2026"}
    assert roles_for(AnonymousUser(), day) == frozenset()
    assert (menus.standing_for(user, day), menus.standing_for(AnonymousUser(), day)) == ("wang", None)
