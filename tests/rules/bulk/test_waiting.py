"""Waiting - the engines find whom time will mend, cell by cell as the explained answer does."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from chuangju.rules.bulk.run import Engine, match
from chuangju.rules.explain import explain
from tests.rules.bulk.engines import frame_of
from tests.rules.small import DAY, DICTIONARY, policy_of
from tests.rules.test_not_yet import MENDED_BY_TIME, random_facts

_TERM = "effective: 2024-01-01 .. 2026-05-31\n"


def _rows(count: int) -> list[dict[str, Any]]:
    draw = random.Random(11)
    rows = [random_facts(draw) for _ in range(count)]
    return [
        {"id": str(number), **{key: None if draw.random() < 0.04 else value for key, value in row.items()}}
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize(("engine", "step"), [("polars", 1), ("duckdb", 4)])
def test_who_waits_is_found_alike(engine: Engine, step: int) -> None:
    texts = [MENDED_BY_TIME[place : place + 3] for place in range(0, len(MENDED_BY_TIME), 3)][::step]
    policies = [replace(policy_of(*three, term=_TERM), id=f"p{number}") for number, three in enumerate(texts)]
    policies += [replace(policy_of(three[0], term=_TERM), id=f"q{number}") for number, three in enumerate(texts)]
    rows = _rows(40)
    facts = {key: DICTIONARY.facts[key] for key in ("registered_on", "ends_on", "staff", "trained", "employees")}
    frame = frame_of(rows, facts).insert_column(0, frame_of(rows, {"id": DICTIONARY.facts["number"]})["id"])
    found, seen = match(frame, policies, on=DAY, engine=engine), set()
    for policy in policies:
        names = found.legend["policies"][policy.id]["missing"]
        columns = [found.frame[f"{policy.id}.{what}"].to_list() for what in ("verdict", "missing")]
        for row, verdict, missing in zip(rows, *columns, strict=True):
            said = explain(policy, row, on=DAY)
            lacking = {name for place, name in enumerate(names) if missing >> place & 1}
            assert (verdict, lacking) == (said.verdict, set(said.missing)), (policy.conditions, row)
            seen.add(verdict)
    assert seen >= {"eligible", "not_yet", "unknown", "not_eligible"}
