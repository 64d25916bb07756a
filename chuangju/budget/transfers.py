"""资金转移 - money that goes from line to line: moved between lines, carried over at the end of a year, or given back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chuangju.budget import accounts
from chuangju.budget.accounts import Account, Draft, Move, claim_rows, require_amount
from chuangju.budget.models import BudgetLine, Entry
from chuangju.kernel.models import User


@transaction.atomic
def move_money(
    source: BudgetLine, target: BudgetLine, amount: int, *, reason: str, by: User | None, at: datetime
) -> Entry:
    """Move what is available from one line's plan to another's; raises BudgetEmpty."""
    require_amount(amount)
    held = accounts.hold_lines([source, target])
    moves = (
        Move(source, Account.AVAILABLE, -amount),
        Move(source, Account.PLANNED, -amount),
        Move(target, Account.AVAILABLE, amount),
        Move(target, Account.PLANNED, amount),
    )
    draft = Draft(Entry.Kind.MOVE, source, amount, moves, reason=reason)
    return accounts.write_entry(draft, held, by=by, at=at)


@transaction.atomic
def carry_claim(
    line: BudgetLine, successor: BudgetLine, claim_key: str, *, by: User | None, at: datetime
) -> list[Entry]:
    """Take what a claim still holds of a closed year into the next one, as it was held there."""
    held = accounts.hold_lines([line, successor], [claim_key])
    entries = []
    for row in claim_rows(claim_key):
        if row.line_id != line.pk:
            continue
        for account, amount in ((Account.RESERVED, row.reserved), (Account.COMMITTED, row.committed)):
            if amount:
                moves = _carried(line, successor, account, amount)
                draft = Draft(Entry.Kind.CARRY, line, amount, moves, claim_key)
                entries.append(accounts.write_entry(draft, held, by=by, at=at))
    return entries


@transaction.atomic
def carry_available(line: BudgetLine, successor: BudgetLine, amount: int, *, by: User | None, at: datetime) -> Entry:
    """Take money that nobody claimed into the next year (结转); raises BudgetEmpty."""
    require_amount(amount)
    held = accounts.hold_lines([line, successor])
    draft = Draft(Entry.Kind.CARRY, line, amount, _carried(line, successor, Account.AVAILABLE, amount))
    return accounts.write_entry(draft, held, by=by, at=at)


@transaction.atomic
def surrender_money(line: BudgetLine, amount: int, *, reason: str, by: User | None, at: datetime) -> Entry:
    """Give money that nobody claimed back to the treasury (结余); raises BudgetEmpty."""
    require_amount(amount)
    held = accounts.hold_lines([line])
    moves = (Move(line, Account.AVAILABLE, -amount), Move(line, Account.SURRENDERED, amount))
    draft = Draft(Entry.Kind.SURRENDER, line, amount, moves, reason=reason)
    return accounts.write_entry(draft, held, by=by, at=at)


def _carried(line: BudgetLine, successor: BudgetLine, account: str, amount: int) -> tuple[Move, ...]:
    return (
        Move(line, account, -amount),
        Move(line, Account.CARRIED_OUT, amount),
        Move(successor, Account.CARRIED_IN, amount),
        Move(successor, account, amount),
    )
