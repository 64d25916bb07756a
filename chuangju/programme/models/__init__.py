"""The table as printed (versions, rows), what it stands for over the years, the plans for it, and what is done for it."""

from chuangju.programme.models.plan_changes import CalendarFeed, PlanAdjustment, PlanReview
from chuangju.programme.models.plan_consultations import ConsultedUnit, Opinion, PlanRound
from chuangju.programme.models.plans import Plan, PlanItem, PlanItemReport, PlanSection
from chuangju.programme.models.progress import Milestone, ProgressNote
from chuangju.programme.models.table import (
    Category,
    Measure,
    MeasureRow,
    MeasureUnit,
    PrintedUnit,
    RowUnit,
    Task,
    TaskRow,
    UnitPart,
)
from chuangju.programme.models.versions import Snapshot, TableImport, TableVersion

__all__ = [
    "CalendarFeed",
    "Category",
    "ConsultedUnit",
    "Measure",
    "MeasureRow",
    "MeasureUnit",
    "Milestone",
    "Opinion",
    "Plan",
    "PlanAdjustment",
    "PlanItem",
    "PlanItemReport",
    "PlanReview",
    "PlanRound",
    "PlanSection",
    "PrintedUnit",
    "ProgressNote",
    "RowUnit",
    "Snapshot",
    "TableImport",
    "TableVersion",
    "Task",
    "TaskRow",
    "UnitPart",
]
