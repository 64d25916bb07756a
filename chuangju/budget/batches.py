"""拨付批次 - how payments go out together: gathered, checked with finance (联审), approved by somebody else, sent.

Four eyes: whoever gathered or checked a batch, asked for one of its payments or decided on one of its claims does not
approve it. Check, approval and sending look at every payment again (`batch_findings.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget import accounts
from chuangju.budget.access import can_approve_unit, can_keep_unit
from chuangju.budget.batch_findings import findings_of
from chuangju.budget.ledger import LedgerRefused, checked_reason
from chuangju.budget.models import BatchItem, Payment, PaymentBatch
from chuangju.budget.payment_owners import account_differs, people_concerned
from chuangju.budget.payments import follow_account
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Unit

MOST_PAYMENTS = 500
State = PaymentBatch.State


class BatchRefused(LedgerRefused):
    """A batch cannot go this step; the sentence says why."""


@transaction.atomic
def form_batch(
    unit: Unit, payments: Sequence[Payment], *, title: str, by: User, at: datetime, is_demo: bool = False
) -> PaymentBatch:
    """Gather waiting payments of a unit in a batch; raises BatchRefused."""
    _require_keeper(unit, by, at)
    words = " ".join(title.split())
    if not words:
        raise BatchRefused(_("请填写批次名称"))
    take_locks("budget.batch_numbers")
    batch = PaymentBatch.objects.create(
        number=_next_number(timezone.localdate(at).year),
        unit=unit,
        title=words[:120],
        is_demo=is_demo,
        created_by=by,
        created_at=at,
    )
    _gather(batch, payments)
    record_event("budget.batch_formed", batch, by=by, at=at, after=batch_facts(batch))
    return batch


@transaction.atomic
def add_payments(
    batch: PaymentBatch, payments: Sequence[Payment], *, revision: int, by: User, at: datetime
) -> PaymentBatch:
    """Put more waiting payments into a batch that is still gathered; raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.DRAFT, revision=revision)
    _require_keeper(fresh.unit, by, at)
    before = batch_facts(fresh)
    _gather(fresh, payments)
    return _save(fresh, "batch_changed", before, by=by, at=at)


@transaction.atomic
def drop_payment(batch: PaymentBatch, payment: Payment, *, revision: int, by: User, at: datetime) -> PaymentBatch:
    """Take a payment out of a batch that is still gathered; it waits for another. Raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.DRAFT, revision=revision)
    _require_keeper(fresh.unit, by, at)
    before = batch_facts(fresh)
    _let_go(fresh, [payment])
    _count(fresh)
    return _save(fresh, "batch_changed", before, by=by, at=at)


@transaction.atomic
def dissolve_batch(batch: PaymentBatch, *, revision: int, by: User, at: datetime) -> PaymentBatch:
    """Give a batch up before it is checked; its payments wait for another. Raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.DRAFT, revision=revision)
    _require_keeper(fresh.unit, by, at)
    before = batch_facts(fresh)
    _let_go(fresh, list(fresh.payments.order_by("pk")))
    _count(fresh)
    fresh.state = State.DISSOLVED
    return _save(fresh, "batch_dissolved", before, by=by, at=at)


@transaction.atomic
def check_batch(batch: PaymentBatch, *, revision: int, by: User, at: datetime) -> PaymentBatch:
    """联审: finance confirms that every payment may go out; raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.DRAFT, revision=revision)
    _require_keeper(fresh.unit, by, at)
    payments = [_as_payee_says(payment, by=by, at=at) for payment in _held_payments(fresh)]
    _require_sound(payments, on=timezone.localdate(at))
    before = batch_facts(fresh)
    fresh.state, fresh.checked_by, fresh.checked_at, fresh.returned_reason = State.CHECKED, by, at, ""
    fresh.payments.update(state=Payment.State.CHECKED)
    return _save(fresh, "batch_checked", before, by=by, at=at)


@transaction.atomic
def approve_batch(batch: PaymentBatch, *, revision: int, by: User, at: datetime) -> PaymentBatch:
    """A second person approves a checked batch; raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.CHECKED, revision=revision)
    _require_approver(fresh, by, at)
    payments = _held_payments(fresh)
    if by.pk in {fresh.created_by_id, fresh.checked_by_id} or any(by.pk in people_concerned(p) for p in payments):
        raise BatchRefused(_("您经手过这个批次的组批、联审、拨付申请或审批决定，请由其他人审批"))
    _require_sound(payments, on=timezone.localdate(at))
    before = batch_facts(fresh)
    fresh.state, fresh.approved_by, fresh.approved_at = State.APPROVED, by, at
    fresh.payments.update(state=Payment.State.APPROVED)
    return _save(fresh, "batch_approved", before, by=by, at=at)


@transaction.atomic
def return_batch(batch: PaymentBatch, *, reason: str, revision: int, by: User, at: datetime) -> PaymentBatch:
    """An approver sends a batch that has not gone out back to finance, with the reason; raises BatchRefused, StaleForm."""
    words = checked_reason(reason)
    fresh = locked_batch(batch, State.CHECKED, State.APPROVED, revision=revision)
    _require_approver(fresh, by, at)
    before = batch_facts(fresh)
    fresh.state, fresh.returned_reason, fresh.checked_by, fresh.checked_at = State.DRAFT, words, None, None
    fresh.approved_by, fresh.approved_at = None, None
    fresh.payments.update(state=Payment.State.REQUESTED)
    return _save(fresh, "batch_returned", before, by=by, at=at, reason=words)


@transaction.atomic
def send_batch(batch: PaymentBatch, *, sha256: str, revision: int, by: User, at: datetime) -> PaymentBatch:
    """The file has gone to the treasury: from now on only its answers change the payments; BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.APPROVED, revision=revision)
    _require_keeper(fresh.unit, by, at)
    _require_sound(_held_payments(fresh), on=timezone.localdate(at))
    before = batch_facts(fresh)
    fresh.state, fresh.sent_by, fresh.sent_at, fresh.sha256 = State.SENT, by, at, sha256
    fresh.payments.update(state=Payment.State.SENT)
    return _save(fresh, "batch_sent", before, by=by, at=at)


def settle_batch(batch: PaymentBatch, *, by: User, at: datetime) -> None:
    """Close a sent batch once every item has its answer; within the transaction that took the answers in."""
    if batch.state != State.SENT or batch.items.filter(outcome=BatchItem.Outcome.WAITING).exists():
        return
    before = batch_facts(batch)
    batch.state, batch.settled_at = State.SETTLED, at
    _save(batch, "batch_settled", before, by=by, at=at)


def locked_batch(batch: PaymentBatch, *states: str, revision: int | None = None) -> PaymentBatch:
    """The batch as it stands now, locked; refused in another state, or where the form was made from an older one."""
    take_locks(f"budget.batch:{batch.pk}")
    rows = PaymentBatch.objects.select_for_update(of=("self",)).select_related("unit")
    fresh = rows.filter(pk=batch.pk).first()
    if fresh is None or (revision is not None and fresh.revision != revision):
        raise StaleForm(_("这个批次刚刚被他人办理过，请核对最新内容后再提交"))
    if states and fresh.state not in states:
        raise BatchRefused(_("批次现在的状态是“%(state)s”，不能这样办理") % {"state": fresh.get_state_display()})
    return fresh


def batch_facts(batch: PaymentBatch) -> dict[str, Any]:
    """What the history tells of a batch."""
    return {key: value for key, value in snapshot(batch).items() if key != "revision"}


def hold_payments(payments: Iterable[Payment]) -> None:
    """Lock the lines and claims of many payments at once, so that nobody waits for each other in a circle."""
    listed = list(payments)
    accounts.hold_lines([payment.line for payment in listed], [payment.claim_key for payment in listed])


def _held_payments(batch: PaymentBatch) -> list[Payment]:
    rows = batch.payments.select_related("line__unit", "payee").order_by("number")
    hold_payments(rows)
    payments = list(rows.all())
    if not payments:
        raise BatchRefused(_("批次中没有款项"))
    return payments


def _as_payee_says(payment: Payment, *, by: User, at: datetime) -> Payment:
    return follow_account(payment, by=by, at=at) if account_differs(payment) else payment


def _require_sound(payments: Sequence[Payment], *, on: date) -> None:
    found = findings_of(payments, on=on)
    if found:
        told = _("；").join(f"{finding.payment.number} {finding.sentence}" for finding in found[:20])
        raise BatchRefused(
            _("有 %(count)d 笔款项不能拨付，请先移出批次：%(told)s") % {"count": len(found), "told": told}
        )


def _gather(batch: PaymentBatch, payments: Sequence[Payment]) -> None:
    keys = [payment.pk for payment in payments]
    listed = list(Payment.objects.filter(pk__in=keys).select_related("line").order_by("due_on", "number"))
    hold_payments(listed)
    fresh = list(Payment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("due_on", "number"))
    if not fresh:
        raise BatchRefused(_("请至少选择一笔款项"))
    if batch.items.count() + len(fresh) > MOST_PAYMENTS:
        raise BatchRefused(_("一个批次最多 %(limit)d 笔款项，请分批办理") % {"limit": MOST_PAYMENTS})
    units = {payment.pk: payment.line.unit_id for payment in listed}
    for payment in fresh:
        if payment.state != Payment.State.REQUESTED or payment.batch_id is not None:
            raise BatchRefused(_("款项 %(number)s 已在其他批次中，或不再等待拨付") % {"number": payment.number})
        if units[payment.pk] != batch.unit_id:
            raise BatchRefused(_("款项 %(number)s 不属于这个预算单位") % {"number": payment.number})
    first = (batch.items.order_by("-position").values_list("position", flat=True).first() or 0) + 1
    BatchItem.objects.bulk_create(
        [
            BatchItem(batch=batch, payment=payment, position=position, attempt=payment.attempt, amount=payment.amount)
            for position, payment in enumerate(fresh, first)
        ]
    )
    Payment.objects.filter(pk__in=keys).update(batch=batch)
    _count(batch)


def _let_go(batch: PaymentBatch, payments: Sequence[Payment]) -> None:
    keys = [payment.pk for payment in payments]
    if batch.payments.filter(pk__in=keys).count() != len(keys):
        raise BatchRefused(_("款项不在这个批次中"))
    batch.items.filter(payment__in=keys).delete()
    batch.payments.filter(pk__in=keys).update(batch=None)


def _count(batch: PaymentBatch) -> None:
    batch.count = batch.items.count()
    batch.total = batch.items.aggregate(total=Sum("amount"))["total"] or 0
    batch.save(update_fields=["count", "total"])


def _save(
    batch: PaymentBatch, action: str, before: dict[str, Any], *, by: User, at: datetime, reason: str = ""
) -> PaymentBatch:
    batch.revision += 1
    batch.save()
    record_event(
        f"budget.{action}",
        batch,
        by=by,
        at=at,
        before=before,
        after=batch_facts(batch),
        about=batch.unit,
        reason=reason,
    )
    return batch


def _next_number(year: int) -> str:
    last = PaymentBatch.objects.filter(number__startswith=f"PC{year}-").order_by("-number").first()
    return f"PC{year}-{(int(last.number.partition('-')[2]) if last else 0) + 1:04d}"


def _require_keeper(unit: Unit, by: User, at: datetime) -> None:
    if not can_keep_unit(by, unit, on=timezone.localdate(at)):
        raise BatchRefused(_("只有预算单位的财务人员和财政部门可以办理"))


def _require_approver(batch: PaymentBatch, by: User, at: datetime) -> None:
    if not can_approve_unit(by, batch.unit, on=timezone.localdate(at)):
        raise BatchRefused(_("只有预算单位的审批人可以审批"))
