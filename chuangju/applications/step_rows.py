"""环节登记 - a planned step as a row of a case: the printed name of its unit becomes a unit of the register or a body outside."""

from __future__ import annotations

from chuangju.applications.models import Application, Step
from chuangju.applications.step_kinds import PlannedStep, means_own_town
from chuangju.units.models import Unit
from chuangju.units.names import NameDirectory


def row_of(plan: PlannedStep, application: Application, names: NameDirectory) -> Step:
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
