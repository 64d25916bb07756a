"""Each list of the product asks the database the same number of questions for few rows and for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.units.models import Role
from tests import people
from tests.applications.own_rows import add_own_case
from tests.list_rows import (
    add_claim,
    add_done_milestone,
    add_duty_run,
    add_event,
    add_follow_up,
    add_import,
    add_job,
    add_message,
    add_milestone,
    add_officer,
    add_own_job,
    add_own_milestone,
    add_paper,
    add_party,
    add_party_import,
    add_version,
    table_version,
)
from tests.scoring.list_rows import PANEL, add_own_assessment, add_panel, add_scorer, add_sheet, add_subject, list_panel
from tests.ventures.register_rows import add_register

# How many queries a page asks does not depend on the database.
pytestmark = pytest.mark.database("sqlite")

FEW, MANY = 4, 40


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
    table_version()
    list_panel()
    client.force_login(people.make_user("reader", case.role, unit=people.make_unit("own", "本单位")))
    _queries(client, case, range(2, 2))  # what the first page of a process reads once and keeps
    few = _queries(client, case, range(2, 2 + FEW))
    many = _queries(client, case, range(2 + FEW, 2 + MANY))
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    # Each figure of the list of indicators asks for itself.
    assert len(few) <= (45 if key == "indicators" else 20)
