"""Decisions - in bulk exactly what the explained answer says: verdict, amount, what fails and what is missing."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.changes import with_value
from chuangju.rules.bulk.decisions import CannotDecide, make_plan
from chuangju.rules.bulk.run import match
from chuangju.rules.explain import explain
from chuangju.rules.policy import Policy
from chuangju.rules.program import prepare_policy
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import schema
from chuangju.ventures.registers.generate import generate_register
from tests.rules.bulk.random_registers import ON, as_frame, random_rows

_DAYS = (ON, date(2027, 2, 28))


def _policy(policy_id: str) -> Policy:
    found = shipped_catalogue().version_for(policy_id, ON)
    assert found is not None
    return found


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return as_frame(rows, dict(schema()))


def _bits(number: int, names: list[str]) -> set[str]:
    return {name for place, name in enumerate(names) if number >> place & 1}


@pytest.mark.parametrize("day", _DAYS)
def test_bulk_says_what_the_explained_answer_says(day: date) -> None:
    policies = list({one.id: one for one in shipped_catalogue().policies}.values())
    # Few gaps and many, one after the other: a run costs more to make ready than its rows.
    rows = [*random_rows(dictionary(), 40, seed=7, gaps=0.01), *random_rows(dictionary(), 40, seed=8, gaps=0.08)]
    found = match(_frame(rows), policies, on=day)
    seen = set()
    for policy in policies:
        legend = found.legend["policies"][policy.id]
        columns = [found.frame[f"{policy.id}.{what}"].to_list() for what in ("verdict", "amount", "failed", "missing")]
        for row, verdict, amount, failed, missing in zip(rows, *columns, strict=True):
            said = explain(policy, row, on=day)
            expected = said.verdict, said.amount, {one.program.id for one in said.failing}, set(said.missing)
            assert (verdict, amount, _bits(failed, legend["failed"]), _bits(missing, legend["missing"])) == expected
            seen.add(verdict)
    assert len(seen) >= 4


def test_duckdb_decides_the_shipped_catalogue_alike() -> None:
    policies = shipped_catalogue().in_force(ON)
    frame = _frame(random_rows(dictionary(), 60, seed=8))
    assert match(frame, policies, on=ON, engine="duckdb").frame.equals(match(frame, policies, on=ON).frame)


def test_no_known_verdict_changes_when_an_unknown_is_filled_in() -> None:
    policies = shipped_catalogue().in_force(ON)
    full = random_rows(dictionary(), 80, seed=9, gaps=0.0)
    gappy = [
        {
            key: None if (number + place) % 9 == 0 and key != "id" else value
            for place, (key, value) in enumerate(row.items())
        }
        for number, row in enumerate(full)
    ]
    both = match(_frame([*gappy, *full]), policies, on=ON).frame
    before, after = both.head(len(gappy)), both.tail(len(full))
    for policy in policies:
        for was, is_now in zip(before[f"{policy.id}.verdict"], after[f"{policy.id}.verdict"], strict=True):
            assert was in {"unknown", is_now} or (was, is_now) == ("not_eligible", "near_miss")


def test_a_higher_cap_lowers_no_amount() -> None:
    policy, frame = _policy("rent_subsidy"), generate_register(2_000, seed=10, on=ON)
    paid = [
        match(frame, [with_value(policy, "cap_month", cap)], on=ON).frame["rent_subsidy.amount"]
        for cap in (100_000, 300_000, 300_001, 900_000)
    ]
    assert paid[0].drop_nulls().len() > 0
    for lower, higher in itertools.pairwise(paid):
        assert (lower <= higher).drop_nulls().all()
        assert lower.is_null().equals(higher.is_null())


def test_two_versions_of_a_policy_are_refused() -> None:
    with pytest.raises(CannotDecide, match="不止一个版本"):
        make_plan([prepare_policy(_policy("rent_subsidy"), ON)] * 2, {})


def test_more_conditions_than_bits_are_refused() -> None:
    policy = _policy("rent_subsidy")
    many = replace(policy, conditions=tuple(replace(policy.conditions[0], id=f"c{n}") for n in range(64)))
    with pytest.raises(CannotDecide, match="64 项条件"):
        make_plan([prepare_policy(many, ON)], {})
