"""One more row of each list of money, for tests that count the queries of lists."""

from __future__ import annotations

from chuangju.budget import batches
from chuangju.budget.ledger import plan_money, reserve_money
from chuangju.budget.models import BudgetLine
from chuangju.budget.reallocations import Proposal, propose_reallocation
from chuangju.budget.requests import RequestFacts, write_request
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests import people
from tests.budget.money import YUAN, claim_key, open_line_of, requested
from tests.conftest import NOW


def _keeper() -> User:
    return people.make_user("keeper", Role.FINANCE, unit=people.make_unit("czj", "区财政局"))


def _payee(number: int) -> Party:
    return Party.objects.create(kind="firm", name=f"企业{number}", source="register", created_at=NOW)


def add_line(number: int) -> BudgetLine:
    """An open line of a unit of its own, with money that waits and money that is free."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    line = open_line_of(unit, by=_keeper(), code=f"L{number:03d}")
    reserve_money(line, claim_key(), 100 * YUAN, by=None, at=NOW)
    return line


def add_entry(number: int) -> None:
    """An entry of the first line."""
    line = BudgetLine.objects.order_by("pk").first() or add_line(0)
    plan_money(line, number + 1, reason="追加", by=_keeper(), at=NOW)


def add_payment(number: int) -> None:
    """A payment of a line of its own."""
    requested(add_line(number), _payee(number), 100 * YUAN, by=_keeper())


def add_batch(number: int) -> None:
    """A batch with one payment."""
    line = add_line(number)
    payment = requested(line, _payee(number), 100 * YUAN, by=_keeper())
    batches.form_batch(line.unit, [payment], title=f"批次{number}", by=_keeper(), at=NOW)


def add_reallocation(number: int) -> None:
    """A proposal that waits."""
    propose_reallocation(Proposal(add_line(number), None, 100, "压减"), by=_keeper(), at=NOW)


def add_request(number: int) -> None:
    """A request that is still written."""
    line = BudgetLine.objects.select_related("balance", "unit").get(pk=add_line(number).pk)
    write_request(line, RequestFacts(amount=100, reasons="需要"), by=_keeper(), at=NOW)


def add_batch_of(size: int) -> None:
    """A batch with so many payments of one line."""
    line = add_line(700 + size)
    payments = [requested(line, _payee(number), 100 * YUAN, by=_keeper()) for number in range(size)]
    batches.form_batch(line.unit, payments, title=f"{size}笔", by=_keeper(), at=NOW)
