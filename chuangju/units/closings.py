"""单位撤销前的未办事项 - packages above tell what a unit still has in hand, so that none of it is left to nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from chuangju.kernel.registry import Registry
from chuangju.units.models import Unit


@dataclass(frozen=True)
class UnitWork:
    """One kind of work of a unit: what it is called, and how much of it there is."""

    key: str
    label: str | Promise
    count: Callable[[Unit], int]


unit_work: Registry[str, UnitWork] = Registry("unit_work")


def register_unit_work(work: UnitWork) -> None:
    """Keep a unit from being closed without a successor while it has any of this."""
    unit_work.register(work.key, work)


def unit_work_of(unit: Unit) -> list[tuple[str | Promise, int]]:
    """Each kind of which a unit has any; one question to each package."""
    counted = [(work.label, work.count(unit)) for work in unit_work.values()]
    return [(label, count) for label, count in counted if count]


def successor_on(unit: Unit, on: date) -> Unit | None:
    """Who has taken a unit's work over on a day, the last of the line; None where there is nobody."""
    found, seen = unit.successor, {unit.pk}
    while found is not None and not found.exists_on(on):
        if found.pk in seen:
            return None
        seen.add(found.pk)
        found = found.successor
    return found
