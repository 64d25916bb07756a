"""Each list of the product asks the database the same number of questions for few rows and for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.programme.models import (
    Category,
    Measure,
    MeasureRow,
    Milestone,
    PrintedUnit,
    RowUnit,
    TableImport,
    TableVersion,
    Task,
    TaskRow,
    UnitPart,
)
from chuangju.units.models import Role, Unit
from tests import people
from tests.conftest import NOW

FEW, MANY = 4, 40


def _office() -> User:
    return people.make_user("office", Role.PROGRAMME_OFFICE)


def _version(number: int = 1, state: str = TableVersion.State.CURRENT) -> TableVersion:
    found, _is_new = TableVersion.objects.get_or_create(
        number=number,
        defaults={
            "title": "分解表",
            "name": f"第 {number} 版",
            "state": state,
            "effective_from": date(2026, 1, 1),
            "file_name": "表.docx",
            "file_sha256": "0" * 64,
            "imported_by": _office(),
            "imported_at": NOW,
        },
    )
    return found


def add_rows(number: int) -> None:
    """A printed row, one of its units and one of its measures."""
    version = _version()
    category, _is_new = Category.objects.get_or_create(version=version, name=f"类别{number % 3}", position=number % 3)
    task = Task.objects.create(code=f"task-{number}")
    row = TaskRow.objects.create(
        version=version, task=task, category=category, position=number, number=number, title="任务", lead_printed="局"
    )
    unit = people.make_unit(f"u{number}", f"单位{number}")
    PrintedUnit.objects.create(row=row, part=UnitPart.LEAD, position=1, printed="局", unit=unit)
    RowUnit.objects.create(row=row, unit=unit, part=UnitPart.LEAD)
    measure = Measure.objects.create(task=task, code=f"measure-{number}")
    MeasureRow.objects.create(row=row, measure=measure, position=1, text="举措")


def add_milestone(number: int, *, state: str = Milestone.State.OPEN) -> None:
    """A milestone under a measure of its own."""
    add_rows(number)
    Milestone.objects.create(
        measure=Measure.objects.get(code=f"measure-{number}"),
        title=f"节点{number}",
        unit=Unit.objects.get(code=f"u{number}"),
        due_on=NOW.date() + timedelta(days=number),
        done_on=NOW.date() if state == Milestone.State.DONE else None,
        state=state,
        created_by=_office(),
        created_at=NOW,
    )


def add_own_milestone(number: int) -> None:
    """A milestone of the very unit that the reader reports for."""
    add_milestone(number)
    Milestone.objects.filter(measure__code=f"measure-{number}").update(unit=people.make_unit("own", "本单位"))


def add_done_milestone(number: int) -> None:
    """A milestone that is done: evidence of an indicator."""
    add_milestone(number, state=Milestone.State.DONE)


def add_version(number: int) -> None:
    """A version that has been superseded."""
    _version(number, TableVersion.State.SUPERSEDED)


def add_import(number: int) -> None:
    """An upload that could not be read."""
    TableImport.objects.create(
        state=TableImport.State.FAILED,
        file_name=f"{number}.docx",
        file_sha256="0" * 64,
        uploaded_by=people.make_user(f"uploader{number}"),
        uploaded_at=NOW,
    )


def add_officer(number: int) -> None:
    """A unit with its liaison officer."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    people.make_user(f"officer{number}", Role.LIAISON_OFFICER, unit=unit)


def add_event(number: int) -> None:
    """An audited change of an account of its own."""
    user = people.make_user(f"actor{number}", Role.LEADER)
    record_event(
        "units.account_disabled", user, by=user, at=NOW, before={"is_active": True}, after={"is_active": False}
    )


@dataclass(frozen=True)
class Case:
    """Who opens the list where, and how it comes by one more row."""

    address: str
    role: str
    add: Callable[[int], None]
    args: tuple[str, ...] = ()


CASES = {
    "accounts": Case("units:account_list", Role.SYSTEM_ADMINISTRATOR, add_officer),
    "audit": Case("units:audit_list", Role.AUDITOR, add_event),
    "evidence-*": Case("indicators:indicator_detail", Role.LEADER, add_done_milestone, ("programme.milestones_done",)),
    "imports": Case("programme:import_start", Role.PROGRAMME_OFFICE, add_import),
    "indicators": Case("indicators:indicator_list", Role.LEADER, add_milestone),
    "milestones": Case("programme:milestone_list", Role.LEADER, add_milestone),
    "own_milestones": Case("programme:my_milestones", Role.LIAISON_OFFICER, add_own_milestone),
    "table": Case("programme:table", Role.LEADER, add_milestone),
    "units": Case("units:unit_list", Role.LEADER, add_officer),
    "versions": Case("programme:version_list", Role.LEADER, add_version),
}


def _queries(client: Client, case: Case, rows: range) -> list[str]:
    for number in rows:
        case.add(number)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(case.address, args=case.args))
        assert response.status_code == 200
        assert response.content
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key",
    [
        "accounts",
        "audit",
        "evidence-*",
        "imports",
        "indicators",
        "milestones",
        "own_milestones",
        "table",
        "units",
        "versions",
    ],
)
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(key: str, client: Client, clock: datetime) -> None:
    case = CASES[key]
    _version()
    client.force_login(people.make_user("reader", case.role, unit=people.make_unit("own", "本单位")))
    _queries(client, case, range(2, 2))  # what the first page of a process reads once and keeps
    few = _queries(client, case, range(2, 2 + FEW))
    many = _queries(client, case, range(2 + FEW, 2 + MANY))
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(few) <= 20
