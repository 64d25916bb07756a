"""Figures of money: paid, decided and not yet paid, and the rate, for a day and for a unit, with their evidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from chuangju.budget.ledger import pay_money, return_money
from chuangju.budget.models import BudgetLine
from chuangju.indicators.metrics import MetricScope, metric_of, reading_of
from chuangju.kernel.models import User
from chuangju.units.models import Unit
from tests.budget.money import YUAN, claim_key, committed
from tests.conftest import NOW

TODAY = NOW.date()


def value(key: str, scope: MetricScope) -> object:
    """A figure as its page shows it."""
    metric = metric_of(key)
    assert metric is not None
    return reading_of(metric, scope).value


def test_figures_are_those_of_the_day_and_of_the_unit(
    line: BudgetLine, unit: Unit, other_unit: Unit, finance: User, now: datetime
) -> None:
    key = committed(line, claim_key(), 6000 * YUAN)
    pay_money(line, key, 4000 * YUAN, by=finance, at=now)
    return_money(line, key, 1500 * YUAN, reason="退票", by=finance, at=now + timedelta(days=1))
    today, tomorrow = MetricScope(TODAY, task_code="funding"), MetricScope(TODAY + timedelta(days=1))
    assert value("budget.paid", today) == Decimal("0.40")
    assert value("budget.committed", today) == Decimal("0.20")
    assert value("budget.execution_rate", today) == Decimal("40.0")
    assert value("budget.paid", tomorrow) == Decimal("0.25")
    assert value("budget.paid", MetricScope(TODAY, unit=other_unit)) == 0
    assert value("budget.execution_rate", MetricScope(TODAY, unit=other_unit)) is None
    assert value("budget.execution_rate", MetricScope(TODAY, unit=unit)) == Decimal("40.0")


def test_the_entries_behind_a_figure_lead_to_their_line(line: BudgetLine, finance: User, now: datetime) -> None:
    pay_money(line, committed(line, claim_key(), 100 * YUAN), 100 * YUAN, by=finance, at=now)
    metric = metric_of("budget.paid")
    assert metric is not None
    (evidence,) = reading_of(metric, MetricScope(TODAY)).evidence
    assert evidence.label == "2026-A01 支付 100.00"
    assert evidence.address == f"/staff/budget/lines/{line.pk}/"
