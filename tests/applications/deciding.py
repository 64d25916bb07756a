"""What tests of decisions begin with: a case at its approval, a line with money, and the people of the bureau."""

from __future__ import annotations

from datetime import datetime

from chuangju.applications.decisions import approve_decision, propose_decision
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Decision, Step
from chuangju.applications.steps import complete_step
from chuangju.budget.ledger import plan_money
from chuangju.budget.lines import LineFacts, enter_line, open_line
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications import desk
from tests.people import make_user

YUAN = 100
TOWN = "310112114"


def give_line(
    amount: int, *, at: datetime, code: str = "A01", unit: str = "rsj", policy_id: str = desk.POLICY
) -> BudgetLine:
    """An open line of the bureau with so much money for the rent subsidy."""
    keeper = make_user("keeper", Role.FINANCE, unit=desk.unit_of("czj"))
    facts = LineFacts(code=code, unit=desk.unit_of(unit), year=at.year, name="房租补贴", policy_id=policy_id)
    line = enter_line(facts, by=keeper, at=at)
    if amount:
        plan_money(line, amount, reason="年初预算", by=keeper, at=at)
        line = open_line(line, revision=line.revision, by=keeper, at=at)
    return line


def at_approval(application: Application, *, at: datetime) -> Application:
    """The case after every review: accepted, looked at by its town, visited, reviewed by the bureau."""
    town, bureau = desk.clerk_of(TOWN), desk.clerk_of("rsj")
    accept_application(application, by=town, at=at)
    for _number in range(6):
        step = application.steps.filter(state=Step.State.OPEN).order_by("position").first()
        assert step is not None
        if step.kind == Step.Kind.APPROVE:
            break
        complete_step(step, Step.Result.PASSED, opinion="属实", by=town if step.unit.code == TOWN else bureau, at=at)
    application.refresh_from_db()
    return application


def case_at_approval(firm: Party, *, founder: User, at: datetime) -> Application:
    """A rent subsidy that waits for its decision."""
    return at_approval(desk.hand_in(firm, by=founder, at=at), at=at)


def proposer() -> User:
    """A colleague of the clerk who reviewed: puts decisions forward."""
    return desk.clerk_of("rsj", "clerk-rsj-2")


def proposed(application: Application, *, at: datetime) -> Decision:
    """A grant of what the rule gives, waiting for the approver."""
    return propose_decision(application, Decision.Outcome.GRANTED, by=proposer(), at=at)


def approved(application: Application, *, at: datetime) -> Decision:
    """The same, approved."""
    return approve_decision(proposed(application, at=at), by=desk.approver_of("rsj"), at=at)
