"""Runs and simulations go when their owner says so and after their time; files go with them, the audit log keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from chuangju.kernel.audit import events_about
from chuangju.kernel.duty_periods import DutyPeriod, day_span
from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.desk_settings import desk_settings
from chuangju.policies.match_retention import forget_runs, remove_run, run_goes_on, simulation_goes_on
from chuangju.policies.match_runs import MatchRefused, policies_to_match, run_folder, start_run
from chuangju.policies.models import MatchRun, Simulation
from chuangju.policies.simulations import SimulationRefused, remove_simulation
from chuangju.units.models import Role, Unit
from tests import people
from tests.conftest import NOW
from tests.policies.desk import TODAY, register_in_force

pytestmark = pytest.mark.django_db
RETENTION = desk_settings()["retention"]


@pytest.fixture
def officer(unit: Unit) -> User:
    return people.make_user("officer", Role.POLICY_OFFICER, unit=unit)


def _run(by: User | None, at: datetime = NOW) -> MatchRun:
    register = register_in_force(40)
    chosen = [one for one in policies_to_match(TODAY) if one.id == "rent_subsidy"]
    return start_run(register, on=TODAY, policies=chosen, title="试", by=by, at=at)


def _saved(by: User | None, run: MatchRun, at: datetime = NOW) -> Simulation:
    return Simulation.objects.create(
        title="测", policy_key="rent_subsidy@2024", snapshot=run.snapshot, on=TODAY, saved_by=by, saved_at=at
    )


def _period(at: datetime) -> DutyPeriod:
    span = day_span(at.date())
    return DutyPeriod(at.date(), span.start, span.end, at)


def test_a_run_goes_with_its_files_when_its_owner_says_so(
    officer: User, office: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = _run(officer)
    with pytest.raises(MatchRefused, match="先停止"):
        remove_run(run, by=officer, at=NOW)
    run_waiting_jobs()
    with pytest.raises(MatchRefused, match="自己发起"):
        remove_run(run, by=office, at=NOW)
    assert run_folder(run).is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        remove_run(run, by=officer, at=NOW)
    assert not MatchRun.objects.exists()
    assert not run_folder(run).exists()
    event = events_about(run).get(action="policies.match_removed")
    assert (event.actor, event.changes["title"][0]) == (officer, "试")
    with pytest.raises(StaleForm):
        remove_run(run, by=officer, at=NOW)
    assert events_about(run).filter(action="policies.match_removed").count() == 1


def test_a_simulation_is_removed_once(officer: User) -> None:
    saved = _saved(officer, _run(officer))
    remove_simulation(Simulation.objects.get(), by=officer, at=NOW)
    with pytest.raises(SimulationRefused, match="已经删除"):
        remove_simulation(saved, by=officer, at=NOW)
    assert events_about(saved).count() == 1


def test_what_is_past_its_time_goes_by_itself_and_a_run_at_work_stays(
    officer: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = _run(officer)
    saved = _saved(officer, run)
    assert run_goes_on(run) == TODAY + timedelta(days=RETENTION["match_runs_days"])
    assert simulation_goes_on(saved) == TODAY + timedelta(days=RETENTION["simulations_days"])
    late = NOW + timedelta(days=max(RETENTION.values()) + 1)
    assert forget_runs(_period(NOW + timedelta(days=1))) == 0
    assert forget_runs(_period(late)) == 1  # the simulation; the run still waits for a worker
    run_waiting_jobs()
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_runs(_period(late)) == 1
    assert not MatchRun.objects.exists()
    assert not run_folder(run).exists()
    assert events_about(run).get(action="policies.match_removed").actor is None
    assert forget_runs(_period(late)) == 0


def test_the_page_offers_it_to_the_owner_alone(officer: User, office: User, client: Client) -> None:
    run = _run(officer)
    run_waiting_jobs()
    address = reverse("policies:match_remove", args=(run.pk,))
    client.force_login(office)
    shown = client.get(reverse("policies:match", args=(run.pk,))).content.decode()
    assert address not in shown
    assert "保存到 2027年" in shown
    client.post(address)
    assert MatchRun.objects.exists()
    client.force_login(officer)
    assert address in client.get(reverse("policies:match", args=(run.pk,))).content.decode()
    assert client.post(address)["Location"] == reverse("policies:match_list")
    assert not MatchRun.objects.exists()
