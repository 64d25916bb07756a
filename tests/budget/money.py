"""Lines, payments and batches for tests, made as far as a test needs them through the rules that the pages call."""

from __future__ import annotations

import uuid
from datetime import datetime

from chuangju.budget.ledger import commit_money, plan_money, reserve_money
from chuangju.budget.lines import LineFacts, enter_line, open_line
from chuangju.budget.models import BudgetLine, LineBalance, Payment
from chuangju.budget.payments import request_payment
from chuangju.kernel.models import User
from chuangju.units.models import Unit
from chuangju.ventures.models import Party
from tests.conftest import NOW

YUAN = 100
PREFIX = "tests.claim"
ACCOUNT = "6222021001116245702"


def open_line_of(unit: Unit, *, by: User, amount: int = 10_000 * YUAN, code: str = "A01", **more: object) -> BudgetLine:
    """An open line of this unit with this much money."""
    given: dict[str, object] = {"year": NOW.year, "name": "房租补贴", "policy_id": "rent_subsidy"}
    facts = LineFacts(code=code, unit=unit, **(given | more))  # type: ignore[arg-type]
    line = enter_line(facts, by=by, at=NOW)
    plan_money(line, amount, reason="年初预算", by=by, at=NOW)
    return open_line(line, revision=line.revision, by=by, at=NOW)


def claim_key() -> str:
    """A claim that nobody has used."""
    return f"{PREFIX}:{uuid.uuid4()}"


def committed(line: BudgetLine, key: str, amount: int, *, by: User | None = None, at: datetime = NOW) -> str:
    """Money that is owed to a claim."""
    reserve_money(line, key, amount, by=by, at=at)
    commit_money(line, key, amount, by=by, at=at)
    return key


def requested(line: BudgetLine, payee: Party, amount: int = 3000 * YUAN, *, by: User, key: str = "") -> Payment:
    """A payment that waits for finance."""
    key = committed(line, key or claim_key(), amount, by=by)
    return request_payment(
        key,
        line=line,
        amount=amount,
        payee=payee,
        account_name=payee.name,
        account_number=ACCOUNT,
        bank="工商银行闵行支行",
        purpose="创业场地房租补贴",
        due_on=NOW.date(),
        by=by,
        at=NOW,
    )


def figures(line: BudgetLine) -> dict[str, int]:
    """The balances of a line that are not nothing."""
    row = LineBalance.objects.get(line=line)
    named = [field.name for field in LineBalance._meta.concrete_fields if field.name != "line"]
    return {name: getattr(row, name) for name in named if getattr(row, name)}
