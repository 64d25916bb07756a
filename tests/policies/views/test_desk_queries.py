"""The lists of the policy officers' desk ask the database as much for many rows as for few; results are read from files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.policies.draft_listing import version_listing
from chuangju.policies.match_listing import enterprise_listing
from chuangju.policies.match_runs import policies_to_match, start_run
from chuangju.policies.models import MatchRun, PolicyDraft, Simulation
from chuangju.ventures.models import RegisterSnapshot
from tests import people
from tests.conftest import NOW
from tests.policies.desk import TODAY, register_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.database("sqlite")]
FEW, MANY = 4, 40
MOST = 16


def _register() -> RegisterSnapshot:
    return RegisterSnapshot.objects.filter(number=1).first() or register_in_force(100)


def add_draft(number: int) -> None:
    """A draft of somebody, for a unit of its own."""
    PolicyDraft.objects.create(
        policy_id=f"policy_{number}", version="1", title=f"政策{number}", text="id: x\n",
        unit=people.make_unit(f"u{number}", f"单位{number}"), author=people.make_user(f"author{number}"),
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip


def add_run(number: int) -> None:
    """A run that somebody asked for."""
    MatchRun.objects.create(
        snapshot=_register(), on=TODAY, policies=["a@1"], started_by=people.make_user(f"by{number}"), started_at=NOW
    )


def add_simulation(number: int) -> None:
    """A simulation that somebody saved."""
    day = {"paid_before": 0, "paid_after": 0, "winners": 0, "losers": 0}
    Simulation.objects.create(
        title=f"测算{number}", policy_key="a@1", snapshot=_register(), on=TODAY, result={"days": [day]},
        saved_by=people.make_user(f"by{number}"), saved_at=NOW,
    )  # fmt: skip


CASES: dict[str, tuple[str, Callable[[int], None]]] = {
    "policy_drafts": ("policies:draft_list", add_draft),
    "match_runs": ("policies:match_list", add_run),
    "simulations": ("policies:simulation_list", add_simulation),
}


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(asked)


@pytest.fixture
def officer_client(client: Client) -> Client:
    """The policy officer at work; the first page of a process reads more than the next ones."""
    client.force_login(people.make_user("officer", "policy_officer", unit=people.make_unit("rsj", "区人社局")))
    client.get(reverse("policies:version_list"))
    return client


@pytest.mark.parametrize("key", ["policy_drafts", "match_runs", "simulations"])
def test_queries_of_a_list_do_not_grow(officer_client: Client, key: str) -> None:
    name, add = CASES[key]
    for number in range(FEW):
        add(number)
    few = _queries(officer_client, reverse(name))
    for number in range(FEW, MANY):
        add(number)
    assert _queries(officer_client, reverse(name)) == few <= MOST


def test_queries_of_policy_versions_are_those_of_a_page(officer_client: Client) -> None:
    assert version_listing([], frozenset(), on=TODAY).key == "policy_versions"
    assert _queries(officer_client, reverse("policies:version_list")) <= MOST


def test_queries_of_match_enterprises_do_not_grow_with_the_register(officer_client: Client) -> None:
    policies = [one for one in policies_to_match(TODAY) if one.id in {"rent_subsidy", "setup_grant"}]
    run = start_run(_register(), on=TODAY, policies=policies, title="", by=None, at=NOW)
    run_waiting_jobs(at=NOW)
    assert enterprise_listing(run, "").key == "match_enterprises"
    for address in (
        reverse("policies:match_enterprises", args=(run.pk,)),
        reverse("policies:match_policy", args=(run.pk, "rent_subsidy")),
        reverse("policies:match", args=(run.pk,)),
    ):
        assert _queries(officer_client, address) <= MOST
