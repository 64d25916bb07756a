"""贷款测算 - instalments and interest in whole fen. What may be borrowed and what is subsidised the policies say, not this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from chuangju.rules.days import add_months

MOST_MONTHS = 120
_BASE = 10_000
_DAYS = 360


@dataclass(frozen=True)
class Instalment:
    """What is paid on a day: principal, interest, and what is left."""

    number: int
    due_on: date
    principal: int
    interest: int
    left: int

    @property
    def total(self) -> int:
        """Principal and interest together."""
        return self.principal + self.interest


def equal_instalments(principal: int, rate: int, months: int, *, drawn_on: date) -> list[Instalment]:
    """等额本息: the same amount every month, interest by the month (a twelfth of the year's rate); the last one evens out."""
    monthly = Fraction(rate, _BASE * 12)
    if monthly:
        grown = (1 + monthly) ** months
        payment = _round(principal * monthly * grown / (grown - 1))
    else:
        payment = -(-principal // months)
    left, found = principal, []
    for number in range(1, months + 1):
        interest = _round(left * monthly)
        part = left if number == months else min(left, payment - interest)
        left -= part
        found.append(Instalment(number, add_months(drawn_on, number), part, interest, left))
    return found


def interest_first(principal: int, rate: int, months: int, *, drawn_on: date) -> list[Instalment]:
    """先息后本: each month the interest of its days (actual days / 360), the principal with the last."""
    found, begin = [], drawn_on
    for number in range(1, months + 1):
        due = add_months(drawn_on, number)
        interest = _round(Fraction(principal * rate * (due - begin).days, _BASE * _DAYS))
        is_last = number == months
        found.append(Instalment(number, due, principal if is_last else 0, interest, 0 if is_last else principal))
        begin = due
    return found


def total_interest(instalments: Sequence[Instalment]) -> int:
    """All interest together."""
    return sum(one.interest for one in instalments)


def _round(amount: Fraction) -> int:
    """To the fen, half up."""
    return int((amount * 2 + 1) // 2)
