"""演示数据 of the table: last year's edition and this year's, milestones under every measure, and what units noted.

Days are counted from the day of loading, so that a demonstration always shows the same mixture of lights.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days, is_working_day
from chuangju.programme.demo_pictures import demo_picture
from chuangju.programme.imports import create_version
from chuangju.programme.milestones import add_milestone, complete_milestone
from chuangju.programme.models import Measure, MeasureRow, Milestone, ProgressNote, TableVersion, Task
from chuangju.programme.notes import note_progress, release_note
from chuangju.programme.row_units import set_measure_units
from chuangju.programme.snapshots import take_snapshot
from chuangju.programme.table import ReadTable, read_table
from chuangju.units.models import Role, RoleAssignment, Unit
from chuangju.units.names import resolve_name

DATA = Path(__file__).parent / "data"
TABLE_FILE = DATA / "minhang.txt"
# A table comes out in spring; a demonstration loaded before that still shows the year before.
_SETTLED_AFTER = timedelta(days=150)
# What lies ahead stays at least so far away, or it would count as near when a long holiday falls between.
_CLEAR_OF_NEAR = timedelta(days=20)


def programme_year(on: date) -> int:
    """The year of the table that a demonstration loaded on this day shows."""
    return (on - _SETTLED_AFTER).year


def last_years_edition(read: ReadTable, changes: dict[str, Any]) -> ReadTable:
    """The table as it might have stood a year earlier: the given differences, everything else the same."""
    edition = read.as_dict()
    by_number = {task["number"]: task for task in edition["tasks"]}
    for change in changes["title"]:
        by_number[change["row"]]["task"] = change["text"]
    for change in changes["cooperating"]:
        task = by_number[change["row"]]
        task["cooperating"] = [name for name in task["cooperating"] if name != change["without"]]
        task["cooperating_printed"] = "、".join(task["cooperating"])
    for change in changes["measure"]:
        measures = by_number[change["row"]]["measures"]
        if "without" in change:
            del measures[change["without"] - 1]
        else:
            measures[change["number"] - 1] = measures[change["number"] - 1].replace(change["old"], change["new"])
    return ReadTable.from_dict(edition)


def due_day(entry: dict[str, Any], *, on: date) -> date | None:
    """The date of a milestone of the demo set, always a working day; None where it has no time limit."""
    if "near" in entry:
        return add_working_days(on, entry["near"])
    if "due" not in entry:
        return None
    if entry["due"] < 0:
        return past_day(entry["due"], on=on)
    day = add_working_days(on + timedelta(days=entry["due"] - 1), 1)
    year_end = add_working_days(date(programme_year(on) + 1, 1, 1), -1)
    return min(day, year_end) if year_end >= on + _CLEAR_OF_NEAR else day


def past_day(offset: int, *, on: date) -> date:
    """So many days ago, or the last working day before that."""
    day = on + timedelta(days=offset)
    return day if is_working_day(day) else add_working_days(day, -1)


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


def _holder(role: Role, unit: Unit | None = None) -> User:
    """The demo account that holds this role (for this unit)."""
    held = RoleAssignment.objects.filter(role=role, user__is_demo=True).select_related("user").order_by("pk")
    found = (held.filter(unit=unit) if unit else held).first()
    if found is None:
        raise LookupError(f"no demo account holds {role} for {unit}")
    return found.user


class _Story:
    """What happened, collected in any order and told by the clock, so that the log reads as it would have grown."""

    def __init__(self, version: TableVersion, office: User, *, on: date) -> None:
        self.on, self.office = on, office
        self.steps: list[tuple[datetime, Callable[[datetime], None]]] = []
        self.milestones: dict[str, Milestone] = {}
        lines = MeasureRow.objects.filter(row__version=version).select_related("measure", "row__task").order_by("pk")
        self.lines: dict[tuple[int, int], MeasureRow] = {}
        self.measures: dict[tuple[int, int], Measure] = {}
        self.tasks: dict[int, Task] = {}
        for line in lines:
            self.lines[line.row.number, line.position] = line
            self.measures[line.row.number, line.position] = line.measure
            self.tasks[line.row.number] = line.row.task
        self._units: dict[str, Unit] = {}
        self._liaisons: dict[int, User] = {}

    def unit(self, name: str) -> Unit:
        """The unit of this name."""
        if name not in self._units:
            found = resolve_name(name, on=self.on)
            if not isinstance(found, Unit):
                raise LookupError(f"no unit is called {name}")
            self._units[name] = found
        return self._units[name]

    def liaison(self, unit: Unit) -> User:
        """The liaison officer of a unit."""
        if unit.pk not in self._liaisons:
            self._liaisons[unit.pk] = _holder(Role.LIAISON_OFFICER, unit)
        return self._liaisons[unit.pk]

    def set_measure_units(self, entry: dict[str, Any], at: datetime) -> None:
        """The office says whose a measure is where its row has two leads; all others of the row cooperate."""
        line = self.lines[entry["row"], entry["measure"]]
        lead = self.unit(entry["lead"])
        others = Unit.objects.filter(row_units__row=line.row).exclude(pk=lead.pk).order_by("position")

        def _set(moment: datetime) -> None:
            set_measure_units(line, leads=[lead], cooperating=others, by=self.office, at=moment)

        self.steps.append((at, _set))

    def set_milestone(self, entry: dict[str, Any], at: datetime) -> None:
        """The office sets a milestone; if it was closed since, its unit closes it on that day."""
        unit = self.unit(entry["unit"])

        def _set(moment: datetime) -> None:
            self.milestones[entry["title"]] = add_milestone(
                self.measures[entry["row"], entry["measure"]],
                title=entry["title"],
                unit=unit,
                due_on=due_day(entry, on=self.on),
                by=self.office,
                at=moment,
            )

        def _close(moment: datetime) -> None:
            milestone = self.milestones[entry["title"]]
            complete_milestone(
                milestone,
                done_on=timezone.localdate(moment),
                revision=milestone.revision,
                by=self.liaison(unit),
                at=moment,
            )

        self.steps.append((at, _set))
        if "done" in entry:
            self.steps.append((_moment(past_day(entry["done"], on=self.on), 16), _close))

    def tell_progress(self, entry: dict[str, Any], minute: int) -> None:
        """A unit's liaison officer notes progress; the office may show it to the public later."""
        unit = self.unit(entry["unit"])

        def _note(moment: datetime) -> None:
            files = []
            if "picture" in entry:
                name = f"演示-{entry['picture']}.jpg"
                files.append(SimpleUploadedFile(name, demo_picture(minute), content_type="image/jpeg"))
            note = note_progress(
                self.tasks[entry["row"]],
                unit=unit,
                text=entry["text"],
                milestone=self.milestones.get(entry.get("milestone", "")),
                files=files,
                by=self.liaison(unit),
                at=moment,
            )
            if "released" in entry:
                released = _moment(past_day(entry["released"], on=self.on), 17, minute)
                self.steps.append((released, lambda moment: _release(note, self.office, moment)))

        self.steps.append((_moment(past_day(entry["day"], on=self.on), 15, minute), _note))

    def tell(self) -> None:
        """Let everything happen, the earliest first; a step may add later ones."""
        while self.steps:
            self.steps.sort(key=lambda step: step[0])
            moment, act = self.steps.pop(0)
            act(moment)


def _release(note: ProgressNote, office: User, moment: datetime) -> None:
    release_note(note, by=office, at=moment)


def _put_in_force(read: ReadTable, *, name: str, file_name: str, content: bytes, year: int, by: User) -> TableVersion:
    return create_version(
        read,
        name=name,
        effective_from=date(year, 3, 1),
        file_name=file_name,
        file_sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        at=_moment(date(year, 3, 1), 9, 30),
    )


def load_demo(at: datetime) -> None:
    """Fill an installation that has its units and demo accounts with two editions of the table and a year's work."""
    on = timezone.localdate(at)
    year = programme_year(on)
    office = _holder(Role.PROGRAMME_OFFICE)
    plan = tomllib.loads((DATA / "demo.toml").read_text(encoding="utf-8"))
    listed = tomllib.loads((DATA / "demo_milestones.toml").read_text(encoding="utf-8"))
    content = TABLE_FILE.read_bytes()
    read = read_table(TABLE_FILE)
    earlier = _put_in_force(
        last_years_edition(read, plan["edition"]),
        name=f"{year - 1} 年任务分解表（演示）",
        file_name=f"任务分解表-{year - 1}-演示.txt",
        content=content + b"demo",
        year=year - 1,
        by=office,
    )
    take_snapshot(earlier, reason="年终存档", by=office, at=_moment(date(year - 1, 12, 31), 17))
    current = _put_in_force(
        read, name=f"{year} 年任务分解表", file_name=TABLE_FILE.name, content=content, year=year, by=office
    )
    story = _Story(current, office, on=on)
    first_day = add_working_days(date(year, 3, 1), 1)
    for entry in plan["measure_units"]:
        story.set_measure_units(entry, _moment(first_day, 9, 50))
    for entry in listed["milestone"]:
        story.set_milestone(entry, _moment(first_day, 10))
    for minute, entry in enumerate(plan["note"]):
        story.tell_progress(entry, minute)
    story.tell()
