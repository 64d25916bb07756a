"""How units come, change their names and go, who may do it, and the trace it leaves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.models import Unit, UnitName
from chuangju.units.names import resolve_name
from chuangju.units.registry import UnitRefused, abolish_unit, add_alias, add_unit, remove_alias, rename_unit


def last_event() -> AuditEvent:
    event = AuditEvent.objects.order_by("pk").last()
    assert event is not None
    return event


@pytest.mark.parametrize("who", ["office", "system_administrator"])
def test_the_office_and_the_system_administrator_add_units(
    who: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    unit = add_unit(name="区数据局", kind=Unit.Kind.GOVERNMENT, code="sjj", by=by, at=now)
    assert resolve_name("区数据局", on=now.date()) == unit
    assert (last_event().action, last_event().actor) == ("units.unit_added", by)


@pytest.mark.parametrize("who", ["leader", "liaison", "auditor", "security_administrator", "entrepreneur", "stranger"])
def test_nobody_else_changes_the_register(
    who: str, now: datetime, unit: Unit, other_unit: Unit, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    alias = UnitName.objects.create(unit=unit, name="人社", is_alias=True)
    before = AuditEvent.objects.count()
    attempts = [
        lambda: add_unit(name="区数据局", kind=Unit.Kind.GOVERNMENT, by=by, at=now),
        lambda: rename_unit(unit, name="新名", valid_from=now.date(), by=by, at=now),
        lambda: add_alias(unit, name="新写法", by=by, at=now),
        lambda: remove_alias(alias, by=by, at=now),
        lambda: abolish_unit(unit, on=now.date(), successor=other_unit, by=by, at=now),
    ]
    for attempt in attempts:
        with pytest.raises(UnitRefused, match="只有系统管理员或创建办"):
            attempt()
    assert AuditEvent.objects.count() == before


def test_units_without_a_code_get_one_each(office: User, now: datetime) -> None:
    units = [add_unit(name=name, kind=Unit.Kind.OTHER, by=office, at=now) for name in ("甲中心", "乙中心")]
    assert len({unit.code for unit in units}) == 2
    assert all(unit.code for unit in units)


@pytest.mark.usefixtures("register")
def test_a_new_unit_stands_after_the_others_of_its_kind(office: User, now: datetime) -> None:
    unit = add_unit(name="区数据局", kind=Unit.Kind.GOVERNMENT, by=office, at=now)
    kinds = list(Unit.objects.values_list("kind", "pk"))
    assert kinds[12] == ("government", unit.pk)
    assert kinds[13][0] == "mass"


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "  "}, "请填写单位名称"),
        ({"name": "区财政局"}, "已是"),
        ({"name": "人社局"}, "已是"),
        ({"name": "各街镇(工业区)"}, "单位组"),
        ({"name": "区数据局", "kind": "nonsense"}, "类别"),
        ({"name": "区数据局", "code": "RSJ"}, "代码"),
    ],
)
def test_a_unit_without_name_or_with_a_taken_name_or_code_is_refused(
    fields: dict[str, str], sentence: str, office: User, now: datetime
) -> None:
    with pytest.raises(UnitRefused, match=sentence):
        add_unit(**{"kind": "government", **fields}, by=office, at=now)  # type: ignore[arg-type]
    assert Unit.objects.count() == 27


def test_renaming_keeps_the_old_name_with_its_last_day(unit: Unit, office: User, now: datetime) -> None:
    rename_unit(unit, name="区人社和就业局", name_en="New", valid_from=date(2026, 3, 1), by=office, at=now)
    unit.refresh_from_db()
    assert (unit.name, unit.name_en) == ("区人社和就业局", "New")
    old = unit.names.get(name="区人力资源社会保障局")
    assert old.valid_to == date(2026, 2, 28)
    assert resolve_name("区人力资源社会保障局", on=now.date()) == unit
    assert last_event().changes["name"] == ["区人力资源社会保障局", "区人社和就业局"]


def test_renaming_without_english_keeps_the_english_name(unit: Unit, office: User, now: datetime) -> None:
    Unit.objects.filter(pk=unit.pk).update(name_en="HR Bureau")
    rename_unit(unit, name="新名", valid_from=now.date(), by=office, at=now)
    unit.refresh_from_db()
    assert unit.name_en == "HR Bureau"


def test_an_alias_may_become_the_official_name(unit: Unit, office: User, now: datetime) -> None:
    add_alias(unit, name="区人社局", by=office, at=now)
    rename_unit(unit, name="区人社局", valid_from=now.date(), by=office, at=now)
    assert [name.is_alias for name in unit.names.filter(name="区人社局")] == [False]


@pytest.mark.parametrize(
    ("name", "day", "sentence"),
    [
        ("", date(2026, 6, 15), "请填写新名称"),
        ("区人力资源社会保障局", date(2026, 6, 15), "相同"),
        ("新名", date(2026, 6, 16), "不能晚于今天"),
        ("新名", date(2021, 1, 1), "须晚于现名称"),
        ("区经委", date(2026, 6, 15), "已是"),
    ],
)
def test_a_rename_that_makes_no_sense_is_refused(
    name: str, day: date, sentence: str, unit: Unit, other_unit: Unit, office: User, now: datetime
) -> None:
    unit.names.update(valid_from=date(2021, 1, 1))
    with pytest.raises(UnitRefused, match=sentence):
        rename_unit(unit, name=name, valid_from=day, by=office, at=now)
    assert unit.names.count() == 1


def test_a_rename_may_begin_today_and_the_day_after_the_present_name(unit: Unit, office: User, now: datetime) -> None:
    rename_unit(unit, name="甲", valid_from=date(2020, 1, 2), by=office, at=now)
    rename_unit(unit, name="乙", valid_from=now.date(), by=office, at=now)
    assert [(row.name, row.valid_to) for row in unit.names.order_by("valid_from")] == [
        ("区人力资源社会保障局", date(2020, 1, 1)),
        ("甲", date(2026, 6, 14)),
        ("乙", None),
    ]


def test_an_alias_leads_to_its_unit_and_can_be_taken_back(unit: Unit, office: User, now: datetime) -> None:
    alias = add_alias(unit, name="区人社（就业）局", by=office, at=now)
    assert resolve_name("区人社(就业)局", on=now.date()) == unit
    assert last_event().about_id == str(unit.pk)
    remove_alias(alias, by=office, at=now)
    assert resolve_name("区人社(就业)局", on=now.date()) is None
    assert last_event().action == "units.alias_removed"


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "请填写别名"), ("区人力资源 社会保障局", "已经是该单位"), ("区经委", "已是")]
)
def test_an_alias_that_is_empty_or_taken_is_refused(
    name: str, sentence: str, unit: Unit, other_unit: Unit, office: User, now: datetime
) -> None:
    with pytest.raises(UnitRefused, match=sentence):
        add_alias(unit, name=name, by=office, at=now)


def test_an_official_name_is_never_removed(unit: Unit, office: User, now: datetime) -> None:
    with pytest.raises(UnitRefused, match="不能删除"):
        remove_alias(unit.names.get(), by=office, at=now)


def test_an_abolished_unit_lives_on_in_its_successor(unit: Unit, other_unit: Unit, office: User, now: datetime) -> None:
    day = date(2026, 7, 1)
    abolish_unit(unit, on=day, successor=other_unit, by=office, at=now)
    unit.refresh_from_db()
    assert unit.exists_on(day - timedelta(days=1))
    assert not unit.exists_on(day)
    assert unit.names.get().valid_to == date(2026, 6, 30)
    assert resolve_name(unit.name, on=date(2026, 6, 30)) == unit
    assert resolve_name(unit.name, on=day) == other_unit
    assert last_event().action == "units.unit_abolished"


def test_what_cannot_be_abolished_is_refused(unit: Unit, other_unit: Unit, office: User, now: datetime) -> None:
    today = now.date()
    with pytest.raises(UnitRefused, match="不能是本单位"):
        abolish_unit(unit, on=today, successor=unit, by=office, at=now)
    Unit.objects.filter(pk=unit.pk).update(established_on=today)
    with pytest.raises(UnitRefused, match="须晚于设立日期"):
        abolish_unit(unit, on=today, successor=None, by=office, at=now)
    Unit.objects.filter(pk=other_unit.pk).update(abolished_on=today)
    other_unit.refresh_from_db()
    with pytest.raises(UnitRefused, match="承接单位在撤销当日不存在"):
        abolish_unit(unit, on=today + timedelta(days=1), successor=other_unit, by=office, at=now)
    with pytest.raises(UnitRefused, match="已登记撤销"):
        abolish_unit(other_unit, on=today, successor=None, by=office, at=now)
    with pytest.raises(UnitRefused, match="不能再更名"):
        rename_unit(other_unit, name="新名", valid_from=today, by=office, at=now)


def test_units_that_are_numbered_by_themselves_never_take_a_number_twice(office: User, now: datetime) -> None:
    add_unit(name="甲中心", kind=Unit.Kind.OTHER, code="unit-2", by=office, at=now)
    codes = [add_unit(name=name, kind=Unit.Kind.OTHER, by=office, at=now).code for name in ("乙中心", "丙中心")]
    assert codes == ["unit-3", "unit-4"]


def test_a_unit_without_a_present_name_is_renamed_all_the_same(unit: Unit, office: User, now: datetime) -> None:
    unit.names.update(valid_from=date(2020, 1, 1), valid_to=date(2025, 12, 31))
    rename_unit(unit, name="新名", valid_from=date(2026, 6, 1), by=office, at=now)
    assert list(unit.names.values_list("name", "valid_to")) == [
        ("区人力资源社会保障局", date(2025, 12, 31)),
        ("新名", None),
    ]


def test_a_unit_is_not_abolished_before_its_present_name_began(unit: Unit, office: User, now: datetime) -> None:
    unit.names.update(valid_from=date(2026, 6, 10))
    with pytest.raises(UnitRefused, match="现名称的起用日期"):
        abolish_unit(unit, on=date(2026, 6, 10), successor=None, by=office, at=now)
    abolish_unit(unit, on=date(2026, 6, 11), successor=None, by=office, at=now)
    assert unit.names.get().valid_to == date(2026, 6, 10)
