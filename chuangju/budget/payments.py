"""拨付 - how a payment is asked for, mended, stopped, and what the treasury's answer does to it.

A claim is paid once: its key is unique among payments, each attempt goes out once, and the ledger takes the reference
of an attempt once. What follows (the case is told, a new attempt) is for the package that asked: `payment_owners.py`.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget import accounts
from chuangju.budget.access import can_approve_unit, can_keep_unit
from chuangju.budget.ledger import (
    LedgerRefused,
    checked_reason,
    claim_balances,
    line_of_claim,
    pay_money,
    recover_money,
    release_money,
    return_money,
)
from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payment_owners import (
    PaymentOwner,
    account_differs,
    account_said,
    asked_back_sentence,
    owner_of,
    register_payment_owner,
)
from chuangju.budget.transfers import carry_claim
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.ventures.models import Party

__all__ = ["PaymentOwner", "PaymentRefused", "mend_account", "register_payment_owner", "request_payment"]

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ACCOUNT = re.compile(r"[0-9A-Za-z-]{6,34}\Z")


class PaymentRefused(LedgerRefused):
    """A payment cannot be asked for or changed like this; the sentence says why."""


@transaction.atomic
def request_payment(  # noqa: PLR0913 - a payment says this much, each by name
    claim_key: str,
    *,
    line: BudgetLine,
    amount: int,
    payee: Party,
    account_name: str,
    account_number: str,
    bank: str,
    purpose: str,
    due_on: date,
    by: User | None,
    at: datetime,
    instalment: int = 1,
) -> Payment:
    """Ask finance to pay what is committed for a claim; once for each claim. Raises PaymentRefused."""
    take_locks(f"budget.claim:{claim_key}")
    if Payment.objects.filter(claim_key=claim_key).exists():
        raise PaymentRefused(_("这件事项已经申请拨付，不能重复申请"))
    if claim_balances(claim_key).committed < amount:
        raise PaymentRefused(_("这件事项已批待拨的资金不足，不能申请拨付"))
    line = line_of_claim(claim_key) or line
    payment = Payment(
        number=f"ZF{timezone.localdate(at):%y}-{_drawn(4)}-{_drawn(4)}",
        claim_key=claim_key,
        line=line,
        amount=amount,
        payee=payee,
        purpose=" ".join(purpose.split())[:200],
        instalment=instalment,
        due_on=due_on,
        is_demo=line.is_demo,
        requested_by=by,
        requested_at=at,
    )
    _set_account(payment, account_name=account_name, account_number=account_number, bank=bank)
    payment.save()
    record_event("budget.payment_requested", payment, by=by, at=at, about=line, after=payment_facts(payment))
    return payment


@transaction.atomic
def mend_account(
    payment: Payment, *, account_name: str, account_number: str, bank: str, by: User, at: datetime
) -> Payment:
    """The payee corrects the account of a failed or returned payment, which then goes out again; PaymentRefused."""
    owner = owner_of(payment)
    if owner is not None:
        owner.hold(payment)
    fresh = locked_payment(payment, *Payment.MENDABLE)
    on = timezone.localdate(at)
    if can_keep_unit(by, fresh.line.unit, on=on) or can_approve_unit(by, fresh.line.unit, on=on):
        raise PaymentRefused(_("收款账户由收款人更正，财务和审批人员不能修改"))
    before = payment_facts(fresh)
    _set_account(fresh, account_name=account_name, account_number=account_number, bank=bank)
    return _send_again(fresh, before, by=by, at=at)


@transaction.atomic
def follow_account(payment: Payment, *, by: User | None, at: datetime) -> Payment:
    """Give a payment that has not gone out the account that its payee gave last; one that came back goes out again.

    Nobody types an account here: it is the one that the owner of the claim keeps for the payee.
    """
    fresh = locked_payment(payment)
    said = account_said(fresh)
    if said is None or fresh.state not in Payment.WAITING:
        return fresh
    before, differs = payment_facts(fresh), account_differs(fresh)
    if differs:
        _set_account(fresh, account_name=said.name, account_number=said.number, bank=said.bank)
    if fresh.state in Payment.MENDABLE:
        return _send_again(fresh, before, by=by, at=at)
    return save_payment(fresh, "payment_mended", before, by=by, at=at) if differs else fresh


@transaction.atomic
def stop_payment(payment: Payment, *, reason: str, by: User | None, at: datetime) -> Payment:
    """Never pay this: its money is free again; by finance, or by the package that asked. Raises PaymentRefused."""
    words = checked_reason(reason)
    fresh = locked_payment(payment, *Payment.WAITING)
    if fresh.batch_id is not None and fresh.state == Payment.State.REQUESTED:
        raise PaymentRefused(_("款项已列入批次，请先移出批次"))
    before = payment_facts(fresh)
    fresh.state, fresh.reason = Payment.State.STOPPED, words
    release_money(fresh.line, fresh.claim_key, fresh.amount, reason=words, by=by, at=at)
    save_payment(fresh, "payment_stopped", before, by=by, at=at, reason=words)
    _follow("on_stopped", fresh, by, at)
    return fresh


@transaction.atomic
def withhold_payment(payment: Payment, *, reason: str, by: User, at: datetime) -> Payment:
    """Finance says that this is never paid: what the owner locks comes first. Raises PaymentRefused."""
    owner = owner_of(payment)
    if owner is not None:
        owner.hold(payment)
    return stop_payment(payment, reason=reason, by=by, at=at)


@transaction.atomic
def settle_payment(payment: Payment, *, paid_on: date, voucher: str, by: User | None, at: datetime) -> Payment:
    """The treasury paid: the ledger says so once for each attempt, then whoever asked is told."""
    fresh = locked_payment(payment, Payment.State.SENT)
    before = payment_facts(fresh)
    pay_money(fresh.line, fresh.claim_key, fresh.amount, by=by, at=at, reference=f"payment:{fresh.pk}:{fresh.attempt}")
    fresh.state, fresh.paid_on, fresh.voucher, fresh.reason = Payment.State.PAID, paid_on, voucher, ""
    save_payment(fresh, "payment_paid", before, by=by, at=at)
    _follow("on_paid", fresh, by, at)
    return fresh


@transaction.atomic
def fail_payment(payment: Payment, *, reason: str, by: User | None, at: datetime) -> Payment:
    """The treasury could not pay: the money stays committed until the account is mended."""
    words = checked_reason(reason)
    fresh = locked_payment(payment, Payment.State.SENT)
    before = payment_facts(fresh)
    fresh.state, fresh.reason = Payment.State.FAILED, words
    save_payment(fresh, "payment_failed", before, by=by, at=at, reason=words)
    _follow("on_failed", fresh, by, at)
    return fresh


@transaction.atomic
def take_back_payment(payment: Payment, *, reason: str, by: User | None, at: datetime) -> Payment:
    """The bank sent the money back (退票), before or after the treasury had told that it was paid."""
    words = checked_reason(reason)
    fresh = locked_payment(payment, Payment.State.SENT, Payment.State.PAID)
    if fresh.recovered:
        raise PaymentRefused(_("款项已部分追回，不能再登记退票"))
    before = payment_facts(fresh)
    if fresh.state == Payment.State.PAID:
        return_money(fresh.line, fresh.claim_key, fresh.amount, reason=words, by=by, at=at)
        _follow_year_end(fresh, by=by, at=at)
    fresh.state, fresh.reason, fresh.paid_on, fresh.voucher = Payment.State.RETURNED, words, None, ""
    save_payment(fresh, "payment_returned", before, by=by, at=at, reason=words)
    _follow("on_returned", fresh, by, at)
    return fresh


@transaction.atomic
def recover_payment(payment: Payment, *, amount: int, reason: str, by: User | None, at: datetime) -> Payment:
    """Money was clawed back, in part or whole; raises PaymentRefused."""
    words = checked_reason(reason)
    fresh = locked_payment(payment, Payment.State.PAID)
    if not 0 < amount <= fresh.amount - fresh.recovered:
        raise PaymentRefused(_("追回金额应大于零，且不超过已到账未追回的金额"))
    before = payment_facts(fresh)
    recover_money(fresh.line, fresh.claim_key, amount, reason=words, by=by, at=at)
    fresh.recovered += amount
    if fresh.recovered == fresh.amount:
        fresh.state = Payment.State.RECOVERED
    save_payment(fresh, "payment_recovered", before, by=by, at=at, reason=words)
    _follow("on_recovered", fresh, by, at)
    return fresh


@transaction.atomic
def enter_return(payment: Payment, *, amount: int, reason: str, by: User, at: datetime) -> Payment:
    """Finance registers money that came back without anybody having asked for it by a decision; raises PaymentRefused."""
    if not can_keep_unit(by, payment.line.unit, on=timezone.localdate(at)):
        raise PaymentRefused(_("只有预算单位的财务人员和财政部门可以办理"))
    sentence = asked_back_sentence(payment)
    if sentence:
        raise PaymentRefused(sentence)
    return recover_payment(payment, amount=amount, reason=reason, by=by, at=at)


def locked_payment(payment: Payment, *states: str, revision: int | None = None) -> Payment:
    """The payment as it stands now, with its line and claim held; refused in another state than these."""
    accounts.hold_lines([payment.line], [payment.claim_key])
    rows = Payment.objects.select_for_update(of=("self",)).select_related("line__unit", "payee", "batch")
    fresh = rows.filter(pk=payment.pk).first()
    if fresh is None or (revision is not None and fresh.revision != revision):
        raise StaleForm(_("这笔款项刚刚被他人修改过，请核对最新内容后再提交"))
    if states and fresh.state not in states:
        raise PaymentRefused(
            _("款项 %(number)s 现在的状态是“%(state)s”，不能这样办理")
            % {"number": fresh.number, "state": fresh.get_state_display()}
        )
    return fresh


def save_payment(
    payment: Payment, action: str, before: dict[str, Any], *, by: User | None, at: datetime, reason: str = ""
) -> Payment:
    """Write the changed payment with its event."""
    payment.revision += 1
    payment.save()
    after = payment_facts(payment)
    about = payment.line
    record_event(f"budget.{action}", payment, by=by, at=at, about=about, before=before, after=after, reason=reason)
    return payment


def payment_facts(payment: Payment) -> dict[str, Any]:
    """What the history tells of a payment; of the account number its mask alone."""
    return {key: value for key, value in snapshot(payment).items() if key != "revision"}


def _send_again(payment: Payment, before: dict[str, Any], *, by: User | None, at: datetime) -> Payment:
    payment.state, payment.attempt, payment.batch = Payment.State.REQUESTED, payment.attempt + 1, None
    payment.reason, payment.paid_on, payment.voucher = "", None, ""
    save_payment(payment, "payment_mended", before, by=by, at=at)
    _follow("on_mended", payment, by, at)
    return payment


def _set_account(payment: Payment, *, account_name: str, account_number: str, bank: str) -> None:
    number = re.sub(r"\s", "", account_number)
    name, place = " ".join(account_name.split()), " ".join(bank.split())
    if not name or not place:
        raise PaymentRefused(_("请填写账户名称和开户银行"))
    if not _ACCOUNT.match(number):
        raise PaymentRefused(_("银行账号应为 6 至 34 位数字或字母，请核对"))
    payment.account_name, payment.account_number, payment.bank = name[:120], number, place[:120]


def _follow_year_end(payment: Payment, *, by: User | None, at: datetime) -> None:
    """Money that comes back after the year was closed is owed by the line that follows."""
    successor = BudgetLine.objects.filter(follows=payment.line).first()
    if payment.line.state == BudgetLine.State.CLOSED and successor is not None:
        carry_claim(payment.line, successor, payment.claim_key, by=by, at=at)
        payment.line = successor


def _follow(what: str, payment: Payment, by: User | None, at: datetime) -> None:
    owner = owner_of(payment)
    if owner is not None:
        getattr(owner, what)(payment, by, at)


def _drawn(count: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _sign in range(count))
