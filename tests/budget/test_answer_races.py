"""Two officers with the same batch at the same moment: it is checked, sent and answered once, whatever their files say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from chuangju.budget.answers import AnswersRefused, take_answers
from chuangju.budget.batches import check_batch, drop_payment, send_batch
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BatchItem, BudgetLine, Entry, Payment, PaymentBatch
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ventures.models import Party
from tests.budget.batches import formed, fresh, sent_batch
from tests.budget.money import figures
from tests.kernel.racing import errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)
OFFICERS = 4


def told(payment: Payment, outcome: str, *, voucher: str = "", reason: str = "") -> list[dict[str, Any]]:
    cells = {
        "number": payment.number,
        "outcome": outcome,
        "paid_on": "2026-06-12",
        "reason": reason,
        "voucher": voucher,
    }
    return [{"row": 2, "cells": cells, "at": {}}]


def answering(
    batch: PaymentBatch, files: list[list[dict[str, Any]]], people: list[User], at: datetime
) -> Callable[[int], object]:
    """Each officer brings in a file of their own."""

    def answer(number: int) -> object:
        by, rows = people[number % len(people)], files[number % len(files)]
        return take_answers(batch, rows, name=f"{number}.xlsx", sha256=f"{number:064d}", by=by, at=at)

    return answer


def test_the_same_answer_in_the_files_of_several_officers_pays_once(
    line: BudgetLine, payee: Party, finance: User, second_finance: User, approver: User, now: datetime
) -> None:
    batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    files = [told(payment, "成功", voucher=f"GK-{number}") for number in range(OFFICERS)]
    outcomes = race(answering(batch, files, [finance, second_finance], now), OFFICERS)
    assert errors_of(outcomes) == []
    assert sorted(kept.unchanged for kept in outcomes) == [0, *[1] * (OFFICERS - 1)]
    assert Entry.objects.filter(kind="pay").count() == 1
    assert figures(line)["paid"] == payment.amount
    assert list(find_ledger_faults()) == []


def test_answers_that_contradict_each_other_end_in_the_first_of_them(
    line: BudgetLine, payee: Party, finance: User, second_finance: User, approver: User, now: datetime
) -> None:
    batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    files = [told(payment, "成功"), told(payment, "失败", reason="账号有误")]
    outcomes = race(answering(batch, files, [finance, second_finance], now), 2)
    assert [type(error) for error in errors_of(outcomes)] == [AnswersRefused]
    (payment,) = fresh([payment])
    item = BatchItem.objects.get()
    assert item.outcome == payment.state
    assert Entry.objects.filter(kind="pay").count() == (payment.state == Payment.State.PAID)


def test_a_batch_that_one_officer_checks_while_another_drops_a_payment_stays_whole(
    line: BudgetLine, payee: Party, finance: User, second_finance: User, now: datetime
) -> None:
    batch, payments = formed(line, payee, 2, by=finance)

    def act(number: int) -> object:
        if number:
            return drop_payment(batch, payments[0], revision=batch.revision, by=second_finance, at=now)
        return check_batch(batch, revision=batch.revision, by=finance, at=now)

    outcomes = race(act, 2)
    assert len(errors_of(outcomes)) == 1
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
    batch.refresh_from_db()
    inside = [one for one in fresh(payments) if one.batch_id == batch.pk]
    assert batch.items.count() == batch.count == len(inside)
    assert len({one.state for one in inside}) == 1


def test_a_batch_is_sent_once(
    line: BudgetLine, payee: Party, finance: User, second_finance: User, approver: User, now: datetime
) -> None:
    batch, _payments = sent_batch(line, payee, 1, by=finance, approver=approver)
    PaymentBatch.objects.filter(pk=batch.pk).update(state="approved", sent_by=None, sent_at=None)
    Payment.objects.update(state="approved")
    people = [finance, second_finance]
    outcomes = race(
        lambda number: send_batch(batch, sha256="0", revision=batch.revision, by=people[number % 2], at=now), OFFICERS
    )
    assert len(errors_of(outcomes)) == OFFICERS - 1
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
