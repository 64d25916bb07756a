"""承担单位 - which units a row or a measure falls to: names as printed, groups resolved, measures set apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import can_manage_table
from chuangju.programme.models import MeasureRow, MeasureUnit, PrintedUnit, RowUnit, TableVersion, UnitPart
from chuangju.units.groups import members_of
from chuangju.units.models import Unit, UnitGroup

# Held by whatever changes the version in force, or puts another in its place.
TABLE_LOCK = "programme.table"


class UnitsRefused(Refused):
    """The units cannot be set like this; the sentence says why."""


def resolved_parts(
    printed: Iterable[PrintedUnit], chosen: dict[int, list[Unit]], members: dict[int, list[Unit]]
) -> dict[int, tuple[Unit, str]]:
    """Unit id -> (unit, part) for one row; a unit printed as lead stays lead even inside a cooperating group."""
    found: dict[int, tuple[Unit, str]] = {}
    for name in sorted(printed, key=lambda name: (name.part != UnitPart.LEAD, name.group_id is not None)):
        grouped = chosen.get(name.pk) or members.get(name.group_id or 0, [])
        units = [name.unit] if name.unit is not None else grouped
        for unit in units:
            found.setdefault(unit.pk, (unit, name.part))
    return found


def group_members(version: TableVersion, *, on: date) -> dict[int, list[Unit]]:
    """Group id -> its members in this version; 各创建成员单位 is every unit the version names, towns included."""
    printed = PrintedUnit.objects.filter(row__version=version)
    direct = list(Unit.objects.filter(pk__in=printed.filter(unit__isnull=False).values("unit")).order_by("position"))
    groups = list(UnitGroup.objects.filter(pk__in=printed.filter(group__isnull=False).values("group")).order_by("pk"))
    for group in groups:
        if group.rule == UnitGroup.Rule.TOWNS:
            direct += [unit for unit in members_of(group, direct=(), on=on) if unit not in direct]
    return {group.pk: members_of(group, direct=direct, on=on) for group in groups}


def chosen_units(version: TableVersion) -> dict[int, list[Unit]]:
    """Printed group word (by id) -> the units the office picked for it, in 建制序."""
    found: dict[int, list[Unit]] = {}
    picked = PrintedUnit.chosen.through.objects.filter(printedunit__row__version=version).select_related("unit")
    for item in picked.order_by("unit__position"):
        found.setdefault(item.printedunit_id, []).append(item.unit)
    return found


def resolve_row_units(version: TableVersion, *, on: date, row_id: int | None = None) -> None:
    """Work out the participating units anew from what is printed and chosen; for all rows or for one."""
    printed = PrintedUnit.objects.filter(row__version=version).select_related("unit")
    kept = RowUnit.objects.filter(row__version=version)
    if row_id is not None:
        printed, kept = printed.filter(row=row_id), kept.filter(row=row_id)
    members, chosen = group_members(version, on=on), chosen_units(version)
    by_row: dict[int, list[PrintedUnit]] = {}
    for name in printed.order_by("row", "position"):
        by_row.setdefault(name.row_id, []).append(name)
    kept.delete()
    RowUnit.objects.bulk_create(
        [
            RowUnit(row_id=row, unit=unit, part=part)
            for row, names in by_row.items()
            for unit, part in resolved_parts(names, chosen, members).values()
        ],
        batch_size=500,
    )


def _require_office(by: User, at: datetime) -> None:
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise UnitsRefused(_("只有创建办可以指定承担单位"))


def _hold_current(version: TableVersion) -> None:
    """Keep an import from superseding the version meanwhile; refused where one already has."""
    take_locks(TABLE_LOCK)
    if not TableVersion.objects.filter(pk=version.pk, state=TableVersion.State.CURRENT).exists():
        raise UnitsRefused(_("已被替代的版本不能再修改"))


def _in_order(units: Iterable[Unit]) -> list[Unit]:
    """Each unit once, in 建制序."""
    return sorted(set(units), key=lambda unit: (unit.position, unit.code))


def _logged_word(part: UnitPart) -> str:
    """What the part is called in the audit log, which keeps one language."""
    with in_kept_language():
        return str(part.label)


def _names(units: Iterable[Unit]) -> str:
    return "、".join(unit.name for unit in units)


@transaction.atomic
def choose_group_members(name: PrintedUnit, *, units: Iterable[Unit], by: User, at: datetime) -> None:
    """The office says who 相关创建成员单位 of a row are; raises UnitsRefused."""
    _require_office(by, at)
    if name.group is None or name.group.rule != UnitGroup.Rule.CHOSEN:
        raise UnitsRefused(_("只有“由创建办指定”的单位组需要选择成员"))
    _hold_current(name.row.version)
    picked = _in_order(units)
    before = list(name.chosen.order_by("position", "code"))
    if picked == before:
        raise UnitsRefused(_("没有任何改动"))
    name.chosen.set(picked)
    resolve_row_units(name.row.version, on=timezone.localdate(at), row_id=name.row_id)
    record_event(
        "programme.group_chosen",
        name.row,
        by=by,
        at=at,
        before={name.printed: _names(before)},
        after={name.printed: _names(picked)},
        about=name.row.task,
    )


@transaction.atomic
def set_measure_units(
    measure_row: MeasureRow, *, leads: Iterable[Unit], cooperating: Iterable[Unit], by: User, at: datetime
) -> None:
    """The office gives a measure its own lead and cooperating units; no leads: it follows its row again.

    Raises UnitsRefused.
    """
    _require_office(by, at)
    _hold_current(measure_row.row.version)
    lead_units, other_units = _in_order(leads), _in_order(cooperating)
    if other_units and not lead_units:
        raise UnitsRefused(_("请先选择这条举措的牵头单位；两项都不选则随所在任务"))
    if both := [unit for unit in lead_units if unit in other_units]:
        raise UnitsRefused(_("同一单位不能既牵头又配合：%(names)s") % {"names": _names(both)})
    before = {
        _logged_word(part): _names(
            m.unit
            for m in measure_row.measure_units.filter(part=part)
            .select_related("unit")
            .order_by("unit__position", "unit__code")
        )
        for part in UnitPart
    }
    after = {_logged_word(UnitPart.LEAD): _names(lead_units), _logged_word(UnitPart.COOPERATING): _names(other_units)}
    if after == before:
        raise UnitsRefused(_("没有任何改动"))
    measure_row.measure_units.all().delete()
    MeasureUnit.objects.bulk_create(
        [MeasureUnit(measure_row=measure_row, unit=unit, part=UnitPart.LEAD) for unit in lead_units]
        + [MeasureUnit(measure_row=measure_row, unit=unit, part=UnitPart.COOPERATING) for unit in other_units]
    )
    record_event(
        "programme.measure_units_set",
        measure_row,
        by=by,
        at=at,
        before=before,
        after=after,
        about=measure_row.row.task,
    )
