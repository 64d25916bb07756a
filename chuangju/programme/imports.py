"""导入 - how a table that was read becomes the version in force: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import can_manage_table
from chuangju.programme.models import TableVersion
from chuangju.programme.row_units import TABLE_LOCK, resolve_row_units
from chuangju.programme.snapshots import take_snapshot
from chuangju.programme.version_rows import write_rows
from chuangju.units.models import Unit, UnitGroup
from chuangju.units.names import name_directory
from chuangju.units.registry import add_alias, add_unit

if TYPE_CHECKING:
    from chuangju.programme.table.result import ReadTable


LONGEST_AHEAD = timedelta(days=366)


class ImportRefused(Refused):
    """The table cannot be put into force like this; the sentence says why."""


@dataclass(frozen=True)
class UnitChoice:
    """What the office said of an unknown name: the same as a unit, or a new one of this kind."""

    same_as: Unit | None = None
    new_kind: str = Unit.Kind.OTHER


def printed_names(read: ReadTable) -> list[str]:
    """Every unit name of the table, as printed, once, in order."""
    names = (name for task in read.tasks for name in (*task.lead, *task.cooperating))
    return list(dict.fromkeys(names))


def unknown_names(read: ReadTable, *, on: date) -> list[str]:
    """The printed names that are neither a unit nor a group."""
    directory = name_directory(on)
    return [name for name in printed_names(read) if directory.find(name) is None]


def _resolve_names(
    read: ReadTable, choices: Mapping[str, UnitChoice], *, on: date, by: User, at: datetime
) -> dict[str, Unit | UnitGroup]:
    """Printed name -> unit or group; unknown ones as the office chose, remembered for the next import."""
    directory = name_directory(on)
    found: dict[str, Unit | UnitGroup] = {}
    undecided: list[str] = []
    for name in printed_names(read):
        known = directory.find(name)
        choice = choices.get(name)
        if known is not None:
            found[name] = known
        elif choice is None:
            undecided.append(name)
        elif choice.same_as is not None:
            add_alias(choice.same_as, name=name, by=by, at=at)
            found[name] = choice.same_as
        else:
            found[name] = add_unit(name=name, kind=choice.new_kind, by=by, at=at)
    if undecided:
        raise ImportRefused(
            _("还有 %(count)d 个单位名称没有确认：%(names)s")
            % {"count": len(undecided), "names": _("、").join(undecided[:5])}
        )
    return found


def _check_first_day(day: date, previous: TableVersion | None, *, today: date) -> None:
    """Versions follow one another; a slip of the pen far into the future would shut every later one out."""
    if previous is not None and previous.effective_from > day:
        raise ImportRefused(
            _("起用日期不能早于现行版本的起用日期 %(day)s") % {"day": previous.effective_from.isoformat()}
        )
    if day > today + LONGEST_AHEAD:
        raise ImportRefused(_("起用日期不能晚于今天之后一年"))


@transaction.atomic
def create_version(  # noqa: PLR0913 - a version is all of this, each by name
    read: ReadTable,
    *,
    name: str,
    effective_from: date,
    file_name: str,
    file_sha256: str,
    by: User,
    at: datetime,
    unit_choices: Mapping[str, UnitChoice] | None = None,
    task_choices: Mapping[int, str] | None = None,
) -> TableVersion:
    """Put a table into force as the next version; the one before is kept for the record and superseded.

    Raises ImportRefused with the sentence the office reads.
    """
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise ImportRefused(_("只有创建办可以导入任务分解表"))
    if not read.tasks:
        raise ImportRefused(_("表中没有任何任务"))
    take_locks(TABLE_LOCK)
    previous = TableVersion.objects.filter(state=TableVersion.State.CURRENT).first()
    _check_first_day(effective_from, previous, today=timezone.localdate(at))
    if previous is not None:
        # Kept with the table, as its words are, and so not in the language of whoever imports.
        with in_kept_language():
            reason = _("被新版本替代")
        take_snapshot(previous, reason=reason, by=by, at=at)
        previous.state = TableVersion.State.SUPERSEDED
        previous.save(update_fields=["state"])
    names = _resolve_names(read, unit_choices or {}, on=effective_from, by=by, at=at)
    latest = TableVersion.objects.order_by("-number").first()
    version = TableVersion.objects.create(
        number=(latest.number if latest else 0) + 1,
        title=(read.title or name)[:200],
        name=(name.strip() or read.title)[:100],
        effective_from=effective_from,
        layout={"headings": list(read.headings), "columns": [list(column) for column in read.columns]},
        file_name=file_name[:200],
        file_sha256=file_sha256,
        imported_by=by,
        imported_at=at,
    )
    write_rows(version, read, names=names, previous=previous, task_choices=task_choices or {})
    resolve_row_units(version, on=effective_from)
    record_event("programme.version_imported", version, by=by, at=at, after=snapshot(version))
    return version
