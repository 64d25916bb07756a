"""任务页 - one row with its measures, milestones, notes and history, gathered for its page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from chuangju.programme.access import Reader, milestones_visible_to, notes_visible_to
from chuangju.programme.lights import LightSign, milestones_with_light, sign_of
from chuangju.programme.models import MeasureRow, MeasureUnit, PrintedUnit, ProgressNote, RowUnit, TaskRow, UnitPart
from chuangju.units.groups import members_among
from chuangju.units.models import Unit, UnitGroup


@dataclass(frozen=True)
class LiveMilestone:
    """A milestone with its light."""

    milestone: Any
    sign: LightSign


@dataclass
class LiveMeasure:
    """A measure as printed, whose it is, and the milestones under it."""

    line: MeasureRow
    leads: list[Unit] = field(default_factory=list)
    cooperating: list[Unit] = field(default_factory=list)
    has_own_units: bool = False
    milestones: list[LiveMilestone] = field(default_factory=list)


@dataclass(frozen=True)
class GroupWord:
    """A group word of the row with the units it stands for."""

    name: PrintedUnit
    units: list[Unit]
    is_choice: bool


def units_of_row(row: TaskRow) -> dict[str, list[Unit]]:
    """Part -> units in 建制序."""
    found: dict[str, list[Unit]] = defaultdict(list)
    for item in RowUnit.objects.filter(row=row).select_related("unit").order_by("unit__position"):
        found[item.part].append(item.unit)
    return found


def group_words(row: TaskRow, parts: dict[str, list[Unit]]) -> list[GroupWord]:
    """The row's group words; a chosen group shows what the office picked, any other whom it brought in."""
    names = PrintedUnit.objects.filter(row=row, group__isnull=False).select_related("group").prefetch_related("chosen")
    found = []
    for name in names.order_by("part", "position"):
        is_choice = name.group is not None and name.group.rule == UnitGroup.Rule.CHOSEN
        covered = members_among(name.group, parts.get(name.part, [])) if name.group else []
        units = sorted(name.chosen.all(), key=lambda unit: unit.position) if is_choice else covered
        found.append(GroupWord(name, units, is_choice))
    return found


def live_measures(row: TaskRow, parts: dict[str, list[Unit]], *, user: Reader, on: date) -> list[LiveMeasure]:
    """The row's measures in printed order; three queries."""
    own: dict[int, dict[str, list[Unit]]] = defaultdict(lambda: defaultdict(list))
    for item in MeasureUnit.objects.filter(measure_row__row=row).select_related("unit").order_by("unit__position"):
        own[item.measure_row_id][item.part].append(item.unit)
    steps: dict[int, list[LiveMilestone]] = defaultdict(list)
    visible = milestones_visible_to(user, on=on).filter(measure__rows__row=row)
    for milestone in milestones_with_light(visible, on=on).select_related("unit").order_by("due_on", "pk"):
        steps[milestone.measure_id].append(
            LiveMilestone(milestone, sign_of(milestone.light, milestone.deadline, on=on))
        )
    found = []
    for line in row.measure_rows.select_related("measure").order_by("position"):
        units = own.get(line.pk) or parts
        found.append(
            LiveMeasure(
                line=line,
                leads=units.get(UnitPart.LEAD, []),
                cooperating=units.get(UnitPart.COOPERATING, []),
                has_own_units=line.pk in own,
                milestones=steps[line.measure_id],
            )
        )
    return found


def measure_words(line: MeasureRow, count: int) -> str:
    """A measure as one chooses it: with its printed number where the row has several."""
    text = line.text[:80]
    return f"（{line.position}）{text}" if count > 1 else text


def likely_unit(row: TaskRow, lines: list[MeasureRow], measure: str | None) -> int | None:
    """Whom a new step most likely falls to: the measure's own lead, else the first lead of its row."""
    chosen = next((line for line in lines if str(line.measure_id) == measure), lines[0] if lines else None)
    own = MeasureUnit.objects.filter(measure_row=chosen, part=UnitPart.LEAD).order_by("unit__position")
    leads = RowUnit.objects.filter(row=row, part=UnitPart.LEAD).order_by("unit__position")
    return next(iter([*own.values_list("unit", flat=True), *leads.values_list("unit", flat=True)]), None)


def notes_of(row: TaskRow, *, user: Any, on: date) -> QuerySet[ProgressNote]:
    """What was told of the task, newest first, with files."""
    return (
        notes_visible_to(user, on=on)
        .filter(task=row.task_id)
        .select_related("unit", "by", "milestone", "released_by")
        .prefetch_related("attachments")
        .order_by("-at", "-pk")
    )
