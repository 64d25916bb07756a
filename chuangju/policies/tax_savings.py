"""减税测算 - which reliefs one enjoys and what a year of them saves; the same figures as another legal form side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chuangju.policies.check_cards import Card
from chuangju.policies.check_explaining import card_of, explain_all, policies_answering
from chuangju.policies.check_questions import question_book
from chuangju.policies.check_reading import say
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.explain import Explanation
from chuangju.rules.given import Facts
from chuangju.rules.policy import Policy
from chuangju.rules.program import facts_of, prepare_policy
from chuangju.ventures.registers import dictionary

BENEFITS = frozenset({"tax", "fee"})
LEGAL_FORMS = ("individual_business", "company")
_RANKS = {"eligible": 0, "not_yet": 1, "near_miss": 2, "unknown": 3, "not_eligible": 4}


@dataclass(frozen=True)
class Relief:
    """One relief: its card, and what it saves in a year (fen)."""

    card: Card
    a_year: int | None


@dataclass(frozen=True)
class LegalForm:
    """The same figures as this kind of entity: what it saves in a year, by which reliefs."""

    name: str
    code: str
    a_year: int
    reliefs: tuple[tuple[str, int | None], ...]
    is_own: bool


@dataclass(frozen=True)
class TaxAnswer:
    """Everything the tax calculator says."""

    reliefs: tuple[Relief, ...]
    others: tuple[Relief, ...]
    confirmed: int
    sample: int
    forms: tuple[LegalForm, ...]


def tax_policies(catalogue: Catalogue, on: date) -> list[Policy]:
    """The reliefs of taxes and fees that answer on a day."""
    return [one for one in policies_answering(catalogue, on) if one.benefit in BENEFITS]


def tax_facts(catalogue: Catalogue, on: date) -> list[str]:
    """The facts that any of them asks for."""
    return list(dict.fromkeys(key for one in tax_policies(catalogue, on) for key in facts_in(one, on)))


def facts_in(policy: Policy, on: date) -> list[str]:
    """The facts of conditions, amount and points of a policy."""
    program = prepare_policy(policy, on)
    found = list(program.facts)
    for item in policy.points:
        found += facts_of(item.value)
    return list(dict.fromkeys(found))


def save_taxes(catalogue: Catalogue, facts: Facts, *, on: date) -> TaxAnswer:
    """The reliefs enjoyed, with a year's saving, and how another legal form would do."""
    policies = tax_policies(catalogue, on)
    reliefs = [Relief(card_of(one, catalogue), _a_year(one)) for one in explain_all(policies, facts, on=on)]
    reliefs.sort(key=lambda one: (_RANKS[one.card.verdict], -(one.a_year or 0), one.card.policy.id))
    enjoyed = [one for one in reliefs if one.card.verdict == "eligible"]
    return TaxAnswer(
        reliefs=tuple(enjoyed),
        others=tuple(one for one in reliefs if one.card.verdict != "eligible"),
        confirmed=sum(one.a_year or 0 for one in enjoyed if not one.card.is_sample),
        sample=sum(one.a_year or 0 for one in enjoyed if one.card.is_sample),
        forms=tuple(_forms(policies, facts, on)),
    )


def _forms(policies: Iterable[Policy], facts: Facts, on: date) -> Iterable[LegalForm]:
    listed = list(policies)
    names = dictionary().lists["entity_type"].codes
    for code in LEGAL_FORMS:
        explanations = explain_all(listed, {**facts, "entity_type": code}, on=on)
        enjoyed = [(say(one.policy.title), _a_year(one)) for one in explanations if one.verdict == "eligible"]
        total = sum(amount or 0 for _title, amount in enjoyed)
        yield LegalForm(say(names[code]), code, total, tuple(enjoyed), facts.get("entity_type") == code)


def _a_year(explanation: Explanation) -> int | None:
    if explanation.amount is None:
        return None
    return explanation.amount * question_book().times_a_year.get(explanation.policy.id, 1)
