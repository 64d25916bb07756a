"""The table as printed (versions, rows), what it stands for over the years (tasks, measures) and what is done for it."""

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
    "Category",
    "Measure",
    "MeasureRow",
    "MeasureUnit",
    "Milestone",
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
