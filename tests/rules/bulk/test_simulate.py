"""Simulation: other figures, other conditions, swept values, with who gains and who loses."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.changes import ChangeRefused, read_sweep, with_conditions, with_figures, with_value
from chuangju.rules.bulk.simulate import simulate, simulate_quarters, simulate_variants
from chuangju.rules.explain import explain
from chuangju.rules.policy import Policy
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.generate import generate_register

DAY = date(2025, 6, 30)


@pytest.fixture(scope="module")
def register() -> pl.DataFrame:
    return generate_register(2000, seed=3)


@pytest.fixture(scope="module")
def policy() -> Policy:
    found = shipped_catalogue().version("rent_subsidy", "2024")
    assert found is not None
    return found


def _by_explanation(policy: Policy, register: pl.DataFrame) -> tuple[int, int]:
    answers = [explain(policy, row, on=DAY) for row in register.iter_rows(named=True)]
    return sum(one.verdict == "eligible" for one in answers), sum(one.amount or 0 for one in answers)


def test_a_higher_cap_costs_what_the_explained_answers_add_up_to(register: pl.DataFrame, policy: Policy) -> None:
    changed = with_figures(policy, {"cap_month": "3500元"})
    found = simulate(register, policy, changed, on=DAY)
    assert (found.base["eligible"], found.base["amount"]) == _by_explanation(policy, register)
    assert (found.changed["eligible"], found.changed["amount"]) == _by_explanation(changed, register)
    assert found.base["eligible"] > 0
    assert found.winners > 0
    assert found.losers == 0


def test_a_changed_condition_is_decided_anew(register: pl.DataFrame, policy: Policy) -> None:
    changed = with_figures(policy, {"max_months": "48"})
    found = simulate(register, policy, changed, on=DAY)
    assert (found.changed["eligible"], found.changed["amount"]) == _by_explanation(changed, register)
    assert found.winners == found.changed["eligible"] - found.base["eligible"] > 0


def test_an_expression_in_place_of_a_condition(register: pl.DataFrame, policy: Policy) -> None:
    name = policy.conditions[0].id
    changed = with_conditions(policy, {name: "true"}, dictionary())
    found = simulate(register, policy, changed, on=DAY)
    assert found.changed["eligible"] == _by_explanation(changed, register)[0]


def test_groups_add_up_to_the_whole(register: pl.DataFrame, policy: Policy) -> None:
    found = simulate(register, policy, with_figures(policy, {"cap_month": "2000元"}), on=DAY)
    assert found.losers > 0
    for groups in found.groups.values():
        assert sum(one["changed"]["amount"] for one in groups.values()) == found.changed["amount"]
        assert sum(one["losers"] for one in groups.values()) == found.losers
    assert set(found.groups) == {"by_town", "by_size", "by_industry"}


def test_a_sweep_gives_each_value_what_it_would_give_alone(register: pl.DataFrame, policy: Policy) -> None:
    name, values = read_sweep(policy, "cap_month=2000元..3000元:500元")
    assert values == [200000, 250000, 300000]
    variants = [with_value(policy, name, value) for value in values]
    swept = simulate_variants(register, policy, variants, on=DAY, values=values)
    assert [one.value for one in swept] == values
    for one, variant in zip(swept, variants, strict=True):
        assert one.changed == simulate(register, policy, variant, on=DAY).changed
    assert swept[-1].changed == swept[-1].base
    assert [one.changed["amount"] for one in swept] == sorted(one.changed["amount"] for one in swept)


def test_the_next_quarters_are_looked_at_too(register: pl.DataFrame, policy: Policy) -> None:
    found = simulate_quarters(register, policy, with_figures(policy, {"share": "60%"}), on=DAY)
    assert [one.on for one in found] == [
        date(2025, 6, 30),
        date(2025, 9, 30),
        date(2025, 12, 30),
        date(2026, 3, 30),
        date(2026, 6, 30),
    ]
    assert found[0].as_json()["changed"]["amount"] > found[0].base["amount"]


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"cap_moth": "3500元"}, "没有参数“cap_moth”"),
        ({"cap_month": "很多"}, "参数 cap_month"),
        ({"share": "半"}, "参数 share"),
        ({"max_months": "三年"}, "要写整数"),
    ],
)
def test_a_figure_that_does_not_fit_is_refused_by_name(policy: Policy, figures: dict[str, str], words: str) -> None:
    with pytest.raises(ChangeRefused, match=words):
        with_figures(policy, figures)


@pytest.mark.parametrize(
    "text", ["cap_month", "cap_month=1..2", "cap_month=3000元..2000元:100元", "cap_month=1元..9000元:1元", "x=1..2:1"]
)
def test_a_sweep_that_cannot_be_is_refused(policy: Policy, text: str) -> None:
    with pytest.raises(ChangeRefused):
        read_sweep(policy, text)


def test_a_condition_that_cannot_be_read_is_refused_with_its_place(policy: Policy) -> None:
    name = policy.conditions[0].id
    with pytest.raises(ChangeRefused, match="没有条件"):
        with_conditions(policy, {"nobody": "true"}, dictionary())
    with pytest.raises(ChangeRefused, match=f"条件 {name} 第 1 个字符"):
        with_conditions(policy, {name: "montly_rent > 0"}, dictionary())
    with pytest.raises(ChangeRefused, match="要是是非"):
        with_conditions(policy, {name: "1 + 1"}, dictionary())
