"""Tables for tests: read ones made in memory, and versions put into force by the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chuangju.kernel.models import User
from chuangju.programme.imports import create_version
from chuangju.programme.milestones import add_milestone
from chuangju.programme.models import Measure, Milestone, TableVersion, Task, TaskRow
from chuangju.programme.table.result import ReadTable, ReadTask
from chuangju.units.models import Unit

if TYPE_CHECKING:
    from tests.programme.plans import Planner

COLUMNS = [
    ("number", "序号"),
    ("category", "类别"),
    ("task", "工作任务"),
    ("lead", "牵头部门"),
    ("cooperating", "配合单位"),
    ("measures", "推进举措"),
]


def read_task(number: int, task: str, **parts: Any) -> ReadTask:
    """A row as read, with sensible parts where none are given."""
    lead = parts.get("lead", ["区财政局"])
    cooperating = parts.get("cooperating", [])
    return ReadTask(
        number=number,
        category=parts.get("category", "政策支持"),
        task=task,
        lead=lead,
        cooperating=cooperating,
        measures=parts.get("measures", [f"落实{task}。"]),
        due=parts.get("due"),
        lead_printed="、".join(lead),
        cooperating_printed="、".join(cooperating),
        row=number + 1,
    )


def read_table_of(*tasks: ReadTask, title: str = "任务分解表") -> ReadTable:
    """A table as read."""
    return ReadTable(title=title, headings=["附件1"], columns=list(COLUMNS), tasks=list(tasks), warnings=[])


@pytest.fixture
def put_into_force(reference_data: None, office: User, now: datetime) -> Callable[..., TableVersion]:
    """`put_into_force(read_table, effective_from=…)`: the office imports a table."""

    def put(read: ReadTable, **options: Any) -> TableVersion:
        given = {"name": "", "effective_from": date(2026, 1, 1), "file_name": "table.docx", "file_sha256": "0" * 64}
        return create_version(read, **{**given, "by": office, "at": now, **options})

    return put


@pytest.fixture
def version(put_into_force: Callable[..., TableVersion]) -> TableVersion:
    """A small table in force: two categories, three rows, a row with two leads, one with groups."""
    return put_into_force(
        read_table_of(
            read_task(1, "配套政策的制定、实施及资金投入", cooperating=["相关创建成员单位"]),
            read_task(
                2,
                "初创期扶持政策的落实",
                lead=["区人力资源社会保障局", "团区委"],
                cooperating=["区财政局", "区科委"],
                measures=["落实开办补贴。", "落实青年大学生扶持政策。"],
            ),
            read_task(
                3,
                "公共创业服务工作的开展",
                category="创业服务",
                lead=["区人力资源社会保障局"],
                cooperating=["各街镇（工业区）"],
            ),
        )
    )


def unit_called(name: str) -> Unit:
    """The unit with this present or printed name."""
    found = Unit.objects.filter(names__name=name).first()
    assert found is not None, name
    return found


def row_of(version: TableVersion, number: int) -> TaskRow:
    """The row with this printed number."""
    return version.rows.get(number=number)


def measure_of(version: TableVersion, number: int, position: int = 1) -> Measure:
    """A measure by the row's number and its own position."""
    return row_of(version, number).measure_rows.get(position=position).measure


@pytest.fixture
def make_milestone(version: TableVersion, office: User, now: datetime) -> Callable[..., Milestone]:
    """`make_milestone(row_number, due_on=…)`: the office sets a step under the row's first measure."""

    def make(
        number: int = 1, *, title: str = "", unit: str = "区财政局", due_on: date | None = None, position: int = 1
    ) -> Milestone:
        count = Milestone.objects.count() + 1
        return add_milestone(
            measure_of(version, number, position),
            title=title or f"节点{count}",
            unit=unit_called(unit),
            due_on=due_on,
            by=office,
            at=now,
        )

    return make


@pytest.fixture
def finance(make_user: Callable[..., User], reference_data: None) -> User:
    """The liaison officer of 区财政局."""
    return make_user("finance-liaison", "liaison_officer", unit=unit_called("区财政局"))


@pytest.fixture
def task(version: TableVersion) -> Task:
    """The task of the first row."""
    return row_of(version, 1).task


@pytest.fixture
def planner(version: TableVersion, office: User, leader: User, now: datetime) -> Planner:
    """The office, about to write plans for the version in force."""
    from tests.programme.plans import Planner  # noqa: PLC0415 - it builds on the functions above

    return Planner(version, office, leader, now)
