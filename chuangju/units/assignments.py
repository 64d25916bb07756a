"""任职 - who grants and ends roles, and which roles exclude each other.

三员分立: the system administrator creates accounts and grants nothing; the security administrator grants roles, but
none to themselves; the auditor reads the log; nobody ever holds two of the three for the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import ADMINISTRATOR_ROLES, UNIT_ROLES, forget_roles, has_role
from chuangju.units.accounts import ADMINISTRATION_LOCK, remains_held
from chuangju.units.models import Role, RoleAssignment, Unit


class AssignmentRefused(Refused):
    """A role that cannot be granted or ended like this."""


@transaction.atomic
def grant_role(
    user: User,
    *,
    role: str,
    unit: Unit | None = None,
    starts_on: date,
    ends_on: date | None = None,
    by: User | None,
    at: datetime,
) -> RoleAssignment:
    """Let the user hold a role from a day, for a unit where the role is one of a unit; open-ended without a last day."""
    _check_security_administrator(by, user, at)
    # Two grants to one account wait for each other here, so that the rules below see what the other one wrote.
    take_locks(ADMINISTRATION_LOCK)
    user = _fresh(user)
    _check_role_and_unit(role, unit, starts_on)
    if ends_on is not None and ends_on < starts_on:
        raise AssignmentRefused(_("结束日期不能早于开始日期"))
    if not user.is_active:
        raise AssignmentRefused(_("账号已停用，请先由系统管理员启用"))
    held = RoleAssignment.objects.filter(user=user).filter(_overlaps(starts_on, ends_on))
    if held.filter(role=role, unit=unit).exists():
        raise AssignmentRefused(_("该账号在这段时间已有此角色"))
    if role in ADMINISTRATOR_ROLES:
        other = held.filter(role__in=ADMINISTRATOR_ROLES - {role}).first()
        if other is not None:
            raise AssignmentRefused(
                _("三员分立：该账号在这段时间已是%(role)s，不能兼任") % {"role": other.get_role_display()}
            )
    assignment = RoleAssignment.objects.create(
        user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, granted_by=by
    )
    record_event("units.role_granted", assignment, by=by, at=at, after=snapshot(assignment), about=user)
    return assignment


@transaction.atomic
def end_role(
    assignment: RoleAssignment, *, last_day: date | None = None, by: User | None, at: datetime, reason: str = ""
) -> None:
    """The role is held up to a last day (yesterday where none is given: it ends at once)."""
    _check_security_administrator(by, assignment.user, at)
    take_locks(ADMINISTRATION_LOCK)
    user = _fresh(assignment.user)
    assignment = RoleAssignment.objects.get(pk=assignment.pk)
    today = timezone.localdate(at)
    last_day = today - timedelta(days=1) if last_day is None else last_day
    if assignment.ends_on is not None and assignment.ends_on <= last_day:
        raise AssignmentRefused(_("该任职的结束日期是 %(day)s，只能提前") % {"day": assignment.ends_on.isoformat()})
    if last_day < today - timedelta(days=1):
        raise AssignmentRefused(_("不能把任职的结束日期改到过去"))
    needed = {Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR}
    next_day = last_day + timedelta(days=1)
    if assignment.role in needed and not remains_held(assignment.role, on=next_day, without=Q(pk=assignment.pk)):
        raise AssignmentRefused(_("这是最后一名%(role)s，请先任命继任者") % {"role": assignment.get_role_display()})
    before = snapshot(assignment)
    if last_day < assignment.starts_on:
        # It never counted for a day that was not also taken back: nothing of it remains but the log.
        record_event("units.role_ended", assignment, by=by, at=at, before=before, about=user, reason=reason)
        assignment.delete()
        return
    assignment.ends_on = last_day
    assignment.save(update_fields=["ends_on"])
    record_event(
        "units.role_ended",
        assignment,
        by=by,
        at=at,
        before=before,
        after=snapshot(assignment),
        about=user,
        reason=reason,
    )


@dataclass(frozen=True)
class ShownRole:
    """A role with what it means on a day: counts now, will count, or counts no more."""

    assignment: RoleAssignment
    state: str

    @property
    def label(self) -> str:
        """The state in words."""
        return {"present": _("有效"), "future": _("尚未开始"), "past": _("已结束")}[self.state]


def roles_to_show(user: User, *, on: date) -> list[ShownRole]:
    """Every role the account has, had or will have, present ones first."""
    rank = {"present": 0, "future": 1, "past": 2}
    held = RoleAssignment.objects.filter(user=user).select_related("unit", "granted_by").order_by("-starts_on", "pk")
    shown = [ShownRole(one, _state_of(one, on)) for one in held]
    return sorted(shown, key=lambda role: rank[role.state])


def _state_of(assignment: RoleAssignment, on: date) -> str:
    if assignment.starts_on > on:
        return "future"
    is_gone = assignment.unit is not None and not assignment.unit.exists_on(on)
    return "past" if is_gone or not assignment.holds_on(on) else "present"


def _check_security_administrator(by: User | None, user: User, at: datetime) -> None:
    if by is None:
        return
    if not has_role(by, Role.SECURITY_ADMINISTRATOR, on=timezone.localdate(at)):
        raise AssignmentRefused(_("只有安全保密管理员可以授予或收回角色"))
    if by.pk == user.pk:
        raise AssignmentRefused(_("不能为自己授予或收回角色"))


def _check_role_and_unit(role: str, unit: Unit | None, starts_on: date) -> None:
    if role not in Role.values:
        raise AssignmentRefused(_("没有这个角色"))
    label = {"role": Role(role).label}
    if role in UNIT_ROLES and unit is None:
        raise AssignmentRefused(_("%(role)s须指定所属单位") % label)
    if unit is not None and role not in UNIT_ROLES and role != Role.LEADER:
        raise AssignmentRefused(_("%(role)s不属于某一单位，请不要选择单位") % label)
    if unit is not None and not unit.exists_on(starts_on):
        raise AssignmentRefused(_("所选单位在开始日期不存在，请选择承接单位"))


def _overlaps(starts_on: date, ends_on: date | None) -> Q:
    """Roles held on at least one day of the span."""
    after = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    return after if ends_on is None else after & Q(starts_on__lte=ends_on)


def _fresh(user: User) -> User:
    """The account as stored now; the caller's object forgets the roles it knew."""
    forget_roles(user)
    return User.objects.get(pk=user.pk)
