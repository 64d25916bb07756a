"""资金预测 - when a line runs dry, and how much of it will stay unspent, from its pace and from what waits above.

Packages above say what waits for a decision (`register_pending_source`): its number, its amount, and how often such
cases are approved. A forecast is reckoned anew each time and never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget.budget_settings import budget_settings
from chuangju.budget.models import BudgetLine, Posting
from chuangju.budget.money_words import short_money
from chuangju.kernel.registry import Registry
from chuangju.ui.signs import Sign

Account = Posting.Account


@dataclass(frozen=True)
class Pending:
    """Cases of one policy that wait for a decision: how many, for how much in fen, the share that is granted, in how many days."""

    policy_id: str
    count: int
    amount: int
    approval_rate: float = 1.0
    # Calendar days from submission to decision, usually; None where nothing was decided yet.
    days: int | None = None

    @property
    def expected(self) -> int:
        """What is likely to be granted of it."""
        return round(self.amount * self.approval_rate)


pending_sources: Registry[str, Callable[[date], Iterable[Pending]]] = Registry("budget.pending_sources")


def register_pending_source(key: str, pending: Callable[[date], Iterable[Pending]]) -> None:
    """Say what waits for a decision on a day, policy by policy; one query for all policies."""
    pending_sources.register(key, pending)


@dataclass(frozen=True)
class Forecast:
    """What is to be expected of a line by the end of its year."""

    pending: Pending
    daily_taken: float
    runs_dry_on: date | None
    expected_paid: int
    expected_unspent: int
    sign: Sign
    sentence: str


def pending_by_policy(*, on: date) -> dict[str, Pending]:
    """Everything that waits, added up by policy."""
    found: dict[str, list[Pending]] = {}
    for source in pending_sources.values():
        for pending in source(on):
            found.setdefault(pending.policy_id, []).append(pending)
    return {policy: _added(policy, parts) for policy, parts in found.items()}


def paces_of(lines: Sequence[BudgetLine], *, on: date) -> dict[int, float]:
    """What is taken from each line on an average day of late, in fen: one query for all of them."""
    first = on - timedelta(days=budget_settings().pace_days - 1)
    since = timezone.make_aware(datetime.combine(first, time()))
    accounts = (Account.RESERVED, Account.COMMITTED, Account.PAID)
    rows = (
        Posting.objects.filter(line__in=lines, account__in=accounts, entry__at__gte=since)
        .exclude(entry__kind="carry")
        .values("line_id")
        .annotate(taken=Sum("amount"))
        .order_by("line_id")
    )
    days = {line.pk: max((on - max(first, date(line.year, 1, 1))).days + 1, 1) for line in lines}
    return {row["line_id"]: max(row["taken"], 0) / days[row["line_id"]] for row in rows}


def forecast_of(line: BudgetLine, *, pending: Pending | None, pace: float, on: date) -> Forecast:
    """When the line runs dry and what stays unspent; its balance is expected to be at hand."""
    waiting = pending or Pending(line.policy_id, 0, 0)
    balance, last = line.balance, date(line.year, 12, 31)
    budget = balance.planned + balance.carried_in
    days_left = max((last - on).days, 0) if on.year == line.year else 0
    free = balance.available - waiting.expected
    runs_dry = _dry_day(balance.available, free, pace, on=on, last=last)
    owed = balance.paid + balance.reserved + balance.committed
    expected = min(budget, owed + min(balance.available, waiting.expected + round(pace * days_left)))
    unspent = budget - expected
    sign, sentence = _judged(line, runs_dry, unspent, budget, waiting)
    return Forecast(waiting, pace, runs_dry, expected, unspent, sign, sentence)


def _dry_day(available: int, free: int, pace: float, *, on: date, last: date) -> date | None:
    if available <= 0 or free <= 0:
        return on
    if pace <= 0:
        return None
    days = free / pace
    return on + timedelta(days=int(days)) if days <= (last - on).days else None


def _judged(line: BudgetLine, runs_dry: date | None, unspent: int, budget: int, waiting: Pending) -> tuple[Sign, str]:
    if line.state == BudgetLine.State.CLOSED:
        return Sign("flat", line.get_state_display()), _("已年终结账，不再预测。")
    if budget == 0:
        return Sign("flat", _("未下达")), _("还没有下达预算数。")
    if runs_dry is not None and line.balance.available <= 0:
        return Sign("late", _("已用完")), _("资金已用完，新的决定须等待调剂或追加。")
    if runs_dry is not None and line.balance.available <= waiting.expected:
        return Sign("late", _("不够办在办件")), _("在办件预计需要 %(wanted)s，可用 %(left)s，请及早调剂。") % {
            "wanted": short_money(waiting.expected),
            "left": short_money(line.balance.available),
        }
    if runs_dry is not None:
        return Sign("soon", _("预计提前用完")), _("按近期进度，预计 %(day)s 前后用完。") % {"day": runs_dry.isoformat()}
    if unspent > budget * budget_settings().underspend_share:
        return Sign("soon", _("预计年底结余")), _("按近期进度，到 12 月 31 日预计还有 %(left)s 没有用出去。") % {
            "left": short_money(unspent)
        }
    return Sign("good", _("基本匹配")), _("按近期进度，预算与需求基本匹配。")


def _added(policy_id: str, parts: Sequence[Pending]) -> Pending:
    amount = sum(part.amount for part in parts)
    expected = sum(part.expected for part in parts)
    days = max((part.days for part in parts if part.days is not None), default=None)
    return Pending(policy_id, sum(part.count for part in parts), amount, expected / amount if amount else 1.0, days)
