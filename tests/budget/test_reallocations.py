"""Money moved in mid-year: proposed by one, approved by another, refused where it would overdraw."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from chuangju.budget import reallocations
from chuangju.budget.ledger import BudgetEmpty, reserve_money
from chuangju.budget.models import BudgetLine, Reallocation
from chuangju.budget.reallocations import Proposal, ReallocationRefused
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from tests import people
from tests.budget.money import YUAN, figures, open_line_of

State = Reallocation.State


@pytest.fixture
def other_line(finance: User, unit: Unit) -> BudgetLine:
    """Another line of the same unit."""
    return open_line_of(unit, by=finance, code="A02", amount=5000 * YUAN, policy_id="wage_subsidy", name="社保补贴")


def proposed(
    source: BudgetLine | None, target: BudgetLine | None, amount: int, *, by: User, at: datetime
) -> Reallocation:
    """A proposal that waits."""
    return reallocations.propose_reallocation(Proposal(source, target, amount, "申请量超出预期"), by=by, at=at)


def test_money_moves_once_somebody_else_agrees(
    line: BudgetLine, other_line: BudgetLine, finance: User, approver: User, now: datetime
) -> None:
    asked = proposed(line, other_line, 1000 * YUAN, by=finance, at=now)
    assert figures(line)["available"] == 10_000 * YUAN
    done = reallocations.approve_reallocation(asked, answer="同意", by=approver, at=now)
    assert (done.state, done.entry and done.entry.kind) == (State.APPROVED, "move")
    assert figures(line) == {"planned": 900_000, "available": 900_000}
    assert figures(other_line) == {"planned": 600_000, "available": 600_000}
    with pytest.raises(ReallocationRefused, match="已经办理过"):
        reallocations.approve_reallocation(asked, answer="", by=approver, at=now)


def test_nobody_agrees_to_what_they_proposed(
    line: BudgetLine, other_line: BudgetLine, finance: User, now: datetime
) -> None:
    both = people.make_user("both", Role.FINANCE, Role.APPROVER, unit=line.unit)
    asked = proposed(line, other_line, 100, by=both, at=now)
    with pytest.raises(ReallocationRefused, match="提出人不能审批"):
        reallocations.approve_reallocation(asked, answer="", by=both, at=now)
    with pytest.raises(ReallocationRefused, match="只有有关预算单位的审批人"):
        reallocations.approve_reallocation(asked, answer="", by=finance, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reallocation.objects.filter(pk=asked.pk).update(decided_by=both)


def test_what_is_spent_meanwhile_is_not_moved(
    line: BudgetLine, other_line: BudgetLine, finance: User, approver: User, now: datetime
) -> None:
    asked = proposed(line, other_line, 9000 * YUAN, by=finance, at=now)
    reserve_money(line, "tests.claim:1", 2000 * YUAN, by=finance, at=now)
    with pytest.raises(BudgetEmpty):
        reallocations.approve_reallocation(asked, answer="", by=approver, at=now)
    asked.refresh_from_db()
    assert asked.state == State.PROPOSED
    with pytest.raises(ReallocationRefused, match="不足"):
        proposed(line, other_line, 9000 * YUAN, by=finance, at=now)


def test_money_is_added_cut_refused_and_withdrawn(
    line: BudgetLine, finance: User, approver: User, now: datetime
) -> None:
    more = proposed(None, line, 500, by=finance, at=now)
    reallocations.approve_reallocation(more, answer="", by=approver, at=now)
    less = proposed(line, None, 300, by=finance, at=now)
    reallocations.approve_reallocation(less, answer="", by=approver, at=now)
    assert figures(line)["planned"] == 1_000_200
    no = reallocations.refuse_reallocation(
        proposed(line, None, 1, by=finance, at=now), answer="不宜", by=approver, at=now
    )
    assert (no.state, no.answer) == (State.REFUSED, "不宜")
    back = proposed(line, None, 1, by=finance, at=now)
    with pytest.raises(ReallocationRefused, match="只有提出人"):
        reallocations.withdraw_reallocation(back, by=approver, at=now)
    assert reallocations.withdraw_reallocation(back, by=finance, at=now).state == State.WITHDRAWN


def test_across_units_the_bureau_proposes(
    line: BudgetLine, other_unit: Unit, other_finance: User, finance: User, bureau: User, approver: User, now: datetime
) -> None:
    other = open_line_of(other_unit, by=other_finance, code="B01")
    with pytest.raises(ReallocationRefused, match="由财政部门提出"):
        proposed(line, other, 100, by=finance, at=now)
    asked = proposed(line, other, 100, by=bureau, at=now)
    with pytest.raises(ReallocationRefused, match="跨单位的由财政部门审批人"):
        reallocations.approve_reallocation(asked, answer="", by=approver, at=now)


@pytest.mark.parametrize(("amount", "sentence"), [(0, "大于零"), (-5, "大于零")])
def test_what_moves_nothing_is_refused(
    line: BudgetLine, other_line: BudgetLine, finance: User, now: datetime, amount: int, sentence: str
) -> None:
    with pytest.raises(ReallocationRefused, match=sentence):
        proposed(line, other_line, amount, by=finance, at=now)
    with pytest.raises(ReallocationRefused, match="不能相同"):
        proposed(line, line, 5, by=finance, at=now)
