"""工作交接 - how the roles and appointments of somebody who changes post pass to a successor, on one day and in one step.

What a unit owes belongs to the unit: milestones and cases do not move, only who answers for them does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import STAFF_ROLES, has_role
from chuangju.units.accounts import ADMINISTRATION_LOCK
from chuangju.units.appointments import Appointee, succeed
from chuangju.units.assignments import end_role, grant_role
from chuangju.units.models import Appointment, Role, RoleAssignment

M = TypeVar("M", RoleAssignment, Appointment)


class HandOverRefused(Refused):
    """Roles that cannot pass to this successor like this."""


@dataclass(frozen=True)
class HandOver:
    """What passed: the successor's new roles and appointments."""

    assignments: list[RoleAssignment]
    appointments: list[Appointment]


@transaction.atomic
def hand_over_roles(  # noqa: PLR0913 - a hand-over is all of this, each by name
    from_user: User,
    to_user: User,
    *,
    assignments: Collection[RoleAssignment],
    appointments: Collection[Appointment],
    last_day: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> HandOver:
    """The predecessor holds roles and appointments up to a day, the successor from the next.

    Raises HandOverRefused; AssignmentRefused or AppointmentRefused for what cannot pass, and then nothing does.
    """
    today = timezone.localdate(at)
    _check(from_user, to_user, by, today)
    if not assignments and not appointments:
        raise HandOverRefused(_("请至少选择一项要交接的角色或任命"))
    if last_day < today:
        raise HandOverRefused(_("最后一天不能早于今天"))
    if not reason.strip():
        raise HandOverRefused(_("请写明交接原因，例如：岗位调整"))
    take_locks(ADMINISTRATION_LOCK)
    next_day = last_day + timedelta(days=1)
    granted = []
    for one in _own(RoleAssignment.objects.select_related("unit"), assignments, from_user):
        if not _is_held_already(to_user, one, next_day):
            granted.append(grant_role(to_user, role=one.role, unit=one.unit, starts_on=next_day, by=by, at=at))
        end_role(one, last_day=last_day, by=by, at=at, reason=reason)
    made = []
    for appointment in _own(Appointment.objects.select_related("unit"), appointments, from_user):
        successor = Appointee(user=to_user, phone=appointment.phone, duty=appointment.duty)
        made.append(succeed(appointment, appointee=successor, starts_on=next_day, reason=reason, by=by, at=at))
    record_event(
        "units.roles_handed_over",
        from_user,
        by=by,
        at=at,
        after={"接任人": str(to_user), "最后一天": last_day, "角色": [str(one) for one in granted]},
        about=to_user,
        reason=reason.strip(),
    )
    return HandOver(granted, made)


def roles_to_hand_over(user: User, *, on: date) -> list[RoleAssignment]:
    """The roles without an end that somebody holds on a day."""
    held = RoleAssignment.objects.held_on(on).filter(user=user, ends_on__isnull=True)
    return list(held.select_related("unit").order_by("starts_on", "pk"))


def appointments_to_hand_over(user: User, *, on: date) -> list[Appointment]:
    """The appointments that somebody holds on a day."""
    held = Appointment.objects.in_force_on(on).filter(user=user)
    return list(held.select_related("unit").order_by("unit__position", "kind"))


def possible_successors(people: QuerySet[User], from_user: User, *, on: date) -> QuerySet[User]:
    """Of these accounts, whoever works for the programme or holds no role yet; nobody from outside."""
    staff = RoleAssignment.objects.held_on(on).filter(role__in=STAFF_ROLES).values("user")
    fitting = Q(pk__in=staff) | Q(assignments__isnull=True)
    return people.filter(fitting, is_active=True).exclude(pk=from_user.pk).distinct()


def _check(from_user: User, to_user: User, by: User | None, today: date) -> None:
    if by is not None and not has_role(by, Role.SECURITY_ADMINISTRATOR, on=today):
        raise HandOverRefused(_("只有安全保密管理员可以办理工作交接"))
    if by is not None and by.pk in {from_user.pk, to_user.pk}:
        raise HandOverRefused(_("不能为自己办理工作交接"))
    if from_user.pk == to_user.pk:
        raise HandOverRefused(_("接任人不能是本人"))
    if not to_user.is_active:
        raise HandOverRefused(_("接任人的账号已停用，请先由系统管理员启用"))


def _own(rows: QuerySet[M], wanted: Collection[M], user: User) -> list[M]:
    """The wanted records as they stand now; refuses whatever belongs to somebody else."""
    found = list(rows.filter(pk__in=[one.pk for one in wanted], user=user).order_by("pk"))
    if len(found) != len({one.pk for one in wanted}):
        raise HandOverRefused(_("选中的角色或任命有变动，请刷新后再试"))
    return found


def _is_held_already(user: User, assignment: RoleAssignment, day: date) -> bool:
    """A successor who has the role without an end keeps it as it is."""
    return RoleAssignment.objects.filter(
        user=user, role=assignment.role, unit=assignment.unit, starts_on__lte=day, ends_on__isnull=True
    ).exists()
