"""环节登记 - a planned step as a row of a case: the printed name of its unit becomes a unit of the register or a body outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chuangju.applications.models import Application, Step
from chuangju.applications.step_kinds import PlannedStep
from chuangju.units.models import Unit
from chuangju.units.names import NameDirectory, means_own_town, name_directory


def rows_of(plans: Sequence[PlannedStep], application: Application, *, on: date) -> list[Step]:
    """The steps of a case, not saved yet; names that stand in the register as they are cost one small query."""
    near = {application.unit.name, ""}
    wanted = {plan.unit_name for plan in plans if plan.unit_name not in near and not means_own_town(plan.unit_name)}
    found = {unit.name: unit for unit in Unit.objects.existing_on(on).filter(name__in=wanted)} if wanted else {}
    known = _Known({application.unit.name: application.unit, **found})
    names = known if wanted <= set(found) else name_directory(on)
    return [row_of(plan, application, names) for plan in plans]


@dataclass(frozen=True)
class _Known:
    """Units by their very names."""

    units: dict[str, Unit]

    def find(self, text: str) -> Unit | None:
        """The unit of exactly this name."""
        return self.units.get(text)


def row_of(plan: PlannedStep, application: Application, names: NameDirectory | _Known) -> Step:
    """The step of a case that a plan means, not saved yet."""
    unit: Unit = application.unit
    body = ""
    if means_own_town(plan.unit_name):
        unit = application.town or application.unit
    elif plan.unit_name:
        found = names.find(plan.unit_name)
        unit, body = (found, "") if isinstance(found, Unit) else (application.unit, plan.unit_name)
    return Step(
        application=application,
        position=plan.position,
        kind=plan.kind,
        word=plan.word[:40],
        label=plan.label[:200],
        label_en=plan.label_en[:200],
        unit=unit,
        body=body[:200],
        is_lead=plan.is_lead,
        join=plan.join,
        days=plan.days,
        silence_days=plan.silence_days,
        options=plan.options,
    )
