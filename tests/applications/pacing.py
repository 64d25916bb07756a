"""Cases that took their time: every step so many working days, up to a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta

from chuangju.applications.decisions import approve_decision, propose_decision
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Decision, Step
from chuangju.applications.publications import publish_if_ready
from chuangju.applications.steps import complete_step
from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days
from tests.applications import deciding, desk


def later(at: datetime, days: int) -> datetime:
    """So many working days after a moment, at the same hour."""
    return at + timedelta(days=(add_working_days(at.date(), days) - at.date()).days)


def decided(place: int, founder: User, *, begun: datetime, pace: int) -> Application:
    """A refusal whose every step took so many working days."""
    case = desk.hand_in(desk.make_firm(place, founder=founder), by=founder, at=begun)
    town, bureau = desk.clerk_of(deciding.TOWN), desk.clerk_of("rsj")
    at = later(begun, pace)
    accept_application(case, by=town, at=at)
    for _number in range(6):
        step = case.steps.filter(state=Step.State.OPEN).order_by("position").get()
        at = later(at, pace)
        if step.kind == Step.Kind.APPROVE:
            break
        clerk = town if step.unit.code == deciding.TOWN else bureau
        complete_step(step, Step.Result.PASSED, opinion="属实", by=clerk, at=at)
    refuse(case, at=at)
    return Application.objects.get(pk=case.pk)


def refuse(case: Application, *, at: datetime) -> None:
    """Proposed, approved and published at one moment."""
    reasons = [{"zh": "现场没有经营"}]
    decision = propose_decision(case, Decision.Outcome.REFUSED, reasons=reasons, by=deciding.proposer(), at=at)
    approve_decision(decision, by=desk.approver_of("rsj"), at=at)
    publish_if_ready(case, by=None, at=at)
