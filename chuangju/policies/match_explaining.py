"""一家企业的说明 - why an enterprise of a run has the answers it has: every condition with value, threshold and clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.policies.check_cards import with_titles
from chuangju.policies.check_explaining import titles_of
from chuangju.policies.check_measures import own_value
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_page import say
from chuangju.policies.match_access import sees_personal_facts
from chuangju.policies.match_page import code_name, policy_lines
from chuangju.policies.match_runs import policies_of
from chuangju.policies.models import MatchRun
from chuangju.rules.explain import ConditionAnswer, Explanation, explain
from chuangju.rules.kinds import Words
from chuangju.rules.program import VERDICTS
from chuangju.rules.saying_values import say_value
from chuangju.units.access import Visitor
from chuangju.ventures.register_files import enterprise_row
from chuangju.ventures.registers import dictionary

_SHOWN_VALUES = 6


@dataclass(frozen=True)
class ShownCondition:
    """A condition of the explanation as drawn: `mark` is yes, no or unknown."""

    mark: str
    label: str
    sentence: str
    own: str
    values: tuple[tuple[str, str], ...]
    law: str
    from_day: date | None
    mend: str


@dataclass(frozen=True)
class ShownAnswer:
    """A policy's answer for the enterprise."""

    explanation: Explanation
    title: str
    conditions: tuple[ShownCondition, ...]
    formula: str
    missing: tuple[str, ...]
    steps: tuple[tuple[str, int], ...]

    @property
    def verdict(self) -> str:
        """One of the five."""
        return self.explanation.verdict

    @property
    def reasons(self) -> str:
        """In short why not: the conditions that fail, or the facts that are missing."""
        if self.verdict == "unknown":
            return "、".join(self.missing[:3])
        return "；".join(one.label for one in self.conditions if one.mark == "no")[:120]

    @property
    def is_sample(self) -> bool:
        """Whether its figures are samples."""
        return self.explanation.policy.confidence == "sample"


@dataclass(frozen=True)
class ExplainedEnterprise:
    """An enterprise of a run with the answers of every policy, the best first."""

    id: str
    name: str
    facts: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[ShownAnswer, ...]], ...]
    amount: int
    sample: int
    hides_personal: bool


def explain_enterprise(run: MatchRun, key: str, *, reader: Visitor, on: date) -> ExplainedEnterprise | None:
    """The answers for one enterprise of the run's register; None for one that is not in it. Raises Refused."""
    row = enterprise_row(run.snapshot, key)
    if row is None or not run.is_done:
        return None
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    shows_personal = sees_personal_facts(reader, on=on)
    order = {line.id: place for place, line in enumerate(policy_lines(run))}
    answers = [explain(policy, facts, on=run.on) for policy in policies_of(run.policies)]
    answers.sort(key=lambda one: (-(one.amount or 0), order.get(one.policy.id, 0)))
    titles = {**titles_of(current_catalogue()), **{one.policy.id: one.policy.title for one in answers}}
    shown = [_shown(one, facts, titles, shows_personal=shows_personal) for one in answers]
    groups = [(name, tuple(one for one in shown if one.verdict == name)) for name in VERDICTS]
    paid = [one for one in answers if one.verdict == "eligible" and one.policy.amount_unit == "money"]
    paid = [one for one in paid if one.policy.benefit != "loan"]
    return ExplainedEnterprise(
        id=key,
        name=str(row.get("name") or key),
        facts=tuple(_head(row)),
        groups=tuple((name, found) for name, found in groups if found),
        amount=sum(one.amount or 0 for one in paid if one.policy.confidence != "sample"),
        sample=sum(one.amount or 0 for one in paid if one.policy.confidence == "sample"),
        hides_personal=not shows_personal,
    )


def _head(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("街镇"), code_name("town", row.get("town") or "")
    yield _("行业"), code_name("industry", row.get("industry_section") or "")
    yield _("规模"), code_name("size", row.get("size_class") or "")
    for key in ("registered_on", "status", "staff_count"):
        fact = dictionary().facts[key]
        yield say(fact.name), say(say_value(row.get(key), fact.kind, fact))


def _shown(
    found: Explanation, facts: Mapping[str, Any], titles: Mapping[str, Words], *, shows_personal: bool
) -> ShownAnswer:
    may_tell = shows_personal or not any(_is_personal(key) for one in found.conditions for key in one.values)
    formula = found.formula if found.verdict in {"eligible", "not_yet"} and may_tell else None
    return ShownAnswer(
        found,
        say(found.policy.title),
        tuple(_condition(one, facts, found.on, titles, shows_personal=shows_personal) for one in found.conditions),
        say(formula) if formula else "",
        tuple(say(dictionary().facts[key].name) for key in found.missing),
        tuple(
            (step["label"]["en" if reads_english() else "zh"], step["gain"])
            for step in (found.steps if found.verdict != "eligible" else ())
        ),
    )


def _condition(
    one: ConditionAnswer, facts: Mapping[str, Any], on: date, titles: Mapping[str, Words], *, shows_personal: bool
) -> ShownCondition:
    condition = one.program.condition
    is_told = shows_personal or not any(_is_personal(key) for key in one.values)
    return ShownCondition(
        mark=one.verdict,
        label=say(condition.label),
        sentence=with_titles(say(one.sentence), titles),
        own=with_titles(own_value(one, facts, on), titles) if is_told else _("涉及个人信息，不显示"),
        values=tuple(_values(one)) if is_told else (),
        law=condition.law,
        from_day=one.from_day,
        mend=say(condition.mend) if condition.mend and one.answer is False else "",
    )


def _values(one: ConditionAnswer) -> Iterator[tuple[str, str]]:
    for key in list(one.values)[:_SHOWN_VALUES]:
        fact = dictionary().facts[key]
        yield say(fact.name), say(say_value(one.values[key], fact.kind, fact))


def _is_personal(key: str) -> bool:
    fact = dictionary().facts.get(key)
    return fact is not None and (
        fact.sensitivity == "personal" or any(one.sensitivity == "personal" for one in fact.fields.values())
    )
