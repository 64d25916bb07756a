"""单位名册初始数据 - the district's departments, towns and groups of units, entered once and then the office's own."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from chuangju.kernel.audit import record_event, snapshot
from chuangju.units.models import Unit, UnitGroup, UnitName
from chuangju.units.names import even_out

UNITS_FILE = Path(__file__).parent / "data" / "minhang_units.toml"


@transaction.atomic
def load_units(at: datetime, *, file: Path = UNITS_FILE) -> None:
    """Enter the units and groups of the file that are missing; what is there stays as the office left it."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    known = set(Unit.objects.values_list("code", flat=True))
    taken = {even_out(name) for name in UnitName.objects.values_list("name", flat=True)}
    for entry in data["unit"]:
        names = {even_out(row["name"]) for row in entry["names"]}
        # A unit that the office entered itself, under a code of its own, is not entered a second time.
        if entry["code"] not in known and taken.isdisjoint(names):
            _enter_unit(entry, taken, at)
    groups = set(UnitGroup.objects.values_list("key", flat=True))
    for entry in data["group"]:
        if entry["key"] not in groups:
            group = UnitGroup.objects.create(**entry)
            record_event("units.group_added", group, by=None, at=at, after=snapshot(group))


def _enter_unit(entry: dict[str, Any], taken: set[str], at: datetime) -> None:
    present = entry["names"][-1]
    unit = Unit.objects.create(
        code=entry["code"],
        kind=entry["kind"],
        position=entry["position"],
        name=present["name"],
        name_en=entry["name_en"],
    )
    rows = [UnitName(unit=unit, **row) for row in entry["names"]]
    taken.update(even_out(row["name"]) for row in entry["names"])
    for alias in entry["aliases"]:
        # A spelling that already means another unit here is left to that unit.
        if even_out(alias) not in taken:
            taken.add(even_out(alias))
            rows.append(UnitName(unit=unit, name=alias, is_alias=True))
    UnitName.objects.bulk_create(rows)
    record_event("units.unit_added", unit, by=None, at=at, after=snapshot(unit))
