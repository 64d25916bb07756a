"""The search page and the list under the search box: sides, facets, pages, marks, and what nobody may learn from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.models import User
from chuangju.kernel.search import index_records, rebuild_index
from chuangju.units.groups import add_group_alias
from chuangju.units.models import Unit, UnitGroup, UnitName
from chuangju.units.registry import add_alias, remove_alias, rename_unit
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(reference_data: None) -> Any:
    """`ask(user, q="…")`: the page of results as this person gets it, as text."""

    def get(user: User | None, path: str = "/search/", **query: str) -> str:
        client = Client()
        if user is not None:
            client.force_login(user)
        response = client.get(path, query)
        assert response.status_code == 200
        return str(response.content.decode())

    return get


@pytest.mark.parametrize("typed", ["人社局", "rensheju", "rsj", "人力资源", "闵行区人力资源和社会保障局"])
def test_staff_find_a_unit_by_every_name_it_bears(ask: Any, leader: User, typed: str) -> None:
    assert "/staff/units/rsj/" in ask(leader, q=typed)
    assert "/staff/units/rsj/" in ask(leader, "/search/suggest/", q=typed)


def test_strangers_and_founders_find_nothing_of_the_staff_side(ask: Any, entrepreneur: User) -> None:
    for outsider in (None, entrepreneur):
        for path in ("/search/", "/search/suggest/"):
            assert "/staff/" not in ask(outsider, path, q="人社局")
    assert "没有找到" in ask(None, q="人社局")


def test_only_administrators_find_accounts(ask: Any, system_administrator: User, office: User) -> None:
    person = people.make_user("zhangwei", name="张伟")
    index_records(User.objects.filter(pk=person.pk))
    for typed in ("张伟", "zhangwei", "zw"):
        assert "/staff/accounts/zhangwei/" in ask(system_administrator, q=typed)
        assert "张伟" not in ask(office, q=typed).replace(f'value="{typed}"', "").replace(f"“{typed}”", "")


def test_a_changed_name_is_found_at_once(ask: Any, office: User, now: datetime) -> None:
    unit = Unit.objects.get(code="rsj")
    alias = add_alias(unit, name="小微窗口", by=office, at=now)
    assert "/staff/units/rsj/" in ask(office, q="小微窗口")
    remove_alias(UnitName.objects.get(pk=alias.pk), by=office, at=now)
    assert "/staff/units/rsj/" not in ask(office, q="小微窗口")
    rename_unit(unit, name="区人社和就业局", valid_from=now.date(), by=office, at=now)
    assert "/staff/units/rsj/" in ask(office, q="人社和就业")


def test_a_groups_spellings_lead_to_it(ask: Any, office: User, now: datetime) -> None:
    add_group_alias(UnitGroup.objects.get(key="towns"), name="全区镇街", by=office, at=now)
    assert "单位组" in ask(office, q="全区镇街")


def test_results_are_paged_narrowed_and_marked(ask: Any, leader: User) -> None:
    for number in range(25):
        people.make_unit(f"t{number}", f"试验单位{number}")
    rebuild_index()
    first = ask(leader, q="试验单位")
    assert "找到 25 条" in first
    assert "<mark>试验单位</mark>" in first
    assert 'rel="next"' in first
    assert first.count("hit-head") == 20
    assert ask(leader, q="试验单位", page="2").count("hit-head") == 5
    assert ask(leader, q="试验单位", **{"in": "units.unit"}).count("hit-head") == 20
    assert "hit-head" not in ask(leader, q="试验单位", **{"in": "units.group"})
    for odd in ("0", "-3", "x", "²", "99999999"):
        ask(leader, q="试验单位", page=odd)


def test_what_is_typed_is_shown_as_text(ask: Any, leader: User) -> None:
    page = ask(leader, q='"><script>x</script>')
    assert "<script>x" not in page
    assert "hit-head" not in ask(leader, q="\x00")
    assert "<mark>" not in ask(leader, "/search/suggest/", q="")


def test_where_nothing_fits_something_near_is_offered(ask: Any, leader: User) -> None:
    assert "相近的内容" in ask(leader, q="人力资源保障处")


def test_a_page_of_results_asks_the_same_for_few_and_many(reference_data: None, leader: User) -> None:
    client = Client()
    client.force_login(leader)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "试验单位"})
        return len(captured)

    people.make_unit("t0", "试验单位0")
    rebuild_index()
    queries()
    few = queries()
    for number in range(1, 15):
        people.make_unit(f"t{number}", f"试验单位{number}")
    rebuild_index()
    assert queries() == few <= 15
