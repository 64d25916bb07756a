"""账本 - what may happen to the money of a line: plan, reserve, commit, pay, return, recover, release, reverse.

Amounts are whole fen. Every function locks the line and the claim first, writes one entry that balances, and refuses
in a sentence; the database holds the rest (nothing below zero, nothing twice, nothing changed afterwards).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chuangju.budget import accounts
from chuangju.budget.accounts import Account, BudgetEmpty, Draft, LedgerRefused, Move, claim_rows, require_amount
from chuangju.budget.models import BudgetLine, ClaimBalance, Entry, LineBalance, Posting
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan

__all__ = [
    "Balances",
    "BudgetEmpty",
    "ClaimBalances",
    "LedgerRefused",
    "balances_of",
    "claim_balances",
    "commit_money",
    "line_of_claim",
    "may_be_reversed",
    "pay_money",
    "plan_money",
    "recover_money",
    "release_money",
    "reserve_money",
    "return_money",
    "reverse_entry",
]

LONGEST_REASON = 300


@dataclass(frozen=True)
class Balances:
    """Where the money of a line is, in fen."""

    planned: int = 0
    carried_in: int = 0
    available: int = 0
    reserved: int = 0
    committed: int = 0
    paid: int = 0
    carried_out: int = 0
    surrendered: int = 0

    @property
    def budget(self) -> int:
        """What the line has this year: given this year and carried over from the last."""
        return self.planned + self.carried_in

    @property
    def pending(self) -> int:
        """已批待拨 in the wide sense: decided on and not yet paid."""
        return self.reserved + self.committed


@dataclass(frozen=True)
class ClaimBalances:
    """What one claim holds, over all lines, in fen."""

    reserved: int = 0
    committed: int = 0
    paid: int = 0


def balances_of(line: BudgetLine) -> Balances:
    """The balances of a line as they stand now."""
    found = LineBalance.objects.filter(line=line).first()
    return as_balances(found) if found else Balances()


def as_balances(row: LineBalance) -> Balances:
    """The figures of a row of balances."""
    return Balances(**{name: getattr(row, name) for name in Account.values})


def claim_balances(claim_key: str) -> ClaimBalances:
    """What a claim has reserved, committed and paid."""
    rows = list(ClaimBalance.objects.filter(claim_key=claim_key))
    return ClaimBalances(
        sum(row.reserved for row in rows), sum(row.committed for row in rows), sum(row.paid for row in rows)
    )


def line_of_claim(claim_key: str) -> BudgetLine | None:
    """The line whose money a claim holds now: after the end of a year that is the line of the next one."""
    rows = ClaimBalance.objects.filter(claim_key=claim_key).select_related("line__unit")
    holding = rows.exclude(reserved=0, committed=0).first()
    last = holding or rows.order_by("-line__year", "-pk").first()
    return last.line if last else None


def _where_it_is(line: BudgetLine, claim_key: str) -> BudgetLine:
    """The line given, or the one that followed it where the claim went on with the end of a year."""
    holding = ClaimBalance.objects.filter(claim_key=claim_key).exclude(reserved=0, committed=0)
    row = holding.select_related("line__unit").first()
    return row.line if row is not None and row.line_id != line.pk and row.line.year > line.year else line


@transaction.atomic
def plan_money(line: BudgetLine, amount: int, *, reason: str, by: User | None, at: datetime) -> Entry:
    """Give money to a line, or with a minus take back what is still available; raises LedgerRefused, BudgetEmpty."""
    words = checked_reason(reason)
    if amount == 0:
        raise LedgerRefused(_("金额应当大于零"))
    held = accounts.hold_lines([line])
    moves = (Move(line, Account.AVAILABLE, amount), Move(line, Account.PLANNED, amount))
    draft = Draft(Entry.Kind.PLAN, line, amount, moves, reason=words)
    return accounts.write_entry(draft, held, by=by, at=at)


@transaction.atomic
def reserve_money(line: BudgetLine, claim_key: str, amount: int, *, by: User | None, at: datetime) -> Entry:
    """Set money aside for a claim that has none yet; raises BudgetEmpty where less is left, LedgerRefused otherwise."""
    require_amount(amount)
    held = accounts.hold_lines([line], [claim_key])
    _require_open(held[line.pk].line)
    if any(row.reserved or row.committed or row.paid for row in claim_rows(claim_key)):
        raise LedgerRefused(_("这件事项已经占用资金，不能再次预留"))
    moves = (Move(line, Account.AVAILABLE, -amount), Move(line, Account.RESERVED, amount))
    return accounts.write_entry(Draft(Entry.Kind.RESERVE, line, amount, moves, claim_key), held, by=by, at=at)


@transaction.atomic
def commit_money(line: BudgetLine, claim_key: str, amount: int, *, by: User | None, at: datetime) -> Entry:
    """Turn reserved money into money that is owed: the decision is out; raises LedgerRefused."""
    require_amount(amount)
    line = _where_it_is(line, claim_key)
    held = accounts.hold_lines([line], [claim_key])
    _require_open(held[line.pk].line)
    moves = (Move(line, Account.RESERVED, -amount), Move(line, Account.COMMITTED, amount))
    return accounts.write_entry(Draft(Entry.Kind.COMMIT, line, amount, moves, claim_key), held, by=by, at=at)


@transaction.atomic
def release_money(
    line: BudgetLine, claim_key: str, amount: int, *, reason: str = "", by: User | None, at: datetime
) -> Entry:
    """Free money that a claim no longer needs: first what is reserved, then what is committed; raises LedgerRefused."""
    require_amount(amount)
    line = _where_it_is(line, claim_key)
    held = accounts.hold_lines([line], [claim_key])
    reserved = sum(row.reserved for row in claim_rows(claim_key) if row.line_id == line.pk)
    first, rest = min(amount, reserved), amount - min(amount, reserved)
    freed = ((Account.RESERVED, first), (Account.COMMITTED, rest))
    moves = (
        *(Move(line, account, -part) for account, part in freed if part),
        Move(line, Account.AVAILABLE, amount),
    )
    draft = Draft(Entry.Kind.RELEASE, line, amount, moves, claim_key, reason=reason[:LONGEST_REASON])
    return accounts.write_entry(draft, held, by=by, at=at)


@transaction.atomic
def pay_money(
    line: BudgetLine, claim_key: str, amount: int, *, by: User | None, at: datetime, reference: str = ""
) -> Entry:
    """Money that was owed has arrived; `reference` can be paid once only. Raises LedgerRefused."""
    require_amount(amount)
    line = _where_it_is(line, claim_key)
    held = accounts.hold_lines([line], [claim_key])
    if reference and Entry.objects.filter(kind=Entry.Kind.PAY, reference=reference).exists():
        raise LedgerRefused(_("这笔款已经支付，不能重复支付"))
    moves = (Move(line, Account.COMMITTED, -amount), Move(line, Account.PAID, amount))
    draft = Draft(Entry.Kind.PAY, line, amount, moves, claim_key, reference)
    return accounts.write_entry(draft, held, by=by, at=at)


@transaction.atomic
def return_money(
    line: BudgetLine, claim_key: str, amount: int, *, reason: str = "", by: User | None, at: datetime
) -> Entry:
    """A payment came back from the bank: what was paid is owed again; raises LedgerRefused."""
    require_amount(amount)
    held = accounts.hold_lines([line], [claim_key])
    moves = (Move(line, Account.PAID, -amount), Move(line, Account.COMMITTED, amount))
    draft = Draft(Entry.Kind.RETURN, line, amount, moves, claim_key, reason=reason[:LONGEST_REASON])
    return accounts.write_entry(draft, held, by=by, at=at)


@transaction.atomic
def recover_money(
    line: BudgetLine, claim_key: str, amount: int, *, reason: str, by: User | None, at: datetime
) -> Entry:
    """Money was clawed back: free again while the year runs, the treasury's once it is closed; raises LedgerRefused."""
    require_amount(amount)
    words = checked_reason(reason)
    held = accounts.hold_lines([line], [claim_key])
    is_closed = held[line.pk].line.state == BudgetLine.State.CLOSED
    into = Account.SURRENDERED if is_closed else Account.AVAILABLE
    moves = (Move(line, Account.PAID, -amount), Move(line, into, amount))
    draft = Draft(Entry.Kind.RECOVER, line, amount, moves, claim_key, reason=words)
    return accounts.write_entry(draft, held, by=by, at=at)


@transaction.atomic
def reverse_entry(entry: Entry, *, reason: str, by: User | None, at: datetime) -> Entry:
    """Answer a mistaken entry by its opposite; the entry itself stays. Raises LedgerRefused."""
    words = checked_reason(reason)
    postings = list(entry.postings.select_related("line").order_by("id"))
    held = accounts.hold_lines([posting.line for posting in postings], [entry.claim_key])
    if entry.kind in {Entry.Kind.REVERSE, Entry.Kind.CARRY, Entry.Kind.SURRENDER} or entry.reference:
        raise LedgerRefused(_("这类分录不能冲正：冲正、年终结转和国库支付各有自己的办理方式"))
    if Entry.objects.filter(reverses=entry).exists():
        raise LedgerRefused(_("这笔分录已经冲正"))
    if any(held[posting.line_id].line.state == BudgetLine.State.CLOSED for posting in postings):
        raise LedgerRefused(_("资金条目已年终结账，不能再冲正"))
    moves = [
        Move(posting.line, posting.account, posting.amount if posting.account in Posting.SOURCES else -posting.amount)
        for posting in postings
    ]
    draft = Draft(Entry.Kind.REVERSE, entry.line, -entry.amount, moves, entry.claim_key, reason=words, reverses=entry)
    return accounts.write_entry(draft, held, by=by, at=at)


def may_be_reversed(entry: Entry) -> bool:
    """Whether finance reverses this by itself: a plan that was entered wrongly, before the line is opened.

    Later the plan takes a reallocation and a second person; what belongs to a claim is undone where the claim is decided.
    """
    return entry.kind == Entry.Kind.PLAN and not entry.claim_key and entry.line.state == BudgetLine.State.DRAFT


def checked_reason(reason: str) -> str:
    """The reason without stray blanks; refused where there is none."""
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise LedgerRefused(_("请写明原因，它会记入账本"))
    return words


def _require_open(line: BudgetLine) -> None:
    if not line.is_open:
        raise LedgerRefused(
            _("“%(line)s”现在是“%(state)s”，不能占用资金")
            % {"line": line.shown_name, "state": line.get_state_display()}
        )


def shortage_of(line: BudgetLine, amount: int) -> str:
    """The sentence that a reservation would be refused with; empty where there is enough."""
    left = balances_of(line).available
    if left >= amount:
        return ""
    return _("“%(line)s”可用 %(left)s，不足 %(wanted)s") % {
        "line": line.shown_name,
        "left": format_yuan(left),
        "wanted": format_yuan(amount),
    }
