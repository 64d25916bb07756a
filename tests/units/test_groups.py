"""Which units the words 各街镇, 各创建成员单位 and 相关创建成员单位 stand for."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.groups import GroupRefused, add_group_alias, groups_of, groups_to_show, members_of
from chuangju.units.models import Unit, UnitGroup
from chuangju.units.names import resolve_name

TODAY = date(2026, 6, 15)
pytestmark = pytest.mark.usefixtures("register")


def group(key: str) -> UnitGroup:
    return UnitGroup.objects.get(key=key)


def test_towns_are_the_14_towns_and_zones_in_the_order_of_their_codes() -> None:
    members = members_of(group("towns"), direct=(), on=TODAY)
    assert len(members) == 14
    assert [unit.code for unit in members] == sorted(unit.code for unit in members)
    assert members[-1].name == "莘庄工业区"


def test_a_town_that_is_gone_or_not_yet_there_is_no_member() -> None:
    Unit.objects.filter(code="310112101").update(abolished_on=TODAY)
    Unit.objects.filter(code="310112102").update(established_on=date(2026, 6, 16))
    codes = {unit.code for unit in members_of(group("towns"), direct=(), on=TODAY)}
    assert len(codes) == 12
    assert codes.isdisjoint({"310112101", "310112102"})
    assert len(members_of(group("towns"), direct=(), on=date(2026, 6, 14))) == 13


def test_all_member_units_are_those_of_the_version_once_each_and_in_order() -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    named = [units["tqw"], units["rsj"], units["xcb"], units["rsj"]]
    assert [unit.code for unit in members_of(group("all"), direct=named, on=TODAY)] == ["xcb", "rsj", "tqw"]


def test_a_member_that_is_abolished_is_left_out() -> None:
    Unit.objects.filter(code="rsj").update(abolished_on=TODAY)
    assert members_of(group("all"), direct=[Unit.objects.get(code="rsj")], on=TODAY) == []


def test_units_concerned_are_nobody_until_the_office_picks_them() -> None:
    assert members_of(group("chosen"), direct=list(Unit.objects.order_by("pk")), on=TODAY) == []


def test_the_page_shows_all_27_units_under_all_member_units() -> None:
    shown = {each.group.key: len(each.members) for each in groups_to_show(UnitGroup.objects.order_by("key"), on=TODAY)}
    assert shown == {"all": 27, "chosen": 0, "towns": 14}


def test_a_town_belongs_to_two_groups_and_a_department_to_one() -> None:
    groups = list(UnitGroup.objects.order_by("key"))
    town, department = Unit.objects.get(code="310112101"), Unit.objects.get(code="rsj")
    assert [each.key for each in groups_of(town, groups, on=TODAY)] == ["all", "towns"]
    assert [each.key for each in groups_of(department, groups, on=TODAY)] == ["all"]
    town.abolished_on = TODAY
    assert groups_of(town, groups, on=TODAY) == []


def test_a_further_spelling_of_a_group_is_understood_from_then_on(office: User, now: datetime) -> None:
    assert resolve_name("全区各街镇", on=TODAY) is None
    add_group_alias(group("towns"), name="全区各街镇", by=office, at=now)
    assert resolve_name("全区各街镇", on=TODAY) == group("towns")
    assert AuditEvent.objects.order_by("-pk")[0].action == "units.group_alias_added"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [(" ", "请填写"), ("各成员单位", "已经代表"), ("区财政局", "是一个单位的名称"), ("各" * 61, "60")],
)
def test_a_spelling_that_is_empty_taken_or_endless_is_refused(
    name: str, sentence: str, office: User, now: datetime
) -> None:
    with pytest.raises(GroupRefused, match=sentence):
        add_group_alias(group("towns"), name=name, by=office, at=now)


def test_only_office_and_system_administrator_change_groups(liaison: User, now: datetime) -> None:
    with pytest.raises(GroupRefused, match="只有系统管理员或创建办"):
        add_group_alias(group("towns"), name="全区各街镇", by=liaison, at=now)
