"""单位名册 - how units come to be, change their names, take further spellings and are abolished."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import can_maintain_units
from chuangju.units.closings import unit_work_of
from chuangju.units.models import Unit, UnitGroup, UnitName
from chuangju.units.names import even_out

# Names and codes belong to one unit each: whoever gives one out holds this.
NAMES_LOCK = "units.names"


class UnitRefused(Refused):
    """A unit, or the way it changes, that the register does not take."""


@transaction.atomic
def add_unit(  # noqa: PLR0913 - a unit's own fields
    *,
    name: str,
    kind: str,
    code: str = "",
    name_en: str = "",
    established_on: date | None = None,
    position: int | None = None,
    by: User | None,
    at: datetime,
) -> Unit:
    """Enter a new unit under its name; without a code it gets one, without a position it stands last of its kind."""
    _check_maintainer(by, at)
    take_locks(NAMES_LOCK)
    name, code = name.strip(), code.strip() or _next_code()
    if not name:
        raise UnitRefused(_("请填写单位名称"))
    if kind not in Unit.Kind.values:
        raise UnitRefused(_("请选择单位类别"))
    if Unit.objects.filter(code__iexact=code).exists():
        raise UnitRefused(_("代码“%(code)s”已被其他单位使用") % {"code": code})
    _check_name_free(name)
    unit = Unit.objects.create(
        code=code,
        kind=kind,
        name=name,
        name_en=name_en.strip(),
        established_on=established_on,
        position=_last_position(kind) if position is None else position,
    )
    UnitName.objects.create(unit=unit, name=name, valid_from=established_on)
    record_event("units.unit_added", unit, by=by, at=at, after=snapshot(unit))
    return unit


@transaction.atomic
def rename_unit(
    unit: Unit, *, name: str, name_en: str = "", valid_from: date, by: User | None, at: datetime
) -> UnitName:
    """Give the unit a new official name from a day; the old name stays, with its last day, and still resolves."""
    _check_maintainer(by, at)
    take_locks(NAMES_LOCK)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    name = name.strip()
    if not name:
        raise UnitRefused(_("请填写新名称"))
    if unit.abolished_on is not None and unit.abolished_on <= valid_from:
        raise UnitRefused(_("该单位已撤销，不能再更名"))
    if valid_from > timezone.localdate(at):
        raise UnitRefused(_("起用日期不能晚于今天；请在新名称起用当天登记"))
    present = unit.names.filter(is_alias=False, valid_to__isnull=True).order_by("-valid_from").first()
    if present is not None and present.name == name:
        raise UnitRefused(_("新名称与现名称相同"))
    if present is not None and present.valid_from is not None and valid_from <= present.valid_from:
        raise UnitRefused(_("起用日期须晚于现名称的起用日期（%(day)s）") % {"day": present.valid_from.isoformat()})
    _check_name_free(name, unit=unit)
    before = snapshot(unit)
    if present is not None:
        present.valid_to = valid_from - timedelta(days=1)
        present.save(update_fields=["valid_to"])
    # A spelling that becomes the official name is no longer a mere alias.
    unit.names.filter(is_alias=True, name=name).delete()
    row = UnitName.objects.create(unit=unit, name=name, valid_from=valid_from)
    unit.name = name
    unit.name_en = name_en.strip() or unit.name_en
    unit.save(update_fields=["name", "name_en"])
    record_event("units.unit_renamed", unit, by=by, at=at, before=before, after=snapshot(unit))
    return row


@transaction.atomic
def add_alias(unit: Unit, *, name: str, by: User | None, at: datetime) -> UnitName:
    """Let a further spelling stand for the unit in other people's tables."""
    _check_maintainer(by, at)
    take_locks(NAMES_LOCK)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    name = name.strip()
    if not name:
        raise UnitRefused(_("请填写别名"))
    if even_out(name) in {even_out(known) for known in unit.names.values_list("name", flat=True)}:
        raise UnitRefused(_("“%(name)s”已经是该单位的名称或别名") % {"name": name})
    _check_name_free(name, unit=unit)
    row = UnitName.objects.create(unit=unit, name=name, is_alias=True)
    record_event("units.alias_added", row, by=by, at=at, after=snapshot(row), about=unit)
    return row


@transaction.atomic
def remove_alias(alias: UnitName, *, by: User | None, at: datetime) -> None:
    """Take a spelling back that was written down by mistake; official names are never removed."""
    _check_maintainer(by, at)
    if not alias.is_alias:
        raise UnitRefused(_("正式名称不能删除，只能更名"))
    before = snapshot(alias)
    # Gone before it is recorded, so that the unit is no longer found by it; `alias` keeps its key for the log.
    UnitName.objects.filter(pk=alias.pk).delete()
    record_event("units.alias_removed", alias, by=by, at=at, before=before, about=alias.unit)


@transaction.atomic
def abolish_unit(unit: Unit, *, on: date, successor: Unit | None, by: User | None, at: datetime) -> None:
    """Close the unit from a day on; whoever succeeds it answers to its names from then."""
    _check_maintainer(by, at)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.abolished_on is not None:
        raise UnitRefused(_("该单位已登记撤销"))
    if unit.established_on is not None and on <= unit.established_on:
        raise UnitRefused(_("撤销日期须晚于设立日期"))
    if successor is not None and successor.pk == unit.pk:
        raise UnitRefused(_("承接单位不能是本单位"))
    if successor is not None and not successor.exists_on(on):
        raise UnitRefused(_("承接单位在撤销当日不存在，请另选"))
    last_day = on - timedelta(days=1)
    names = list(unit.names.filter(is_alias=False, valid_to__isnull=True))
    if any(name.valid_from is not None and name.valid_from > last_day for name in names):
        raise UnitRefused(_("撤销日期须晚于现名称的起用日期"))
    if successor is None:
        _refuse_open_work(unit)
    before = snapshot(unit)
    unit.abolished_on = on
    unit.successor = successor
    unit.save(update_fields=["abolished_on", "successor"])
    for name in names:
        name.valid_to = last_day
        name.save(update_fields=["valid_to"])
    record_event("units.unit_abolished", unit, by=by, at=at, before=before, after=snapshot(unit), about=successor)


def _refuse_open_work(unit: Unit) -> None:
    """What nobody would take over is finished first, or a successor is named, to whom it goes on the day."""
    left = [_("%(label)s %(count)d 件") % {"label": label, "count": count} for label, count in unit_work_of(unit)]
    if left:
        raise UnitRefused(_("该单位还有%(work)s，请选择承接单位，或者先办结再撤销") % {"work": _("、").join(left)})


def _check_maintainer(by: User | None, at: datetime) -> None:
    """The register is kept by the system administrator and the programme office, or by the installation itself."""
    if by is not None and not can_maintain_units(by, timezone.localdate(at)):
        raise UnitRefused(_("只有系统管理员或创建办可以维护单位名册"))


def _check_name_free(name: str, *, unit: Unit | None = None) -> None:
    """No two units, and no unit and a group, answer to one name."""
    wanted = even_out(name)
    for row in UnitName.objects.select_related("unit"):
        if even_out(row.name) == wanted and (unit is None or row.unit_id != unit.pk):
            raise UnitRefused(_("“%(name)s”已是%(unit)s的名称或别名") % {"name": name, "unit": row.unit.name})
    for group in UnitGroup.objects.all():
        if wanted in {even_out(text) for text in (group.name, *group.aliases)}:
            raise UnitRefused(_("“%(name)s”是单位组的名称，不能用作单位名称") % {"name": name})


def _next_code() -> str:
    """A code for a unit that brought none: the first free number."""
    taken = set(Unit.objects.filter(code__startswith="unit-").values_list("code", flat=True))
    number = len(taken) + 1
    while f"unit-{number}" in taken:
        number += 1
    return f"unit-{number}"


def _last_position(kind: str) -> int:
    """The place after the last unit of this kind, or after all units where the kind is new."""
    units = Unit.objects.order_by("-position")
    last = units.filter(kind=kind).first() or units.first()
    return 0 if last is None else last.position + 1
