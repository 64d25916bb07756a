"""贷款组合 - what stands out, what is overdue, how much was paid back, how far the fund is stretched, how many jobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from chuangju.applications.facilities import is_overdue_on, overdue_spans, owed_on
from chuangju.applications.loan_settings import loan_settings
from chuangju.applications.models import LoanFacility, LoanMovement
from chuangju.kernel.money import parse_yuan

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The loans together on a day; amounts in fen, shares in hundredths of a percent (None: nothing to divide by)."""

    count: int
    outstanding: int
    overdue: int
    overdue_long: int
    drawn: int
    due: int
    repaid_of_due: int
    jobs: int
    fund: int
    most_leverage_percent: int

    @property
    def repayment_share(self) -> float | None:
        """What was paid back of what had fallen due."""
        return self.repaid_of_due / self.due if self.due else None

    @property
    def overdue_share(self) -> float | None:
        """What is overdue of what stands out."""
        return self.overdue / self.outstanding if self.outstanding else None

    @property
    def leverage_percent(self) -> int:
        """Outstanding loans over the guarantee fund, in percent: 500 is five times."""
        return self.outstanding * _PERCENT // self.fund if self.fund else 0

    @property
    def is_stretched(self) -> bool:
        """Whether the fund guarantees more than it may."""
        return self.outstanding * _PERCENT > self.fund * self.most_leverage_percent


def portfolio_of(facilities: QuerySet[LoanFacility], *, on: date) -> Portfolio:
    """The figures of these loans on a day; two queries however many they are."""
    told = loan_settings()["portfolio"]
    count = outstanding = overdue = overdue_long = drawn = due = repaid = jobs = 0
    for one in facilities.prefetch_related("movements"):
        movements = in_order(one.movements.all())
        owed = owed_on(movements, on)
        lent = sum(each.amount for each in movements if each.kind == LoanMovement.Kind.DRAWN and each.on <= on)
        drawn += lent
        if one.state == LoanFacility.State.CLAIMED or one.ends_on <= on:
            due += lent
            repaid += lent - owed if one.state != LoanFacility.State.CLAIMED else _paid_back(movements, on)
        if owed:
            count, outstanding, jobs = count + 1, outstanding + owed, jobs + (one.jobs or 0)
            if is_overdue_on(movements, on):
                overdue += owed
                overdue_long += owed if _is_long(movements, on, int(told["overdue_days"])) else 0
    return Portfolio(
        count=count,
        outstanding=outstanding,
        overdue=overdue,
        overdue_long=overdue_long,
        drawn=drawn,
        due=due,
        repaid_of_due=repaid,
        jobs=jobs,
        fund=parse_yuan(str(told["fund"])),
        most_leverage_percent=int(told["most_leverage_percent"]),
    )


def in_order(movements: Iterable[LoanMovement]) -> list[LoanMovement]:
    """Movements by day, as they were entered within a day."""
    return sorted(movements, key=lambda one: (one.on, one.pk))


def _paid_back(movements: list[LoanMovement], on: date) -> int:
    return sum(one.amount for one in movements if one.kind == LoanMovement.Kind.REPAID and one.on <= on)


def _is_long(movements: list[LoanMovement], on: date, days: int) -> bool:
    return any(end is None and on - begin > timedelta(days=days) for begin, end in overdue_spans(movements))
