"""What tests of competitive rounds begin with: a round of the science commission with cases, a panel and its scores."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from chuangju.applications.drafts import begin_application
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, DecisionBatch, RequiredDocument, Step, Window
from chuangju.applications.panel_cases import PanelWish, open_window_panel
from chuangju.applications.payee_accounts import give_account
from chuangju.applications.steps import complete_step
from chuangju.applications.submissions import submit_application
from chuangju.applications.window_changes import WindowFacts, close_window, open_window, prepare_window
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.scoring.assignments import assign_assessor, spread_assessors
from chuangju.scoring.declarations import declare_no_conflict
from chuangju.scoring.freezing import freeze_panel
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.panels import begin_scoring
from chuangju.scoring.sheets import latest_sheet, load_sheets
from chuangju.scoring.submissions import submit_scores
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.people import make_user

POLICY, UNIT = "sci_tech_funding", "kw"
ANSWERS: dict[str, Any] = {
    "registered_on": "2024-09-15",
    "tech_sme": True,
    "high_tech": False,
    "key_industry": True,
    "industry": "65",
    "rd_expense_year": 35_000_000,
    "dishonest": False,
    "violations": False,
    "project_cost": 50_000_000,
}
GRANT = 150_000 * deciding.YUAN


def officer() -> User:
    """Keeps the rounds of the commission."""
    return make_user("officer-kw", Role.POLICY_OFFICER, unit=desk.unit_of(UNIT))


def give_line(amount: int, *, at: datetime) -> BudgetLine:
    """Money of the commission for such projects."""
    return deciding.give_line(amount, at=at, code="K01", unit=UNIT, policy_id=POLICY)


def facts(at: datetime, **more: Any) -> WindowFacts:
    """A round that begins today and ends in ten days."""
    on = timezone.localdate(at)
    usual: dict[str, Any] = {
        "policy_id": POLICY,
        "title": "科技创业项目",
        "unit": desk.unit_of(UNIT),
        "opens_on": on,
        "closes_on": on + timedelta(days=10),
        "places": 2,
        "money": 3 * GRANT,
    }
    return WindowFacts(**{**usual, **more})


def begin_round(at: datetime, **more: Any) -> Window:
    """A round that is open."""
    window = prepare_window(facts(at, **more), by=officer(), at=at)
    return open_window(window, by=officer(), at=at)


def hand_in(place: int, *, founder: User, at: datetime, **answers: Any) -> Application:
    """A case of a firm of its own in the round that is open."""
    firm = desk.make_firm(place, founder=founder, name=f"科创企业{place}")
    firm.registered_on = date(2024, 9, 15)
    firm.save()
    draft = begin_application(POLICY, firm, by=founder, at=at, answers={**ANSWERS, **answers})
    give_account(draft, name=firm.name, number="6222000000000000", bank="演示银行", by=founder, at=at)
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    return submit_application(draft, pledge=True, insists=True, by=founder, at=at)


def screened(application: Application, *, at: datetime) -> Application:
    """Accepted and through its formal check: it waits for the panel."""
    clerk = desk.clerk_of(UNIT)
    accept_application(application, by=clerk, at=at)
    step = application.steps.get(kind=Step.Kind.SCREEN)
    complete_step(step, Step.Result.PASSED, opinion="材料齐全", by=clerk, at=at)
    application.refresh_from_db()
    return application


def experts() -> list[User]:
    """Two assessors."""
    return [make_user(name, Role.ASSESSOR, name=said) for name, said in (("expert", "罗专家"), ("expert2", "阮专家"))]


def scored(window: Window, points: list[int], *, at: datetime) -> Panel:
    """The panel over a round, with these points for innovation in the order of case numbers, and frozen."""
    load_sheets(at)
    sheet = latest_sheet("sci_tech_project")
    assert sheet is not None
    due_on = timezone.localdate(at) + timedelta(days=20)
    by = officer()
    panel = open_window_panel(window, PanelWish(sheet, due_on, min_assessors=2), by=by, at=at)
    for expert in experts():
        assign_assessor(panel, expert, [], by=by, at=at)
    spread_assessors(panel, by=by, at=at)
    begin_scoring(panel, by=by, at=at)
    given = Assessment.objects.filter(panel=panel).select_related("panel", "entry", "assessor")
    for one in given.order_by("entry__position", "assessor__username"):
        declare_no_conflict(one, by=one.assessor, at=at)
        scores = {"innovation": str(points[one.entry.position - 1]), "patents": "2", "market": "15", "team": "2"}
        submit_scores(one, {**scores, "jobs": "8", "budget": "1"}, comment="好", by=one.assessor, at=at)
    freeze_panel(panel, by=by, at=at)
    return panel


def closed_round(points: list[int], *, founder: User, at: datetime, first: int = 1, **more: Any) -> Window:
    """A round past its end whose cases, of firms numbered from `first` on, were all screened and scored."""
    window = begin_round(at, **more)
    for place in range(first, first + len(points)):
        screened(hand_in(place, founder=founder, at=at), at=at)
    window = close_window(window, reason="申报数量已够", by=officer(), at=at)
    scored(window, points, at=at)
    window.refresh_from_db()
    return window


def names_on(batch: DecisionBatch) -> list[str]:
    """Who stands on the list, from the top."""
    found = {str(case.pk): case.subject.name for case in Application.objects.select_related("subject")}
    return [found[one["application"]].removeprefix("科创企业") for one in batch.ranking]
