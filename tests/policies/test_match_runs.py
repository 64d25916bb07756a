"""A register matched with policies: decided by a worker, counted once, read page by page, told one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import Job, User
from chuangju.policies.match_explaining import explain_enterprise
from chuangju.policies.match_page import compare_runs, group_lines, near_lines, policy_lines, run_figures
from chuangju.policies.match_reading import decision_rows
from chuangju.policies.match_runs import (
    MatchRefused,
    last_job,
    policies_of,
    policies_to_match,
    restart_run,
    run_folder,
    start_run,
    stop_run,
    tidy_matches,
    working_job,
)
from chuangju.policies.models import MatchRun
from chuangju.rules.policy import Policy
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import RegisterMissing, place_of
from tests.conftest import NOW
from tests.policies.desk import ROWS, TODAY, register_in_force

pytestmark = pytest.mark.django_db
CHOSEN = {"rent_subsidy", "setup_grant", "six_taxes_halving", "guaranteed_loan_organisation"}


@pytest.fixture
def register() -> RegisterSnapshot:
    return register_in_force()


@pytest.fixture
def officer(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("officer", Role.POLICY_OFFICER, unit=unit)


@pytest.fixture
def chosen() -> list[Policy]:
    return [one for one in policies_to_match(TODAY) if one.id in CHOSEN]


@pytest.fixture
def run(register: RegisterSnapshot, officer: User, chosen: list[Policy]) -> MatchRun:
    """A run that has come to its end."""
    made = start_run(register, on=TODAY, policies=chosen, title="", by=officer, at=NOW)
    run_waiting_jobs(at=NOW)
    made.refresh_from_db()
    return made


def test_a_run_is_computed_by_its_job_and_kept_with_its_digest(run: MatchRun) -> None:
    assert run.is_done
    assert run.rows == ROWS
    job = Job.objects.get(kind="policies.match")
    assert job.state == Job.State.DONE
    assert (run_folder(run) / "decisions.parquet").is_file()
    assert len(run.sha256) == 64


def test_every_verdict_is_counted_by_policy_town_industry_and_size(run: MatchRun) -> None:
    lines = policy_lines(run)
    assert {line.id for line in lines} == CHOSEN
    assert all(sum(line.verdicts) == ROWS for line in lines)
    for kind in ("town", "industry", "size"):
        assert sum(sum(line.verdicts) for line in group_lines(run, kind)) == ROWS * len(CHOSEN)
    assert group_lines(run, "town")[-1].name


def test_sample_figures_and_loans_are_never_added_to_confirmed_money(run: MatchRun) -> None:
    paid = [line for line in policy_lines(run) if line.amount_unit == "money"]
    assert "guaranteed_loan_organisation" not in {line.id for line in paid}
    groups = group_lines(run, "size")
    assert sum(line.amount for line in groups) == sum(line.amount or 0 for line in paid if line.confidence != "sample")
    assert sum(line.sample for line in groups) == sum(line.amount or 0 for line in paid if line.confidence == "sample")
    assert len(run_figures(run)) == 5


def test_the_list_of_a_policy_is_as_long_as_its_count(run: MatchRun) -> None:
    for line in policy_lines(run):
        rows = decision_rows(run, line.id)
        assert len(rows) == ROWS
        for name, number, _begin, _width in line.shares:
            assert len(rows.narrowed(verdict=name)) == number
    amounts = [one.amount for one in decision_rows(run, "rent_subsidy")[0:20] if one.amount is not None]
    assert amounts == sorted(amounts, reverse=True)


def test_near_misses_lead_to_just_those_enterprises(run: MatchRun) -> None:
    near = near_lines(run)
    assert near == sorted(near, key=lambda line: (not line.is_actionable, -line.count))
    for line in near[:6]:
        assert len(decision_rows(run, line.policy).narrowed(verdict="near_miss", bit=line.bit)) == line.count
    assert any(line.gaps for line in near)


def test_lists_are_narrowed_by_group_and_by_words(run: MatchRun) -> None:
    rows = decision_rows(run)
    town = group_lines(run, "town")[0].code
    assert 0 < len(rows.in_group("town", town)) < ROWS
    first = rows[0:1][0]
    assert [one.id for one in rows.narrowed(text=first.id)] == [first.id]
    assert first.eligible >= rows[ROWS - 1 : ROWS][0].eligible
    assert list(rows.narrowed(text="没有这家"))[:1] == []


def test_the_explanation_agrees_with_the_decision(run: MatchRun, officer: User, leader: User) -> None:
    for line in policy_lines(run):
        for row in decision_rows(run, line.id)[0:25]:
            found = explain_enterprise(run, row.id, reader=officer, on=TODAY)
            assert found is not None
            answers = {one.explanation.policy.id: one for _name, group in found.groups for one in group}
            assert answers[line.id].verdict == row.verdict
            if row.verdict == "eligible":
                assert answers[line.id].explanation.amount == row.amount
    hidden = explain_enterprise(run, row.id, reader=leader, on=TODAY)
    assert hidden is not None
    assert hidden.hides_personal
    assert explain_enterprise(run, "none", reader=officer, on=TODAY) is None


def test_runs_over_two_days_are_compared(run: MatchRun, officer: User, chosen: list[Policy]) -> None:
    later = start_run(run.snapshot, on=TODAY + timedelta(days=150), policies=chosen[1:], title="", by=officer, at=NOW)
    run_waiting_jobs(at=NOW)
    later.refresh_from_db()
    lines = compare_runs(run, later)
    assert len(lines) == len(chosen)
    assert next(line for line in lines if line.after is None).change is None
    assert any(line.change for line in lines)


def test_what_cannot_be_started_is_told(
    register: RegisterSnapshot, officer: User, leader: User, chosen: list[Policy]
) -> None:
    for by, policies, sentence in ((leader, chosen, "只有政策主管"), (officer, [], "至少选一项")):
        with pytest.raises(MatchRefused, match=sentence):
            start_run(register, on=TODAY, policies=policies, title="", by=by, at=NOW)
    with pytest.raises(MatchRefused, match="目录里没有"):
        policies_of(["gone@1"])
    place_of(register.sha256).unlink()
    with pytest.raises(RegisterMissing):
        start_run(register, on=TODAY, policies=chosen, title="", by=officer, at=NOW)
    assert not MatchRun.objects.exists()


def test_a_run_whose_register_is_gone_says_so_and_can_be_asked_for_again(
    register: RegisterSnapshot, officer: User, chosen: list[Policy]
) -> None:
    run = start_run(register, on=TODAY, policies=chosen, title="", by=officer, at=NOW)
    content = place_of(register.sha256).read_bytes()
    place_of(register.sha256).unlink()
    run_waiting_jobs(at=NOW)
    run.refresh_from_db()
    job = last_job(run)
    assert not run.is_done
    assert job is not None
    assert "不在存储中" in job.problem
    place_of(register.sha256).write_bytes(content)
    restart_run(run, by=officer, at=NOW)
    restart_run(run, by=officer, at=NOW)
    assert Job.objects.filter(kind="policies.match", state=Job.State.WAITING).count() == 1
    run_waiting_jobs(at=NOW)
    run.refresh_from_db()
    assert run.is_done


def test_a_run_is_stopped_and_leaves_nothing(register: RegisterSnapshot, officer: User, chosen: list[Policy]) -> None:
    run = start_run(register, on=TODAY, policies=chosen, title="", by=officer, at=NOW)
    stop_run(run, by=officer, at=NOW)
    assert working_job(run) is None
    with pytest.raises(MatchRefused, match="已经结束"):
        stop_run(run, by=officer, at=NOW)
    assert not run_folder(run).exists()


def test_folders_without_a_run_are_tidied_away(run: MatchRun) -> None:
    stray = run_folder(run).with_name("0" * 32)
    stray.mkdir()
    later = NOW + timedelta(days=400)
    assert tidy_matches(before=later) >= 1
    assert not stray.exists()
    assert run_folder(run).is_dir()
