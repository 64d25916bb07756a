"""What was read - a table as data: its title, columns, tasks and what was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chuangju.papers.grids import UnreadableFile


class UnreadableTable(UnreadableFile):
    """The file holds no table that can be taken over; the sentence names file, row and column."""


@dataclass(frozen=True, slots=True)
class TableWarning:
    """Something that was mended or left out, with the place to look at."""

    # The number of the task it is about; None where it is about the whole table (the text then names the file's row).
    row: int | None
    # The header of the column.
    cell: str | None
    text: str
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ReadTask:
    """One task of the table as printed."""

    number: int
    category: str | None
    task: str
    lead: list[str]
    cooperating: list[str]
    measures: list[str]
    due: str | None
    # The two unit cells as they stand in the file, on one line.
    lead_printed: str
    cooperating_printed: str
    # Where the row stands in the file, counted from 1.
    row: int

    def public_dict(self) -> dict[str, Any]:
        """The task as outsiders get it."""
        return {
            "number": self.number,
            "category": self.category,
            "task": self.task,
            "lead": self.lead,
            "cooperating": self.cooperating,
            "measures": self.measures,
            "due": self.due,
        }


@dataclass(slots=True)
class ReadTable:
    """A whole table as printed."""

    title: str
    # 附件1 and the like, printed above the title.
    headings: list[str]
    # Key (number, category, task, lead, cooperating, measures, due, other) and header, in printed order.
    columns: list[tuple[str, str]]
    tasks: list[ReadTask]
    warnings: list[TableWarning]

    def public_dict(self) -> dict[str, Any]:
        """The answer of `chuangju table FILE --json`."""
        return {
            "title": self.title,
            "tasks": [task.public_dict() for task in self.tasks],
            "warnings": [{"row": found.row, "cell": found.cell, "text": found.text} for found in self.warnings],
        }

    def as_dict(self) -> dict[str, Any]:
        """Everything, fit for JSON; `from_dict` gives the same table back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReadTable:
        """The table that `as_dict` wrote down."""
        return cls(
            title=data["title"],
            headings=list(data["headings"]),
            columns=[(key, header) for key, header in data["columns"]],
            tasks=[ReadTask(**task) for task in data["tasks"]],
            warnings=[TableWarning(**found) for found in data["warnings"]],
        )
