"""Simulation - the policy as it is against other figures and conditions: what it costs, who gains, who loses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.changes import ChangeRefused, read_sweep, with_conditions, with_figures, with_value
from chuangju.rules.bulk.run import match
from chuangju.rules.bulk.simulate import simulate, simulate_quarters, simulate_variants
from chuangju.rules.days import add_months
from chuangju.rules.kinds import Kind
from chuangju.rules.policy import Policy
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.generate import generate_register
from tests.rules.bulk.random_registers import ON


@pytest.fixture(scope="module")
def register() -> pl.DataFrame:
    return generate_register(3_000, seed=12, on=ON)


@pytest.fixture(scope="module")
def policy() -> Policy:
    found = shipped_catalogue().version_for("rent_subsidy", ON)
    assert found is not None
    return found


def test_a_simulation_is_what_two_runs_give(register: pl.DataFrame, policy: Policy) -> None:
    easier = with_figures(policy, {"hires_min": "1", "cap_month": "2500元"})
    told = simulate(register, policy, easier, on=ON).as_json()
    both = [match(register, [one], on=ON).frame for one in (policy, easier)]
    amounts = [one["rent_subsidy.amount"].fill_null(0) for one in both]
    eligible = [one["rent_subsidy.verdict"] == "eligible" for one in both]
    for side, amount, has in zip(("base", "changed"), amounts, eligible, strict=True):
        assert told[side] == {"eligible": has.sum(), "amount": amount.sum()}
    comes = (amounts[1] == amounts[0]) & eligible[1] & ~eligible[0]
    assert told["winners"] == ((amounts[1] > amounts[0]) | comes).sum() > comes.sum()
    assert told["losers"] == (amounts[1] < amounts[0]).sum() > 0
    for key in ("by_town", "by_size", "by_industry"):
        assert sum(group["changed"]["amount"] for group in told[key].values()) == told["changed"]["amount"]
        assert sum(group["winners"] for group in told[key].values()) == told["winners"]
        assert "unknown" not in told[key] or list(told[key])[-1] == "unknown"


def test_a_change_of_figures_alone_gives_what_deciding_all_gives(register: pl.DataFrame, policy: Policy) -> None:
    higher = with_figures(policy, {"cap_month": "3500元"})
    same = replace(higher, conditions=(*higher.conditions, replace(higher.conditions[0], id="again")))
    assert simulate(register, policy, higher, on=ON).as_json() == simulate(register, policy, same, on=ON).as_json()


def test_a_sweep_gives_one_answer_for_each_value(register: pl.DataFrame, policy: Policy, tmp_path: Path) -> None:
    file = tmp_path / "register.parquet"
    register.drop("industry_section").write_parquet(file)
    name, values = read_sweep(policy, "cap_month=2000元..4000元:500元")
    variants = [with_value(policy, name, value) for value in values]
    told = [one.as_json() for one in simulate_variants(file, policy, variants, on=ON, values=values)]
    assert [one["value"] for one in told] == [200_000, 250_000, 300_000, 350_000, 400_000]
    paid = [one["changed"]["amount"] for one in told]
    assert paid == sorted(paid)
    assert paid[2] == told[2]["base"]["amount"]
    assert "by_industry" not in told[0]
    assert told[0]["by_town"]


def test_the_coming_quarters_are_looked_at_with_the_register_as_it_is(register: pl.DataFrame, policy: Policy) -> None:
    told = simulate_quarters(register, policy, with_figures(policy, {"cap_month": "3500元"}), on=ON)
    assert [one.on for one in told] == [add_months(ON, months) for months in (0, 3, 6, 9, 12)]
    assert told[0].base["eligible"] > told[-1].base["eligible"]


def test_a_policy_without_an_amount_is_counted(register: pl.DataFrame) -> None:
    recognition = next(one for one in shipped_catalogue().in_force(ON) if one.amount is None)
    told = simulate(register, recognition, recognition, on=ON).as_json()
    assert told["base"] == told["changed"]
    assert told["base"]["amount"] == 0
    harder = replace(recognition, conditions=recognition.conditions[:1])
    assert simulate(register, recognition, harder, on=ON).changed["eligible"] >= told["base"]["eligible"]


def test_a_condition_is_changed_by_its_text(register: pl.DataFrame, policy: Policy) -> None:
    looser = with_conditions(policy, {"hire": "size(employees) >= 0"}, dictionary())
    told = simulate(register, policy, looser, on=ON)
    assert told.losers == 0
    assert told.changed["eligible"] > told.base["eligible"]


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({"nope": "3"}, "没有参数“nope”"),
        ({"cap_month": "many"}, "不是金额"),
        ({"share": "half"}, "不是比率"),
        ({"max_total": "2.5"}, "要写整数"),
        ({"share": "9000000000%"}, "不能这样改动"),
    ],
)
def test_figures_that_do_not_fit_are_refused(policy: Policy, figures: dict[str, str], sentence: str) -> None:
    with pytest.raises(ChangeRefused, match=sentence):
        with_figures(policy, figures)


def test_figures_are_read_by_their_kind(policy: Policy) -> None:
    changed = with_figures(policy, {"cap_month": "350000", "share": "60%", "max_total": "30"})
    assert [changed.parameters[name].values[0].value for name in ("cap_month", "share", "max_total")] == [
        350_000,
        6_000,
        30,
    ]
    bare = replace(policy, parameters={})
    with pytest.raises(ChangeRefused, match="有：无"):
        with_figures(bare, {"nope": "3"})


def test_parameters_that_are_no_plain_numbers_are_refused() -> None:
    found = [
        (one, name)
        for one in shipped_catalogue().policies
        for name, parameter in one.parameters.items()
        if parameter.is_banded
    ]
    policy, name = found[0]
    with pytest.raises(ChangeRefused, match="分档"):
        with_figures(policy, {name: "3"})


def test_parameters_that_are_no_numbers_at_all_are_refused(policy: Policy) -> None:
    day = replace(policy.parameters["cap_month"], kind=Kind.DATE)
    with pytest.raises(ChangeRefused, match="不是数"):
        with_figures(replace(policy, parameters={"cap_month": day}), {"cap_month": "2025-01-01"})


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ({"nope": "true"}, "没有条件“nope”"),
        ({"hire": "nobody >= 2"}, "没有“nobody”"),
        ({"hire": "monthly_rent"}, "要是是非"),
    ],
)
def test_conditions_that_do_not_fit_are_refused(policy: Policy, conditions: dict[str, str], sentence: str) -> None:
    with pytest.raises(ChangeRefused, match=sentence):
        with_conditions(policy, conditions, dictionary())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("cap_month=5", "请写成"),
        ("cap_month=5元..3元:1元", "步长"),
        ("cap_month=1元..3元:0元", "步长"),
        ("cap_month=1元..3000元:1元", "最多测算"),
        ("nope=1..3:1", "没有参数"),
    ],
)
def test_sweeps_that_do_not_fit_are_refused(policy: Policy, text: str, sentence: str) -> None:
    with pytest.raises(ChangeRefused, match=sentence):
        read_sweep(policy, text)
