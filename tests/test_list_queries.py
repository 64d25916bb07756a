"""Each list of the product asks the database the same number of questions for few rows and for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import Delivery, DutyRun, Job, Message, Rating, User
from chuangju.programme.models import (
    Category,
    Measure,
    MeasureRow,
    Milestone,
    PrintedUnit,
    RowUnit,
    TableImport,
    TableVersion,
    Task,
    TaskRow,
    UnitPart,
)
from chuangju.scoring.models import Assessment, Panel, PanelEntry, ScoreSheet
from chuangju.units.models import FollowUp, Role, Unit
from chuangju.units.notices import draft_notice
from chuangju.ventures.claim_clocks import start_review
from chuangju.ventures.models import Claim, Party, PartyImport
from tests import people
from tests.applications.own_rows import add_own_case
from tests.conftest import NOW
from tests.ventures.register_rows import add_register

# How many queries a page asks does not depend on the database.
pytestmark = pytest.mark.database("sqlite")

FEW, MANY = 4, 40
PANEL = ("00000000-0000-4000-8000-000000000001",)


def _office() -> User:
    return people.make_user("office", Role.PROGRAMME_OFFICE)


def _version(number: int = 1, state: str = TableVersion.State.CURRENT) -> TableVersion:
    found, _is_new = TableVersion.objects.get_or_create(
        number=number,
        defaults={
            "title": "分解表",
            "name": f"第 {number} 版",
            "state": state,
            "effective_from": date(2026, 1, 1),
            "file_name": "表.docx",
            "file_sha256": "0" * 64,
            "imported_by": _office(),
            "imported_at": NOW,
        },
    )
    return found


def add_rows(number: int) -> None:
    """A printed row, one of its units and one of its measures."""
    version = _version()
    category, _is_new = Category.objects.get_or_create(version=version, name=f"类别{number % 3}", position=number % 3)
    task = Task.objects.create(code=f"task-{number}")
    row = TaskRow.objects.create(
        version=version, task=task, category=category, position=number, number=number, title="任务", lead_printed="局"
    )
    unit = people.make_unit(f"u{number}", f"单位{number}")
    PrintedUnit.objects.create(row=row, part=UnitPart.LEAD, position=1, printed="局", unit=unit)
    RowUnit.objects.create(row=row, unit=unit, part=UnitPart.LEAD)
    measure = Measure.objects.create(task=task, code=f"measure-{number}")
    MeasureRow.objects.create(row=row, measure=measure, position=1, text="举措")


def add_milestone(number: int, *, state: str = Milestone.State.OPEN) -> None:
    """A milestone under a measure of its own."""
    add_rows(number)
    Milestone.objects.create(
        measure=Measure.objects.get(code=f"measure-{number}"),
        title=f"节点{number}",
        unit=Unit.objects.get(code=f"u{number}"),
        due_on=NOW.date() + timedelta(days=number),
        done_on=NOW.date() if state == Milestone.State.DONE else None,
        state=state,
        created_by=_office(),
        created_at=NOW,
    )


def add_own_milestone(number: int) -> None:
    """A milestone of the very unit that the reader reports for."""
    add_milestone(number)
    Milestone.objects.filter(measure__code=f"measure-{number}").update(unit=people.make_unit("own", "本单位"))


def add_done_milestone(number: int) -> None:
    """A milestone that is done: evidence of an indicator."""
    add_milestone(number, state=Milestone.State.DONE)


def add_version(number: int) -> None:
    """A version that has been superseded."""
    _version(number, TableVersion.State.SUPERSEDED)


def add_import(number: int) -> None:
    """An upload that could not be read."""
    TableImport.objects.create(
        state=TableImport.State.FAILED,
        file_name=f"{number}.docx",
        file_sha256="0" * 64,
        uploaded_by=people.make_user(f"uploader{number}"),
        uploaded_at=NOW,
    )


def add_officer(number: int) -> None:
    """A unit with its liaison officer."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    people.make_user(f"officer{number}", Role.LIAISON_OFFICER, unit=unit)


def add_event(number: int) -> None:
    """An audited change of an account of its own."""
    user = people.make_user(f"actor{number}", Role.LEADER)
    record_event(
        "units.account_disabled", user, by=user, at=NOW, before={"is_active": True}, after={"is_active": False}
    )


def add_message(number: int) -> None:
    """Something the reader is told, and the SMS to somebody else about it."""
    reader = people.make_user("reader")
    message = Message.objects.create(
        user=reader, template="tests", topic="work", language="zh-hans", subject=f"消息{number}", created_at=NOW
    )
    for channel in ("in_app", "sms"):
        Delivery.objects.create(message=message, channel=channel, state=Delivery.State.SENT, sent_at=NOW)


def add_paper(number: int) -> None:
    """A notice of a unit of its own, begun as a paper."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    said = {"title": f"通知{number}", "recipient": "各单位", "issuer": "局", "text": "正文。", "openness": "open"}
    draft_notice(unit, **said, by=_office(), at=NOW)


def add_job(number: int) -> None:
    """A job of the reader's or of somebody else."""
    by = people.make_user("reader") if number % 2 else people.make_user(f"asker{number}")
    Job.objects.create(kind="x", title=f"任务{number}", started_by=by, created_at=NOW, next_try_at=NOW)


def add_own_job(number: int) -> None:
    """A job of the reader's own."""
    by = people.make_user("reader")
    Job.objects.create(kind="x", title=f"任务{number}", started_by=by, created_at=NOW, next_try_at=NOW)


def add_duty_run(number: int) -> None:
    """What a duty did on a day."""
    starts_at = NOW - timedelta(days=number)
    DutyRun.objects.create(duty="kernel.verify", period=f"{starts_at:%Y-%m-%d}", starts_at=starts_at, started_at=NOW)


def add_party(number: int) -> None:
    """A person in the register, with encrypted numbers and a town of their own."""
    town = people.make_unit(f"t{number}", f"镇{number}", kind=Unit.Kind.TOWN)
    Party.objects.create(
        kind=Party.Kind.PERSON,
        name=f"某人{number}",
        id_kind=Party.IdKind.PASSPORT,
        id_number=f"X{number:08d}",
        mobile=f"138{number:08d}",
        town=town,
        source=Party.Source.REGISTER,
        is_checked=True,
        created_at=NOW,
    )


def add_claim(number: int) -> None:
    """Somebody who says that they act for a firm and has shown a paper: the clerk's clock runs."""
    firm = Party.objects.create(
        kind=Party.Kind.FIRM, name=f"企业{number}", source=Party.Source.SELF_DECLARED, created_at=NOW
    )
    by = people.make_user(f"claimant{number}")
    claim = Claim.objects.create(
        user=by,
        party=firm,
        given_name=firm.name,
        capacity=Claim.Capacity.EMPLOYEE,
        way=Claim.Way.DOCUMENT,
        made_at=NOW,
    )
    start_review(claim, by=by, at=NOW)


def add_follow_up(number: int) -> None:
    """A low rating that has become the work of a unit of its own."""
    by, unit = people.make_user(f"rater{number}"), people.make_unit(f"u{number}", f"单位{number}")
    kind = ContentType.objects.get_for_model(Unit)
    rating = Rating.objects.create(owner_type=kind, owner_id=str(unit.pk), stars=1, by=by, at=NOW)
    FollowUp.objects.create(rating=rating, unit=unit, subject=f"事项{number}", opened_at=NOW, due_on=NOW.date())


def add_party_import(number: int) -> None:
    """A register that was handed in."""
    by = people.make_user(f"uploader{number}")
    PartyImport.objects.create(file_name=f"{number}.xlsx", file_sha256="0" * 64, uploaded_by=by, uploaded_at=NOW)


def _panel() -> Panel:
    sheet, _is_new = ScoreSheet.objects.get_or_create(
        key="test",
        version=1,
        defaults={
            "title": "评分表",
            "criteria": [{"key": "a", "label": "甲", "scale": "points", "weight": 100}],
            "is_published": True,
            "made_at": NOW,
            "published_at": NOW,
        },
    )
    panel, _is_new = Panel.objects.get_or_create(
        pk=PANEL[0],
        defaults={
            "title": "评审",
            "sheet": sheet,
            "unit": people.make_unit("rsj", "区人社局"),
            "state": Panel.State.SCORING,
            "drop_from": 5,
            "due_on": NOW.date(),
            "opened_at": NOW,
        },
    )
    return panel


def add_panel(number: int) -> None:
    """A panel with a subject."""
    panel = _panel()
    panel.pk, panel.title = uuid4(), f"评审{number}"
    panel.save(force_insert=True)
    add_subject(number, panel)


def add_subject(number: int, panel: Panel | None = None, *assessors: User) -> None:
    """A subject of a panel, scored by one assessor and awaited from another."""
    panel = panel or _panel()
    entry = PanelEntry.objects.create(
        panel=panel,
        subject_key=f"test:{number}",
        label=f"对象{number}",
        blind_label=f"{number:03d}",
        position=number + 1,
    )
    for place, assessor in enumerate(assessors or (people.make_user("expert", Role.ASSESSOR, name="专家"),)):
        is_done = place == 0
        Assessment.objects.create(
            panel=panel,
            entry=entry,
            assessor=assessor,
            state=Assessment.State.SUBMITTED if is_done else Assessment.State.ASSIGNED,
            declared_at=NOW,
            scores={"a": "50"},
            total=5000 if is_done else None,
            assigned_at=NOW,
            submitted_at=NOW if is_done else None,
        )


def add_scorer(number: int) -> None:
    """An assessor who scored one more subject."""
    add_subject(number, None, people.make_user(f"expert-{number}", Role.ASSESSOR, name=f"专家{number}"))


def add_own_assessment(number: int) -> None:
    """Something for the reader to score."""
    add_subject(number, None, people.make_user("expert", Role.ASSESSOR), people.make_user("reader", Role.ASSESSOR))


def add_sheet(number: int) -> None:
    """A published score sheet."""
    ScoreSheet.objects.create(
        key=f"sheet-{number}", version=1, title="表", is_published=True, made_at=NOW, published_at=NOW, criteria=[]
    )


@dataclass(frozen=True)
class Case:
    """Who opens the list where, and how it comes by one more row."""

    address: str
    role: str
    add: Callable[[int], None]
    args: tuple[str, ...] = ()


CASES = {
    "accounts": Case("units:account_list", Role.SYSTEM_ADMINISTRATOR, add_officer),
    "deliveries": Case("units:delivery_list", Role.SYSTEM_ADMINISTRATOR, add_message),
    "messages": Case("units:message_list", Role.LEADER, add_message),
    "audit": Case("units:audit_list", Role.AUDITOR, add_event),
    "duty_runs": Case("units:duty_list", Role.SYSTEM_ADMINISTRATOR, add_duty_run),
    "evidence-*": Case("indicators:indicator_detail", Role.LEADER, add_done_milestone, ("programme.milestones_done",)),
    "follow_ups": Case("units:follow_up_list", Role.LEADER, add_follow_up),
    "imports": Case("programme:import_start", Role.PROGRAMME_OFFICE, add_import),
    "indicators": Case("indicators:indicator_list", Role.LEADER, add_milestone),
    "jobs": Case("units:job_list", Role.SYSTEM_ADMINISTRATOR, add_job),
    "milestones": Case("programme:milestone_list", Role.LEADER, add_milestone),
    "own_jobs": Case("units:own_jobs", Role.LEADER, add_own_job),
    "own_milestones": Case("programme:my_milestones", Role.LIAISON_OFFICER, add_own_milestone),
    "own_assessments": Case("scoring:own_assessments", Role.ASSESSOR, add_own_assessment),
    "panels": Case("scoring:panel_list", Role.PROGRAMME_OFFICE, add_panel),
    "panel_results": Case("scoring:panel_results", Role.PROGRAMME_OFFICE, add_subject, PANEL),
    "panel_fees": Case("scoring:panel_fees", Role.PROGRAMME_OFFICE, add_scorer, PANEL),
    "score_sheets": Case("scoring:sheet_list", Role.PROGRAMME_OFFICE, add_sheet),
    "claims": Case("ventures:claim_list", Role.CLERK, add_claim),
    "parties": Case("ventures:party_list", Role.LEADER, add_party),
    "party_imports": Case("ventures:import_start", Role.PROGRAMME_OFFICE, add_party_import),
    "papers": Case("units:paper_list", Role.LEADER, add_paper),
    "my_cases": Case("applications:my_cases", Role.ENTREPRENEUR, add_own_case),
    "registers": Case("ventures:register_list", Role.PROGRAMME_OFFICE, add_register),
    "table": Case("programme:table", Role.LEADER, add_milestone),
    "units": Case("units:unit_list", Role.LEADER, add_officer),
    "versions": Case("programme:version_list", Role.LEADER, add_version),
}


def _queries(client: Client, case: Case, rows: range) -> list[str]:
    for number in rows:
        case.add(number)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(case.address, args=case.args))
        assert response.status_code == 200
        assert response.content
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key",
    [
        "accounts",
        "audit",
        "deliveries",
        "duty_runs",
        "evidence-*",
        "follow_ups",
        "imports",
        "indicators",
        "jobs",
        "messages",
        "milestones",
        "own_jobs",
        "own_milestones",
        "my_cases",
        "own_assessments",
        "panels",
        "panel_results",
        "panel_fees",
        "score_sheets",
        "claims",
        "parties",
        "party_imports",
        "papers",
        "registers",
        "table",
        "units",
        "versions",
    ],
)
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(key: str, client: Client, clock: datetime) -> None:
    case = CASES[key]
    _version()
    _panel()
    client.force_login(people.make_user("reader", case.role, unit=people.make_unit("own", "本单位")))
    _queries(client, case, range(2, 2))  # what the first page of a process reads once and keeps
    few = _queries(client, case, range(2, 2 + FEW))
    many = _queries(client, case, range(2 + FEW, 2 + MANY))
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    # Each figure of the list of indicators asks for itself.
    assert len(few) <= (26 if key == "indicators" else 20)
