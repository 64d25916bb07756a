"""Writing the rows of a new version in bulk, with tasks, measures and earlier choices carried over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chuangju.programme.comparison import RowSide, match_measures, match_rows, side_of_upload, side_of_version
from chuangju.programme.models import (
    Category,
    Measure,
    MeasureRow,
    MeasureUnit,
    PrintedUnit,
    TableVersion,
    Task,
    TaskRow,
    UnitPart,
)
from chuangju.programme.row_units import chosen_units
from chuangju.programme.table.due_dates import parse_due
from chuangju.programme.task_codes import category_name_en, code_from_title, known_task
from chuangju.units.models import Unit, UnitGroup

if TYPE_CHECKING:
    from chuangju.programme.table.result import ReadTable, ReadTask

BATCH = 500


def write_rows(
    version: TableVersion,
    read: ReadTable,
    *,
    names: dict[str, Unit | UnitGroup],
    previous: TableVersion | None,
    task_choices: Mapping[int, str],
) -> None:
    """Write categories, tasks, rows, printed names and measures of a version; queries do not grow with its rows.

    `task_choices` says, by printed number, which earlier task (by code) an unmatched row carries on.
    """
    old_rows = side_of_version(previous).rows if previous else ()
    upload = side_of_upload(read).rows
    earlier = _earlier_rows(old_rows, upload, task_choices)
    tasks = _tasks(upload, earlier)
    rows = _rows(version, read, tasks)
    _printed_units(rows, read.tasks, names)
    _measures(rows, upload, earlier)
    if previous is not None:
        _carry_choices(version, previous)


def _earlier_rows(
    old_rows: Sequence[RowSide], upload: Sequence[RowSide], task_choices: Mapping[int, str]
) -> dict[int, RowSide]:
    """Id of an uploaded row -> the earlier row it carries on: as matched, and as the office said of the others."""
    pairs = match_rows(old_rows, upload)
    earlier = {id(new): old for old, new in pairs if old and new}
    free = {old.code: old for old, new in pairs if old and new is None and old.code}
    for row in upload:
        chosen = free.pop(task_choices.get(row.number, ""), None) if id(row) not in earlier else None
        if chosen is not None:
            earlier[id(row)] = chosen
    return earlier


def _tasks(upload: Sequence[RowSide], earlier: dict[int, RowSide]) -> list[Task]:
    """The task behind each row: the earlier row's, a known one by its title, or a new one."""
    stored = {task.code: task for task in Task.objects.order_by("pk")}
    used = {old.code for old in earlier.values() if old.code}
    found: list[Task] = []
    fresh: list[Task] = []
    for side in upload:
        old, known = earlier.get(id(side)), known_task(side.title)
        if old is not None and old.code:
            found.append(stored[old.code])
            continue
        code = known.code if known and known.code not in used else code_from_title(side.title, used)
        used.add(code)
        task = stored.get(code)
        if task is None:
            task = Task(code=code, title_en=known.title_en if known else "")
            fresh.append(task)
        found.append(task)
    Task.objects.bulk_create(fresh, batch_size=BATCH)
    return found


def _categories(version: TableVersion, read: ReadTable) -> dict[str, Category]:
    names = list(dict.fromkeys(task.category for task in read.tasks if task.category))
    made = Category.objects.bulk_create(
        [
            Category(version=version, position=position, name=name, name_en=category_name_en(name))
            for position, name in enumerate(names, start=1)
        ],
        batch_size=BATCH,
    )
    return {category.name: category for category in made}


def _rows(version: TableVersion, read: ReadTable, tasks: list[Task]) -> list[TaskRow]:
    categories = _categories(version, read)
    year = version.effective_from.year
    return TaskRow.objects.bulk_create(
        [
            TaskRow(
                version=version,
                task=task,
                category=categories.get(item.category or ""),
                position=position,
                number=item.number,
                title=item.task,
                lead_printed=item.lead_printed,
                cooperating_printed=item.cooperating_printed,
                due_printed=(item.due or "")[:100],
                due_on=parse_due(item.due, year=year),
            )
            for position, (item, task) in enumerate(zip(read.tasks, tasks, strict=True), start=1)
        ],
        batch_size=BATCH,
    )


def _printed_units(rows: list[TaskRow], items: list[ReadTask], names: dict[str, Unit | UnitGroup]) -> None:
    printed: list[PrintedUnit] = []
    for row, item in zip(rows, items, strict=True):
        for part, cell in ((UnitPart.LEAD, item.lead), (UnitPart.COOPERATING, item.cooperating)):
            for position, name in enumerate(cell, start=1):
                target = names[name]
                printed.append(
                    PrintedUnit(
                        row=row,
                        part=part,
                        position=position,
                        printed=name[:100],
                        unit=target if isinstance(target, Unit) else None,
                        group=target if isinstance(target, UnitGroup) else None,
                    )
                )
    PrintedUnit.objects.bulk_create(printed, batch_size=BATCH)


def _measures(rows: list[TaskRow], upload: Sequence[RowSide], earlier: dict[int, RowSide]) -> None:
    """Measures keep their identity, and so their milestones, where the earlier row had one that reads alike."""
    stored: dict[int, list[Measure]] = defaultdict(list)
    for measure in Measure.objects.filter(task__in=[row.task_id for row in rows]).order_by("pk"):
        stored[measure.task_id].append(measure)
    earlier_rows = _earlier_measures(rows)
    fresh: list[Measure] = []
    lines: list[tuple[TaskRow, Measure, int, str]] = []
    for row, side in zip(rows, upload, strict=True):
        known = earlier_rows.get(row.task_id, []) if id(side) in earlier else []
        pairs = match_measures([text for text, _measure in known], list(side.measures))
        kept = {new: known[old][1] for old, new in pairs if old is not None and new is not None}
        count = len(stored[row.task_id])
        for index, text in enumerate(side.measures):
            if index in kept:
                measure = kept[index]
            else:
                count += 1
                measure = Measure(task_id=row.task_id, code=f"{row.task.code}.{count}")
                fresh.append(measure)
            lines.append((row, measure, index + 1, text))
    Measure.objects.bulk_create(fresh, batch_size=BATCH)
    MeasureRow.objects.bulk_create(
        [MeasureRow(row=row, measure=measure, position=position, text=text) for row, measure, position, text in lines],
        batch_size=BATCH,
    )


def _earlier_measures(rows: list[TaskRow]) -> dict[int, list[tuple[str, Measure]]]:
    """Task id -> measures (text, identity) of the version just before, in printed order."""
    if not rows:
        return {}
    before = TableVersion.objects.filter(number__lt=rows[0].version.number).order_by("-number").first()
    found: dict[int, list[tuple[str, Measure]]] = defaultdict(list)
    if before is not None:
        for line in (
            MeasureRow.objects.filter(row__version=before).select_related("measure").order_by("row", "position")
        ):
            found[line.measure.task_id].append((line.text, line.measure))
    return found


def _carry_choices(version: TableVersion, previous: TableVersion) -> None:
    """What the office had set before stays set: chosen members of groups, units of measures."""
    picked = chosen_units(previous)
    words = PrintedUnit.objects.filter(group__isnull=False).select_related("row").order_by("pk")
    earlier = {
        (name.row.task_id, name.part, name.group_id): picked[name.pk]
        for name in words.filter(row__version=previous, pk__in=picked)
    }
    for name in words.filter(row__version=version) if earlier else ():
        if chosen := earlier.get((name.row.task_id, name.part, name.group_id)):
            name.chosen.set(chosen)
    lines = {line.measure_id: line for line in MeasureRow.objects.filter(row__version=version).order_by("pk")}
    MeasureUnit.objects.bulk_create(
        [
            MeasureUnit(measure_row=lines[own.measure_row.measure_id], unit_id=own.unit_id, part=own.part)
            for own in MeasureUnit.objects.filter(measure_row__row__version=previous)
            .select_related("measure_row")
            .order_by("pk")
            if own.measure_row.measure_id in lines
        ],
        batch_size=BATCH,
    )
