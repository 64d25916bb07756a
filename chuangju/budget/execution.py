"""预算执行 - how far a line has come: paid over budget (执行率) beside the share of the year gone (序时进度).

A rate that counts commitments is no 执行率: what is decided and not yet paid stands beside it as 已批待拨.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget.budget_settings import budget_settings
from chuangju.budget.ledger import Balances, as_balances
from chuangju.budget.models import BudgetLine, Earmark, Posting
from chuangju.ui.signs import Sign

Account = Posting.Account
_POINT = Decimal("0.1")
# What is no longer free: decided on, whether paid or not, and what left the line.
_TAKEN = (Account.RESERVED, Account.COMMITTED, Account.PAID)


@dataclass(frozen=True)
class Execution:
    """How far a line, or several, have come by a day."""

    balances: Balances
    year_share: Decimal

    @property
    def rate(self) -> Decimal | None:
        """预算执行率 in percent; of no budget there is none."""
        return _percent(self.balances.paid, self.balances.budget)

    @property
    def gap(self) -> Decimal | None:
        """Points by which the rate lags (minus) the share of the year."""
        return None if self.rate is None else self.rate - self.year_share

    @property
    def sign(self) -> Sign:
        """Whether spending keeps up with the year."""
        lag, settings = self.gap, budget_settings()
        if lag is None:
            return Sign("flat", _("未下达"))
        if lag < -settings.red_points:
            return Sign("late", _("明显慢于序时"))
        if lag < -settings.amber_points:
            return Sign("soon", _("慢于序时"))
        return Sign("good", _("与序时相当"))


@dataclass(frozen=True)
class MonthEnd:
    """The end of a month: what was given, taken and paid by then, in fen; `day` is the last day counted."""

    day: date
    budget: int
    taken: int
    paid: int

    @property
    def left(self) -> int:
        """What nobody had claimed."""
        return self.budget - self.taken

    @property
    def unpaid(self) -> int:
        """What had not left the house."""
        return self.budget - self.paid


@dataclass(frozen=True)
class EarmarkShare:
    """Money of one purpose and its share of everything that was decided on."""

    label: str
    taken: int
    paid: int
    share: Decimal | None


def year_share(year: int, *, on: date) -> Decimal:
    """序时进度: the share of a year gone by the end of a day, in percent."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if on < first:
        return Decimal(0)
    gone = (min(on, last) - first).days + 1
    return (Decimal(gone) * 100 / ((last - first).days + 1)).quantize(_POINT)


def execution_of(line: BudgetLine, *, on: date) -> Execution:
    """How far one line has come; its balance is expected to be at hand."""
    return Execution(as_balances(line.balance), year_share(line.year, on=on))


def execution_of_all(lines: Iterable[BudgetLine], year: int, *, on: date) -> Execution:
    """How far several lines of one year have come together."""
    totals = dict.fromkeys(Account.values, 0)
    for line in lines:
        for account in Account.values:
            totals[account] += getattr(line.balance, account)
    return Execution(Balances(**totals), year_share(year, on=on))


def month_ends(line: BudgetLine, *, on: date) -> list[MonthEnd]:
    """The line at the end of each month of its year, up to a day: one query."""
    changes = _changes_by_day(line)
    found: list[MonthEnd] = []
    for day in _month_ends(line.year, on=on):
        upto = [amounts for at, amounts in changes.items() if at <= day]
        given = -sum(amounts[account] for amounts in upto for account in Posting.SOURCES)
        taken = sum(amounts[account] for amounts in upto for account in _TAKEN)
        gone = sum(amounts[account] for amounts in upto for account in (Account.CARRIED_OUT, Account.SURRENDERED))
        paid = sum(amounts[Account.PAID] for amounts in upto)
        found.append(MonthEnd(day, given, taken + gone, paid))
    return found


def earmark_shares(lines: Sequence[BudgetLine]) -> list[EarmarkShare]:
    """What goes to young graduates, to start-ups and to anybody, of everything decided on."""
    taken: dict[str, int] = defaultdict(int)
    paid: dict[str, int] = defaultdict(int)
    for line in lines:
        balance = line.balance
        taken[line.earmark] += balance.reserved + balance.committed + balance.paid
        paid[line.earmark] += balance.paid
    everything = sum(taken.values())
    labels = [*((value, str(label)) for value, label in Earmark.choices), ("", _("不限对象"))]
    return [
        EarmarkShare(label, taken[value], paid[value], _percent(taken[value], everything)) for value, label in labels
    ]


def _changes_by_day(line: BudgetLine) -> dict[date, dict[str, int]]:
    rows = Posting.objects.filter(line=line).values("entry__at", "account").annotate(total=Sum("amount"))
    changes: dict[date, dict[str, int]] = {}
    for row in rows.order_by("entry__at", "account"):
        day = timezone.localdate(row["entry__at"].astimezone(UTC))
        changes.setdefault(day, defaultdict(int))[row["account"]] += row["total"]
    return changes


def _month_ends(year: int, *, on: date) -> list[date]:
    last = min(on, date(year, 12, 31))
    ends = [date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]
    whole = [end for end in ends if end < last]
    return [*whole, last] if last >= date(year, 1, 1) else []


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(_POINT) if whole else None
