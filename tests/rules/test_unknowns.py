"""Unknown is a value: no verdict but `unknown` changes when an unknown is filled in, and `not_yet` keeps its word."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.explain import Explanation, explain
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import PolicyFaults
from tests.rules.random_policies import RandomPolicies
from tests.rules.small import policy

# The months before the day asked about move with it; what they hold by then nobody knows today.
_MOVING = "last_months"


def _still_holds(before: Explanation, after: Explanation) -> bool:
    """Whether an answer is one that the other may become when unknowns are filled in."""
    if before.verdict == "unknown":
        return True
    if before.verdict == "eligible" and before.amount is not None and after.amount != before.amount:
        return False
    if before.verdict == "not_eligible" and after.verdict == "near_miss":
        return True
    return (before.verdict, before.from_day) == (after.verdict, after.from_day)


def _policies(seed: int, count: int) -> tuple[RandomPolicies, list[Policy]]:
    world, found = RandomPolicies(seed), []
    while len(found) < count:
        try:
            found.append(policy(world.body()))
        except PolicyFaults:
            # Some contradict themselves or move a day too far; what is told of them is tested elsewhere.
            continue
    return world, found


@pytest.mark.parametrize("seed", range(6))
def test_answers_of_random_policies_stand_when_unknowns_are_filled_in(seed: int) -> None:
    seen: Counter[str] = Counter()
    world, policies = _policies(seed, 40)
    for of in policies:
        for _ in range(4):
            facts, on = world.facts(), world.on()
            before, after = explain(of, facts, on=on), explain(of, world.filled(facts), on=on)
            seen[before.verdict] += 1
            assert _still_holds(before, after), (of.text, on, before.verdict, after.verdict)
            if before.verdict == "not_yet" and _MOVING not in of.text:
                assert before.from_day is not None
                assert explain(of, facts, on=before.from_day).verdict == "eligible", (of.text, on, before.from_day)
            if before.verdict != "unknown" and not (before.verdict == "eligible" and before.amount is None):
                assert before.missing == ()
            assert before.as_json()["verdict"] == before.verdict
    assert len(seen) == 5


def _with_gaps(facts: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {key: None if chance.random() < 0.2 else value for key, value in facts.items()}


def test_answers_of_the_shipped_policies_stand_when_unknowns_are_filled_in() -> None:
    chance, seen = random.Random(7), Counter[str]()
    for of in shipped_catalogue().policies:
        for example in of.examples:
            gaps = _with_gaps(dict(example.given), chance)
            before, after = explain(of, gaps, on=example.on), explain(of, example.given, on=example.on)
            assert _still_holds(before, after), (of.key, example.line)
            seen[before.verdict] += 1
            if before.verdict == "unknown":
                assert before.missing
    assert seen["unknown"] > 50
    assert seen["eligible"] > 50


def test_what_is_missing_of_the_shipped_policies_can_change_the_answer() -> None:
    """With everything that is missing filled in from the example, the answer of the example comes out."""
    chance = random.Random(11)
    asked = 0
    for of in shipped_catalogue().policies:
        for example in of.examples:
            facts = _with_gaps(dict(example.given), chance)
            for _ in range(20):
                found = explain(of, facts, on=example.on)
                wanted = [key for key in found.missing if facts.get(key) is None and example.given.get(key) is not None]
                if not wanted:
                    break
                asked += 1
                facts[wanted[0]] = example.given[wanted[0]]
            if found.verdict in {"eligible", "not_yet", "near_miss"}:
                assert found.verdict == example.verdict, (of.key, example.line)
    assert asked > 100
