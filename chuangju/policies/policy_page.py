"""政策页 - one version of a policy as people read it: what it gives, their own conditions, the steps, the words of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.policies.check_cards import (
    Card,
    MissingFact,
    Reason,
    missing_facts,
    money_amount,
    reason_of,
    with_titles,
)
from chuangju.policies.check_explaining import card_of
from chuangju.policies.check_reading import say
from chuangju.policies.policy_words import AUDIENCES, BENEFITS, CHANNELS, LEVELS, source_sign, word_of, words_of
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.explain import Explanation
from chuangju.rules.kinds import Kind, Words
from chuangju.rules.policy import Example, Policy
from chuangju.rules.program import prepare_policy
from chuangju.rules.sentences import tell
from chuangju.ui.signs import Sign


@dataclass(frozen=True)
class ProcessStep:
    """One step of how it goes: what happens, who does it, how long it takes."""

    label: str
    unit: str
    days: int | None


@dataclass(frozen=True)
class WorkedExample:
    """An example as a person reads it."""

    name: str
    on: date
    verdict: str
    amount: str
    from_day: date | None


@dataclass(frozen=True)
class PolicyPage:
    """Everything that the page of a version shows."""

    policy: Policy
    card: Card | None
    reasons: tuple[Reason, ...]
    missing: tuple[MissingFact, ...]
    process: tuple[ProcessStep, ...]
    documents: tuple[str, ...]
    examples: tuple[WorkedExample, ...]
    versions: tuple[Policy, ...]
    is_current: bool
    ended_on: date | None
    begins_on: date | None
    excludes: tuple[tuple[str, str], ...]
    goes_with: tuple[tuple[str, str], ...]
    tops_up: tuple[tuple[str, str], ...]
    leaves: tuple[str, ...]
    # The day on which the version is read: today, else the nearest day of its term.
    read_on: date
    titles: Mapping[str, Words]

    @property
    def title(self) -> str:
        """In the language of the page."""
        return say(self.policy.title)

    @property
    def summary(self) -> str:
        """Our own words for founders."""
        return say(self.policy.summary)

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Level, kind, whom it is for, how one comes by it."""
        policy = self.policy
        found = [
            (_("层级"), word_of(LEVELS, policy.level)),
            (_("内容"), word_of(BENEFITS, policy.benefit)),
            (_("对象"), words_of(AUDIENCES, policy.audience)),
            (_("方式"), word_of(CHANNELS, policy.channel)),
        ]
        return [(name, value) for name, value in found if value]

    @property
    def source_sign(self) -> Sign:
        """How sure the source is."""
        return source_sign(self.policy.confidence)

    @property
    def source_note(self) -> str:
        """What is to be known of the source."""
        return say(self.policy.source.note)

    @property
    def condition_lines(self) -> list[tuple[str, str, str]]:
        """The conditions as they stand for everybody: label, sentence, clause."""
        program = prepare_policy(self.policy, self.read_on)
        return [
            (say(one.condition.label), with_titles(say(tell(one.bound)), self.titles), one.condition.law)
            for one in program.conditions
        ]

    @property
    def plain_formula(self) -> str:
        """The amount's formula without anybody's numbers."""
        bound = prepare_policy(self.policy, self.read_on).amount_bound
        return with_titles(say(tell(bound)), self.titles) if bound is not None else ""

    @property
    def formula(self) -> str:
        """The amount's formula, with somebody's own numbers where they are known."""
        words = self.card.explanation.formula if self.card else None
        return with_titles(say(words), self.titles) if words is not None else ""

    @property
    def points(self) -> list[tuple[str, int | None, bool, str]]:
        """The lines of a points table with somebody's own values."""
        if self.card is None:
            return []
        language = "en" if reads_english() else "zh"
        return [
            (one["label"][language], one["value"], one["counts"], one["law"]) for one in self.card.explanation.points
        ]

    @property
    def deductions(self) -> list[tuple[str, int | None, int | None]]:
        """Each tax with what is deducted from it, in the order that the policy says."""
        if self.card is None:
            return []
        language = "en" if reads_english() else "zh"
        return [(one["label"][language], one["due"], one["deducted"]) for one in self.card.explanation.deductions]


def page_of(policy: Policy, catalogue: Catalogue, explanation: Explanation | None, *, on: date) -> PolicyPage:
    """The page of a version; with the explanation where somebody has told anything about themselves."""
    titles = {one.id: one.title for one in catalogue.policies}
    current = catalogue.version_for(policy.id, on)
    return PolicyPage(
        policy=policy,
        card=card_of(explanation, catalogue) if explanation is not None else None,
        reasons=tuple(reason_of(one, explanation, titles) for one in explanation.conditions) if explanation else (),
        missing=missing_facts(explanation) if explanation else (),
        process=tuple(_process(policy)),
        documents=tuple(say(one) for one in policy.documents),
        examples=tuple(_example(one, policy) for one in policy.examples),
        versions=tuple(reversed(catalogue.versions(policy.id))),
        is_current=current is not None and current.key == policy.key,
        ended_on=policy.effective_to if policy.effective_to is not None and policy.effective_to < on else None,
        begins_on=policy.effective_from if policy.effective_from > on else None,
        excludes=_titled(policy.stacking.excludes, titles),
        goes_with=_titled(policy.stacking.stacks_with, titles),
        tops_up=_titled((policy.stacking.tops_up,) if policy.stacking.tops_up else (), titles),
        leaves=tuple(_leaves(policy)),
        read_on=min(max(on, policy.effective_from), policy.effective_to or date.max),
        titles=titles,
    )


def _titled(ids: tuple[str, ...], titles: Mapping[str, Words]) -> tuple[tuple[str, str], ...]:
    return tuple((one, say(titles[one])) for one in ids if one in titles)


def _process(policy: Policy) -> Iterator[ProcessStep]:
    for step in policy.process:
        days = step.get("days")
        label = _said(step.get("label")) or str(step.get("step", ""))
        yield ProcessStep(label, str(step.get("unit") or ""), int(days) if days is not None else None)


def _leaves(policy: Policy) -> Iterator[str]:
    for one in policy.leaves:
        yield _said(one.get("label") or one)


def _said(words: Any) -> str:
    """Words as a file's free entries hold them."""
    if isinstance(words, Words):
        return say(words)
    if isinstance(words, Mapping):
        return str(words.get("en" if reads_english() else "zh") or words.get("zh") or "")
    return str(words or "")


def _example(example: Example, policy: Policy) -> WorkedExample:
    amount = ""
    if example.amount is not None and policy.amount_unit == "points":
        amount = _("%(points)d 分") % {"points": example.amount}
    elif example.amount is not None and policy.amount_kind is Kind.MONEY:
        figure = money_amount(example.amount, "")
        amount = f"{figure.figure} {figure.unit}"
    return WorkedExample(say(example.name), example.on, example.verdict, amount, example.from_day)
