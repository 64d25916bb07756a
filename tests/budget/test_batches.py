"""Batches: gathered by finance, checked as a whole, approved by somebody else, sent, and answered row by row."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from chuangju.budget import batches
from chuangju.budget.batches import BatchRefused
from chuangju.budget.models import BatchItem, BudgetLine, Payment, PaymentBatch
from chuangju.budget.payments import PaymentRefused, stop_payment
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import Party
from tests import people
from tests.budget.batches import checked_batch, formed, fresh, sent_batch
from tests.budget.money import open_line_of, requested
from tests.budget.owners import Told

State = PaymentBatch.State


def test_a_batch_goes_from_gathering_to_sent_through_two_people(
    line: BudgetLine, payee: Party, finance: User, approver: User
) -> None:
    batch, payments = sent_batch(line, payee, 2, by=finance, approver=approver)
    assert (batch.state, batch.number, batch.count, batch.total) == (State.SENT, "PC2026-0001", 2, 600_000)
    assert {payment.state for payment in payments} == {Payment.State.SENT}
    assert len(batch.sha256) == 64
    assert formed(line, payee, 1, by=finance)[0].number == "PC2026-0002"


def test_a_payment_goes_out_in_one_batch_at_a_time(
    line: BudgetLine, payee: Party, finance: User, now: datetime
) -> None:
    batch, payments = formed(line, payee, 2, by=finance)
    with pytest.raises(BatchRefused, match="已在其他批次中"):
        batches.form_batch(line.unit, payments, title="再来", by=finance, at=now)
    with pytest.raises(PaymentRefused, match="请先移出批次"):
        stop_payment(payments[0], reason="停", by=finance, at=now)
    batch = batches.drop_payment(batch, payments[0], revision=batch.revision, by=finance, at=now)
    assert (batch.count, batch.total) == (1, 300_000)
    again = batches.form_batch(line.unit, [payments[0]], title="再来", by=finance, at=now)
    batch = batches.dissolve_batch(batch, revision=batch.revision, by=finance, at=now)
    assert (batch.state, batch.count) == (State.DISSOLVED, 0)
    again = batches.add_payments(again, [payments[1]], revision=again.revision, by=finance, at=now)
    assert [item.position for item in again.items.order_by("position")] == [1, 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchItem.objects.create(batch=batch, payment=payments[0], position=9, attempt=2, amount=1)


def test_only_the_units_own_finance_and_the_bureau_keep_its_batches(
    line: BudgetLine, payee: Party, finance: User, other_finance: User, bureau: User, approver: User, now: datetime
) -> None:
    payment = requested(line, payee, by=finance)
    for somebody in (other_finance, approver):
        with pytest.raises(BatchRefused, match="财务人员"):
            batches.form_batch(line.unit, [payment], title="某", by=somebody, at=now)
    assert batches.form_batch(line.unit, [payment], title="某", by=bureau, at=now).created_by == bureau


def test_payments_of_another_unit_do_not_fit(
    line: BudgetLine, other_unit: Unit, other_finance: User, payee: Party, finance: User, now: datetime
) -> None:
    other = open_line_of(other_unit, by=other_finance, code="B01")
    with pytest.raises(BatchRefused, match="不属于这个预算单位"):
        batches.form_batch(line.unit, [requested(other, payee, by=finance)], title="某", by=finance, at=now)


def test_the_check_names_every_payment_that_must_not_go_out(
    line: BudgetLine, payee: Party, finance: User, told: Told, now: datetime
) -> None:
    batch, payments = formed(line, payee, 3, by=finance)
    told.refused = {payments[0].number: "企业已迁出本区", payments[2].number: "社保已中断"}
    with pytest.raises(BatchRefused, match=r"有 2 笔款项不能拨付"):
        batches.check_batch(batch, revision=batch.revision, by=finance, at=now)
    for payment in (payments[0], payments[2]):
        batch = batches.drop_payment(batch, payment, revision=batch.revision, by=finance, at=now)
    batch = batches.check_batch(batch, revision=batch.revision, by=finance, at=now)
    told.refused = {payments[1].number: "企业已注销"}
    with pytest.raises(BatchRefused, match="企业已注销"):
        batches.approve_batch(
            batch,
            revision=batch.revision,
            by=people.make_user("approver-9", Role.APPROVER, unit=line.unit),
            at=now,
        )


def test_nobody_approves_what_they_had_a_hand_in(
    line: BudgetLine, payee: Party, finance: User, approver: User, told: Told, now: datetime
) -> None:
    both = people.make_user("both", Role.FINANCE, Role.APPROVER, unit=line.unit)
    batch, payments = checked_batch(line, payee, 1, by=both)
    told.deciders = frozenset({approver.pk})
    for somebody in (both, approver):
        with pytest.raises(BatchRefused, match="请由其他人审批"):
            batches.approve_batch(batch, revision=batch.revision, by=somebody, at=now)
    told.deciders = frozenset()
    Payment.objects.filter(pk=payments[0].pk).update(requested_by=approver)
    with pytest.raises(BatchRefused, match="请由其他人审批"):
        batches.approve_batch(batch, revision=batch.revision, by=approver, at=now)
    with pytest.raises(BatchRefused, match="只有预算单位的审批人"):
        batches.approve_batch(batch, revision=batch.revision, by=finance, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(state=State.APPROVED, approved_by=both)


def test_a_batch_that_is_sent_back_says_why_and_is_checked_anew(
    line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime
) -> None:
    batch, payments = checked_batch(line, payee, 1, by=finance)
    batch = batches.return_batch(batch, reason="金额请复核", revision=batch.revision, by=approver, at=now)
    assert (batch.state, batch.returned_reason, batch.checked_by) == (State.DRAFT, "金额请复核", None)
    assert fresh(payments)[0].state == Payment.State.REQUESTED
    batch = batches.check_batch(batch, revision=batch.revision, by=finance, at=now)
    assert (batch.state, batch.returned_reason) == (State.CHECKED, "")


def test_steps_out_of_turn_and_from_an_old_page_are_refused(
    line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime
) -> None:
    batch, _payments = formed(line, payee, 1, by=finance)
    with pytest.raises(BatchRefused, match="组批中"):
        batches.approve_batch(batch, revision=batch.revision, by=approver, at=now)
    with pytest.raises(BatchRefused, match="组批中"):
        batches.send_batch(batch, sha256="", revision=batch.revision, by=finance, at=now)
    with pytest.raises(StaleForm):
        batches.check_batch(batch, revision=batch.revision + 1, by=finance, at=now)
    with pytest.raises(BatchRefused, match="请至少选择一笔"):
        batches.add_payments(batch, [], revision=batch.revision, by=finance, at=now)
