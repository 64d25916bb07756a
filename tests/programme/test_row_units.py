"""Groups resolve to their members; measures may have units of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from chuangju.kernel.models import AuditEvent, User
from chuangju.programme.models import PrintedUnit, RowUnit, TableVersion, UnitPart
from chuangju.programme.row_units import UnitsRefused, choose_group_members, set_measure_units
from chuangju.programme.task_page import live_measures, units_of_row
from tests.programme.conftest import read_table_of, read_task, row_of, unit_called

pytestmark = pytest.mark.django_db
Put = Callable[..., TableVersion]


def taking_part(version: TableVersion, number: int, part: str) -> set[str]:
    found = RowUnit.objects.filter(row__version=version, row__number=number, part=part)
    return set(found.values_list("unit__name", flat=True))


def group_word(version: TableVersion) -> PrintedUnit:
    return PrintedUnit.objects.get(row__version=version, printed="相关创建成员单位")


def test_the_towns_and_zones_are_all_fourteen(version: TableVersion) -> None:
    towns = taking_part(version, 3, UnitPart.COOPERATING)
    assert len(towns) == 14
    assert "莘庄工业区" in towns


def test_all_members_are_every_unit_that_the_version_names_towns_included(put_into_force: Put) -> None:
    version = put_into_force(
        read_table_of(
            read_task(1, "甲", lead=["区财政局"], cooperating=["各创建成员单位"]),
            read_task(2, "乙", lead=["团区委"], cooperating=["各街镇（工业区）"]),
        )
    )
    assert taking_part(version, 1, UnitPart.LEAD) == {"区财政局"}
    others = taking_part(version, 1, UnitPart.COOPERATING)
    assert len(others) == 15
    assert "团区委" in others


def test_related_members_are_nobody_until_the_office_picks(version: TableVersion, office: User, now: datetime) -> None:
    assert taking_part(version, 1, UnitPart.COOPERATING) == set()
    choose_group_members(group_word(version), units=[unit_called("团区委"), unit_called("区科委")], by=office, at=now)
    assert len(taking_part(version, 1, UnitPart.COOPERATING)) == 2
    event = AuditEvent.objects.get(action="programme.group_chosen")
    assert event.changes["相关创建成员单位"][0] == ""


def test_what_was_picked_is_kept_by_the_next_version(
    version: TableVersion, put_into_force: Put, office: User, now: datetime
) -> None:
    choose_group_members(group_word(version), units=[unit_called("团区委")], by=office, at=now)
    newer = put_into_force(
        read_table_of(read_task(7, "配套政策的制定、实施及资金投入", cooperating=["相关创建成员单位"]))
    )
    assert taking_part(newer, 7, UnitPart.COOPERATING) == {"团区委"}


def test_only_the_office_picks_only_for_such_groups_and_only_now(
    version: TableVersion, put_into_force: Put, finance: User, office: User, now: datetime
) -> None:
    word = group_word(version)
    with pytest.raises(UnitsRefused, match="只有创建办"):
        choose_group_members(word, units=[], by=finance, at=now)
    with pytest.raises(UnitsRefused, match="没有任何改动"):
        choose_group_members(word, units=[], by=office, at=now)
    towns = PrintedUnit.objects.get(row__version=version, printed="各街镇（工业区）")
    with pytest.raises(UnitsRefused, match="由创建办指定"):
        choose_group_members(towns, units=[unit_called("团区委")], by=office, at=now)
    put_into_force(read_table_of(read_task(1, "别的")))
    with pytest.raises(UnitsRefused, match="已被替代"):
        choose_group_members(group_word(version), units=[unit_called("团区委")], by=office, at=now)


def test_a_measure_follows_its_row_until_it_is_given_units_of_its_own(
    version: TableVersion, office: User, now: datetime, today: date
) -> None:
    row = row_of(version, 2)
    second = row.measure_rows.get(position=2)

    def leads() -> list[list[str]]:
        shown = live_measures(row, units_of_row(row), user=office, on=today)
        return [[unit.name for unit in measure.leads] for measure in shown]

    both = ["区人力资源社会保障局", "团区委"]
    assert leads() == [both, both]
    set_measure_units(second, leads=[unit_called("团区委")], cooperating=[unit_called("区科委")], by=office, at=now)
    assert leads() == [both, ["团区委"]]
    set_measure_units(second, leads=[], cooperating=[], by=office, at=now)
    assert leads() == [both, both]


def test_units_of_a_measure_are_carried_to_the_next_version(
    version: TableVersion, put_into_force: Put, office: User, now: datetime, today: date
) -> None:
    set_measure_units(
        row_of(version, 2).measure_rows.get(position=2),
        leads=[unit_called("团区委")],
        cooperating=[],
        by=office,
        at=now,
    )
    newer = put_into_force(
        read_table_of(
            read_task(
                1,
                "初创期扶持政策的落实",
                lead=["区科委"],
                measures=["全新的一条举措内容。", "落实青年大学生扶持政策。"],
            )
        )
    )
    row = row_of(newer, 1)
    shown = live_measures(row, units_of_row(row), user=office, on=today)
    assert [[unit.name for unit in measure.leads] for measure in shown] == [[unit_called("区科委").name], ["团区委"]]


def test_a_measure_is_not_given_a_unit_twice_nor_helpers_without_a_lead(
    version: TableVersion, office: User, finance: User, now: datetime
) -> None:
    line = row_of(version, 2).measure_rows.get(position=1)
    league = unit_called("团区委")
    with pytest.raises(UnitsRefused, match="既牵头又配合"):
        set_measure_units(line, leads=[league], cooperating=[league], by=office, at=now)
    with pytest.raises(UnitsRefused, match="先选择"):
        set_measure_units(line, leads=[], cooperating=[league], by=office, at=now)
    with pytest.raises(UnitsRefused, match="只有创建办"):
        set_measure_units(line, leads=[league], cooperating=[], by=finance, at=now)


def test_setting_what_stands_already_is_no_change(version: TableVersion, office: User, now: datetime) -> None:
    line = row_of(version, 2).measure_rows.get(position=1)
    with pytest.raises(UnitsRefused, match="没有任何改动"):
        set_measure_units(line, leads=[], cooperating=[], by=office, at=now)
    assert not AuditEvent.objects.filter(action="programme.measure_units_set").exists()


def test_the_order_in_which_units_are_given_is_no_change(version: TableVersion, office: User, now: datetime) -> None:
    line = row_of(version, 2).measure_rows.get(position=1)
    one, other = unit_called("区科委"), unit_called("团区委")
    set_measure_units(line, leads=[other, one], cooperating=[], by=office, at=now)
    with pytest.raises(UnitsRefused, match="没有任何改动"):
        set_measure_units(line, leads=[one, other], cooperating=[], by=office, at=now)


def test_a_version_that_was_superseded_meanwhile_is_not_changed_by_who_still_holds_it(
    version: TableVersion, put_into_force: Put, office: User, now: datetime
) -> None:
    word = group_word(version)
    line = row_of(version, 2).measure_rows.select_related("row__version").get(position=1)
    assert line.row.version.is_current
    assert word.row.version.is_current
    put_into_force(read_table_of(read_task(1, "别的")))
    with pytest.raises(UnitsRefused, match="已被替代"):
        choose_group_members(word, units=[unit_called("团区委")], by=office, at=now)
    with pytest.raises(UnitsRefused, match="已被替代"):
        set_measure_units(line, leads=[unit_called("团区委")], cooperating=[], by=office, at=now)
