"""The demonstration: two editions, all lights, notes of many units."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from chuangju.kernel.demo import load_demo as load_every_demo
from chuangju.kernel.integrity import find_faults
from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.reference_data import load_reference_data
from chuangju.kernel.working_days import is_working_day
from chuangju.programme.comparison import Field, Kind, compare_tables, side_of_version
from chuangju.programme.demo import DATA, due_day, last_years_edition, past_day, programme_year
from chuangju.programme.demo_pictures import demo_picture
from chuangju.programme.lights import Light, light_counts, rows_with_progress, soon_until, tally_lights
from chuangju.programme.models import MeasureRow, Milestone, ProgressNote, Snapshot, TableVersion, TaskRow
from chuangju.programme.table import read_table
from tests.conftest import NOW

# The whole demo is loaded on the other database by tests/applications/test_demo_cases.py.
pytestmark = pytest.mark.database("sqlite")
MILESTONES = tomllib.loads((DATA / "demo_milestones.toml").read_text(encoding="utf-8"))["milestone"]
DAYS = [date(2026, 1, 1) + timedelta(days=7 * week) for week in range(104)]


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """What every installation holds and what every package shows, loaded once; the folder of its attachments."""
    del django_db_setup
    folder = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock(), override_settings(ATTACHMENTS_DIR=folder), transaction.atomic():
        load_reference_data(at=NOW)
        load_every_demo(at=NOW)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration: Path, db: None, settings: Any) -> TableVersion:
    """The version in force of the demonstration."""
    settings.ATTACHMENTS_DIR = demonstration
    return TableVersion.objects.get(state=TableVersion.State.CURRENT)


def lights_on(version: TableVersion, on: date) -> dict[str, int]:
    return light_counts(tally_lights(rows_with_progress(TaskRow.objects.filter(version=version), on=on)))


def test_two_editions_are_loaded_and_this_years_is_in_force(loaded: TableVersion) -> None:
    assert (loaded.number, loaded.name) == (2, "2026 年任务分解表")
    earlier = TableVersion.objects.get(number=1)
    assert (earlier.name, earlier.is_current) == ("2025 年任务分解表（演示）", False)
    assert Snapshot.objects.filter(version=earlier, reason="年终存档").exists()


def test_every_light_is_shown(loaded: TableVersion, today: date) -> None:
    counts = lights_on(loaded, today)
    assert counts == {Light.LATE: 3, Light.SOON: 4, Light.ON_TIME: 12, Light.UNDATED: 2, Light.DONE: 1}
    undated = rows_with_progress(TaskRow.objects.filter(version=loaded), on=today).filter(light=Light.UNDATED)
    assert 8 in {row.number for row in undated.order_by("number")}


def test_every_measure_has_a_milestone_of_a_unit_of_its_row(loaded: TableVersion) -> None:
    assert MeasureRow.objects.filter(row__version=loaded).count() == 28
    assert Milestone.objects.count() == 64
    assert not MeasureRow.objects.filter(row__version=loaded, measure__milestones__isnull=True).exists()
    for row in TaskRow.objects.filter(version=loaded).order_by("pk"):
        members = set(row.row_units.values_list("unit_id", flat=True))
        owing = set(Milestone.objects.filter(measure__task=row.task).values_list("unit_id", flat=True))
        assert owing <= members, row.title


def test_what_was_closed_was_closed_by_its_unit_in_the_past(loaded: TableVersion, now: datetime) -> None:
    closed = AuditEvent.objects.filter(action="programme.milestone_completed")
    assert closed.count() == Milestone.objects.filter(state=Milestone.State.DONE).count() > 20
    assert all(event.at < now for event in closed.order_by("pk"))
    assert closed.values("actor").distinct().count() > 5


def test_units_noted_progress_and_the_office_released_some(loaded: TableVersion) -> None:
    notes = ProgressNote.objects.order_by("pk")
    assert notes.count() == 25
    assert notes.filter(released_at__isnull=False).count() >= 5
    assert all(note.released_at is None or note.released_at > note.at for note in notes)
    assert sum(note.attachments.count() for note in notes) == 3
    assert all("演示" in attachment.name for note in notes for attachment in note.attachments.all())


def test_every_note_is_written_by_the_liaison_officer_of_its_unit(loaded: TableVersion) -> None:
    for note in ProgressNote.objects.select_related("by").order_by("pk"):
        assert note.by.assignments.filter(role="liaison_officer", unit=note.unit).exists()


def test_the_log_grew_by_the_clock(loaded: TableVersion) -> None:
    moments = list(
        AuditEvent.objects.filter(
            stream_id="programme", action__in=("programme.note_written", "programme.note_released")
        )
        .order_by("sequence")
        .values_list("at", flat=True)
    )
    assert moments == sorted(moments)


def test_the_comparison_has_something_to_show(loaded: TableVersion) -> None:
    earlier = TableVersion.objects.get(number=1)
    found = compare_tables(side_of_version(earlier), side_of_version(loaded))
    assert found.counts == {"added": 0, "removed": 0, "changed": 6, "moved": 0, "same": 16}
    fields = {change.field for row in found.differences for change in row.changes}
    assert fields == {Field.TITLE, Field.COOPERATING, Field.MEASURE}
    assert all(row.kind is Kind.CHANGED for row in found.differences)


def test_what_was_loaded_passes_verification(loaded: TableVersion) -> None:
    assert find_faults() == []


def test_last_years_edition_leaves_the_table_itself_alone() -> None:
    changes = tomllib.loads((DATA / "demo.toml").read_text(encoding="utf-8"))["edition"]
    read = read_table(DATA / "minhang.txt")
    before = read.as_dict()
    edition = last_years_edition(read, changes)
    assert read.as_dict() == before
    assert sum(len(task.measures) for task in edition.tasks) == 27


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_dates_keep_their_promise_whatever_the_day_of_loading(on: date) -> None:
    for entry in MILESTONES:
        due = due_day(entry, on=on)
        if due is None:
            continue
        assert is_working_day(due)
        if "near" in entry:
            assert on < due <= soon_until(on)
        elif entry["due"] < 0:
            assert due < on
        else:
            assert due > soon_until(on)
        if "done" in entry:
            assert date(programme_year(on), 3, 3) < past_day(entry["done"], on=on) < on


def test_the_picture_says_that_it_is_one_of_a_demonstration() -> None:
    image = Image.open(BytesIO(demo_picture(3)))
    assert image.size == (1200, 800)
    # The middle stroke of 示, in white on the brand colour.
    assert all(channel > 200 for channel in image.getpixel((720, 420)))
    assert demo_picture(3) != demo_picture(4)


def test_nobody_of_the_demonstration_could_be_real(loaded: TableVersion) -> None:
    assert not User.objects.filter(is_demo=False).exists()
    assert timezone.localdate(NOW) == date(2026, 6, 15)


def test_rows_with_two_leads_say_which_of_them_leads_each_measure(loaded: TableVersion) -> None:
    led = {
        (number, position): list(
            MeasureRow.objects.get(row__version=loaded, row__number=number, position=position)
            .measure_units.filter(part="lead")
            .values_list("unit__name", flat=True)
        )
        for number in (6, 14)
        for position in (1, 2)
    }
    assert led == {
        (6, 1): ["区人力资源社会保障局"],
        (6, 2): ["团区委"],
        (14, 1): ["区科委"],
        (14, 2): ["区人力资源社会保障局"],
    }


def test_tasks_that_were_called_otherwise_last_year_keep_the_code_they_are_known_by(loaded: TableVersion) -> None:
    assert TaskRow.objects.get(version=loaded, number=7).task.code == "sci-tech-start-up"
    assert TaskRow.objects.get(version=loaded, number=16).task.code == "mentors"
