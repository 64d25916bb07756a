"""What tests of the clerks' side begin with: a firm with its founder, clerks of town and unit, and a case that was handed in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chuangju.applications.drafts import begin_application
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, RequiredDocument, Step
from chuangju.applications.payee_accounts import give_account
from chuangju.applications.steps import complete_step
from chuangju.applications.submissions import submit_application
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import Claim, Party
from tests.people import make_user
from tests.ventures.numbers import credit_code

POLICY = "rent_subsidy"
# What the sample policy's own example says of a firm that gets the subsidy.
ANSWERS: dict[str, Any] = {
    "status": "active",
    "registered_on": "2024-05-02",
    "monthly_rent": 500_000,
    "rent_months_granted": 0,
    "leases": [{"district": "310112", "from": "2024-06-01", "to": "2027-05-31", "monthly_rent": 500_000, "area": 80}],
    "employees": [
        {"residence": "city", "groups": [], "hired_on": "2024-06-01", "contract_months": 12, "insured_months": 12},
        {"residence": "city", "groups": [], "hired_on": "2024-06-01", "contract_months": 12, "insured_months": 12},
    ],
}


def unit_of(code: str) -> Unit:
    """A unit of the reference data."""
    return Unit.objects.get(code=code)


def clerk_of(code: str, username: str = "") -> User:
    """A clerk of a unit of the reference data."""
    return make_user(username or f"clerk-{code}", Role.CLERK, unit=unit_of(code))


def approver_of(code: str) -> User:
    """An approver of a unit of the reference data."""
    return make_user(f"approver-{code}", Role.APPROVER, unit=unit_of(code))


def make_firm(place: int, *, founder: User, town: str = "310112114", name: str = "") -> Party:
    """A firm with somebody who acts for it by a confirmed claim."""
    firm = Party.objects.create(
        kind=Party.Kind.FIRM,
        name=name or f"测试企业{place}",
        credit_code=credit_code(place),
        town=unit_of(town),
        registered_on=date(2024, 5, 2),
        source=Party.Source.REGISTER,
        is_checked=True,
        created_at=datetime(2024, 5, 2, 10).astimezone(),
    )
    Claim.objects.create(
        user=founder,
        party=firm,
        given_name=firm.name,
        capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
        way=Claim.Way.DOCUMENT,
        state=Claim.State.CONFIRMED,
        starts_on=date(2024, 5, 2),
        made_at=datetime(2024, 5, 2, 10).astimezone(),
        decided_at=datetime(2024, 5, 2, 11).astimezone(),
        decided_by=clerk_of("rsj"),
    )
    return firm


def begin_case(firm: Party, *, by: User, at: datetime, policy_id: str = POLICY) -> Application:
    """A draft with everything filled in."""
    assert current_catalogue().version_for(policy_id, at.date()) is not None
    draft = begin_application(policy_id, firm, by=by, at=at, answers=ANSWERS)
    give_account(draft, name=firm.name, number="6222000000000000", bank="演示银行", by=by, at=at)
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    return draft


def hand_in(firm: Party, *, by: User, at: datetime, policy_id: str = POLICY) -> Application:
    """A case that was handed in and waits for its acceptance."""
    draft = begin_case(firm, by=by, at=at, policy_id=policy_id)
    return submit_application(draft, pledge=True, insists=True, by=by, at=at)


def step_of(application: Application, kind: str) -> Step:
    """The first step of a kind."""
    step = application.steps.filter(kind=kind).order_by("position", "pk").first()
    assert step is not None, list(application.steps.values_list("kind", "state"))
    return step


def states_of(application: Application) -> list[tuple[str, str]]:
    """Kinds and states of all steps in their order."""
    return list(application.steps.order_by("position", "pk").values_list("kind", "state"))


def accept(application: Application, *, at: datetime) -> Application:
    """Accepted by a clerk of its town."""
    return accept_application(application, by=clerk_of("310112114"), at=at)


def to_review(application: Application, *, at: datetime) -> Step:
    """At the review of the unit that answers for it: accepted, screened and visited by the town."""
    town = clerk_of("310112114")
    accept(application, at=at)
    complete_step(step_of(application, "screen"), "passed", by=town, at=at)
    complete_step(step_of(application, "visit"), "passed", by=town, at=at)
    return step_of(application, "verify")
