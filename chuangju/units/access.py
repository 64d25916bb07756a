"""Who holds which role on which day, and which units, accounts and audit events somebody may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import AuditEvent, User
from chuangju.units.models import (
    AccessReview,
    Appointment,
    Delegation,
    Invitation,
    MemberList,
    Role,
    RoleAssignment,
    RoleProposal,
    Unit,
    UnitGroup,
    UnitName,
)
from chuangju.units.models.roles import StandIn

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
    """The roles held on this day, own ones and those in which the user stands in, each with its unit; read once.

    A role before its first day, after its last day, or for a unit that is no more counts for nothing; a role lent by a
    colleague on leave counts while the leave and the colleague's own role last. 三员分立: administrators' roles are never
    lent, and whoever is an administrator acts in no other person's role.
    """
    own = own_assignments_of(user, on)
    if any(one.role in ADMINISTRATOR_ROLES for one in own):
        return own
    return own + [one for one in _known_roles(user) if one.stand_in and one.stand_in.holds_on(on) and _counts(one, on)]


def own_assignments_of(user: Visitor, on: date) -> list[RoleAssignment]:
    """The roles that were granted to the user and count on this day, without those of others."""
    return [one for one in _known_roles(user) if one.stand_in is None and _counts(one, on)]


def _counts(one: RoleAssignment, on: date) -> bool:
    return one.holds_on(on) and (one.unit is None or one.unit.exists_on(on))


def _known_roles(user: Visitor) -> list[RoleAssignment]:
    """Every role, of any day, that the user holds or was lent: one query for each user object."""
    if not isinstance(user, User) or not user.is_active or user.pk is None:
        return []
    known: list[RoleAssignment] | None = getattr(user, _CACHE, None)
    if known is None:
        known = _read_roles(user)
        setattr(user, _CACHE, known)
    return known


def _read_roles(user: User) -> list[RoleAssignment]:
    lent = Q(delegations__to_user=user, user__is_active=True) & ~Q(role__in=ADMINISTRATOR_ROLES)
    rows = (
        RoleAssignment.objects.filter(Q(user=user) | lent)
        .annotate(
            lent_by=F("user__name"),
            lent_from=F("delegations__starts_on"),
            lent_to=F("delegations__ends_on"),
            lent_ended=F("delegations__ended_on"),
        )
        .select_related("unit")
    )
    found: list[RoleAssignment] = []
    own = set[int]()
    row: Any
    for row in rows:
        if row.user_id != user.pk:
            row.stand_in = StandIn(row.lent_by, row.lent_from, row.lent_to, row.lent_ended)
        elif row.pk in own:
            # One's own role comes once for each time that it was lent to somebody.
            continue
        else:
            own.add(row.pk)
        found.append(row)
    return found


def forget_roles(user: User) -> None:
    """Read the roles of this user object afresh next time; called by whatever changes them."""
    setattr(user, _CACHE, None)


def roles_of(user: Visitor, on: date) -> frozenset[str]:
    """The roles that count on this day."""
    return frozenset(one.role for one in assignments_of(user, on))


def standing_of(user: Visitor, on: date) -> frozenset[tuple[str, int | None]]:
    """The roles that count on this day, each with the unit it is held for."""
    return frozenset((one.role, one.unit_id) for one in assignments_of(user, on))


def role_labels(user: User, at: datetime) -> str:
    """The roles of a moment as the audit log keeps them, in its one language; a lent role says whose it is."""
    with in_kept_language():
        held = assignments_of(user, timezone.localdate(at))
        held.sort(key=lambda one: (one.stand_in is not None, Role.values.index(one.role)))
        names = [
            f"{one.get_role_display()}（代{one.stand_in.name}）" if one.stand_in else one.get_role_display()
            for one in held
        ]
        return "、".join(dict.fromkeys(str(name) for name in names))


def stood_in_for(user: Visitor, on: date) -> list[str]:
    """The names of the colleagues for whom the user acts on this day."""
    return list(dict.fromkeys(one.stand_in.name for one in assignments_of(user, on) if one.stand_in))


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


def is_administrator(user: User, on: date) -> bool:
    """Whether somebody holds, or will hold, one of the three administrators' roles (三员) in their own right."""
    return any(
        one.role in ADMINISTRATOR_ROLES and one.stand_in is None and (one.ends_on is None or one.ends_on >= on)
        for one in _read_roles(user)
    )


def drafting_units(user: Visitor, on: date | None = None) -> list[Unit] | None:
    """The units in whose name somebody may draft a paper today (or on that day); None: in any of them."""
    day = on or timezone.localdate()
    if has_role(user, Role.PROGRAMME_OFFICE, on=day):
        return None
    return units_of(user, Role.LIAISON_OFFICER, day)


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


def can_appoint(user: Visitor, on: date | None = None) -> bool:
    """Whether the user appoints liaison officers and drafts the list of members: the programme office."""
    return has_role(user, Role.PROGRAMME_OFFICE, on=on)


def appointments_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Appointment]:
    """Who answers for which unit: everybody on the staff side, who all have to find each other."""
    is_reader = is_staff_member(user, on or timezone.localdate())
    return Appointment.objects.all() if is_reader else Appointment.objects.none()


def colleagues_visible_to(user: Visitor, on: date) -> QuerySet[User]:
    """Whom a form of the staff side offers: everybody who works for the programme, and newcomers without a role yet."""
    if not is_staff_member(user, on):
        return User.objects.none()
    held = RoleAssignment.objects.held_on(on).filter(role__in=STAFF_ROLES - ADMINISTRATOR_ROLES)
    return User.objects.filter(Q(pk__in=held.values("user")) | Q(assignments__isnull=True), is_active=True)


def member_lists_visible_to(user: Visitor, on: date | None = None) -> QuerySet[MemberList]:
    """The lists that notices were drafted from, for the same reason."""
    is_reader = is_staff_member(user, on or timezone.localdate())
    return MemberList.objects.all() if is_reader else MemberList.objects.none()


def delegations_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Delegation]:
    """Who stands in for whom: all for office, security administrator and auditor, else where one is concerned."""
    if has_role(user, Role.PROGRAMME_OFFICE, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR, on=on):
        return Delegation.objects.all()
    if isinstance(user, User):
        return Delegation.objects.filter(Q(from_user=user) | Q(to_user=user))
    return Delegation.objects.none()


def invitations_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Invitation]:
    """Invitations: the system administrator, who sends them."""
    is_sender = has_role(user, Role.SYSTEM_ADMINISTRATOR, on=on)
    return Invitation.objects.all() if is_sender else Invitation.objects.none()


def proposals_visible_to(user: Visitor, on: date | None = None) -> QuerySet[RoleProposal]:
    """Roles proposed with invitations: the security administrator, who decides on them."""
    is_decider = has_role(user, Role.SECURITY_ADMINISTRATOR, on=on)
    return RoleProposal.objects.all() if is_decider else RoleProposal.objects.none()


def can_review_access(user: Visitor, on: date) -> bool:
    """Whether the user looks through all accounts and their roles: security administrator and auditor."""
    return has_role(user, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR, on=on)


def reviewed_accounts_visible_to(user: Visitor, on: date) -> QuerySet[User]:
    """All accounts, for whoever reviews them."""
    return User.objects.all() if can_review_access(user, on) else User.objects.none()


def access_reviews_visible_to(user: Visitor, on: date) -> QuerySet[AccessReview]:
    """The reviews made so far, for the same people."""
    return AccessReview.objects.all() if can_review_access(user, on) else AccessReview.objects.none()
