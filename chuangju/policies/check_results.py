"""测算结果 - every policy answered for one person, gathered by verdict, ordered by money and effort, and what it adds up to.

Figures of sample policies are never added to confirmed ones; what can be borrowed is no support and stands apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_cards import Amount, Card, money_amount
from chuangju.policies.check_explaining import card_of, explain_all, policies_answering
from chuangju.policies.check_questions import Question, Standpoint, question_book, questions_for
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.rules.ask import rank_missing
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.explain import Explanation
from chuangju.rules.given import Facts
from chuangju.rules.policy import Policy
from chuangju.rules.stacking import order_claims

VERDICTS = ("eligible", "not_yet", "near_miss", "unknown", "not_eligible")
TITLES = {
    "eligible": pgettext_lazy("verdict", "现在可享"),
    "near_miss": pgettext_lazy("verdict", "还差一步"),
    "not_yet": pgettext_lazy("verdict", "到时可享"),
    "later": pgettext_lazy("verdict", "开办以后可以争取"),
    "unknown": pgettext_lazy("verdict", "需补充信息"),
    "not_eligible": pgettext_lazy("verdict", "不符合"),
}
# In the order in which a person can use them.
SHOWN_ORDER = ("eligible", "near_miss", "not_yet", "unknown", "later", "not_eligible")
_LENT = frozenset({"loan"})
_SUGGESTED = 4


@dataclass(frozen=True)
class Group:
    """The cards of one verdict."""

    verdict: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Totals:
    """What can be had now, in fen: confirmed and sample figures apart, and what could be borrowed."""

    confirmed: int
    sample: int
    lent: int
    lent_sample: int
    open_amounts: int

    @property
    def main(self) -> int:
        """The figure set large: the confirmed sum, or the samples' where there is no other."""
        return self.confirmed or self.sample

    @property
    def is_sample(self) -> bool:
        """Whether the figure set large is one of samples."""
        return not self.confirmed and bool(self.sample)


@dataclass(frozen=True)
class Assessment:
    """Everything that the result page says."""

    on: date
    facts: Facts
    groups: tuple[Group, ...]
    order: tuple[Card, ...]
    totals: Totals
    others: tuple[Policy, ...]
    open_questions: tuple[Question, ...]
    explanations: tuple[Explanation, ...]

    def count(self, verdict: str) -> int:
        """How many policies have this answer."""
        return next((len(group.cards) for group in self.groups if group.verdict == verdict), 0)

    @property
    def has_eligible(self) -> bool:
        """Whether anything can be had now."""
        return self.count("eligible") > 0

    @property
    def has_unknown(self) -> bool:
        """Whether anything is still open."""
        return self.count("unknown") > 0

    @property
    def later_count(self) -> int:
        """How much would come with a licence."""
        return self.count("later")

    @property
    def next_title(self) -> str:
        """What the next question asks."""
        return say(self.open_questions[0].title) if self.open_questions else ""

    @property
    def other_titles(self) -> list[tuple[str, str]]:
        """The policies for others, by id and title."""
        return [(policy.id, say(policy.title)) for policy in self.others]

    @property
    def main(self) -> Amount:
        """The large figure as shown."""
        return money_amount(self.totals.main, "")


def policies_for(answers: Answers, catalogue: Catalogue, *, on: date) -> tuple[list[Policy], list[Policy]]:
    """The policies about whom somebody speaks for, and the others."""
    kinds, standpoint = question_book().kinds, answers.standpoint
    own: list[Policy] = []
    others: list[Policy] = []
    for policy in policies_answering(catalogue, on):
        meant = kinds & set(policy.audience)
        is_own = standpoint is None or not meant or bool(meant & standpoint.audience)
        (own if is_own else others).append(policy)
    return own, others


def next_question(answers: Answers, *, on: date) -> Question | None:
    """The next question worth asking, none once enough was asked or no answer can change any more."""
    if answers.asked_count >= question_book().most:
        return None
    left = open_questions(answers, on=on)
    return left[0] if left else None


def wanted_facts(answers: Answers, *, on: date) -> list[str]:
    """The facts that can still change an answer, those that settle most first."""
    facts = answers.facts_on(on)
    own, _others = policies_for(answers, current_catalogue(), on=on)
    wanted, standpoint = rank_missing(explain_all(own, facts, on=on)), answers.standpoint
    return wanted if standpoint is None else [key for key in wanted if standpoint.can_tell(key)]


def open_questions(answers: Answers, *, on: date) -> list[Question]:
    """The questions that can still change an answer and were neither answered nor skipped, in the order to ask them."""
    facts = answers.facts_on(on)
    own, _others = policies_for(answers, current_catalogue(), on=on)
    return _still_open(answers, explain_all(own, facts, on=on))


def _still_open(answers: Answers, explanations: Iterable[Explanation]) -> list[Question]:
    dealt_with = {*answers.answered, *answers.skipped}
    standpoint = answers.standpoint
    wanted = [key for key in rank_missing(explanations) if key not in answers.sources]
    if standpoint is not None:
        wanted = [key for key in wanted if standpoint.can_tell(key)]
    return [one for one in questions_for(wanted) if one.key not in dealt_with]


def assess(answers: Answers, *, on: date) -> Assessment:
    """The answer for somebody on a day."""
    facts, catalogue = answers.facts_on(on), current_catalogue()
    own, others = policies_for(answers, catalogue, on=on)
    explanations = explain_all(own, facts, on=on)
    claims = order_claims(explanations)
    by_policy = {claim.explanation.policy.id: claim for claim in claims}
    cards = {one.policy.id: card_of(one, catalogue, by_policy.get(one.policy.id)) for one in explanations}
    groups = tuple(
        Group(
            verdict,
            str(TITLES[verdict]),
            _in_order(card for card in cards.values() if _place(card, answers.standpoint) == verdict),
        )
        for verdict in SHOWN_ORDER
    )
    return Assessment(
        on=on,
        facts=facts,
        groups=tuple(group for group in groups if group.cards),
        order=tuple(
            cards[claim.explanation.policy.id] for claim in claims if claim.explanation.policy.channel != "none"
        ),
        totals=_totals([claim.explanation for claim in claims if not claim.given_up_for]),
        others=tuple(others),
        open_questions=tuple(_still_open(answers, explanations)[:_SUGGESTED]),
        explanations=tuple(explanations),
    )


def _place(card: Card, standpoint: Standpoint | None) -> str:
    """The group of a card: a step that nobody can take any more is none, and what comes with a licence comes later."""
    if card.verdict == "near_miss" and not card.explanation.is_actionable:
        return "not_eligible"
    if card.verdict == "unknown" and standpoint is not None:
        comes_later = not all(standpoint.can_tell(key) for key in card.explanation.missing)
        return "later" if comes_later else "unknown"
    return card.verdict


def _in_order(cards: Iterable[Card]) -> tuple[Card, ...]:
    """By money against effort: confirmed before samples, more money first, fewer papers and days first."""
    return tuple(sorted(cards, key=_rank))


def _rank(card: Card) -> tuple[int, int, int, int, str]:
    one = card.explanation
    money = one.amount if one.amount is not None else one.amount_at_from or 0
    if one.verdict == "near_miss":
        money = card.gain
    is_lent = card.policy.benefit in _LENT
    effort = (card.policy.days or 0) + 3 * len(card.policy.documents)
    return (
        int(one.verdict == "not_eligible"),
        int(bool(card.given_up_for)) + int(is_lent),
        -money,
        effort,
        card.policy.id,
    )


def _totals(explanations: Sequence[Explanation]) -> Totals:
    money = [one for one in explanations if one.policy.amount_unit == "money" and one.policy.amount is not None]

    times = question_book().times_a_year

    def total(*, lent: bool, sample: bool) -> int:
        return sum(
            (one.amount or 0) * times.get(one.policy.id, 1)
            for one in money
            if (one.policy.benefit in _LENT) == lent and (one.policy.confidence == "sample") == sample
        )

    return Totals(
        confirmed=total(lent=False, sample=False),
        sample=total(lent=False, sample=True),
        lent=total(lent=True, sample=False),
        lent_sample=total(lent=True, sample=True),
        open_amounts=sum(one.amount is None for one in money),
    )


NOTE = _("测算，以审核结果为准")
