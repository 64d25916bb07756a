"""代岗 - how somebody on leave lets a colleague (B岗) act in their roles, and how that ends.

It needs nobody's consent and ends by itself. What may be lent is one's own, never what one was lent; administrators'
roles (三员) are never lent and never taken by an administrator. `access.assignments_of` makes the roles count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.units.access import ADMINISTRATOR_ROLES, STAFF_ROLES, forget_roles, has_role
from chuangju.units.models import Delegation, Role, RoleAssignment

DELEGATIONS_LOCK = "units.delegations"
LENDABLE_ROLES: frozenset[str] = STAFF_ROLES - ADMINISTRATOR_ROLES
# Whoever is away for longer has changed post: see hand_overs.py.
LONGEST_DAYS = 180


class DelegationRefused(Refused):
    """A stand-in who cannot be named, or a delegation that cannot be ended, like this."""


@transaction.atomic
def delegate_roles(  # noqa: PLR0913 - a delegation is all of this, each by name
    from_user: User,
    *,
    to_user: User,
    assignments: Collection[RoleAssignment],
    starts_on: date,
    ends_on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> Delegation:
    """Let a colleague act in some of one's own roles from a day to a day; raises DelegationRefused.

    Colleagues are staff of the same unit, or holders of the same role where it is one of no unit. For liaison
    officers the programme office may name any member of staff, also when the officer cannot do it themselves.
    """
    take_locks(DELEGATIONS_LOCK)
    today = timezone.localdate(at)
    _check_days(starts_on, ends_on, today)
    if not reason.strip():
        raise DelegationRefused(_("请写明请假原因，例如：年休假"))
    lent = list(
        RoleAssignment.objects.filter(pk__in=[one.pk for one in assignments]).select_related("unit").order_by("pk")
    )
    _check_lendable(from_user, lent, starts_on)
    _check_who_names(from_user, to_user, lent, by, today)
    _check_stand_in(from_user, to_user, lent, is_named_by_office=by is None or by.pk != from_user.pk, on=starts_on)
    _check_no_chain(from_user, to_user, starts_on, ends_on)
    others = Delegation.objects.touching(starts_on, ends_on).filter(assignments__in=lent)
    if others.exists():
        raise DelegationRefused(_("这段时间已经指定了代岗人，请先结束那一次代岗"))
    made = Delegation.objects.create(
        from_user=from_user,
        to_user=to_user,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=" ".join(reason.split()),
        created_by=by,
        created_at=at,
    )
    made.assignments.set(lent)
    forget_roles(to_user)
    after = {**snapshot(made), "代岗的角色": [_said(one) for one in lent]}
    record_event("units.delegation_made", made, by=by, at=at, after=after, about=from_user, reason=made.reason)
    _tell_both(made, "units.delegation_made", by=by, at=at)
    return made


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: User | None, at: datetime, reason: str = "") -> Delegation:
    """The stand-in acts no more from now on; raises DelegationRefused where it is over already."""
    take_locks(DELEGATIONS_LOCK)
    fresh = Delegation.objects.select_related("from_user", "to_user").get(pk=delegation.pk)
    today = timezone.localdate(at)
    if not can_end(fresh, by, today):
        raise DelegationRefused(_("只有请假人、代岗人、创建办或安全保密管理员可以结束代岗"))
    if fresh.ended_on is not None or fresh.ends_on < today:
        raise DelegationRefused(_("这次代岗已经结束"))
    before = snapshot(fresh)
    fresh.ended_on, fresh.ended_by = max(today, fresh.starts_on), by
    fresh.save(update_fields=["ended_on", "ended_by"])
    forget_roles(fresh.to_user)
    record_event(
        "units.delegation_ended",
        fresh,
        by=by,
        at=at,
        before=before,
        after=snapshot(fresh),
        about=fresh.from_user,
        reason=reason.strip(),
    )
    _tell_both(fresh, "units.delegation_ended", by=by, at=at)
    return fresh


def can_end(delegation: Delegation, by: User | None, on: date) -> bool:
    """Whether somebody may end it early: either of the two, the office, the security administrator."""
    if by is None or by.pk in {delegation.from_user_id, delegation.to_user_id}:
        return True
    return has_role(by, Role.PROGRAMME_OFFICE, Role.SECURITY_ADMINISTRATOR, on=on)


def lendable_roles(user: User, on: date) -> list[RoleAssignment]:
    """The roles of one's own that a colleague may act in; never those of administrators, nor what one was lent."""
    held = RoleAssignment.objects.held_on(on).filter(user=user, role__in=LENDABLE_ROLES)
    return list(held.select_related("unit").order_by("starts_on", "pk"))


def stand_ins_of(user: User, *, on: date) -> list[Delegation]:
    """For whom somebody acts today, with the roles lent; two queries for any number of them."""
    held = Delegation.objects.in_force_on(on).filter(to_user=user).select_related("from_user")
    return list(held.prefetch_related(Prefetch("assignments", RoleAssignment.objects.select_related("unit"))))


def possible_stand_ins(
    people: QuerySet[User], from_user: User, roles: Sequence[RoleAssignment], *, by: User, on: date
) -> QuerySet[User]:
    """Of these colleagues, those whom somebody may name: no administrator, and from the unit unless the office names."""
    held = RoleAssignment.objects.held_on(on)
    administrators = held.filter(role__in=ADMINISTRATOR_ROLES).values("user")
    found = people.exclude(pk__in=[from_user.pk, by.pk]).exclude(pk__in=administrators)
    if by.pk != from_user.pk:
        return found.filter(pk__in=held.filter(role__in=LENDABLE_ROLES).values("user"))
    units = [one.unit_id for one in roles if one.unit_id is not None]
    kinds = [one.role for one in roles if one.unit_id is None]
    near = Q(unit__in=units, role__in=LENDABLE_ROLES) | Q(unit__isnull=True, role__in=kinds)
    return found.filter(pk__in=held.filter(near).values("user"))


def tell_of_endings(on: date, *, at: datetime) -> int:
    """Tell both people on the last day of a delegation that it is over in the evening; how many delegations."""
    last_days = Delegation.objects.in_force_on(on).filter(ends_on=on).select_related("from_user", "to_user")
    told = list(last_days)
    for delegation in told:
        _tell_both(delegation, "units.delegation_last_day", by=None, at=at)
    return len(told)


def _check_days(starts_on: date, ends_on: date, today: date) -> None:
    if starts_on < today:
        raise DelegationRefused(_("开始日期不能早于今天"))
    if ends_on < starts_on:
        raise DelegationRefused(_("结束日期不能早于开始日期"))
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise DelegationRefused(
            _("代岗最长 %(days)d 天；时间更长的，请由安全保密管理员办理工作交接") % {"days": LONGEST_DAYS}
        )


def _check_lendable(from_user: User, lent: list[RoleAssignment], on: date) -> None:
    if not lent:
        raise DelegationRefused(_("请至少选择一个角色"))
    for one in lent:
        if one.user_id != from_user.pk:
            raise DelegationRefused(_("只能委托自己的角色，代岗得来的不能再转给别人"))
        if one.role in ADMINISTRATOR_ROLES:
            raise DelegationRefused(_("三员（系统管理员、安全保密管理员、安全审计员）不得代岗"))
        if one.role not in LENDABLE_ROLES:
            raise DelegationRefused(_("%(role)s不能代岗") % {"role": one.get_role_display()})
        if not one.holds_on(on) or (one.unit is not None and not one.unit.exists_on(on)):
            raise DelegationRefused(_("%(role)s在开始日期已不是有效的角色") % {"role": one.get_role_display()})


def _check_who_names(from_user: User, to_user: User, lent: list[RoleAssignment], by: User | None, today: date) -> None:
    """Oneself names the stand-in; the office may for liaison officers, and then never itself."""
    if by is None or by.pk == from_user.pk:
        return
    if not has_role(by, Role.PROGRAMME_OFFICE, on=today):
        raise DelegationRefused(_("只能由本人或创建办指定代岗人"))
    if any(one.role != Role.LIAISON_OFFICER for one in lent):
        raise DelegationRefused(_("创建办只能为联络员指定代岗人，其他角色由本人指定"))
    if by.pk == to_user.pk:
        raise DelegationRefused(_("不能指定自己代岗"))


def _check_stand_in(
    from_user: User, to_user: User, lent: Iterable[RoleAssignment], *, is_named_by_office: bool, on: date
) -> None:
    if from_user.pk == to_user.pk:
        raise DelegationRefused(_("代岗人不能是本人"))
    if not from_user.is_active or not User.objects.filter(pk=to_user.pk, is_active=True).exists():
        raise DelegationRefused(_("账号已停用，不能代岗"))
    held = list(RoleAssignment.objects.held_on(on).filter(user=to_user))
    if any(one.role in ADMINISTRATOR_ROLES for one in held):
        raise DelegationRefused(_("三员分立：%(name)s是管理员或审计员，不能代行其他角色") % {"name": to_user.name})
    if not any(one.role in STAFF_ROLES for one in held):
        raise DelegationRefused(_("代岗人须是工作人员"))
    if not is_named_by_office and not all(_is_colleague(one, held) for one in lent):
        raise DelegationRefused(_("代岗人须与您同一单位（或同一角色）；需要其他单位人员代岗的，请联系创建办指定"))


def _is_colleague(lent: RoleAssignment, held: Iterable[RoleAssignment]) -> bool:
    if lent.unit_id is None:
        return any(one.role == lent.role and one.unit_id is None for one in held)
    return any(one.unit_id == lent.unit_id and one.role in STAFF_ROLES for one in held)


def _check_no_chain(from_user: User, to_user: User, starts_on: date, ends_on: date) -> None:
    """Whoever stands in is there: not on leave themselves; and whoever goes on leave stands in for nobody."""
    touching = Delegation.objects.touching(starts_on, ends_on)
    away = touching.filter(from_user=to_user).select_related("to_user").first()
    if away is not None:
        raise DelegationRefused(
            _("%(name)s在这段时间也请假，由%(other)s代岗；代岗不能再转")
            % {"name": to_user.name, "other": away.to_user.name}
        )
    busy = touching.filter(to_user=from_user).select_related("from_user").first()
    if busy is not None:
        raise DelegationRefused(_("您在这段时间正代%(name)s履职，请先结束那一次代岗") % {"name": busy.from_user.name})


def _said(assignment: RoleAssignment) -> str:
    return f"{assignment.get_role_display()} {assignment.unit.name if assignment.unit else ''}".strip()


def _tell_both(delegation: Delegation, template: str, *, by: User | None, at: datetime) -> None:
    """Both people are told, but not whoever did it."""
    values = {
        "from_name": delegation.from_user.name,
        "to_name": delegation.to_user.name,
        "starts_on": delegation.starts_on,
        "ends_on": delegation.ends_on,
    }
    for user in (delegation.from_user, delegation.to_user):
        if by is None or user.pk != by.pk:
            notify(user, template, delegation, at=at, values=values, address="/staff/delegations/")
