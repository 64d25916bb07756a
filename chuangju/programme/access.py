"""Who sees what of the table and its plans, and who may do what with them.

Everybody on the staff side reads the whole table: it is the district's common plan. Only the programme office (创建办)
changes it; a liaison officer reports for the units he or she speaks for; strangers see what the office has released.

A plan is the office's and the leaders' until units are asked about it; a unit that was asked sees it from then on, and
its own opinions; once it is issued everybody on the staff side reads it with what became of every opinion.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from chuangju.kernel.models import Paper, User
from chuangju.programme.models import (
    ConsultedUnit,
    MeasureRow,
    Milestone,
    Opinion,
    Plan,
    PlanAdjustment,
    PlanItem,
    PlanItemReport,
    PlanReview,
    PlanRound,
    PlanSection,
    PrintedUnit,
    ProgressNote,
    Snapshot,
    TableImport,
    TableVersion,
    Task,
    TaskRow,
)
from chuangju.units.access import assignments_of, has_role, is_staff_member, units_of
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


def can_decide_plans(user: Reader, *, on: date) -> bool:
    """The leading group (领导小组): leaders of the district, not those of a single unit."""
    return any(held.role == Role.LEADER and held.unit_id is None for held in assignments_of(user, on))


def reads_every_plan(user: Reader, *, on: date) -> bool:
    """Whether drafts, opinions of every unit and reviews not yet submitted are this person's to read."""
    return can_manage_table(user, on=on) or can_decide_plans(user, on=on)


def plans_visible_to(user: Reader, *, on: date) -> QuerySet[Plan]:
    """Office and leaders: all; other staff: those issued and those their unit was asked about; the public: 主动公开."""
    if reads_every_plan(user, on=on):
        return Plan.objects.all()
    issued = Q(state__in=Plan.PAST_ISSUE)
    if is_reader(user, on=on):
        asked = ConsultedUnit.objects.filter(unit__in=reporting_unit_ids(user, on=on)).values("round__plan")
        return Plan.objects.filter(issued | Q(pk__in=asked))
    return Plan.objects.filter(issued, openness=Paper.Openness.OPEN)


def plan_sections_visible_to(user: Reader, *, on: date) -> QuerySet[PlanSection]:
    """The text of the plans that one reads, as staff work with it."""
    found = PlanSection.objects.select_related("plan").filter(plan__in=plans_visible_to(user, on=on))
    return found if is_reader(user, on=on) else found.none()


def plan_items_visible_to(user: Reader, *, on: date) -> QuerySet[PlanItem]:
    """The items of the plans that one reads."""
    return PlanItem.objects.filter(plan__in=plans_visible_to(user, on=on))


def own_plan_items(user: Reader, *, on: date) -> QuerySet[PlanItem]:
    """What the units that the user reports for still have to do under plans in force."""
    return PlanItem.objects.filter(
        unit__in=reporting_unit_ids(user, on=on), state=PlanItem.State.OPEN, plan__state=Plan.State.ISSUED
    )


def rounds_visible_to(user: Reader, *, on: date) -> QuerySet[PlanRound]:
    """Rounds of consultation: with the plan for office and leaders, for a unit those in which it was asked."""
    found = PlanRound.objects.select_related("plan")
    if reads_every_plan(user, on=on):
        return found
    if not is_reader(user, on=on):
        return found.none()
    asked = ConsultedUnit.objects.filter(unit__in=reporting_unit_ids(user, on=on)).values("round")
    return found.filter(Q(pk__in=asked) | Q(plan__state__in=Plan.PAST_ISSUE))


def asked_units_visible_to(user: Reader, *, on: date) -> QuerySet[ConsultedUnit]:
    """Who was asked and answered: one's own units only, until the plan is issued."""
    found = ConsultedUnit.objects.select_related("round__plan", "unit")
    if reads_every_plan(user, on=on):
        return found
    if not is_reader(user, on=on):
        return found.none()
    return found.filter(Q(unit__in=reporting_unit_ids(user, on=on)) | Q(round__plan__state__in=Plan.PAST_ISSUE))


def opinions_visible_to(user: Reader, *, on: date) -> QuerySet[Opinion]:
    """A unit sees its own opinions; those of others only once the plan is issued (采纳情况 is then open to staff)."""
    return Opinion.objects.select_related("asked__unit", "asked__round__plan").filter(
        asked__in=asked_units_visible_to(user, on=on)
    )


def adjustments_visible_to(user: Reader, *, on: date) -> QuerySet[PlanAdjustment]:
    """Adjustments of issued plans: everybody on the staff side reads them."""
    return PlanAdjustment.objects.all() if is_reader(user, on=on) else PlanAdjustment.objects.none()


def reviews_visible_to(user: Reader, *, on: date) -> QuerySet[PlanReview]:
    """Reviews: office and leaders from the day they fall due, other staff once they were submitted."""
    if reads_every_plan(user, on=on):
        return PlanReview.objects.all()
    found = PlanReview.objects.exclude(state=PlanReview.State.OPEN)
    return found if is_reader(user, on=on) else found.none()


def can_read_plan(user: Reader, plan: Plan, *, on: date | None = None) -> bool:
    """Whether the user may read the plan, its paper and its thread."""
    return plans_visible_to(user, on=on or timezone.localdate()).filter(pk=plan.pk).exists()


def can_manage_plan(user: Reader, plan: Plan, *, on: date | None = None) -> bool:  # noqa: ARG001 - asked for a plan, like can_read_plan
    """The programme office keeps every plan and its paper."""
    return can_manage_table(user, on=on or timezone.localdate())


def can_write_about_plan(user: Reader, plan: Plan, *, on: date | None = None) -> bool:
    """Who talks about a plan: those who read it on the staff side and have a part in it."""
    day = on or timezone.localdate()
    has_part = reads_every_plan(user, on=day) or bool(reporting_unit_ids(user, on=day))
    return has_part and can_read_plan(user, plan, on=day)


def can_read_item_report(user: Reader, report: PlanItemReport, *, on: date | None = None) -> bool:
    """The files of a report are staff's own: what the public reads of an item is its state."""
    day = on or timezone.localdate()
    return is_reader(user, on=day) and plan_items_visible_to(user, on=day).filter(pk=report.item_id).exists()
