"""Whatever is done to the ledger in whatever order: it sums to nothing, nothing falls below zero, a model agrees."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chuangju.budget import ledger, transfers, year_end
from chuangju.budget.ledger import LedgerRefused
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine, Entry, LineBalance, Posting
from tests import people
from tests.budget.money import open_line_of
from tests.conftest import NOW

KEYS = [f"tests.claim:{number}" for number in range(4)]
AMOUNTS = st.integers(min_value=1, max_value=400)
STEPS, RUNS = 40, 12


class Ledger(RuleBasedStateMachine):
    """Random steps on two lines; what is refused must change nothing, what is done must agree with a plain count."""

    def __init__(self) -> None:
        super().__init__()
        self._block = transaction.atomic()
        self._block.__enter__()
        self.at = NOW
        self.given = 0
        self.spent = dict.fromkeys(KEYS, 0)
        self.lines: list[BudgetLine] = []
        self.year_is_over = False

    @initialize()
    def begin(self) -> None:
        """Two open lines of one unit."""
        unit = people.make_unit("rsj", "区人力资源社会保障局")
        self.finance = people.make_user("finance", "finance", unit=unit)
        self.lines = [open_line_of(unit, by=self.finance, amount=1000, code=code) for code in ("A1", "A2")]
        self.given = 2000

    def _try(self, act: Any, *args: Any, **more: Any) -> Entry | None:
        self.at += timedelta(seconds=1)
        before = list(LineBalance.objects.order_by("line_id").values())
        try:
            with transaction.atomic():
                done: Entry = act(*args, by=None, at=self.at, **more)
        except LedgerRefused:
            assert list(LineBalance.objects.order_by("line_id").values()) == before
            return None
        return done

    def _line(self, key: str) -> BudgetLine:
        return ledger.line_of_claim(key) or self.lines[0]

    @rule(place=st.integers(0, 1), amount=st.integers(-300, 300))
    def plan(self, place: int, amount: int) -> None:
        """Money is given or taken back."""
        if self._try(ledger.plan_money, self.lines[place], amount, reason="调整"):
            self.given += amount

    @rule(key=st.sampled_from(KEYS), place=st.integers(0, 1), amount=AMOUNTS)
    def reserve(self, key: str, place: int, amount: int) -> None:
        """Money is set aside."""
        self._try(ledger.reserve_money, self.lines[place], key, amount)

    @rule(key=st.sampled_from(KEYS), amount=AMOUNTS)
    def commit(self, key: str, amount: int) -> None:
        """A decision is published."""
        self._try(ledger.commit_money, self._line(key), key, amount)

    @rule(key=st.sampled_from(KEYS), amount=AMOUNTS)
    def release(self, key: str, amount: int) -> None:
        """Money is freed."""
        self._try(ledger.release_money, self._line(key), key, amount)

    @rule(key=st.sampled_from(KEYS), amount=AMOUNTS)
    def pay(self, key: str, amount: int) -> None:
        """Money arrives."""
        if self._try(ledger.pay_money, self._line(key), key, amount):
            self.spent[key] += amount

    @rule(key=st.sampled_from(KEYS), amount=AMOUNTS, is_clawed_back=st.booleans())
    def bring_back(self, key: str, amount: int, is_clawed_back: bool) -> None:  # noqa: FBT001 - drawn by name
        """Money comes back, by itself or by force."""
        act = ledger.recover_money if is_clawed_back else ledger.return_money
        if self._try(act, self._line(key), key, amount, reason="退回"):
            self.spent[key] -= amount

    @rule(amount=AMOUNTS)
    def move(self, amount: int) -> None:
        """Money goes to the other line."""
        self._try(transfers.move_money, self.lines[0], self.lines[1], amount, reason="调剂")

    @rule(chosen=st.integers(0, 50))
    def reverse(self, chosen: int) -> None:
        """A mistake is answered."""
        entries = list(Entry.objects.exclude(kind__in=("pay", "return", "recover")).order_by("pk"))
        entry = entries[chosen % len(entries)]
        if self._try(ledger.reverse_entry, entry, reason="录错") and entry.kind == "plan":
            self.given -= entry.amount

    @precondition(lambda machine: not machine.year_is_over)
    @rule(share=st.integers(0, 100), is_now=st.integers(0, 5))
    def end_the_year(self, share: int, is_now: int) -> None:
        """The first line is closed, part of what is left goes on; seldom, so that years have some length."""
        if is_now:
            return
        line = self.lines[0]
        line.refresh_from_db()
        left = ledger.balances_of(line).available
        at = datetime(line.year + 1, 1, 4, tzinfo=ZoneInfo("Asia/Shanghai"))
        year_end.close_line(line, carried=left * share // 100, revision=line.revision, by=None, at=at)
        self.lines[0] = BudgetLine.objects.get(follows=line)
        self.year_is_over = True

    @invariant()
    def sums_to_nothing_and_is_never_below_zero(self) -> None:
        """The heart of it."""
        if not self.lines:
            return
        assert (Posting.objects.aggregate(total=Sum("amount"))["total"] or 0) == 0
        assert list(find_ledger_faults()) == []
        totals = LineBalance.objects.aggregate(planned=Sum("planned"), paid=Sum("paid"))
        assert totals == {"planned": self.given, "paid": sum(self.spent.values())}

    def teardown(self) -> None:
        """Nothing of a run is kept."""
        transaction.set_rollback(True)
        self._block.__exit__(None, None, None)


@pytest.mark.django_db
def test_the_ledger_holds_under_random_steps() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
