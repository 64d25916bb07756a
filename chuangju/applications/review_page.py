"""审核页 - everything a clerk needs to decide on one case: facts, rule, papers, earlier grants, amount, budget, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from chuangju.applications.access import sealed_windows
from chuangju.applications.case_clocks import read_case
from chuangju.applications.case_money import line_of
from chuangju.applications.claim_conflicts import Conflict, conflicts_of
from chuangju.applications.correction_diff import CorrectionDiff, diff_of
from chuangju.applications.decisions import open_decision
from chuangju.applications.desk_words import result_sign, step_label, step_place
from chuangju.applications.evaluation import Evaluation, evaluate
from chuangju.applications.flags import open_flags
from chuangju.applications.models import (
    Application,
    ApplicationFlag,
    Correction,
    Decision,
    FrozenFacts,
    RequiredDocument,
    Step,
)
from chuangju.applications.review_facts import ConditionLine, FactLine, condition_lines, fact_lines, latest_snapshot
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import BudgetLine
from chuangju.kernel.clocks import ClockReading
from chuangju.policies.check_reading import say
from chuangju.ui.signs import Sign
from chuangju.ventures.models import Party


@dataclass(frozen=True)
class StepLine:
    """One step of the strip: its name, place, how it stands and its day."""

    step: Step
    label: str
    place: str
    sign: Sign
    day: date | None

    @property
    def css(self) -> str:
        """How it is drawn: done, now, or still to come."""
        return {"done": "done", "open": "now", "skipped": "skipped"}.get(self.step.state, "")


@dataclass(frozen=True)
class BudgetLeft:
    """What is left of the line that pays, and whether it is enough."""

    line: BudgetLine
    available: int
    is_enough: bool


class ReviewPage:
    """One case on one screen, read as the page asks for it."""

    def __init__(self, application: Application, *, on: date) -> None:
        """A case with its people, unit, town and window fetched."""
        self.application, self.on = application, on

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the rule says today of the version the case goes by."""
        return evaluate(self.application, on=self.on)

    @cached_property
    def snapshot(self) -> FrozenFacts | None:
        """What the applicant last handed in."""
        return latest_snapshot(self.application)

    @cached_property
    def facts(self) -> list[FactLine]:
        """Fact by fact, then and now."""
        return fact_lines(self.evaluation, self.snapshot)

    @property
    def plain_facts(self) -> list[FactLine]:
        """Those that fit in a cell."""
        return [line for line in self.facts if not line.has_records]

    @property
    def record_facts(self) -> list[FactLine]:
        """Those that are tables of their own: leases, employees."""
        return [line for line in self.facts if line.has_records]

    @cached_property
    def conditions(self) -> list[ConditionLine]:
        """Condition by condition."""
        return condition_lines(self.evaluation, self.snapshot, on=self.on)

    @property
    def formula(self) -> str:
        """The amount's formula with the case's numbers."""
        found = self.evaluation.explanation.formula
        return say(found) if found is not None else ""

    @property
    def amount_changed(self) -> bool:
        """Whether the rule gives another amount now than at submission."""
        return self.snapshot is not None and self.snapshot.amount != self.evaluation.money

    @cached_property
    def documents(self) -> list[RequiredDocument]:
        """The papers with their files."""
        return list(self.application.documents.order_by("position", "pk").prefetch_related("attachments"))

    @property
    def checked_count(self) -> int:
        """How many papers were checked."""
        return sum(one.state == RequiredDocument.State.CHECKED for one in self.documents)

    @cached_property
    def steps(self) -> list[Step]:
        """All steps in their order."""
        found = list(self.application.steps.select_related("unit", "assignee", "done_by").order_by("position", "pk"))
        for step in found:
            step.application = self.application
        return found

    @property
    def strip(self) -> list[StepLine]:
        """The steps as drawn."""
        return [
            StepLine(
                step,
                step_label(step),
                step_place(step),
                result_sign(step),
                _day_of(step),
            )
            for step in self.steps
        ]

    @property
    def said(self) -> list[Step]:
        """The steps in which somebody said something: their opinions."""
        return [step for step in self.steps if step.state == Step.State.DONE and (step.opinion or step.done_by)]

    @property
    def now(self) -> list[Step]:
        """The steps at which the case is."""
        return [step for step in self.steps if step.state == Step.State.OPEN]

    @cached_property
    def flags(self) -> list[ApplicationFlag]:
        """The marks that the case bears."""
        return open_flags(self.application)

    @cached_property
    def clock(self) -> ClockReading | None:
        """The clock as it stands today."""
        return read_case(self.application, on=self.on)

    @cached_property
    def decision(self) -> Decision | None:
        """The decision that counts."""
        return open_decision(self.application)

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """The subject's cases that stand in the way of this one, but for those that are sealed still."""
        found = conflicts_of(self.application, self.evaluation.policy)
        sealed = set(sealed_windows(self.on).values_list("pk", flat=True)) if found else set()
        return [one for one in found if one.application.window_id not in sealed]

    @cached_property
    def others(self) -> list[Application]:
        """The subject's other cases that anybody at a desk may know of, newest first, ended ones too."""
        hidden = (Application.State.DRAFT, Application.State.OFFERED)
        entries = Party.objects.same_body(self.application.subject).values("pk")
        found = Application.objects.filter(subject__in=entries).exclude(state__in=hidden)
        found = found.exclude(window__in=sealed_windows(self.on).values("pk"))
        return list(
            found.exclude(pk=self.application.pk).defer("answers", "account").order_by("-started_at", "pk")[:12]
        )

    @cached_property
    def budget(self) -> BudgetLeft | None:
        """What is left of the line that pays; None where nothing is paid or no line stands."""
        line = line_of(self.application, self.evaluation.policy, on=self.on) if self.evaluation.money else None
        if line is None:
            return None
        available = balances_of(line).available
        return BudgetLeft(line, available, available >= (self.evaluation.money or 0))

    @cached_property
    def corrections(self) -> list[tuple[Correction, CorrectionDiff]]:
        """What was asked to be mended, with what came back."""
        found = _corrections(self.application)
        return [(one, diff_of(one)) for one in found]


def case_for_page(cases: QuerySet[Application], pk: Any) -> Application | None:
    """The case with what its page shows at once; None where the reader does not see it."""
    return (
        cases.filter(pk=pk)
        .select_related("subject__town", "payee", "unit", "town", "window", "submitter", "parent")
        .prefetch_related(Prefetch("roles", to_attr="shown_roles"))
        .first()
    )


def _day_of(step: Step) -> date | None:
    moment = step.done_at or step.opened_at
    return timezone.localdate(moment) if moment is not None else None


def _corrections(application: Application) -> QuerySet[Correction]:
    return application.corrections.select_related("asked_by", "before", "after").order_by("-round")
