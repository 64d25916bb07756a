"""测算缓存 - the answer of a policy for what it asks of somebody, kept while nothing of that changes.

After each question only the policies that ask about it are worked out anew. What is kept lies in this process alone and for a
while; it is found by what was said, never by who said it, and no answer holds more than its policy asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from chuangju.policies.check_cards import Card, make_card
from chuangju.policies.check_reading import say
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.explain import Explanation, explain
from chuangju.rules.given import Facts
from chuangju.rules.kinds import Words
from chuangju.rules.policy import Policy
from chuangju.ventures.registers import dictionary

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Fifty policies for some forty people who are answering at the same time.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides about an answer: the version, the day, and what is known of the facts that it names."""

    policy: Policy
    on: date
    told: tuple[tuple[str, str], ...]
    facts: Facts = field(compare=False)


@lru_cache(maxsize=512)
def _facts_of(policy: Policy) -> tuple[str, ...]:
    """Every fact that a policy's text names, wherever it does: conditions, amount, documents, steps, points."""
    return tuple(sorted(set(_NAME.findall(policy.text)) & dictionary().facts.keys()))


@lru_cache(maxsize=8)
def policies_answering(catalogue: Catalogue, on: date) -> tuple[Policy, ...]:
    """For each policy the version that answers on a day."""
    return tuple(catalogue.in_force(on))


@lru_cache(maxsize=4)
def titles_of(catalogue: Catalogue) -> Mapping[str, Words]:
    """The titles of all policies by their ids, those of the latest versions."""
    return {one.id: one.title for one in catalogue.policies}


def explain_all(policies: Iterable[Policy], facts: Facts, *, on: date) -> list[Explanation]:
    """The answers of these policies for somebody on a day."""
    written = {key: repr(value) for key, value in facts.items()}
    return [_explained(_asked(policy, facts, written, on)) for policy in policies]


def asked_of(policy: Policy, facts: Facts, *, on: date) -> Asked:
    """What decides about the answer of one policy; a key for whatever else is worked out from it."""
    return _asked(policy, facts, {key: repr(value) for key, value in facts.items()}, on)


def _asked(policy: Policy, facts: Facts, written: Mapping[str, str], on: date) -> Asked:
    wanted = [key for key in _facts_of(policy) if key in facts]
    told = tuple((key, written[key]) for key in wanted)
    return Asked(policy, on, told, {key: facts[key] for key in wanted})


@lru_cache(maxsize=_MOST)
def _explained(asked: Asked) -> Explanation:
    return explain(asked.policy, asked.facts, on=asked.on)


def card_of(explanation: Explanation, catalogue: Catalogue, claim: Any = None) -> Card:
    """The card of an answer in the language of the page, with its place in the order of claiming."""
    card = _card(explanation, catalogue, get_language() or "")
    if claim is None or not (claim.given_up_for or claim.instead_of):
        return card
    titles = titles_of(catalogue)
    return replace(
        card,
        given_up_for=say(titles[claim.given_up_for]) if claim.given_up_for else "",
        instead_of=tuple(say(titles[one]) for one in claim.instead_of),
    )


@lru_cache(maxsize=_MOST)
def _card(explanation: Explanation, catalogue: Catalogue, _language: str) -> Card:
    return make_card(explanation, titles=titles_of(catalogue))
