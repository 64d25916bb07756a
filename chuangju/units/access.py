"""Who holds which role on which day, and which units, accounts and audit events somebody may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import AuditEvent, User
from chuangju.units.models import Role, RoleAssignment, Unit, UnitGroup, UnitName

Visitor: TypeAlias = User | AnonymousUser | None

STAFF_ROLES: frozenset[str] = frozenset(
    {
        Role.LEADER,
        Role.PROGRAMME_OFFICE,
        Role.LIAISON_OFFICER,
        Role.POLICY_OFFICER,
        Role.CLERK,
        Role.APPROVER,
        Role.FINANCE,
        Role.AUDITOR,
        Role.SYSTEM_ADMINISTRATOR,
        Role.SECURITY_ADMINISTRATOR,
    }
)
EXTERNAL_ROLES: frozenset[str] = frozenset(set(Role.values) - STAFF_ROLES)
# 三员分立: nobody holds two of the three at once.
ADMINISTRATOR_ROLES: frozenset[str] = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})
# A role that is always held for a unit; a leader may hold theirs for one; the others are held for no unit.
UNIT_ROLES: frozenset[str] = frozenset(
    {Role.LIAISON_OFFICER, Role.POLICY_OFFICER, Role.CLERK, Role.APPROVER, Role.FINANCE}
)

_CACHE = "_role_assignments"


def assignments_of(user: Visitor, on: date) -> list[RoleAssignment]:
    """The roles held on this day, each with its unit; read once for each user object.

    A role before its first day, after its last day, or for a unit that is no more counts for nothing.
    """
    if not isinstance(user, User) or not user.is_active or user.pk is None:
        return []
    held: list[RoleAssignment] | None = getattr(user, _CACHE, None)
    if held is None:
        held = list(RoleAssignment.objects.filter(user_id=user.pk).select_related("unit"))
        setattr(user, _CACHE, held)
    return [one for one in held if one.holds_on(on) and (one.unit is None or one.unit.exists_on(on))]


def forget_roles(user: User) -> None:
    """Read the roles of this user object afresh next time; called by whatever changes them."""
    setattr(user, _CACHE, None)


def roles_of(user: Visitor, on: date) -> frozenset[str]:
    """The roles that count on this day."""
    return frozenset(one.role for one in assignments_of(user, on))


def role_labels(user: User, at: datetime) -> str:
    """The roles of a moment as the audit log keeps them, in its one language."""
    with in_kept_language():
        held = roles_of(user, timezone.localdate(at))
        return "、".join(str(Role(role).label) for role in sorted(held, key=Role.values.index))


def has_role(user: Visitor, *roles: str, on: date | None = None) -> bool:
    """Whether the user holds one of these roles on the day (today where none is given)."""
    return not roles_of(user, on or timezone.localdate()).isdisjoint(roles)


def units_of(user: Visitor, role: str, on: date) -> list[Unit]:
    """The units for which the user holds this role on this day, in 建制序."""
    units = {one.unit_id: one.unit for one in assignments_of(user, on) if one.role == role and one.unit is not None}
    return sorted(units.values(), key=lambda unit: (unit.position, unit.code))


def is_staff_member(user: Visitor, on: date) -> bool:
    """Whether the user works for the programme, and may therefore enter the staff side."""
    return not roles_of(user, on).isdisjoint(STAFF_ROLES)


def units_visible_to(user: Visitor) -> QuerySet[Unit]:
    """Every unit: which departments and towns there are is public, so strangers see them too (the public table)."""
    del user
    return Unit.objects.all()


def existing_units_visible_to(user: Visitor, on: date) -> QuerySet[Unit]:
    """Of the units that one sees, those that exist on a day: what a form offers."""
    return units_visible_to(user).filter(pk__in=Unit.objects.existing_on(on).values("pk"))


def unit_names_visible_to(user: Visitor) -> QuerySet[UnitName]:
    """Every name and spelling, for the same reason as units."""
    return UnitName.objects.filter(unit__in=units_visible_to(user))


def groups_visible_to(user: Visitor) -> QuerySet[UnitGroup]:
    """Every group, for the same reason as units."""
    del user
    return UnitGroup.objects.all()


def can_maintain_units(user: Visitor, on: date) -> bool:
    """Whether the user keeps the register of units: system administrator or programme office."""
    return not roles_of(user, on).isdisjoint({Role.SYSTEM_ADMINISTRATOR, Role.PROGRAMME_OFFICE})


def accounts_visible_to(user: Visitor, on: date | None = None) -> QuerySet[User]:
    """Accounts: all for the system and the security administrator, one's own for everybody else."""
    if has_role(user, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, on=on):
        return User.objects.all()
    if isinstance(user, User):
        return User.objects.filter(pk=user.pk)
    return User.objects.none()


def assignments_visible_to(user: Visitor, on: date | None = None) -> QuerySet[RoleAssignment]:
    """Roles held: whoever sees the account sees its roles."""
    return RoleAssignment.objects.filter(user__in=accounts_visible_to(user, on))


def audit_events_visible_to(user: Visitor, on: date | None = None) -> QuerySet[AuditEvent]:
    """The audit log: the auditor alone reads it."""
    if has_role(user, Role.AUDITOR, on=on):
        return AuditEvent.objects.all()
    return AuditEvent.objects.none()
