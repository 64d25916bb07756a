"""单位组 - which units a word such as 各街镇（工业区） stands for on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import can_maintain_units
from chuangju.units.models import Unit, UnitGroup, UnitName
from chuangju.units.names import even_out
from chuangju.units.registry import NAMES_LOCK

LONGEST_ALIAS = 60


class GroupRefused(Refused):
    """A change to a group of units that cannot be made."""


def members_of(group: UnitGroup, *, direct: Iterable[Unit], on: date) -> list[Unit]:
    """The units that the group stands for, in 建制序.

    `direct` are the units of the version of the table at hand, named there themselves or through 各街镇: 各创建成员单位
    are exactly those. 相关创建成员单位 are nobody until the office picks them for a row.
    """
    if group.rule == UnitGroup.Rule.TOWNS:
        return list(Unit.objects.existing_on(on).towns().order_by("position", "code"))
    if group.rule == UnitGroup.Rule.ALL:
        distinct = {unit.pk: unit for unit in direct if unit.exists_on(on)}
        return sorted(distinct.values(), key=lambda unit: (unit.position, unit.code))
    return []


@dataclass(frozen=True)
class ShownGroup:
    """A group with the units that it stands for on a day, before any one table is looked at."""

    group: UnitGroup
    members: list[Unit]


def groups_to_show(groups: Iterable[UnitGroup], *, on: date) -> list[ShownGroup]:
    """Each group with its members, taking all units of the register for the table's: two queries at most."""
    present = list(Unit.objects.existing_on(on).order_by("position", "code"))
    return [ShownGroup(group, members_among(group, present)) for group in groups]


def groups_of(unit: Unit, groups: Iterable[UnitGroup], *, on: date) -> list[UnitGroup]:
    """The groups that the unit belongs to by rule on a day."""
    present = [unit] if unit.exists_on(on) else []
    return [group for group in groups if members_among(group, present)]


def members_among(group: UnitGroup, present: Iterable[Unit]) -> list[Unit]:
    """Which of the units at hand the group stands for."""
    if group.rule == UnitGroup.Rule.TOWNS:
        return [unit for unit in present if unit.kind in Unit.PLACES]
    return list(present) if group.rule == UnitGroup.Rule.ALL else []


@transaction.atomic
def add_group_alias(group: UnitGroup, *, name: str, by: User | None, at: datetime) -> None:
    """Let a further spelling stand for the group in other people's tables."""
    if by is not None and not can_maintain_units(by, timezone.localdate(at)):
        raise GroupRefused(_("只有系统管理员或创建办可以维护单位组"))
    take_locks(NAMES_LOCK)
    group = UnitGroup.objects.select_for_update().get(pk=group.pk)
    name = name.strip()
    wanted = even_out(name)
    if not wanted:
        raise GroupRefused(_("请填写别名"))
    if len(name) > LONGEST_ALIAS:
        raise GroupRefused(_("别名不能超过 %(count)d 个字") % {"count": LONGEST_ALIAS})
    for other in UnitGroup.objects.all():
        if wanted in {even_out(text) for text in (other.name, *other.aliases)}:
            raise GroupRefused(_("“%(name)s”已经代表“%(group)s”") % {"name": name, "group": other.name})
    if any(even_out(known) == wanted for known in UnitName.objects.values_list("name", flat=True)):
        raise GroupRefused(_("“%(name)s”是一个单位的名称，不能代表单位组") % {"name": name})
    before = snapshot(group)
    group.aliases = [*group.aliases, name]
    group.save(update_fields=["aliases"])
    record_event("units.group_alias_added", group, by=by, at=at, before=before, after=snapshot(group))
