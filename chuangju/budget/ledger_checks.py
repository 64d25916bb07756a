"""账本校验 - recomputes the ledger: every entry balances, balances equal their postings, payments equal what was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Sum
from django.utils.translation import gettext as _

from chuangju.budget.models import ClaimBalance, Entry, LineBalance, Payment, Posting
from chuangju.kernel.money import format_yuan

Account = Posting.Account
# Payments whose money the payee has, or had until it was recovered.
_ARRIVED = (Payment.State.PAID, Payment.State.RECOVERED)
_OF_CLAIMS = (Account.RESERVED, Account.COMMITTED, Account.PAID)


def find_ledger_faults() -> Iterator[str]:
    """One sentence for each thing in the ledger that does not add up."""
    yield from _unbalanced_entries()
    yield from _wrong_line_balances()
    yield from _wrong_claim_balances()
    yield from _wrong_payments()


def _unbalanced_entries() -> Iterator[str]:
    sums = Posting.objects.values("entry_id").annotate(total=Sum("amount")).exclude(total=0)
    for row in sums.order_by("entry_id").iterator(2000):
        yield _("第 %(entry)d 号分录借贷不平，差 %(amount)s。") % {
            "entry": row["entry_id"],
            "amount": format_yuan(row["total"]),
        }
    for key in Entry.objects.filter(postings__isnull=True).order_by("pk").values_list("pk", flat=True):
        yield _("第 %(entry)d 号分录没有记账。") % {"entry": key}


def _wrong_line_balances() -> Iterator[str]:
    posted: dict[tuple[int, str], int] = defaultdict(int)
    for row in (
        Posting.objects.values("line_id", "account").annotate(total=Sum("amount")).order_by("line_id", "account")
    ):
        sign = -1 if row["account"] in Posting.SOURCES else 1
        posted[row["line_id"], row["account"]] = sign * row["total"]
    seen = set[int]()
    for balance in LineBalance.objects.select_related("line").order_by("line_id"):
        seen.add(balance.line_id)
        for account in Account:
            kept, found = getattr(balance, account), posted[balance.line_id, account]
            if kept != found:
                yield _("资金条目“%(line)s”的“%(account)s”应为 %(found)s，余额记为 %(kept)s。") % {
                    "line": balance.line,
                    "account": account.label,
                    "found": format_yuan(found),
                    "kept": format_yuan(kept),
                }
    for line in sorted({key for (key, _account), total in posted.items() if total} - seen):
        yield _("第 %(line)d 号资金条目有分录而没有余额。") % {"line": line}


def _wrong_claim_balances() -> Iterator[str]:
    posted: dict[tuple[str, int, str], int] = defaultdict(int)
    rows = Posting.objects.exclude(entry__claim_key="").filter(account__in=_OF_CLAIMS)
    rows_by = rows.values("entry__claim_key", "line_id", "account").annotate(total=Sum("amount"))
    for row in rows_by.order_by("entry__claim_key", "line_id", "account").iterator(2000):
        posted[row["entry__claim_key"], row["line_id"], row["account"]] = row["total"]
    for balance in ClaimBalance.objects.order_by("claim_key", "line_id").iterator(2000):
        for account in _OF_CLAIMS:
            kept, found = getattr(balance, account), posted.pop((balance.claim_key, balance.line_id, account), 0)
            if kept != found:
                yield _claim_fault(balance.claim_key, account, found, kept)
    for (key, _line, name), found in posted.items():
        if found:
            yield _claim_fault(key, name, found, 0)


def _claim_fault(key: str, account: str, found: int, kept: int) -> str:
    return _("事项 %(key)s 的“%(account)s”应为 %(found)s，余额记为 %(kept)s。") % {
        "key": key,
        "account": Account(account).label,
        "found": format_yuan(found),
        "kept": format_yuan(kept),
    }


def _wrong_payments() -> Iterator[str]:
    """What payments say has arrived is what the ledger says was paid for their claims."""
    paid = {
        row["claim_key"]: row["total"]
        for row in ClaimBalance.objects.values("claim_key").annotate(total=Sum("paid")).order_by("claim_key")
    }
    for payment in Payment.objects.order_by("number").iterator(2000):
        expected = payment.amount - payment.recovered if payment.state in _ARRIVED else 0
        if paid.get(payment.claim_key, 0) != expected:
            yield _("款项 %(number)s 已到账 %(expected)s，账本记为 %(paid)s。") % {
                "number": payment.number,
                "expected": format_yuan(expected),
                "paid": format_yuan(paid.get(payment.claim_key, 0)),
            }
