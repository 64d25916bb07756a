"""检索 - what of the table can be found: the version in force for everybody, what is done for it for those who may see it.

A record with a page on either side has two sources: the public one holds public words only.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.search import SearchSource
from chuangju.programme.access import (
    Reader,
    is_reader,
    measure_rows_visible_to,
    milestones_visible_to,
    notes_visible_to,
    rows_visible_to,
    versions_visible_to,
)
from chuangju.programme.models import MeasureRow, Milestone, ProgressNote, TableVersion, TaskRow

CURRENT = TableVersion.State.CURRENT
_TITLE = 60


def _rows(user: Reader) -> QuerySet[TaskRow]:
    """The rows in force as the staff side opens them."""
    on = timezone.localdate()
    found = rows_visible_to(user, on=on)
    return found.filter(version__state=CURRENT) if is_reader(user, on=on) else found.none()


def _public_rows(_user: Reader) -> QuerySet[TaskRow]:
    return rows_visible_to(None, on=timezone.localdate()).filter(version__state=CURRENT)


def _measures(user: Reader) -> QuerySet[MeasureRow]:
    found = measure_rows_visible_to(user, on=timezone.localdate())
    return found.filter(row__version__state=CURRENT).select_related(None)


def _milestones(user: Reader) -> QuerySet[Milestone]:
    on = timezone.localdate()
    found = milestones_visible_to(user, on=on)
    return found if is_reader(user, on=on) else found.none()


def _public_milestones(_user: Reader) -> QuerySet[Milestone]:
    """Those that the public page of a row in force shows."""
    in_force = _public_rows(None).filter(task=OuterRef("measure__task"))
    return milestones_visible_to(None, on=timezone.localdate()).filter(Exists(in_force))


def _notes(user: Reader) -> QuerySet[ProgressNote]:
    on = timezone.localdate()
    found = notes_visible_to(user, on=on)
    return found if is_reader(user, on=on) else found.none()


def _public_notes(_user: Reader) -> QuerySet[ProgressNote]:
    in_force = _public_rows(None).filter(task=OuterRef("task"))
    return notes_visible_to(None, on=timezone.localdate()).filter(Exists(in_force))


def _versions(user: Reader) -> QuerySet[TableVersion]:
    return versions_visible_to(user, on=timezone.localdate())


def _indexed_rows() -> QuerySet[TaskRow]:
    return TaskRow.objects.filter(version__state=CURRENT).select_related("task", "category")


def _indexed_measures() -> QuerySet[MeasureRow]:
    return MeasureRow.objects.filter(row__version__state=CURRENT).select_related("row__task")


def _indexed_milestones() -> QuerySet[Milestone]:
    return Milestone.objects.select_related("unit", "measure__task")


def _indexed_notes() -> QuerySet[ProgressNote]:
    return ProgressNote.objects.select_related("unit", "task")


def _row_text(row: Any) -> str:
    parts = (row.lead_printed, row.cooperating_printed, row.due_printed)
    return " · ".join([str(row.number), *(part for part in parts if part)])


def _of_every_version(_version: Any) -> QuerySet[TaskRow]:
    """A new version puts its own rows into the index and takes those of the last one out."""
    return TaskRow.objects.all()


def _measures_of_every_version(_version: Any) -> QuerySet[MeasureRow]:
    return MeasureRow.objects.all()


def _task_page(code: str, anchor: str = "") -> str:
    return reverse("programme:task", args=(code,)) + anchor


def _public_page(code: str, anchor: str = "") -> str:
    return reverse("programme:public_task", args=(code,)) + anchor


def _first_words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _TITLE else f"{words[:_TITLE]}…"


def _row_source(key: str, label: Any, **others: Any) -> SearchSource:
    return SearchSource(
        key=key,
        label=label,
        model=TaskRow,
        title=lambda row: row.title,
        text=_row_text,
        names=lambda row: tuple(name for name in (row.title, row.task.title_en) if name),
        records=_indexed_rows,
        follows=((TableVersion, _of_every_version),),
        **others,
    )


STAFF_SOURCES = (
    _row_source(
        "programme.task",
        _("工作任务"),
        visible_to=_rows,
        address=lambda row: _task_page(row.task.code),
    ),
    SearchSource(
        key="programme.measure",
        label=_("推进举措"),
        model=MeasureRow,
        visible_to=_measures,
        title=lambda line: _first_words(line.text),
        address=lambda line: _task_page(line.row.task.code, "#measures"),
        text=lambda line: line.text,
        records=_indexed_measures,
        follows=((TableVersion, _measures_of_every_version),),
    ),
    SearchSource(
        key="programme.milestone",
        label=_("落实节点"),
        model=Milestone,
        visible_to=_milestones,
        title=lambda milestone: milestone.title,
        address=lambda milestone: reverse("programme:milestone", args=(milestone.pk,)),
        text=lambda milestone: milestone.unit.name,
        names=lambda milestone: (milestone.title,),
        moment=lambda milestone: milestone.created_at,
        records=_indexed_milestones,
    ),
    SearchSource(
        key="programme.note",
        label=_("进展记录"),
        model=ProgressNote,
        visible_to=_notes,
        title=lambda note: _first_words(note.text),
        address=lambda note: _task_page(note.task.code, f"#note-{note.pk}"),
        text=lambda note: f"{note.text} · {note.unit.name}",
        moment=lambda note: note.at,
        records=_indexed_notes,
    ),
    SearchSource(
        key="programme.version",
        label=_("分解表版本"),
        model=TableVersion,
        visible_to=_versions,
        title=str,
        address=lambda version: reverse("programme:version", args=(version.number,)),
        text=lambda version: f"{version.title} · {version.file_name}",
        moment=lambda version: version.imported_at,
    ),
)

PUBLIC_SOURCES = (
    _row_source(
        "programme.public_task",
        _("创建任务"),
        visible_to=_public_rows,
        address=lambda row: _public_page(row.task.code),
        audience="public",
    ),
    SearchSource(
        key="programme.public_milestone",
        label=_("已完成的节点"),
        model=Milestone,
        visible_to=_public_milestones,
        title=lambda milestone: milestone.title,
        address=lambda milestone: _public_page(milestone.measure.task.code),
        text=lambda milestone: milestone.unit.name,
        names=lambda milestone: (milestone.title,),
        moment=lambda milestone: milestone.created_at,
        records=_indexed_milestones,
        audience="public",
    ),
    SearchSource(
        key="programme.public_note",
        label=_("进展"),
        model=ProgressNote,
        visible_to=_public_notes,
        title=lambda note: _first_words(note.text),
        address=lambda note: _public_page(note.task.code, f"#note-{note.pk}"),
        text=lambda note: f"{note.text} · {note.unit.name}",
        moment=lambda note: note.released_at,
        records=_indexed_notes,
        audience="public",
    ),
)

SOURCES = (*STAFF_SOURCES, *PUBLIC_SOURCES)
