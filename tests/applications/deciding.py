"""What tests of decisions begin with: a case at its approval, a line with money, and the people of the bureau."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from chuangju.applications.answers import clean_entries, keep_entries
from chuangju.applications.decisions import approve_decision, propose_decision
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Decision, PublicNotice, Step, Window
from chuangju.applications.notices import end_notice
from chuangju.applications.steps import complete_step
from chuangju.budget.answer_sheets import read_answers
from chuangju.budget.answers import take_answers
from chuangju.budget.batch_files import DETAIL_HEAD, detail_digest, detail_rows, items_of
from chuangju.budget.batches import approve_batch, check_batch, form_batch, send_batch
from chuangju.budget.ledger import plan_money
from chuangju.budget.lines import LineFacts, enter_line, open_line
from chuangju.budget.models import BudgetLine, Payment
from chuangju.kernel.models import User
from chuangju.papers.sheets import write_csv
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications import desk
from tests.people import make_user
from tests.ventures.numbers import credit_code

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


def granted(application: Application, *, at: datetime, later: datetime) -> Decision:
    """A decision in force: approved, shown to everybody, its notice over at the later moment."""
    decision = approved(application, at=at)
    publish(application, at=later)
    decision.refresh_from_db()
    return decision


def publish(application: Application, *, at: datetime) -> None:
    """What was shown to everybody comes into force; nothing where that has happened."""
    for notice in PublicNotice.objects.filter(decisions__application=application, state=PublicNotice.State.RUNNING):
        end_notice(notice, by=None, at=at)


def pay(line: BudgetLine, payments: list[Payment], *, at: datetime, outcome: str = "paid") -> None:
    """What finance and the treasury do with payments that were asked for: one batch, four eyes, its answer."""
    keeper = make_user("keeper", Role.FINANCE, unit=desk.unit_of("czj"))
    chief = make_user("chief", Role.APPROVER, unit=desk.unit_of("czj"))
    batch = form_batch(line.unit, payments, title="房租补贴", by=keeper, at=at)
    batch = check_batch(batch, revision=batch.revision, by=keeper, at=at)
    batch = approve_batch(batch, revision=batch.revision, by=chief, at=at)
    send_batch(batch, sha256=detail_digest(batch, items_of(batch)), revision=batch.revision, by=keeper, at=at)
    said = ("成功", at.date().isoformat(), "", "GK-1") if outcome == "paid" else ("失败", "", "账号有误", "")
    rows = [[*list(row)[:-4], *said] for row in detail_rows(items_of(batch))]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "answers.csv"
        file.write_bytes(write_csv(list(DETAIL_HEAD), rows))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        answers = read_answers(file)["rows"]
        take_answers(batch, answers, name=file.name, sha256=digest, by=keeper, at=at)


def keeper() -> User:
    """Keeps the lines of the bureau."""
    return make_user("keeper", Role.FINANCE, unit=desk.unit_of("czj"))


def quick_case(place: int, window: Window, *, founder: User, at: datetime) -> Decision:
    """A proposed grant of a firm of its own, written straight to the tables: for races, which want many of them."""
    firm = Party.objects.create(
        kind=Party.Kind.FIRM,
        name=f"测试企业{place}",
        credit_code=credit_code(place),
        town=desk.unit_of(TOWN),
        registered_on=date(2024, 5, 2),
        source=Party.Source.REGISTER,
        is_checked=True,
        created_at=at,
    )
    entries = clean_entries(desk.ANSWERS, source="applicant", said="", on=at.date())
    application = Application(
        number=f"310112-{at:%Y%m%d}-{place:05d}",
        window=window,
        policy_id=window.policy_id,
        policy_version="2024",
        title=window.title,
        state=Application.State.IN_REVIEW,
        subject=firm,
        payee=firm,
        unit=desk.unit_of("rsj"),
        town=desk.unit_of(TOWN),
        submitter=founder,
        account='{"name": "甲", "number": "6222000000000000", "bank": "某行"}',
        started_at=at,
        changed_at=at,
        submitted_at=at,
        accepted_at=at,
    )
    keep_entries(application, entries)
    application.save()
    for position, (kind, state) in enumerate((("approve", "open"), ("pay", "waiting")), start=1):
        Step.objects.create(
            application=application,
            position=position,
            kind=kind,
            label=kind,
            unit=desk.unit_of("rsj"),
            state=state,
            opened_at=at if state == "open" else None,
        )
    return propose_decision(application, Decision.Outcome.GRANTED, by=proposer(), at=at)
