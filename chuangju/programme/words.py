"""往来 - what of the table can be talked about, rated by the public, and verified on the spot.

A thread belongs to the programme office and the units of the row; the whole staff side may read along, as it reads the
table. Founders who are signed in rate what was released to them; a low rating goes to the unit that wrote it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.checklists import ChecklistRules, ChecklistTemplate
from chuangju.kernel.models import User
from chuangju.kernel.ratings import RatingRules
from chuangju.kernel.threads import ThreadRules
from chuangju.programme.access import can_manage_table, can_report_for, is_reader, notes_visible_to, reporting_unit_ids
from chuangju.programme.models import Milestone, ProgressNote, RowUnit, TableVersion, Task
from chuangju.units.access import has_role
from chuangju.units.appointment_register import officers_by_unit
from chuangju.units.models import Role, Unit


def _today() -> date:
    return timezone.localdate()


def _units_of(task: Task) -> list[Unit]:
    """The units of the task's row in force."""
    units = Unit.objects.filter(row_units__row__task=task, row_units__row__version__state=TableVersion.State.CURRENT)
    return list(units.distinct().order_by("position", "pk"))


def _office() -> list[User]:
    held = User.objects.filter(is_active=True, assignments__role=Role.PROGRAMME_OFFICE).distinct().order_by("pk")
    return [user for user in held if has_role(user, Role.PROGRAMME_OFFICE, on=_today())]


def _officers_of(units: list[Unit]) -> list[User]:
    return [user for users in officers_by_unit(units, _today()).values() for user in users]


def _reads(user: Any, _owner: Any) -> bool:
    return is_reader(user, on=_today())


def _takes_part(user: Any, task: Task) -> bool:
    if can_manage_table(user, on=_today()):
        return True
    mine = reporting_unit_ids(user, on=_today())
    in_force = RowUnit.objects.filter(row__task=task, row__version__state=TableVersion.State.CURRENT)
    return bool(mine) and in_force.filter(unit__in=mine).exists()


def _owes_or_manages(user: Any, milestone: Milestone) -> bool:
    return can_report_for(user, milestone.unit_id, on=_today())


def _task_name(task: Task) -> str:
    row = task.rows.filter(version__state=TableVersion.State.CURRENT).first()
    return str(row or task)


def _milestone_page(milestone: Milestone) -> str:
    return reverse("programme:milestone", args=(milestone.pk,))


def _may_rate(user: Any, note: ProgressNote) -> bool:
    """Whoever is signed in and does not work for the programme, once the note is released to them."""
    if not isinstance(user, User) or is_reader(user, on=_today()):
        return False
    return notes_visible_to(user, on=_today()).filter(pk=note.pk).exists()


TASK_THREAD = ThreadRules(
    can_read=_reads,
    can_write=_takes_part,
    people=lambda task: [*_office(), *_officers_of(_units_of(task))],
    address=lambda task: reverse("programme:task", args=(task.code,)),
    label=_task_name,
)
MILESTONE_THREAD = ThreadRules(
    can_read=_reads,
    can_write=_owes_or_manages,
    people=lambda milestone: [*_office(), *_officers_of([milestone.unit])],
    address=_milestone_page,
)
NOTE_RATING = RatingRules(
    can_rate=_may_rate,
    unit_of=lambda note: note.unit,
    label=str,
    address=lambda note: reverse("programme:public_task", args=(note.task.code,)) + f"#note-{note.pk}",
    staff_address=lambda note: reverse("programme:task", args=(note.task.code,)) + f"#note-{note.pk}",
)
MILESTONE_CHECKLIST = ChecklistRules(can_read=_reads, can_tick=_owes_or_manages, address=_milestone_page)
SITE_CHECK = ChecklistTemplate(
    key="programme.site_check",
    label=_("现场核验清单"),
    model=Milestone,
    items=(
        ("place", _("地点与填报一致，门牌、标识清楚")),
        ("open", _("已经投入使用，能够对外服务")),
        ("people", _("有专人负责，联系方式已公示")),
        ("papers", _("台账、签到、协议等材料齐全")),
        ("public", _("服务内容、流程已在现场公示")),
        ("safety", _("消防通道畅通，安全措施到位")),
    ),
)
