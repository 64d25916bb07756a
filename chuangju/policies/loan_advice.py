"""我能贷多少 - ceilings, interest, subsidies and what a guaranteed loan costs in the end, from the policies as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chuangju.policies.check_cards import Card
from chuangju.policies.check_explaining import card_of, explain_all, policies_answering
from chuangju.policies.check_reading import say
from chuangju.policies.check_results import TITLES
from chuangju.policies.loan_costs import Instalment, equal_instalments, interest_first, total_interest
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.days import add_months
from chuangju.rules.explain import explainer_for
from chuangju.rules.given import Facts
from chuangju.rules.kinds import Kind
from chuangju.rules.policy import Policy
from chuangju.rules.program import prepare_policy
from chuangju.ventures.registers import dictionary

LOAN, INTEREST = "loan", "interest"
_AFTER = timedelta(days=9)


@dataclass(frozen=True)
class LoanWish:
    """What somebody would borrow: fen, months, yearly rate in basis points, how it is repaid."""

    principal: int
    months: int
    rate: int
    way: str


@dataclass(frozen=True)
class LoanOffer:
    """One loan policy: its answer, and its ceiling whatever the sum wanted."""

    card: Card
    ceiling: int | None

    @property
    def word(self) -> str:
        """The verdict in a word."""
        return str(TITLES[self.card.verdict])


@dataclass(frozen=True)
class Subsidy:
    """What an interest policy would give after repayment on time."""

    policy: Policy
    title: str
    amount: int
    is_sample: bool


@dataclass(frozen=True)
class LoanAdvice:
    """Everything the loan calculator says."""

    offers: tuple[LoanOffer, ...]
    schedule: tuple[Instalment, ...]
    interest: int
    subsidies: tuple[Subsidy, ...]
    repaid_on: date | None

    @property
    def confirmed(self) -> int:
        """Subsidies that do not rest on sample figures."""
        return sum(one.amount for one in self.subsidies if not one.is_sample)

    @property
    def net(self) -> int:
        """Interest less confirmed subsidies."""
        return max(0, self.interest - self.confirmed)


def loan_policies(catalogue: Catalogue, on: date) -> list[Policy]:
    """The loan policies that answer on a day."""
    return [one for one in policies_answering(catalogue, on) if one.benefit == LOAN]


def advise(catalogue: Catalogue, facts: Facts, wish: LoanWish | None, *, on: date) -> LoanAdvice:
    """What may be borrowed; with a wish also the schedule, the interest and what of it comes back."""
    asked = {**facts, **({"loan_wanted": wish.principal, "loan_months_wanted": wish.months} if wish else {})}
    explanations = explain_all(loan_policies(catalogue, on), asked, on=on)
    offers = [LoanOffer(card_of(one, catalogue), _ceiling(one.policy, asked, on)) for one in explanations]
    offers.sort(key=lambda one: (_RANKS.get(one.card.verdict, 9), one.card.policy.id))
    if wish is None:
        return LoanAdvice(tuple(offers), (), 0, (), None)
    make = interest_first if wish.way == "interest_first" else equal_instalments
    schedule = make(wish.principal, wish.rate, wish.months, drawn_on=on)
    interest, repaid_on = total_interest(schedule), add_months(on, wish.months)
    subsidies = _subsidies(catalogue, facts, wish, schedule, drawn_on=on)
    return LoanAdvice(tuple(offers), tuple(schedule), interest, subsidies, repaid_on)


_RANKS = {"eligible": 0, "near_miss": 1, "unknown": 2, "not_yet": 3}


def _ceiling(policy: Policy, facts: Facts, on: date) -> int | None:
    """The amount if as much as can be were wanted; None where it depends on what is unknown."""
    most = dictionary().facts["loan_wanted"].high
    return explainer_for(prepare_policy(policy, on)).amount({**facts, "loan_wanted": most})


def _subsidies(
    catalogue: Catalogue, facts: Facts, wish: LoanWish, schedule: Sequence[Instalment], *, drawn_on: date
) -> tuple[Subsidy, ...]:
    """Each interest policy's amount shortly after repayment on the very days due; the city's before the district's.

    A loan paid back bit by bit is to the policies as many loans as there are bits, each held until it is paid back.
    """
    interest, day = total_interest(schedule), add_months(drawn_on, wish.months) + _AFTER
    records = tuple(
        {
            "principal": one.principal,
            "rate": wish.rate,
            "from": drawn_on,
            "to": one.due_on,
            "repaid_on": one.due_on,
            "overdue": False,
        }
        for one in schedule
        if one.principal
    )
    then: dict[str, Any] = {**facts, "loans": records, "interest_paid": interest}
    found: list[Subsidy] = []
    order = {"city": 0, "district": 1}
    policies = [one for one in policies_answering(catalogue, day) if one.benefit == INTEREST and one.level in order]
    for policy in sorted(policies, key=lambda one: (order[one.level], one.id)):
        amount = explainer_for(prepare_policy(policy, day)).amount(then)
        if policy.amount_kind is not Kind.MONEY or not amount:
            continue
        found.append(Subsidy(policy, say(policy.title), min(amount, interest), policy.confidence == "sample"))
        if policy.level == "city":
            then["city_interest_subsidy"] = amount
    return tuple(found)
