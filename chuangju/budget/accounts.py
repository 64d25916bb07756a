"""账户 - how an entry is written: its postings sum to nothing, balances follow in the same transaction, under locks.

Everything that moves money goes through `write_entry`; nothing else touches entries, postings or balances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from chuangju.budget.models import BudgetLine, ClaimBalance, Entry, LineBalance, Posting
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.refusals import Refused

Account = Posting.Account
# Accounts in which a claim holds money, so that they are kept for each claim as well.
CLAIM_ACCOUNTS = (Account.RESERVED, Account.COMMITTED, Account.PAID)


class LedgerRefused(Refused):
    """Money cannot be moved like this; the sentence says why."""


class BudgetEmpty(LedgerRefused):
    """A line has less left than is asked of it."""


@dataclass(frozen=True)
class Move:
    """What happens to one account of a line, in fen of balance: given money too is counted with a plus here."""

    line: BudgetLine
    account: str
    amount: int

    @property
    def posted(self) -> int:
        """As it is posted: whence money comes stands with a minus."""
        return -self.amount if self.account in Posting.SOURCES else self.amount


@dataclass(frozen=True)
class Draft:
    """An entry that is about to be written: what, for which claim, with which words."""

    kind: str
    line: BudgetLine
    amount: int
    moves: Sequence[Move]
    claim_key: str = ""
    reference: str = ""
    reason: str = ""
    reverses: Entry | None = None


def hold_lines(lines: Iterable[BudgetLine], claim_keys: Iterable[str] = ()) -> dict[int, LineBalance]:
    """Lock lines and claims until the transaction ends; the balances of the lines as they stand now, by line."""
    keys = sorted({line.pk for line in lines})
    take_locks(*(f"budget.line:{key}" for key in keys), *(f"budget.claim:{key}" for key in claim_keys if key))
    held = {found.line_id: found for found in locked_rows(keys)}
    if len(held) < len(keys):
        LineBalance.objects.bulk_create([LineBalance(line_id=key) for key in keys if key not in held])
        held = {found.line_id: found for found in locked_rows(keys)}
    return held


def locked_rows(keys: Sequence[int]) -> list[LineBalance]:
    """The rows of balances themselves, locked in the order of their lines, each with its line as it stands now."""
    rows = LineBalance.objects.select_for_update(of=("self", "line")).select_related("line")
    return list(rows.filter(line_id__in=keys).order_by("line_id"))


def claim_rows(claim_key: str) -> list[ClaimBalance]:
    """What a claim holds, line by line; to be read under the lock of the claim."""
    return list(ClaimBalance.objects.filter(claim_key=claim_key).select_related("line").order_by("line_id"))


def require_amount(amount: int) -> None:
    """Refuse an amount of nothing or less."""
    if amount <= 0:
        raise LedgerRefused(_("金额应当大于零"))


def write_entry(draft: Draft, held: dict[int, LineBalance], *, by: User | None, at: datetime) -> Entry:
    """Write an entry with its postings, the balances and the audit event; the lines are held already."""
    if sum(move.posted for move in draft.moves):
        raise AssertionError("the postings of an entry sum to nothing")
    for move in draft.moves:
        _apply(held[move.line.pk], move)
    entry = Entry.objects.create(
        kind=draft.kind,
        line=draft.line,
        claim_key=draft.claim_key,
        amount=draft.amount,
        reference=draft.reference,
        reverses=draft.reverses,
        reason=draft.reason,
        by=by,
        at=at,
    )
    Posting.objects.bulk_create(
        [Posting(entry=entry, line=move.line, account=move.account, amount=move.posted) for move in draft.moves]
    )
    for key in sorted({move.line.pk for move in draft.moves}):
        held[key].save()
    if draft.claim_key:
        _keep_claim(draft)
    record_event(f"budget.{draft.kind}", entry, by=by, at=at, about=draft.line, after=_told(draft), reason=draft.reason)
    return entry


def _apply(balance: LineBalance, move: Move) -> None:
    left = getattr(balance, move.account) + move.amount
    if left < 0 and move.account == Account.AVAILABLE:
        raise BudgetEmpty(
            _("“%(line)s”可用 %(left)s，不足 %(wanted)s")
            % {
                "line": move.line.shown_name,
                "left": format_yuan(left - move.amount),
                "wanted": format_yuan(-move.amount),
            }
        )
    if left < 0:
        raise LedgerRefused(
            _("“%(line)s”的“%(account)s”只有 %(left)s，不足 %(wanted)s")
            % {
                "line": move.line.shown_name,
                "account": Account(move.account).label,
                "left": format_yuan(left - move.amount),
                "wanted": format_yuan(-move.amount),
            }
        )
    setattr(balance, move.account, left)


def _keep_claim(draft: Draft) -> None:
    for line in {move.line.pk: move.line for move in draft.moves}.values():
        moves = [move for move in draft.moves if move.line.pk == line.pk and move.account in CLAIM_ACCOUNTS]
        row = ClaimBalance.objects.filter(line=line, claim_key=draft.claim_key).first()
        row = row or ClaimBalance(line=line, claim_key=draft.claim_key)
        for move in moves:
            left = getattr(row, move.account) + move.amount
            if left < 0:
                raise LedgerRefused(
                    _("这件事项的“%(account)s”只有 %(left)s，不足 %(wanted)s")
                    % {
                        "account": Account(move.account).label,
                        "left": format_yuan(left - move.amount),
                        "wanted": format_yuan(-move.amount),
                    }
                )
            setattr(row, move.account, left)
        if moves:
            row.save()


def _told(draft: Draft) -> dict[str, Any]:
    said: dict[str, Any] = {"line": draft.line.pk, "amount": draft.amount}
    return said | ({"claim_key": draft.claim_key} if draft.claim_key else {})
