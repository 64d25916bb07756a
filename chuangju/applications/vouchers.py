"""服务券 - issued when a decision comes into force, ordered, taken, confirmed by both sides, settled with the provider, expired.

What a voucher still holds is set aside in the budget under its own claim; a use that is settled takes its part over, so that
no fen is promised twice, and what nobody spent is free again on the day after its last.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_money import replaced_by
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.models import Application, Decision, Voucher, VoucherUse
from chuangju.applications.payee_accounts import checked_account
from chuangju.applications.standings import last_day_of
from chuangju.applications.voucher_access import acts_for_holder, acts_for_provider, providers_visible_to
from chuangju.applications.voucher_money import free_voucher, set_voucher_aside
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.refusals import Refused
from chuangju.rules.policy import Policy
from chuangju.ventures.models import Party

State, UseState = Voucher.State, VoucherUse.State
_PREFIX, _LONGEST = "FQ", 300


class VoucherRefused(Refused):
    """The voucher cannot be issued, spent or settled like this; the sentence says why."""


@transaction.atomic
def issue_voucher(decision: Decision, *, by: User | None, at: datetime) -> Voucher | None:
    """What a published grant of a voucher leaves; once for each decision, None where nothing was granted."""
    if not decision.amount:
        return None
    earlier = Voucher.objects.filter(decision=decision).first()
    if earlier is not None:
        return earlier
    take_locks("applications.vouchers")
    application, policy = decision.application, pinned_policy(decision.application)
    amount = decision.amount - _spent_before(application)
    if amount <= 0:
        return None
    on = decision.effective_on or timezone.localdate(at)
    count = Voucher.objects.filter(starts_on__year=on.year).count()
    voucher = Voucher(
        decision=decision,
        holder=application.subject,
        policy_id=application.policy_id,
        title=application.title,
        number=f"{_PREFIX}{on.year}{count + 1:05d}",
        amount=amount,
        starts_on=on,
        ends_on=_last_day(policy, on),
        is_demo=application.is_demo,
        issued_at=at,
    )
    voucher.state = State.ACTIVE if set_voucher_aside(voucher, policy, by=by, at=at) else State.WAITING
    voucher.save(force_insert=True)
    record_event("applications.voucher_issued", voucher, by=by, at=at, after=snapshot(voucher), about=application)
    return voucher


def _spent_before(application: Application) -> int:
    """What was spent, or is under way, of vouchers that decisions in whose place this one stands had given."""
    uses = VoucherUse.objects.filter(voucher__decision__application__in=replaced_by(application))
    return uses.filter(state__in=VoucherUse.HOLDING).aggregate(sum=Sum("amount"))["sum"] or 0


@transaction.atomic
def revoke_voucher(decision: Decision, *, reason: str, by: User | None, at: datetime) -> Voucher | None:
    """What a decision gave that stands no more: nothing of it is spent from now on; what is under way may still be settled."""
    found = Voucher.objects.filter(decision=decision, state__in=(State.ACTIVE, State.WAITING)).first()
    if found is None:
        return None
    fresh, before = _locked(found), {"state": found.state}
    _cancel_untaken(fresh, reason, at=at)
    free_voucher(fresh, keep=_under_way(fresh), reason=reason, by=by, at=at)
    fresh.state, fresh.reason = State.REVOKED, reason[:500]
    fresh.save(update_fields=["state", "reason"])
    after = {"state": fresh.state}
    record_event("applications.voucher_revoked", fresh, by=by, at=at, before=before, after=after, reason=fresh.reason)
    return fresh


def fund_vouchers(*, on: date, at: datetime) -> int:
    """Give money to the vouchers that wait for it, in the order in which they were issued; how many got it."""
    funded = 0
    for voucher in Voucher.objects.filter(state=State.WAITING, ends_on__gte=on).order_by("issued_at", "number"):
        funded += _fund(voucher, at=at)
    return funded


@transaction.atomic
def _fund(voucher: Voucher, *, at: datetime) -> bool:
    fresh = _locked(voucher)
    policy = pinned_policy(fresh.decision.application)
    if fresh.state != State.WAITING or not set_voucher_aside(fresh, policy, by=None, at=at):
        return False
    fresh.state = State.ACTIVE
    fresh.save(update_fields=["state"])
    before, after = {"state": State.WAITING}, {"state": fresh.state}
    record_event("applications.voucher_funded", fresh, by=None, at=at, before=before, after=after)
    return True


def _cancel_untaken(voucher: Voucher, reason: str, *, at: datetime) -> None:
    for use in voucher.uses.filter(state=UseState.ORDERED):
        use.state, use.reason = UseState.CANCELLED, reason[:500]
        _keep(use, "applications.voucher_cancelled", by=None, at=at)


def _last_day(policy: Policy, on: date) -> date:
    """So many months as the file says of what it leaves, else the year's end."""
    for leaf in policy.leaves:
        months = leaf.get("months")
        if isinstance(months, int) and not isinstance(months, bool) and months > 0:
            return last_day_of(on, months)
    return date(on.year, 12, 31)


def held_amount(voucher: Voucher) -> int:
    """How much of a voucher is ordered or spent, in fen."""
    return voucher.uses.filter(state__in=VoucherUse.HOLDING).aggregate(sum=Sum("amount"))["sum"] or 0


def balance_of(voucher: Voucher) -> int:
    """What can still be spent, in fen."""
    return voucher.amount - held_amount(voucher)


@transaction.atomic
def order_service(
    voucher: Voucher, provider: Party, *, service: str, price: int, amount: int, by: User, at: datetime
) -> VoucherUse:
    """The holder orders a service; its part of the balance is taken at once. Raises VoucherRefused."""
    fresh, on = _locked(voucher), timezone.localdate(at)
    if not acts_for_holder(by, fresh, on):
        raise VoucherRefused(_("只有持券人可以使用这张券"))
    if fresh.state != State.ACTIVE or not fresh.starts_on <= on <= fresh.ends_on:
        raise VoucherRefused(_("这张券现在不能使用"))
    if not providers_visible_to(by).filter(pk=provider.pk).exists():
        raise VoucherRefused(_("请选择名录中的服务机构"))
    if provider.pk == fresh.holder_id or acts_for_provider(by, VoucherUse(provider=provider), on):
        raise VoucherRefused(_("不能向自己的机构购买服务"))
    if not service.strip() or len(service) > _LONGEST:
        raise VoucherRefused(_("请写明服务内容（不超过 300 字）"))
    if not 0 < amount <= price:
        raise VoucherRefused(_("用券金额应大于零，且不超过服务价格"))
    left = balance_of(fresh)
    if amount > left:
        raise VoucherRefused(_("券面余额只剩 %(left)s") % {"left": format_yuan(left)})
    use = VoucherUse.objects.create(
        voucher=fresh,
        provider=provider,
        service=" ".join(service.split()),
        price=price,
        amount=amount,
        ordered_by=by,
        ordered_at=at,
    )
    record_event("applications.voucher_ordered", use, by=by, at=at, after=snapshot(use), about=fresh)
    return use


@transaction.atomic
def answer_order(use: VoucherUse, *, accepts: bool, reason: str = "", by: User, at: datetime) -> VoucherUse:
    """The provider takes an order or declines it with a reason; raises VoucherRefused."""
    fresh = _locked_use(use, UseState.ORDERED, sentence=_("这一订单已经答复过"))
    if not acts_for_provider(by, fresh, timezone.localdate(at)):
        raise VoucherRefused(_("只有这家服务机构可以接单"))
    if not accepts and not reason.strip():
        raise VoucherRefused(_("请写明不接单的原因"))
    fresh.state, fresh.reason = (UseState.ACCEPTED, "") if accepts else (UseState.DECLINED, reason.strip()[:500])
    fresh.accepted_at = at if accepts else None
    return _keep(fresh, "applications.voucher_answered", by=by, at=at)


@transaction.atomic
def cancel_order(use: VoucherUse, *, reason: str, by: User, at: datetime) -> VoucherUse:
    """The holder gives an order up before either side has said that it was done; raises VoucherRefused."""
    fresh = _locked_use(use, UseState.ORDERED, UseState.ACCEPTED, sentence=_("这一订单不能再取消"))
    if not acts_for_holder(by, fresh.voucher, timezone.localdate(at)):
        raise VoucherRefused(_("只有持券人可以取消"))
    if fresh.holder_confirmed_at or fresh.provider_confirmed_at:
        raise VoucherRefused(_("已有一方确认完成，不能取消；有争议请联系经办单位"))
    if not reason.strip():
        raise VoucherRefused(_("请写明取消的原因"))
    fresh.state, fresh.reason = UseState.CANCELLED, reason.strip()[:500]
    return _keep(fresh, "applications.voucher_cancelled", by=by, at=at)


@transaction.atomic
def confirm_as_holder(use: VoucherUse, *, by: User, at: datetime) -> VoucherUse:
    """The holder says that the service was done; with the provider's word it goes to the clerk. Raises VoucherRefused."""
    fresh = _locked_use(use, UseState.ACCEPTED, sentence=_("只有服务中的订单可以确认完成"))
    if not acts_for_holder(by, fresh.voucher, timezone.localdate(at)):
        raise VoucherRefused(_("只有持券人可以确认"))
    if fresh.provider_confirmed_by_id == by.pk:
        raise VoucherRefused(_("双方须由不同的人确认"))
    fresh.holder_confirmed_at, fresh.holder_confirmed_by = fresh.holder_confirmed_at or at, by
    return _confirmed(fresh, by=by, at=at)


@transaction.atomic
def confirm_as_provider(use: VoucherUse, *, name: str, number: str, bank: str, by: User, at: datetime) -> VoucherUse:
    """The provider says that it was done, and where the money goes; raises VoucherRefused, ApplicationRefused."""
    fresh = _locked_use(use, UseState.ACCEPTED, sentence=_("只有服务中的订单可以确认完成"))
    if not acts_for_provider(by, fresh, timezone.localdate(at)):
        raise VoucherRefused(_("只有这家服务机构可以确认"))
    if fresh.holder_confirmed_by_id == by.pk:
        raise VoucherRefused(_("双方须由不同的人确认"))
    fresh.account = json.dumps(checked_account(name, number, bank), ensure_ascii=False)
    fresh.provider_confirmed_at, fresh.provider_confirmed_by = fresh.provider_confirmed_at or at, by
    return _confirmed(fresh, by=by, at=at)


@transaction.atomic
def expire_vouchers(*, on: date, at: datetime) -> int:
    """End the vouchers whose last day has passed: orders nobody took are gone, what is left is free; how many."""
    ended = 0
    due = Voucher.objects.filter(state__in=(State.ACTIVE, State.WAITING), ends_on__lt=on)
    for voucher in due.select_related("decision__application").order_by("pk"):
        fresh = _locked(voucher)
        _cancel_untaken(fresh, _("券已到期，订单未接"), at=at)
        # What is under way may still be settled; only the rest is given back.
        free_voucher(fresh, keep=_under_way(fresh), reason=_("券已到期"), by=None, at=at)
        before = {"state": fresh.state}
        fresh.state = State.EXPIRED
        fresh.save(update_fields=["state"])
        after = {"state": fresh.state}
        record_event("applications.voucher_expired", fresh, by=None, at=at, before=before, after=after)
        ended += 1
    return ended


def _under_way(voucher: Voucher) -> int:
    waiting = voucher.uses.filter(state__in=(UseState.ACCEPTED, UseState.CONFIRMED))
    return waiting.aggregate(sum=Sum("amount"))["sum"] or 0


def _confirmed(use: VoucherUse, *, by: User, at: datetime) -> VoucherUse:
    if use.holder_confirmed_at and use.provider_confirmed_at:
        use.state = UseState.CONFIRMED
    return _keep(use, "applications.voucher_confirmed", by=by, at=at)


def _locked(voucher: Voucher) -> Voucher:
    take_locks(f"applications.voucher:{voucher.pk}")
    return Voucher.objects.select_for_update(of=("self",)).select_related("decision__application").get(pk=voucher.pk)


def _locked_use(use: VoucherUse, *states: str, sentence: str) -> VoucherUse:
    voucher = _locked(use.voucher)
    fresh = VoucherUse.objects.select_for_update(of=("self",)).select_related("provider").get(pk=use.pk)
    fresh.voucher = voucher
    if fresh.state not in states:
        raise VoucherRefused(sentence)
    return fresh


def _keep(use: VoucherUse, action: str, *, by: User | None, at: datetime) -> VoucherUse:
    use.save()
    after = {"state": use.state, "reason": use.reason}
    record_event(action, use, by=by, at=at, after=after, about=use.voucher)
    return use
