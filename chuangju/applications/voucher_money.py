"""券的资金 - what a voucher holds in the budget, and the part that a settled use takes over and pays to its provider."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_money import claim_line, line_of
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.models import Voucher, VoucherUse
from chuangju.applications.voucher_access import can_settle_use
from chuangju.budget.ledger import BudgetEmpty, claim_balances, commit_money, release_money, reserve_money
from chuangju.budget.models import Payment
from chuangju.budget.payment_owners import PayeeAccount, PaymentOwner
from chuangju.budget.payments import follow_account, request_payment
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.rules.policy import Policy

PREFIX = "applications.voucher_use"
UseState = VoucherUse.State
# Done in the words of at least one side, and not paid yet.
_OWED = (UseState.ACCEPTED, UseState.CONFIRMED, UseState.REQUESTED, UseState.RETURNED)


class SettlementRefused(Refused):
    """A use cannot be settled like this; the sentence says why."""


def set_voucher_aside(voucher: Voucher, policy: Policy, *, by: User | None, at: datetime) -> bool:
    """Hold a new voucher's amount in the budget; False where there is no money (the voucher waits)."""
    application = voucher.decision.application
    line = line_of(application, policy, on=timezone.localdate(at))
    if line is None:
        return False
    try:
        with transaction.atomic():
            reserve_money(line, voucher.claim_key, voucher.amount, by=by, at=at)
    except BudgetEmpty:
        return False
    return True


def free_voucher(voucher: Voucher, *, keep: int, reason: str, by: User | None, at: datetime) -> int:
    """Give back what a voucher still holds, but for `keep`; how many fen."""
    line = claim_line(voucher.claim_key)
    held = claim_balances(voucher.claim_key)
    free = held.reserved + held.committed - keep
    if line is None or free <= 0:
        return 0
    release_money(line, voucher.claim_key, free, reason=reason, by=by, at=at)
    return free


@transaction.atomic
def settle_use(use: VoucherUse, *, by: User, at: datetime) -> VoucherUse:
    """A clerk settles what both sides confirmed: its part goes from the voucher to the provider. Raises SettlementRefused."""
    take_locks(f"applications.voucher:{use.voucher_id}")
    fresh = (
        VoucherUse.objects.select_for_update(of=("self",))
        .select_related("voucher__decision__application", "provider")
        .get(pk=use.pk)
    )
    if fresh.state != UseState.CONFIRMED:
        raise SettlementRefused(_("只有双方都确认完成的订单可以兑付"))
    if not can_settle_use(by, fresh, timezone.localdate(at)):
        raise SettlementRefused(_("只有发券单位的经办人可以审核兑付"))
    line = claim_line(fresh.voucher.claim_key)
    if line is None or claim_balances(fresh.voucher.claim_key).reserved < fresh.amount:
        raise SettlementRefused(_("这张券没有占用到足够的资金，不能兑付"))
    release_money(line, fresh.voucher.claim_key, fresh.amount, reason=_("转为兑付"), by=by, at=at)
    reserve_money(line, fresh.claim_key, fresh.amount, by=by, at=at)
    commit_money(line, fresh.claim_key, fresh.amount, by=by, at=at)
    account = json.loads(fresh.account)
    request_payment(
        fresh.claim_key,
        line=line,
        amount=fresh.amount,
        payee=fresh.provider,
        account_name=account["name"],
        account_number=account["number"],
        bank=account["bank"],
        purpose=_("服务券兑付（%(number)s）：%(service)s")
        % {"number": fresh.voucher.number, "service": fresh.service[:80]},
        due_on=timezone.localdate(at),
        by=by,
        at=at,
    )
    fresh.state, fresh.settled_by, fresh.settled_at = UseState.REQUESTED, by, at
    _keep(fresh, "applications.voucher_settled", by=by, at=at)
    return fresh


def _use_of(payment: Payment) -> VoucherUse:
    uses = VoucherUse.objects.select_related("voucher__decision__application", "provider")
    return uses.get(pk=payment.claim_key.partition(":")[2])


def _on_paid(payment: Payment, by: User | None, at: datetime) -> None:
    use = _use_of(payment)
    use.state, use.paid_on, use.reason = UseState.PAID, payment.paid_on, ""
    _keep(use, "applications.voucher_paid", by=by, at=at)


def _on_failed(payment: Payment, by: User | None, at: datetime) -> None:
    use = _use_of(payment)
    use.state, use.paid_on, use.reason = UseState.RETURNED, None, payment.reason or _("银行退回")
    _keep(use, "applications.voucher_returned", by=by, at=at)


def _on_mended(payment: Payment, by: User | None, at: datetime) -> None:
    """The provider corrected the account: the use goes out again, and what else the voucher still owes them follows."""
    use = _use_of(payment)
    account = {"name": payment.account_name, "number": payment.account_number, "bank": payment.bank}
    use.state, use.paid_on, use.reason = UseState.REQUESTED, None, ""
    use.account = json.dumps(account, ensure_ascii=False)
    _keep(use, "applications.voucher_mended", by=by, at=at)
    others = use.voucher.uses.filter(provider=use.provider_id, state__in=_OWED).exclude(pk=use.pk)
    behind = [one for one in others.order_by("pk") if one.account and json.loads(one.account) != account]
    for other in behind:
        other.account = use.account
        _keep(other, "applications.voucher_mended", by=by, at=at)
    waiting = Payment.objects.filter(claim_key__in=[one.claim_key for one in behind], state__in=Payment.WAITING)
    for one in waiting.select_related("line").order_by("number"):
        follow_account(one, by=by, at=at)


def _account(payment: Payment) -> PayeeAccount | None:
    use = _use_of(payment)
    found = json.loads(use.account) if use.account else None
    return PayeeAccount(found["name"], found["number"], found["bank"]) if found else None


def _on_recovered(payment: Payment, by: User | None, at: datetime) -> None:
    use = _use_of(payment)
    use.reason = _("兑付款已追回")
    _keep(use, "applications.voucher_returned", by=by, at=at)


def _on_stopped(payment: Payment, by: User | None, at: datetime) -> None:
    """Finance never pays this: the use is undone, and a voucher that is still good can be spent on another service."""
    use = _use_of(payment)
    if use.state not in {UseState.REQUESTED, UseState.RETURNED}:
        return
    use.state, use.paid_on, use.reason = UseState.CANCELLED, None, payment.reason
    _keep(use, "applications.voucher_cancelled", by=by, at=at)
    if use.voucher.state == Voucher.State.ACTIVE:
        _give_back(use, payment, by=by, at=at)
    values = {"service": use.service, "reason": payment.reason}
    tell_applicants(use.voucher.decision.application, "applications.voucher_use_stopped", at=at, values=values)


def _give_back(use: VoucherUse, payment: Payment, *, by: User | None, at: datetime) -> None:
    """The part of a use goes back to its voucher, whose claim then holds all that can still be spent."""
    key, line = use.voucher.claim_key, claim_line(use.voucher.claim_key) or payment.line
    held = claim_balances(key).reserved
    if held:
        release_money(line, key, held, reason=_("停止兑付，退回券内"), by=by, at=at)
    reserve_money(line, key, held + use.amount, by=by, at=at)


def _keep(use: VoucherUse, action: str, *, by: User | None, at: datetime) -> None:
    use.save()
    record_event(action, use, by=by, at=at, after={"state": use.state, "paid_on": use.paid_on}, about=use.voucher)


def _concerned(payment: Payment) -> frozenset[int]:
    settled_by = _use_of(payment).settled_by_id
    return frozenset({settled_by}) if settled_by else frozenset()


OWNER = PaymentOwner(
    on_paid=_on_paid,
    on_failed=_on_failed,
    on_returned=_on_failed,
    on_recovered=_on_recovered,
    on_stopped=_on_stopped,
    recheck=lambda _payment, _on: "",
    label=lambda payment: str(_use_of(payment)),
    address=lambda payment: reverse("applications:voucher", args=(_use_of(payment).voucher_id,)),
    concerned=_concerned,
    on_mended=_on_mended,
    hold=lambda payment: take_locks(f"applications.voucher:{_use_of(payment).voucher_id}"),
    account=_account,
)
