"""The register of units in the browser: list, one unit, and its forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Unit, UnitName
from chuangju.units.registry import add_alias

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def office_client(office: User, client: Client) -> Client:
    """The programme office at its desk."""
    client.force_login(office)
    return client


def names_in(response: object) -> list[str]:
    return [line.row.name for line in response.context["list"].lines]  # type: ignore[attr-defined]


def test_units_stand_in_their_order_with_kind_and_officers(
    office_client: Client, make_user: Callable[..., User]
) -> None:
    make_user("li", "liaison_officer", unit=Unit.objects.get(code="kw"), name="李文静")
    response = office_client.get("/staff/units/")
    assert names_in(response)[0] == "区委宣传部"
    assert names_in(response)[-1] == "莘庄工业区"
    assert len(names_in(response)) == 27
    assert "李文静" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=人社局", ["区人力资源社会保障局"]),
        ("q=区农委", ["区农业农村委员会"]),
        ("q=Qibao", ["七宝镇"]),
        ("q=310112501", ["莘庄工业区"]),
        ("kind=mass", ["团区委"]),
        ("kind=town&q=桥", ["颛桥镇", "虹桥镇", "马桥镇"]),
        ("q=没有", []),
    ],
)
def test_search_looks_into_old_names_and_spellings_and_filters_narrow(
    query: str, expected: list[str], office_client: Client
) -> None:
    assert names_in(office_client.get(f"/staff/units/?{query}")) == expected


def test_abolished_units_are_found_by_state(office_client: Client, now: datetime) -> None:
    Unit.objects.filter(code="jw").update(abolished_on=now.date())
    assert names_in(office_client.get("/staff/units/?state=gone")) == ["区经委"]
    assert len(names_in(office_client.get("/staff/units/?state=present"))) == 26


def test_the_list_is_exported_as_it_stands(office_client: Client) -> None:
    response = office_client.get("/staff/units/?kind=mass&export=csv")
    assert response["Content-Type"].startswith("text/csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "团区委" in lines[1]


def test_the_list_costs_the_same_for_1_and_for_30_units_with_officers(
    office_client: Client, make_user: Callable[..., User]
) -> None:
    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            office_client.get(f"/staff/units/?{query}")
        return len(queries)

    first = Unit.objects.get(code="xcb")
    make_user("officer-0", "liaison_officer", unit=first)
    count("")
    one = count("q=宣传部")
    for number, unit in enumerate(Unit.objects.exclude(pk=first.pk), 1):
        make_user(f"officer-{number}", "liaison_officer", unit=unit)
    assert count("") == one <= 12


def test_an_empty_register_says_what_to_do(office: User, client: Client) -> None:
    UnitName.objects.all().delete()
    Unit.objects.all().delete()
    client.force_login(office)
    assert "还没有单位" in client.get("/staff/units/").content.decode()


def test_a_units_page_shows_its_names_through_the_years(office_client: Client) -> None:
    text = office_client.get("/staff/units/nyw/").content.decode()
    for expected in ("区农业农村委员会", "区农委", "2019-02-28", "未核实", "闵行区农业委员会", "各创建成员单位"):
        assert expected in text


def test_in_english_units_bear_their_english_names(office_client: Client) -> None:
    office_client.cookies["chuangju_language"] = "en"
    text = office_client.get("/staff/units/").content.decode()
    assert "Qibao Town" in text
    assert "七宝镇" not in text


def test_the_page_costs_the_same_for_few_and_many_names(office_client: Client, office: User, now: datetime) -> None:
    unit = Unit.objects.get(code="nyw")
    add_alias(unit, name="农委总机", by=office, at=now)
    office_client.get("/staff/units/nyw/")
    with CaptureQueriesContext(connection) as few:
        office_client.get("/staff/units/nyw/")
    for number in range(30):
        add_alias(unit, name=f"农委{number}处", by=office, at=now)
    with CaptureQueriesContext(connection) as many:
        office_client.get("/staff/units/nyw/")
    assert len(many) == len(few) <= 14


def test_a_leader_sees_the_page_without_its_forms(leader: User, client: Client) -> None:
    client.force_login(leader)
    text = client.get("/staff/units/nyw/").content.decode()
    assert "/staff/units/nyw/rename/" not in text
    assert "/remove/" not in text


def test_the_office_adds_a_unit(office_client: Client) -> None:
    response = office_client.post("/staff/units/new/", {"name": "区数据局", "kind": "government", "code": "sjj"})
    assert response["Location"] == "/staff/units/sjj/"
    assert "已新增单位“区数据局”" in office_client.get("/staff/units/sjj/").content.decode()


def test_a_refused_unit_comes_back_with_what_was_typed(office_client: Client) -> None:
    response = office_client.post("/staff/units/new/", {"name": "区财政局", "kind": "government", "code": "new"})
    assert response.status_code == 422
    assert "这个代码不能使用" in response.content.decode()
    response = office_client.post("/staff/units/new/", {"name": "区财政局", "kind": "government", "code": "cz2"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "已是区财政局的名称或别名" in text
    assert 'value="cz2"' in text


def test_a_form_sent_twice_takes_effect_once(office_client: Client) -> None:
    form = {"name": "区数据局", "kind": "government", "idempotency_key": "0f" * 16}
    first, second = (office_client.post("/staff/units/new/", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Unit.objects.filter(name="区数据局").count() == 1


def test_the_office_renames_aliases_and_abolishes(office_client: Client) -> None:
    sent = {"name": "区商务委", "valid_from": "2024-01-01"}
    assert office_client.post("/staff/units/jw/rename/", sent).status_code == 302
    assert office_client.post("/staff/units/jw/alias/", {"name": "商务委"}).status_code == 302
    assert office_client.post("/staff/units/jw/abolish/", {"on": "2026-01-01", "successor": "fgw"}).status_code == 302
    unit = Unit.objects.select_related("successor").get(code="jw")
    assert unit.name == "区商务委"
    assert unit.names.filter(name="商务委", is_alias=True).exists()
    assert unit.successor is not None
    assert unit.successor.code == "fgw"
    text = office_client.get("/staff/units/jw/").content.decode()
    assert "撤销" in text
    assert "区发展改革委" in text
    assert "承接自" in office_client.get("/staff/units/fgw/").content.decode()


def test_two_people_who_abolish_the_same_unit_get_one_success_and_one_sentence(office_client: Client) -> None:
    sent = {"on": "2026-01-01", "successor": "fgw"}
    assert office_client.post("/staff/units/jw/abolish/", sent).status_code == 302
    late = office_client.post("/staff/units/jw/abolish/", sent)
    assert late.status_code == 422
    assert "该单位已登记撤销" in late.content.decode()


def test_an_alias_is_removed_only_under_its_own_unit(office_client: Client) -> None:
    alias = UnitName.objects.get(name="人社局")
    assert office_client.post(f"/staff/units/jw/alias/{alias.pk}/remove/").status_code == 404
    assert office_client.post(f"/staff/units/rsj/alias/{alias.pk}/remove/").status_code == 302
    assert not UnitName.objects.filter(name="人社局").exists()
    official = UnitName.objects.get(name="区人力资源社会保障局")
    office_client.post(f"/staff/units/rsj/alias/{official.pk}/remove/")
    assert "正式名称不能删除" in office_client.get("/staff/units/rsj/").content.decode()


def test_names_full_of_markup_are_shown_as_text(office_client: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    office_client.post("/staff/units/new/", {"name": evil, "kind": "other", "code": "evil"})
    office_client.post("/staff/units/evil/alias/", {"name": f"{evil}二"})
    for path in ("/staff/units/", "/staff/units/evil/", "/staff/units/evil/rename/"):
        text = office_client.get(path).content.decode()
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text


def test_groups_are_shown_with_members_and_take_further_spellings(office_client: Client) -> None:
    text = office_client.get("/staff/units/groups/").content.decode()
    assert text.count("27 个单位") == 1
    assert text.count("14 个单位") == 1
    assert "由创建办在每一行任务中指定" in text
    assert office_client.post("/staff/units/groups/towns/alias/", {"name": "全区各街镇"}).status_code == 302
    assert "全区各街镇" in office_client.get("/staff/units/groups/").content.decode()
    refused = office_client.post("/staff/units/groups/towns/alias/", {"name": "区财政局"})
    assert refused.status_code == 422


def test_the_page_of_groups_costs_few_queries(office_client: Client) -> None:
    office_client.get("/staff/units/groups/")
    with CaptureQueriesContext(connection) as queries:
        office_client.get("/staff/units/groups/")
    assert len(queries) <= 10


def test_a_unit_that_is_not_yet_set_up_says_so(office_client: Client, now: datetime) -> None:
    Unit.objects.filter(code="jw").update(established_on=date(2999, 1, 1))
    assert "尚未设立" in office_client.get("/staff/units/jw/").content.decode()
    assert len(names_in(office_client.get("/staff/units/?state=present"))) == 26


def test_a_change_that_meets_another_one_answers_409_and_changes_nothing(office_client: Client) -> None:
    with patch("chuangju.units.unit_views.add_unit", side_effect=StaleForm("内容已有变化")):
        response = office_client.post("/staff/units/new/", {"name": "区数据局", "kind": "government"})
    assert response.status_code == 409
    assert "内容已有变化" in response.content.decode()
    assert not Unit.objects.filter(name="区数据局").exists()
