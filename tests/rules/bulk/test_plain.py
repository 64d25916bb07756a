"""The plain pass says of everybody what the complete one says: who qualifies, who does not, who is unknown, and how much."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.plain import PlainDecider
from chuangju.rules.bulk.registers import Source
from chuangju.rules.bulk.run import facts_of_all, match
from chuangju.rules.bulk.widths import narrowed
from chuangju.rules.policy import Policy
from chuangju.rules.program import prepare_policy
from chuangju.ventures.registers.generate import generate_register
from tests.rules.small import DAY, policy_of

ON = date(2026, 3, 1)


def _plainly(register: pl.DataFrame, policies: list[Policy], on: date) -> pl.DataFrame:
    programs = {one.id: prepare_policy(one, on) for one in policies}
    source = Source(register, facts_of_all(list(programs.values())))
    (piece,) = source.pieces()
    return PlainDecider(programs, source.survey.absent, piece.schema).decide(piece)


def _shipped() -> list[Policy]:
    return [one for one in shipped_catalogue().in_force(ON) if one.subject == "venture"]


@pytest.mark.parametrize("is_narrow", [False, True])
def test_every_shipped_policy_is_decided_as_in_the_complete_pass(is_narrow: bool) -> None:  # noqa: FBT001 - a parameter of the test
    register, policies = generate_register(1_200, seed=11), _shipped()
    complete = match(register, policies, on=ON).frame
    given = register.select(narrowed(column) for column in register) if is_narrow else register
    plain = _plainly(given, policies, ON)
    qualifying = 0
    for policy in policies:
        verdict, holds = complete[f"{policy.id}.verdict"], plain[f"{policy.id}.holds"]
        assert holds.fill_null(value=False).to_list() == (verdict == "eligible").to_list(), policy.id
        assert plain[f"{policy.id}.amount"].cast(pl.Int64).equals(complete[f"{policy.id}.amount"]), policy.id
        qualifying += int(holds.sum())
    assert qualifying > 1_000


def test_nobody_everybody_unknown_and_an_amount_for_all_alike() -> None:
    register = pl.DataFrame({"id": ["A", "B", "C"], "staff": [5, None, 0], "rent": [None, 7, 7]})
    for when, more, holds, amounts in (
        ("staff > 9", "amount: rent\n", [False, None, False], [None] * 3),
        ("staff >= 0", "amount: 3元\n", [True, None, True], [300, None, 300]),
        ("staff >= 0", "amount: rent\n", [True, None, True], [None, None, 7]),
        ("staff >= 0", "", [True, None, True], [None] * 3),
        ("trained", "amount: 3元\n", [None] * 3, [None] * 3),
    ):
        found = _plainly(register, [policy_of(when, more=more)], DAY)
        assert found["grant.holds"].to_list() == holds, when
        assert found["grant.amount"].to_list() == amounts, when
    empty = _plainly(register.clear(), [policy_of("staff > 1", more="amount: rent\n")], DAY)
    assert empty.height == 0
