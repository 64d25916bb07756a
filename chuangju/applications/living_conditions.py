"""存续条件 - which conditions of a grant must still hold before each further part is paid, and which no longer do.

A policy's file may name them (`pays: {living: [active, lease]}`). Where it does not, those count that ask only for facts
of a list in data/decisions.toml; the others (age of the firm, months left) are conditions of entry, asked for once.
"""

from __future__ import annotations

from datetime import date

from chuangju.applications.decision_settings import decision_settings
from chuangju.applications.evaluation import evaluate
from chuangju.applications.models import Application
from chuangju.kernel.languages import reads_english
from chuangju.rules.explain import ConditionAnswer
from chuangju.rules.policy import Policy
from chuangju.rules.program import facts_of, prepare_policy


def living_conditions(policy: Policy, *, on: date) -> frozenset[str]:
    """The keys of the conditions that must still hold while money is paid."""
    named = policy.pays.get("living")
    if isinstance(named, list):
        return frozenset(str(key) for key in named)
    facts = frozenset(decision_settings()["recheck"]["living_facts"])
    program = prepare_policy(policy, on)
    asked = {
        one.id: frozenset(facts_of(one.condition.when)) for one in program.conditions if not one.condition.is_implied
    }
    return frozenset(key for key, keys in asked.items() if keys and keys <= facts)


def broken_conditions(application: Application, policy: Policy, *, on: date) -> list[str]:
    """The labels of living conditions that surely no longer hold; what is unknown stops nobody's money."""
    living = living_conditions(policy, on=on)
    if not living:
        return []
    answers = evaluate(application, on=on, policy=policy).conditions
    return [_label(one) for one in answers if one.program.id in living and one.answer is False]


def _label(answer: ConditionAnswer) -> str:
    label = answer.program.condition.label
    return (label.en if reads_english() else "") or label.zh
