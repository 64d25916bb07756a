"""A table becomes the version in force: all of it or nothing, with what was done before carried on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.utils.translation import override

from chuangju.kernel.models import AuditEvent, User
from chuangju.programme.imports import ImportRefused, UnitChoice, create_version, unknown_names
from chuangju.programme.models import Measure, Milestone, Snapshot, TableVersion, Task
from chuangju.units.models import Unit
from chuangju.units.names import resolve_name
from tests.programme.conftest import measure_of, read_table_of, read_task, row_of, unit_called

pytestmark = pytest.mark.django_db
Put = Callable[..., TableVersion]


def test_the_first_table_is_version_one_and_in_force(version: TableVersion) -> None:
    assert (version.number, version.is_current, version.rows.count()) == (1, True, 3)
    assert version.layout["headings"] == ["附件1"]
    assert AuditEvent.objects.filter(action="programme.version_imported").count() == 1


def test_known_tasks_get_their_stable_codes_and_english_titles(version: TableVersion) -> None:
    task = row_of(version, 1).task
    assert (task.code, task.title_en) == ("funding", "Supporting policies and funding")
    assert row_of(version, 1).category.name_en == "Policy support"


def test_the_next_version_supersedes_and_the_former_is_kept_for_the_record(
    version: TableVersion, put_into_force: Put
) -> None:
    newer = put_into_force(read_table_of(read_task(1, "新任务")), effective_from=date(2026, 3, 1))
    version.refresh_from_db()
    assert (newer.number, newer.is_current, version.is_current) == (2, True, False)
    assert Snapshot.objects.get().version == version


def test_a_task_keeps_its_code_and_its_steps_when_number_and_title_change(
    version: TableVersion, make_milestone: Callable[..., Milestone], put_into_force: Put
) -> None:
    step = make_milestone(1)
    newer = put_into_force(
        read_table_of(
            read_task(9, "配套政策的制定、完善、实施及资金投入", measures=["落实配套政策的制定、实施及资金投入。"])
        )
    )
    row = row_of(newer, 9)
    assert row.task == row_of(version, 1).task
    assert step.measure.rows.filter(row=row).exists()


def test_an_unknown_task_gets_a_code_of_its_own_that_stays(put_into_force: Put) -> None:
    first = put_into_force(read_table_of(read_task(1, "从未有过的任务")))
    code = row_of(first, 1).task.code
    second = put_into_force(read_table_of(read_task(5, "从未有过的任务")))
    assert code.startswith("task-")
    assert row_of(second, 5).task.code == code


def test_two_rows_with_the_same_known_title_do_not_share_a_task(put_into_force: Put) -> None:
    version = put_into_force(read_table_of(read_task(1, "税收优惠政策的落实"), read_task(2, "税收优惠政策的落实")))
    assert Task.objects.filter(rows__version=version).distinct().count() == 2


def test_a_new_measure_gets_a_new_identity_and_an_old_one_keeps_it(version: TableVersion, put_into_force: Put) -> None:
    kept = measure_of(version, 2, 2)
    newer = put_into_force(
        read_table_of(
            read_task(2, "初创期扶持政策的落实", measures=["建立创业失败者援助机制。", "落实青年大学生扶持政策。"])
        )
    )
    assert measure_of(newer, 2, 2) == kept
    assert measure_of(newer, 2, 1) != measure_of(version, 2, 1)
    assert Measure.objects.filter(task=kept.task).count() == 3


def test_unknown_names_are_told_apart_from_units_old_names_and_groups(reference_data: None, today: date) -> None:
    read = read_table_of(
        read_task(1, "甲", lead=["区农委", "区大数据中心"], cooperating=["各街镇（工业区）", "区财政局"])
    )
    assert unknown_names(read, on=today) == ["区大数据中心"]


def test_an_undecided_name_stops_the_import_and_nothing_is_written(put_into_force: Put, version: TableVersion) -> None:
    with pytest.raises(ImportRefused, match="1 个单位名称没有确认：区大数据中心"):
        put_into_force(read_table_of(read_task(1, "甲", lead=["区大数据中心"])))
    assert TableVersion.objects.get().is_current
    assert not Snapshot.objects.exists()


def test_a_name_said_to_be_the_same_as_a_unit_is_known_from_then_on(put_into_force: Put, today: date) -> None:
    finance = unit_called("区财政局")
    put_into_force(
        read_table_of(read_task(1, "甲", lead=["财政部门"])), unit_choices={"财政部门": UnitChoice(same_as=finance)}
    )
    assert resolve_name("财政部门", on=today) == finance


def test_a_new_unit_is_added_with_its_kind(put_into_force: Put, today: date) -> None:
    put_into_force(
        read_table_of(read_task(1, "甲", lead=["区大数据中心"])),
        unit_choices={"区大数据中心": UnitChoice(new_kind=Unit.Kind.GOVERNMENT)},
    )
    found = resolve_name("区大数据中心", on=today)
    assert isinstance(found, Unit)
    assert found.kind == Unit.Kind.GOVERNMENT


def test_a_first_day_before_that_of_the_version_in_force_is_refused(version: TableVersion, put_into_force: Put) -> None:
    with pytest.raises(ImportRefused, match="2026-01-01"):
        put_into_force(read_table_of(read_task(1, "甲")), effective_from=date(2025, 12, 31))


def test_an_empty_table_and_a_stranger_are_refused(put_into_force: Put, leader: User, now: datetime) -> None:
    with pytest.raises(ImportRefused, match="没有任何任务"):
        put_into_force(read_table_of())
    with pytest.raises(ImportRefused, match="只有创建办"):
        create_version(
            read_table_of(read_task(1, "甲")),
            name="",
            effective_from=date(2026, 1, 1),
            file_name="x",
            file_sha256="",
            by=leader,
            at=now,
        )


def test_a_large_table_takes_no_more_queries_than_a_small_one(
    put_into_force: Put, django_assert_max_num_queries: Callable[..., object]
) -> None:
    large = read_table_of(
        *(
            read_task(n, f"第{n}项专门工作的安排与落实", cooperating=["团区委", "各街镇（工业区）"])
            for n in range(1, 401)
        )
    )
    with django_assert_max_num_queries(90):
        version = put_into_force(large)
    assert version.rows.count() == 400


def test_the_office_says_which_task_a_row_with_a_quite_different_title_carries_on(
    version: TableVersion, make_milestone: Callable[..., Milestone], put_into_force: Put
) -> None:
    step = make_milestone(1)
    read = read_table_of(read_task(1, "全面改写后的表述", measures=["落实配套政策的制定、实施及资金投入。"]))
    newer = put_into_force(read, task_choices={1: "funding"})
    row = row_of(newer, 1)
    assert row.task.code == "funding"
    assert step.measure.rows.filter(row=row).exists()


def test_a_choice_cannot_take_a_task_that_another_row_already_carries_on(
    version: TableVersion, put_into_force: Put
) -> None:
    read = read_table_of(read_task(1, "配套政策的制定、实施及资金投入"), read_task(2, "全面改写后的表述"))
    newer = put_into_force(read, task_choices={2: "funding"})
    assert row_of(newer, 1).task.code == "funding"
    assert row_of(newer, 2).task.code != "funding"


def test_what_is_kept_of_the_former_version_is_in_chinese_whoever_imports(
    version: TableVersion, put_into_force: Put
) -> None:
    with override("en"):
        put_into_force(read_table_of(read_task(1, "新任务")))
    assert Snapshot.objects.get().reason == "被新版本替代"
