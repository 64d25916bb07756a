"""When a line runs dry and what stays unspent, from its pace and from what waits above."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from chuangju.budget.forecasts import (
    Forecast,
    Pending,
    forecast_of,
    paces_of,
    pending_by_policy,
    pending_sources,
    register_pending_source,
)
from chuangju.budget.ledger import reserve_money
from chuangju.budget.models import BudgetLine
from tests.budget.money import YUAN, claim_key
from tests.conftest import NOW

TODAY = NOW.date()


def forecast(line: BudgetLine, *, on: date = TODAY) -> Forecast:
    """The forecast of a line as its page shows it."""
    fresh = BudgetLine.objects.select_related("balance").get(pk=line.pk)
    pace = paces_of([fresh], on=on).get(fresh.pk, 0)
    return forecast_of(fresh, pending=pending_by_policy(on=on).get(fresh.policy_id), pace=pace, on=on)


@pytest.fixture
def waiting() -> Iterator[list[Pending]]:
    """What a package above says is waiting."""
    found: list[Pending] = []
    register_pending_source("tests", lambda _on: found)
    yield found
    pending_sources.remove("tests")


def test_a_line_that_nobody_uses_will_be_left_unspent(line: BudgetLine) -> None:
    found = forecast(line)
    assert (found.runs_dry_on, found.expected_unspent) == (None, 10_000 * YUAN)
    assert found.sign.text == "预计年底结余"
    assert "1 万元" in found.sentence


def test_a_fast_line_runs_dry_on_a_day(line: BudgetLine, now: datetime) -> None:
    reserve_money(line, claim_key(), 6000 * YUAN, by=None, at=now - timedelta(days=30))
    found = forecast(line)
    assert found.runs_dry_on == TODAY + timedelta(days=60)
    assert found.sign.text == "预计提前用完"
    assert found.expected_unspent == 0


def test_what_waits_above_counts_as_far_as_it_is_usually_approved(line: BudgetLine, waiting: list[Pending]) -> None:
    waiting += [Pending("rent_subsidy", 3, 8000 * YUAN, 0.5), Pending("rent_subsidy", 1, 2000 * YUAN)]
    waiting.append(Pending("other", 9, 9_000_000 * YUAN))
    found = forecast(line)
    assert (found.pending.count, found.pending.amount, found.pending.expected) == (4, 10_000 * YUAN, 6000 * YUAN)
    assert found.expected_paid == 6000 * YUAN
    waiting.append(Pending("rent_subsidy", 1, 4000 * YUAN))
    assert forecast(line).sign.text == "不够办在办件"
    assert forecast(line).runs_dry_on == TODAY


def test_an_empty_line_says_so_and_a_closed_one_is_silent(line: BudgetLine, now: datetime) -> None:
    reserve_money(line, claim_key(), 10_000 * YUAN, by=None, at=now)
    assert forecast(line).sign.text == "已用完"
    BudgetLine.objects.filter(pk=line.pk).update(state="closed", closed_at=now)
    assert forecast(line).sign.state == "flat"


def test_a_line_that_keeps_pace_matches(line: BudgetLine, now: datetime) -> None:
    reserve_money(line, claim_key(), 3000 * YUAN, by=None, at=now - timedelta(days=150))
    reserve_money(line, claim_key(), 2050 * YUAN, by=None, at=now - timedelta(days=10))
    assert forecast(line).sign.text == "基本匹配"
