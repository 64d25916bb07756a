"""工作台的行 - what a line of the workbench and of the list of cases shows, and nothing else: no rows of models are built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from chuangju.applications.models import Application, ApplicationFlag, Step
from chuangju.kernel.languages import reads_english

_STEP = (
    "pk", "kind", "label", "label_en", "body", "due_on", "unit__name", "unit__name_en", "assignee__name",
    "application", "application__number", "application__title", "application__policy_id", "application__policy_version",
    "application__subject__name", "application__town__name", "application__town__name_en",
    "opened_at", "application__submitted_at", "application__expected_amount", "application__channel",
)  # fmt: skip
_CASE = (
    "pk", "number", "title", "policy_id", "policy_version", "state", "submitted_at", "subject__name", "town__name",
    "town__name_en", "unit__name", "unit__name_en", "channel", "due_on", "decided_at", "expected_amount", "granted_amount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a line of a list."""

    pk: UUID
    number: str | None
    title: str
    policy_id: str
    policy_version: str
    state: str
    submitted_at: datetime | None
    subject: str
    town: str | None
    town_en: str | None
    unit: str
    unit_en: str
    channel: str
    due_on: date | None
    decided_at: datetime | None
    expected_amount: int | None
    granted_amount: int | None

    @property
    def shown_unit(self) -> str | None:
        """The unit that answers for it, in the reader's language."""
        return _shown(self.unit, self.unit_en)

    @property
    def shown_town(self) -> str | None:
        """The town in the reader's language."""
        return _shown(self.town, self.town_en)


@dataclass(slots=True)
class StepLine:
    """A step as a line of the workbench, with what it shows of its case."""

    pk: int
    kind: str
    label: str
    label_en: str
    body: str
    due_on: date | None
    unit: str | None
    unit_en: str | None
    assignee: str | None
    case: UUID
    number: str | None
    title: str
    policy_id: str
    policy_version: str
    subject: str
    town: str | None
    town_en: str | None
    opened_at: datetime | None
    submitted_at: datetime | None
    expected_amount: int | None
    channel: str
    flags: list[ApplicationFlag] = field(default_factory=list)

    @property
    def shown_label(self) -> str:
        """What the step is called in the reader's language."""
        return self.label_en if reads_english() and self.label_en else self.label

    @property
    def shown_place(self) -> str:
        """Who does it: the outside body, else the unit."""
        return self.body or _shown(self.unit, self.unit_en) or ""

    @property
    def shown_town(self) -> str | None:
        """The town of the case in the reader's language."""
        return _shown(self.town, self.town_en)


def step_lines(keys: Sequence[int]) -> list[StepLine]:
    """The lines of steps that were found for a reader; one query, and one for the marks of their cases."""
    lines = [StepLine(*row) for row in Step.objects.filter(pk__in=keys).order_by().values_list(*_STEP)]
    marks = _marks_of(keys)
    for line in lines:
        line.flags = marks.get(line.pk, [])
    return lines


def case_lines(keys: Sequence[UUID]) -> list[CaseLine]:
    """The lines of cases that were found for a reader; one query."""
    return [CaseLine(*row) for row in Application.objects.filter(pk__in=keys).order_by().values_list(*_CASE)]


def _marks_of(keys: Sequence[int]) -> dict[int, list[ApplicationFlag]]:
    """The marks of the cases of steps, by step."""
    open_now = ApplicationFlag.objects.filter(ended_at__isnull=True, application__steps__in=keys)
    found: dict[int, list[ApplicationFlag]] = {}
    for step, kind in open_now.order_by("began_at", "pk").values_list("application__steps", "kind"):
        found.setdefault(step, []).append(ApplicationFlag(kind=kind))
    return found


def _shown(name: str | None, name_en: str | None) -> str | None:
    return (name_en if reads_english() else "") or name
