"""Other figures tried over a register: who gains, who loses, what a year costs against a budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import Job, User
from chuangju.policies import simulations
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_effects import EffectsRefused, effects_of
from chuangju.policies.models import Simulation
from chuangju.policies.simulation_engine import columns_asked, coming_quarters
from chuangju.policies.simulation_page import export_rows, show_simulation
from chuangju.policies.simulation_work import answer_of, found_answer, start_simulation
from chuangju.policies.simulations import (
    Question,
    SimulationRefused,
    Sweep,
    answer_question,
    changed_policy,
    compute_answer,
    is_large,
    parts_of,
    policy_named,
    remove_simulation,
    save_simulation,
)
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import snapshot_path
from tests.conftest import NOW
from tests.policies.desk import ROWS, TODAY, register_in_force

pytestmark = pytest.mark.django_db
RENT = "rent_subsidy@2024"


@pytest.fixture
def register() -> RegisterSnapshot:
    return register_in_force()


@pytest.fixture
def officer(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("officer", Role.POLICY_OFFICER, unit=unit)


def ask(**more: Any) -> Question:
    return Question(RENT, TODAY, **more)


def test_quarters_begin_after_the_day() -> None:
    assert coming_quarters(date(2026, 11, 29)) == [
        date(2027, 1, 1),
        date(2027, 4, 1),
        date(2027, 7, 1),
        date(2027, 10, 1),
    ]


def test_a_higher_cap_makes_winners_only(register: RegisterSnapshot) -> None:
    found = answer_question(ask(parameters={"cap_month": "3500元"}), register)
    now = found["days"][0]
    assert now["before"] == now["after"]
    assert (now["winners"] > 0, now["losers"]) == (True, 0)
    assert now["paid_after"] > now["paid_before"]
    assert [one["in_force"] for one in found["days"]] == [True] * 5
    for rows in found["groups"].values():
        assert sum(one["winners"] for one in rows) == now["winners"]
        assert sum(one["paid_after"] for one in rows) == now["paid_after"]


def test_a_lower_cap_makes_losers_only_and_no_change_makes_neither(register: RegisterSnapshot) -> None:
    now = answer_question(ask(parameters={"cap_month": "1000元"}), register)["days"][0]
    assert (now["winners"], now["losers"] > 0) == (0, True)
    same = answer_question(ask(), register)["days"][0]
    assert (same["winners"], same["losers"]) == (0, 0)


def test_after_its_last_day_a_policy_pays_nobody_unless_it_goes_on(register: RegisterSnapshot) -> None:
    days = answer_question(ask(goes_on=False), register)["days"]
    assert days[-1]["paid_after"] == 0
    assert not days[-1]["in_force"]


def test_a_condition_that_is_lifted_lets_more_in(register: RegisterSnapshot) -> None:
    now = answer_question(ask(conditions={"hire": "true"}), register)["days"][0]
    assert now["after"]["eligible"] > now["before"]["eligible"]


def test_a_sweep_grows_with_its_cap(register: RegisterSnapshot) -> None:
    found = answer_question(ask(sweep=Sweep("cap_month", "2000元", "5000元", "1000元")), register)
    paid = [one["paid"] for one in found["sweep"]["values"]]
    assert len(paid) == 4
    assert paid == sorted(paid)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (ask(parameters={"cap_month": "many"}), "p:cap_month"),
        (ask(parameters={"cap_month": "30%"}), "p:cap_month"),
        (ask(parameters={"nothing": "3元"}), "p:nothing"),
        (ask(parameters={"share": "900000000000000%"}), "p:share"),
        (ask(conditions={"hire": "staff_cnt >= 1"}), "c:hire"),
        (ask(conditions={"hire": ""}), "c:hire"),
        (ask(conditions={"nobody": "true"}), "c:nobody"),
        (ask(sweep=Sweep("cap_month", "2000元", "1000元", "1元")), "sweep_name"),
        (ask(sweep=Sweep("cap_month", "0元", "5000元", "1元")), "sweep_name"),
        (ask(sweep=Sweep("nothing", "0元", "5000元", "1元")), "sweep_name"),
        (Question("gone@1", TODAY), "policy"),
    ],
)
def test_what_cannot_be_tried_names_its_field(register: RegisterSnapshot, question: Question, field: str) -> None:
    with pytest.raises(SimulationRefused) as told:
        answer_question(question, register)
    assert told.value.field == field


def test_a_saved_simulation_keeps_its_result_and_is_removed_by_whoever_saved_it(
    register: RegisterSnapshot, officer: User, office: User, leader: User
) -> None:
    question = ask(parameters={"cap_month": "3500元"}, sweep=Sweep("cap_month", "2000元", "3000元", "500元"))
    with pytest.raises(SimulationRefused, match="名称"):
        save_simulation(question, register, title=" ", budget=None, by=officer, at=NOW)
    with pytest.raises(SimulationRefused, match="只有政策主管"):
        save_simulation(question, register, title="x", budget=None, by=leader, at=NOW)
    saved = save_simulation(question, register, title="提高上限", budget=100, by=officer, at=NOW)
    shown = show_simulation(saved.result, budget=saved.budget)
    assert shown.budget is not None
    assert shown.budget.difference < 0
    assert "<svg" in shown.chart
    header, rows = export_rows(shown)
    assert {len(row) for row in rows} == {len(header)}
    with pytest.raises(SimulationRefused, match="自己保存"):
        remove_simulation(saved, by=office, at=NOW)
    remove_simulation(saved, by=officer, at=NOW)
    assert not Simulation.objects.exists()


def test_a_large_register_is_worked_out_by_a_job_with_the_same_answer(
    register: RegisterSnapshot, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ask(
        parameters={"cap_month": "3500元"},
        conditions={"hire": "true"},
        sweep=Sweep("cap_month", "2000元", "3000元", "500元"),
    )
    at_once = answer_question(question, register)
    monkeypatch.setattr(simulations, "MOST_ROWS", ROWS - 1)
    assert is_large(register)
    assert found_answer(question, register) is None
    job = start_simulation(question, register, typed={"on": TODAY.isoformat()}, by=officer, at=NOW)
    assert start_simulation(question, register, typed={}, by=officer, at=NOW) == job
    assert start_simulation(ask(), register, typed={}, by=officer, at=NOW) != job
    assert run_waiting_jobs(at=NOW) == 2
    job.refresh_from_db()
    assert (job.state, answer_of(job)) == (Job.State.DONE, at_once)
    assert found_answer(question, register) == at_once
    assert start_simulation(question, register, typed={}, by=officer, at=NOW) == job


def test_what_cannot_be_tried_is_refused_before_a_job_is_asked_for(register: RegisterSnapshot, officer: User) -> None:
    with pytest.raises(SimulationRefused, match="nothing"):
        start_simulation(ask(parameters={"nothing": "3元"}), register, typed={}, by=officer, at=NOW)
    assert not Job.objects.exists()


def test_a_job_says_how_far_it_is_and_reads_only_what_is_asked_for(register: RegisterSnapshot) -> None:
    told: list[tuple[int, int]] = []
    compute_answer(register, parts_of(ask()), lambda done, days: told.append((done, days)))
    assert told == [(number, 5) for number in range(5)]
    columns = columns_asked(snapshot_path(register), [policy_named(RENT)], TODAY)
    assert {"id", "town", "size_class", "industry_section", "registered_on"} <= set(columns)
    assert "founder_residence" not in columns


def test_what_a_draft_would_change_is_counted_by_verdict(register: RegisterSnapshot) -> None:
    old = policy_named(RENT)
    new = changed_policy(old, ask(conditions={"hire": "true"}))
    found = effects_of(old, new, register, on=TODAY)
    assert sum(change for _name, _before, _after, change in found.verdicts) == 0
    assert found.winners > 0
    assert found.transitions
    from_nothing = effects_of(None, new, register, on=TODAY)
    assert from_nothing.paid_before == 0
    with pytest.raises(EffectsRefused, match="名录"):
        effects_of(old, new, None, on=TODAY)
    assert current_catalogue().version("rent_subsidy", "2024") is not None
