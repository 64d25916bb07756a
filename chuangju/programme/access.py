"""Who sees what of the table, and who may do what with it.

Everybody on the staff side reads the whole table: it is the district's common plan. Only the programme office (创建办)
changes it; a liaison officer reports for the units he or she speaks for; strangers see what the office has released.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.programme.models import (
    MeasureRow,
    Milestone,
    PrintedUnit,
    ProgressNote,
    Snapshot,
    TableImport,
    TableVersion,
    Task,
    TaskRow,
)
from chuangju.units.access import has_role, is_staff_member, units_of
from chuangju.units.models import Role

Reader = User | AnonymousUser | None


def is_reader(user: Reader, *, on: date) -> bool:
    """Whether the user works on the staff side on this day."""
    return isinstance(user, User) and is_staff_member(user, on)


def can_manage_table(user: Reader, *, on: date) -> bool:
    """The programme office imports, corrects, freezes and releases."""
    return isinstance(user, User) and has_role(user, Role.PROGRAMME_OFFICE, on=on)


def reporting_unit_ids(user: Reader, *, on: date) -> frozenset[int]:
    """The units that the user reports for as their liaison officer on this day."""
    if not isinstance(user, User):
        return frozenset()
    return frozenset(unit.pk for unit in units_of(user, Role.LIAISON_OFFICER, on))


def can_report_for(user: Reader, unit_id: int, *, on: date) -> bool:
    """Whether the user may write and close in the name of this unit."""
    return can_manage_table(user, on=on) or unit_id in reporting_unit_ids(user, on=on)


def versions_visible_to(user: Reader, *, on: date) -> QuerySet[TableVersion]:
    """Staff see every version."""
    return TableVersion.objects.all() if is_reader(user, on=on) else TableVersion.objects.none()


def snapshots_visible_to(user: Reader, *, on: date) -> QuerySet[Snapshot]:
    """Staff see every snapshot kept for the record."""
    return Snapshot.objects.all() if is_reader(user, on=on) else Snapshot.objects.none()


def rows_visible_to(user: Reader, *, on: date) -> QuerySet[TaskRow]:  # noqa: ARG001 - open to all, asked like the others
    """The printed rows are public: the table is issued openly."""
    return TaskRow.objects.all()


def newest_row(task: Task) -> TaskRow:
    """The newest printed row of a task: what a form about it belongs to."""
    return task.rows.select_related("task").order_by("-version__number")[0]


def tasks_visible_to(user: Reader, *, on: date) -> QuerySet[Task]:  # noqa: ARG001 - open to all, asked like the others
    """A task is as public as its rows."""
    return Task.objects.all()


def printed_units_visible_to(user: Reader, *, on: date) -> QuerySet[PrintedUnit]:
    """The names in the unit cells, as the staff side works with them."""
    found = PrintedUnit.objects.select_related("row__task", "row__version", "group")
    return found if is_reader(user, on=on) else found.none()


def measure_rows_visible_to(user: Reader, *, on: date) -> QuerySet[MeasureRow]:
    """The printed measures, as the staff side works with them."""
    found = MeasureRow.objects.select_related("row__task", "row__version", "measure")
    return found if is_reader(user, on=on) else found.none()


def milestones_visible_to(user: Reader, *, on: date) -> QuerySet[Milestone]:
    """Staff see every milestone; the public sees those that are done."""
    if is_reader(user, on=on):
        return Milestone.objects.all()
    return Milestone.objects.filter(state=Milestone.State.DONE)


def own_open_steps(user: Reader, *, on: date) -> QuerySet[Milestone]:
    """我的待办: what the units that the user reports for still have to do under the table in force."""
    return milestones_visible_to(user, on=on).filter(
        unit__in=reporting_unit_ids(user, on=on),
        state=Milestone.State.OPEN,
        measure__rows__row__version__state=TableVersion.State.CURRENT,
    )


def own_step_counts(user: Reader, *, on: date) -> dict[str, int]:
    """How many of one's own steps are `open`, and how many of those `late`; one query."""
    return own_open_steps(user, on=on).aggregate(open=Count("pk"), late=Count("pk", Q(due_on__lt=on)))


def notes_visible_to(user: Reader, *, on: date) -> QuerySet[ProgressNote]:
    """Staff see every note; the public sees those released and not withdrawn."""
    if is_reader(user, on=on):
        return ProgressNote.objects.all()
    return ProgressNote.objects.filter(released_at__isnull=False, withdrawn_at__isnull=True)


def imports_visible_to(user: Reader, *, on: date) -> QuerySet[TableImport]:
    """Uploads are the programme office's own workbench."""
    return TableImport.objects.all() if can_manage_table(user, on=on) else TableImport.objects.none()


def can_read_note(user: Reader, note: ProgressNote, *, on: date | None = None) -> bool:
    """Whether the user may open the files of a note: staff always, the public once it is released."""
    day = on or timezone.localdate()
    return notes_visible_to(user, on=day).filter(pk=note.pk).exists()


def can_read_version(user: Reader, version: TableVersion, *, on: date | None = None) -> bool:
    """Whether the user may open the file that a version came from."""
    day = on or timezone.localdate()
    return versions_visible_to(user, on=day).filter(pk=version.pk).exists()
