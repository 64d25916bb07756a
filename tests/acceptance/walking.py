"""A case taken through whatever its file says, each step by the people it belongs to; knows kinds of steps, no policy."""

from __future__ import annotations

from datetime import date, datetime

from chuangju.applications.consultations import answer_consultation
from chuangju.applications.decisions import approve_decision, propose_decision
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Decision, PublicNotice, Step
from chuangju.applications.notices import end_notice
from chuangju.applications.referrals import Outcome, record_outcome
from chuangju.applications.steps import complete_step
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from tests.people import make_user

Kind = Step.Kind
MOST_STEPS = 20


def clerk(unit: Unit, number: int = 1) -> User:
    """A clerk of a unit; the second one puts decisions forward."""
    return make_user(f"clerk-{unit.code}-{number}", Role.CLERK, unit=unit)


def approver(unit: Unit) -> User:
    """Who approves for a unit."""
    return make_user(f"approver-{unit.code}", Role.APPROVER, unit=unit)


def walk(application: Application, *, at: datetime, later: datetime) -> Application:
    """To the end of what people have to do: the public notice is over at the later moment."""
    for _number in range(MOST_STEPS):
        step = (
            application.steps.filter(state=Step.State.OPEN)
            .exclude(kind=Kind.PAY)
            .select_related("unit")
            # The lead answers once the others have.
            .order_by("position", "is_lead", "pk")
            .first()
        )
        if step is None:
            break
        step.application = Application.objects.get(pk=application.pk)
        take(step, at=at, later=later)
    application.refresh_from_db()
    return application


def take(step: Step, *, at: datetime, later: datetime) -> None:
    """One step by somebody of its unit."""
    assert step.unit is not None
    application, hand = step.application, clerk(step.unit)
    if step.kind == Kind.ACCEPT:
        accept_application(application, by=hand, at=at)
    elif step.kind == Kind.CONSULT and not step.is_lead:
        answer_consultation(step, result=Step.Result.PASSED, opinion="无不同意见", by=hand, at=at)
    elif step.kind == Kind.REFERRAL:
        record_outcome(step, Outcome("passed", "第 1 号", at.date(), "同意"), by=hand, at=at)
    elif step.kind == Kind.APPROVE:
        decision = propose_decision(application, Decision.Outcome.GRANTED, by=clerk(application.unit, 2), at=at)
        approve_decision(decision, by=approver(application.unit), at=at)
    elif step.kind == Kind.NOTICE:
        end_notice(PublicNotice.objects.get(decisions__application=application), by=None, at=later)
    else:
        complete_step(step, Step.Result.PASSED, opinion="属实", by=hand, at=at)


def kinds_of(application: Application) -> list[str]:
    """The kinds of its steps in their order, side by side once."""
    found: list[tuple[int, str]] = []
    for place, kind in application.steps.order_by("position", "pk").values_list("position", "kind"):
        if (place, kind) not in found:
            found.append((place, kind))
    return [kind for _place, kind in found]


def day_of(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
