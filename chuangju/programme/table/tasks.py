"""Tasks - from the gathered cells of a table to its tasks: numbers, units, measures, and what was noticed in each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chuangju.programme.table.categories import is_none_sign, join_lines
from chuangju.programme.table.measures import split_measures
from chuangju.programme.table.numbering import number_tasks
from chuangju.programme.table.result import ReadTask, TableWarning
from chuangju.programme.table.rows import RawTask, RowCollector
from chuangju.programme.table.sentences import refuse, warn
from chuangju.programme.table.unit_names import (
    UnitCell,
    is_open_ended,
    is_undecided_group,
    split_units,
    whole_names,
)
from chuangju.programme.table.unit_roles import first_leads, part_by_order, part_labelled


def build_tasks(collector: RowCollector) -> tuple[list[ReadTask], list[TableWarning]]:
    """The tasks in printed order, and all warnings in the order of the file."""
    raw = collector.tasks
    numbers = number_tasks(collector)
    _settle_roles(collector)
    known = whole_names(text for task in raw for text in (task.texts["lead"], task.texts["cooperating"]))
    tasks = [_build_task(task, number, known, collector) for task, number in zip(raw, numbers, strict=True)]
    _check_order(tasks, collector)
    _check_categories(tasks, collector)
    by_raw = {id(task): number for task, number in zip(raw, numbers, strict=True)}
    ordered = sorted(collector.noticed, key=lambda found: (found.row is not None, found.row or 0))
    return tasks, [
        TableWarning(
            by_raw[id(found.task)], found.warning.cell, found.warning.text, found.warning.code, found.warning.params
        )
        if found.task
        else found.warning
        for found in ordered
    ]


def _settle_roles(collector: RowCollector) -> None:
    """Parts cells that hold both who leads and who cooperates; 排名第一的为牵头单位 counts where no column tells them apart."""
    is_by_order = any(first_leads(text) for text in collector.remarks)
    told = False
    for task in collector.tasks:
        lead, cooperating = part_labelled(task.texts["lead"], task.texts["cooperating"])
        by_header = first_leads(task.header.name("lead") or "")
        if (is_by_order or by_header) and "cooperating" not in task.header.indices and not cooperating:
            lead, cooperating = part_by_order(lead, cooperating)
            if cooperating and not told:
                told = True
                column = task.header.name("lead")
                collector.notice(task.header.row, warn("first_leads", cell=column, column=column))
        task.texts["lead"], task.texts["cooperating"] = lead, cooperating


def _build_task(raw: RawTask, number: int, known: frozenset[str], collector: RowCollector) -> ReadTask:
    texts, header = raw.texts, raw.header
    lead, cooperating = split_units(texts["lead"], known), split_units(texts["cooperating"], known)
    if not lead.names:
        raise refuse("no_lead", row=raw.row, number=number, column=header.name("lead"), part=raw.part)
    for key, cell in (("lead", lead), ("cooperating", cooperating)):
        _check_units(cell, raw, header.name(key), collector)
    cooperates = set(cooperating.names)
    for unit in lead.names:
        if unit in cooperates:
            column = header.name("cooperating") or header.name("lead")
            collector.notice(raw.row, warn("unit_both", cell=column, unit=unit), raw)
    measures = split_measures(texts["measures"])
    if not measures and "measures" in header.indices:
        column = header.name("measures")
        collector.notice(raw.row, warn("no_measures", cell=column, column=column), raw)
    due = join_lines(texts["due"])
    return ReadTask(
        number=number,
        category=raw.category,
        task=join_lines(texts["task"]),
        lead=lead.names,
        cooperating=cooperating.names,
        measures=measures,
        due=None if is_none_sign(due) else due,
        lead_printed=_print_units(texts["lead"], lead),
        cooperating_printed=_print_units(texts["cooperating"], cooperating),
        row=raw.row,
    )


def _print_units(text: str, cell: UnitCell) -> str:
    """The cell as printed; where line breaks part its names, with 、 in their place."""
    return "、".join(cell.names) if re.search(r"\s", text.strip()) else text.strip()


def _check_units(cell: UnitCell, raw: RawTask, column: str | None, collector: RowCollector) -> None:
    for unit in cell.doubled:
        collector.notice(raw.row, warn("unit_twice", cell=column, unit=unit), raw)
    for unit in cell.joined:
        collector.notice(raw.row, warn("unit_joined", cell=column, unit=unit), raw)
    for unit in cell.names:
        if is_undecided_group(unit):
            collector.notice(raw.row, warn("group_unresolved", cell=column, unit=unit), raw)
        elif is_open_ended(unit):
            collector.notice(raw.row, warn("unit_open_ended", cell=column, unit=unit), raw)


def _check_order(tasks: Sequence[ReadTask], collector: RowCollector) -> None:
    for past, task, raw in zip(tasks, tasks[1:], collector.tasks[1:], strict=False):
        column = raw.header.name("number")
        if task.number < past.number:
            code = "number_order"
        elif task.number > past.number + 1:
            code = "number_gap"
        else:
            continue
        collector.notice(raw.row, warn(code, cell=column, number=task.number, previous=past.number), raw)


def _check_categories(tasks: Sequence[ReadTask], collector: RowCollector) -> None:
    """A category that comes back later is one category; the reader is told."""
    seen: set[str] = set()
    past: str | None = None
    for task, raw in zip(tasks, collector.tasks, strict=True):
        if task.category and task.category != past and task.category in seen:
            column = raw.header.name("category")
            collector.notice(raw.row, warn("category_again", cell=column, category=task.category), raw)
        if task.category:
            seen.add(task.category)
        past = task.category
