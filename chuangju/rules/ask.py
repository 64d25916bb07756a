"""What to ask next: only facts that can still change an answer, those that settle most first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from chuangju.rules.explain import Explanation, explain
from chuangju.rules.kinds import Value
from chuangju.rules.policy import Policy

# An amount that is still open matters less than whether there is any.
_FOR_AMOUNT = 0.4


def next_questions(policies: Iterable[Policy], facts: Mapping[str, Value], *, on: date) -> list[str]:
    """The facts worth asking for, best first; empty once no answer can change any more."""
    return rank_missing(explain(policy, facts, on=on) for policy in policies)


def rank_missing(explanations: Iterable[Explanation]) -> list[str]:
    """The same from answers already given: a fact weighs more the fewer others its policies still lack."""
    weights: dict[str, float] = defaultdict(float)
    for explanation in explanations:
        missing = explanation.missing
        weight = 1.0 if explanation.verdict == "unknown" else _FOR_AMOUNT
        for key in missing:
            weights[key] += weight / len(missing)
    return sorted(weights, key=lambda key: -weights[key])
