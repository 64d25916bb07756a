"""贴息计算 - interest by period on what was outstanding each day, in whole fen; knows no database and no policy.

The subsidy of a period is what the rounded total grows by, so that all periods together are the rounded share of all
interest, to the fen, however many there are. Overdue days bear no subsidy; whether it ends with them is a setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from chuangju.rules.days import add_months

_BASE = 10_000
_MOST_PERIODS = 200


@dataclass(frozen=True, slots=True)
class Move:
    """From this day on the outstanding principal is larger or smaller by so many fen."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How interest runs: basis points a year, days of a year, months of a period, the share that is subsidised.

    `limit` is the principal up to which interest is subsidised, in fen; None: all of it.
    """

    rate: int
    share: int
    period_months: int
    year_days: int
    ends_with_overdue: bool
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its days (the last excluded), interest and subsidy in fen, and why there is none, if so."""

    number: int
    begins_on: date
    ends_on: date
    interest: int
    subsidy: int
    overdue_days: int


def periods_of(
    moves: Sequence[Move],
    overdue: Sequence[tuple[date, date | None]],
    terms: Terms,
    *,
    drawn_on: date,
    ends_on: date,
    on: date,
) -> list[Period]:
    """The periods from the day it was drawn to its end or full repayment, as far as they have begun on the day `on`."""
    last = min(ends_on, _repaid_on(moves) or ends_on)
    found: list[Period] = []
    interest_total, subsidy_total = Fraction(0), Fraction(0)
    interest_told = subsidy_told = 0
    for number in range(1, _MOST_PERIODS + 1):
        begins = add_months(drawn_on, terms.period_months * (number - 1))
        if begins >= last or begins > on:
            break
        ends = min(add_months(drawn_on, terms.period_months * number), last)
        interest, subsidised, days = _of_days(moves, overdue, terms, begins, ends)
        interest_total += interest
        subsidy_total += subsidised * Fraction(terms.share, _BASE)
        told, paid = _round(interest_total), _round(subsidy_total)
        found.append(Period(number, begins, ends, told - interest_told, paid - subsidy_told, days))
        interest_told, subsidy_told = told, paid
    return found


def outstanding_on(moves: Sequence[Move], day: date) -> int:
    """What is owed at the end of a day, in fen."""
    return sum(one.amount for one in moves if one.on <= day)


def _repaid_on(moves: Sequence[Move]) -> date | None:
    """The day from which nothing is owed any more; None while something is."""
    if not moves or sum(one.amount for one in moves) > 0:
        return None
    return max(one.on for one in moves)


def _of_days(
    moves: Sequence[Move], overdue: Sequence[tuple[date, date | None]], terms: Terms, begins: date, ends: date
) -> tuple[Fraction, Fraction, int]:
    """Interest, interest that is subsidised, and overdue days between two days (the last excluded)."""
    marks = {begins, ends, *(one.on for one in moves)}
    marks.update(day for span in overdue for day in span if day is not None)
    cuts = sorted(day for day in marks if begins <= day <= ends)
    interest, subsidised, days = Fraction(0), Fraction(0), 0
    for first, after in pairwise(cuts):
        length, owed = (after - first).days, outstanding_on(moves, first)
        interest += _interest(owed, length, terms)
        if _is_overdue(overdue, first, ends_with=terms.ends_with_overdue):
            days += length
        else:
            subsidised += _interest(min(owed, terms.limit) if terms.limit is not None else owed, length, terms)
    return interest, subsidised, days


def _is_overdue(overdue: Sequence[tuple[date, date | None]], day: date, *, ends_with: bool) -> bool:
    if ends_with:
        return any(begin <= day for begin, _end in overdue)
    return any(begin <= day and (end is None or day < end) for begin, end in overdue)


def _interest(owed: int, days: int, terms: Terms) -> Fraction:
    return Fraction(owed * terms.rate * days, _BASE * terms.year_days)


def _round(amount: Fraction) -> int:
    """To the fen, half up."""
    return int((amount * 2 + 1) // 2)


def previous_day(day: date) -> date:
    """The last day that a period with this end includes."""
    return day - timedelta(days=1)
