"""Many at the same moment: one import goes into force, one closing counts, and everybody else is told why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet

from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.refusals import StaleForm
from chuangju.programme import uploads
from chuangju.programme.jobs import read_import
from chuangju.programme.milestones import complete_milestone
from chuangju.programme.models import Milestone, TableImport, TableVersion
from chuangju.programme.uploads import confirm_import, start_import
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 8
FIRST = "序号,工作任务,牵头部门,配合单位,推进举措\n1,建立制度,区财政局,,甲。"


def imports(office: User, at: datetime, count: int) -> list[TableImport]:
    found = []
    for number in range(count):
        data = f"{FIRST}\n{number + 2},开展第{number}项工作,区财政局,,乙。".encode()
        upload = start_import(SimpleUploadedFile("表.csv", data), by=office, at=at)
        read_import(upload, clock=lambda: at)
        found.append(TableImport.objects.get(pk=upload.pk))
    return found


def confirming(waiting: list[TableImport], office: User, at: datetime) -> Callable[[int], TableVersion]:
    def confirm(number: int) -> TableVersion:
        return confirm_import(
            waiting[number % len(waiting)],
            name="2026 年任务分解表",
            effective_from=date(2026, 1, 1),
            unit_choices={},
            compared_with=0,
            by=office,
            at=at,
        )

    return confirm


def test_of_many_officers_with_a_file_each_one_is_heard(reference_data: None, office: User, now: datetime) -> None:
    outcomes = race(confirming(imports(office, now, RACERS), office, now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [StaleForm] * (RACERS - 1)
    assert TableVersion.objects.get().number == 1


def test_without_the_lock_officers_collide(
    reference_data: None, office: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = imports(office, now, RACERS)
    monkeypatch.setattr(uploads, "take_locks", lambda *_keys: None)
    monkeypatch.setattr("chuangju.programme.imports.take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    errors = errors_of(race(confirming(waiting, office, now), RACERS))
    assert [error for error in errors if not isinstance(error, StaleForm)] != []


def test_the_same_import_confirmed_by_many_is_in_force_once(reference_data: None, office: User, now: datetime) -> None:
    outcomes = race(confirming(imports(office, now, 1), office, now), RACERS)
    assert {outcome.pk for outcome in outcomes} == {TableVersion.objects.get().pk}
    assert AuditEvent.objects.filter(action="programme.import_confirmed").count() == 1


@pytest.fixture
def an_open_step(make_milestone: Callable[..., Milestone]) -> Milestone:
    """A step that waits to be closed."""
    return make_milestone(1)


def closing(milestone: Milestone, office: User, at: datetime) -> Callable[[int], Any]:
    def close(_number: int) -> Milestone:
        return complete_milestone(milestone, done_on=date(2026, 6, 1), revision=1, by=office, at=at)

    return close


def test_a_step_closed_by_many_is_closed_once(an_open_step: Milestone, office: User, now: datetime) -> None:
    outcomes = race(closing(an_open_step, office, now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [StaleForm] * (RACERS - 1)
    an_open_step.refresh_from_db()
    assert (an_open_step.state, an_open_step.revision) == (Milestone.State.DONE, 2)


def test_without_the_lock_a_step_is_closed_more_than_once_or_somebody_falls(
    an_open_step: Milestone, office: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(closing(an_open_step, office, now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] != [StaleForm] * (RACERS - 1)
