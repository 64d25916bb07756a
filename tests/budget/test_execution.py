"""执行率 beside 序时进度, the months of a line, the shares of its purposes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from chuangju.budget.execution import earmark_shares, execution_of, execution_of_all, month_ends, year_share
from chuangju.budget.ledger import pay_money
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.units.models import Unit
from tests.budget.money import YUAN, claim_key, committed, open_line_of
from tests.conftest import NOW

TODAY = NOW.date()


def with_balance(line: BudgetLine) -> BudgetLine:
    return BudgetLine.objects.select_related("balance").get(pk=line.pk)


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2025, 12, 31), "0"), (date(2026, 1, 1), "0.3"), (date(2026, 6, 15), "45.5"), (date(2027, 3, 1), "100.0")],
)
def test_the_share_of_the_year_gone(day: date, share: str) -> None:
    assert year_share(2026, on=day) == Decimal(share)


def test_only_what_is_paid_counts_as_executed(line: BudgetLine, finance: User, now: datetime) -> None:
    key = committed(line, claim_key(), 6000 * YUAN)
    found = execution_of(with_balance(line), on=TODAY)
    assert (found.rate, found.sign.state) == (Decimal(0), "late")
    pay_money(line, key, 3000 * YUAN, by=finance, at=now)
    found = execution_of(with_balance(line), on=TODAY)
    assert (found.rate, found.gap, found.sign.state) == (Decimal("30.0"), Decimal("-15.5"), "soon")
    pay_money(line, key, 1500 * YUAN, by=finance, at=now)
    assert execution_of(with_balance(line), on=TODAY).sign.state == "good"
    assert execution_of_all([], 2026, on=TODAY).rate is None
    assert execution_of_all([], 2026, on=TODAY).sign.state == "flat"


def test_the_months_of_a_line_up_to_today(line: BudgetLine, finance: User, now: datetime) -> None:
    key = committed(line, claim_key(), 6000 * YUAN, at=now - timedelta(days=70))
    pay_money(line, key, 2000 * YUAN, by=finance, at=now - timedelta(days=20))
    ends = month_ends(line, on=TODAY)
    assert [end.day.isoformat() for end in ends] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-15",
    ]
    assert [(end.taken, end.paid) for end in ends[2:]] == [
        (0, 0),
        (600_000, 0),
        (600_000, 200_000),
        (600_000, 200_000),
    ]
    assert (ends[-1].left, ends[-1].unpaid) == (400_000, 800_000)
    assert month_ends(line, on=date(2025, 5, 1)) == []


def test_the_shares_of_purposes(line: BudgetLine, unit: Unit, finance: User) -> None:
    kept = open_line_of(unit, by=finance, code="A09", earmark="young_graduate")
    committed(line, claim_key(), 300)
    committed(kept, claim_key(), 100)
    shares = {one.label: one.share for one in earmark_shares([with_balance(line), with_balance(kept)])}
    assert shares == {"青年大学生": Decimal("25.0"), "初创组织": Decimal(0), "不限对象": Decimal("75.0")}
