"""Answers of the treasury: taken in whole or not at all, every fault named by row and cell, the same file twice harmless."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chuangju.budget.answer_sheets import read_answers
from chuangju.budget.answers import AnswersRefused, take_answers
from chuangju.budget.batch_files import DETAIL_HEAD, detail_rows, items_of, request_document
from chuangju.budget.batches import BatchRefused, add_payments, form_batch
from chuangju.budget.ledger import claim_balances
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import AnswerFile, BatchItem, BudgetLine, Entry, Payment, PaymentBatch
from chuangju.budget.payments import mend_account
from chuangju.kernel.models import User
from chuangju.papers.docx_papers import document_docx
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sheets import write_csv, write_xlsx
from chuangju.ventures.models import Party
from tests.budget.batches import fresh, sent_batch
from tests.budget.money import figures
from tests.budget.owners import Told

Outcome = BatchItem.Outcome


def answered(batch: PaymentBatch, said: dict[str, tuple[str, ...]], path: Path, *, kind: str = "xlsx") -> Path:
    """Our own sheet as the treasury sends it back: result, day, reason, voucher by the number of the payment."""
    rows = [list(row) for row in detail_rows(items_of(batch))]
    for row in rows:
        row[-4:] = [*said.get(str(row[0]), ("", "", "", ""))]
    file = path / f"answers.{kind}"
    header = list(DETAIL_HEAD)
    file.write_bytes(write_xlsx(rows, header=header, title="回执") if kind == "xlsx" else write_csv(header, rows))
    return file


def take(batch: PaymentBatch, file: Path, *, by: User, at: datetime) -> AnswerFile:
    """Take a file in as the page does."""
    rows: list[dict[str, Any]] = read_answers(file)["rows"]
    return take_answers(batch, rows, name=file.name, sha256=hashlib.sha256(file.read_bytes()).hexdigest(), by=by, at=at)


PAID = ("成功", "2026-06-12", "", "GK001")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_answers_come_back_in_our_own_sheet(
    line: BudgetLine,
    payee: Party,
    finance: User,
    approver: User,
    told: Told,
    now: datetime,
    tmp_path: Path,
    kind: str,
) -> None:
    batch, payments = sent_batch(line, payee, 3, by=finance, approver=approver)
    said = {payments[0].number: PAID, payments[1].number: ("失败", "", "账号与户名不符", "")}
    kept = take(batch, answered(batch, said, tmp_path, kind=kind), by=finance, at=now)
    assert (kept.rows, kept.paid, kept.failed, kept.returned, kept.total) == (3, 1, 1, 0, payments[0].amount)
    assert [payment.state for payment in fresh(payments)] == ["paid", "failed", "sent"]
    assert fresh(payments)[0].voucher == "GK001"
    assert claim_balances(payments[0].claim_key).paid == payments[0].amount
    batch.refresh_from_db()
    assert batch.state == PaymentBatch.State.SENT
    said = {payments[2].number: PAID} | {payments[0].number: ("退票", "", "账户已注销", "")}
    later = take(batch, answered(batch, said, tmp_path), by=finance, at=now + timedelta(days=1))
    assert (later.paid, later.returned, later.unchanged) == (1, 1, 0)
    batch.refresh_from_db()
    assert batch.state == PaymentBatch.State.SETTLED
    assert [what for what, _number in told.events] == ["paid", "failed", "paid", "returned"] or len(told.events) == 4
    assert list(find_ledger_faults()) == []


def test_the_same_file_and_the_same_answers_again_change_nothing(
    line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime, tmp_path: Path
) -> None:
    batch, payments = sent_batch(line, payee, 2, by=finance, approver=approver)
    said = {payment.number: PAID for payment in payments}
    file = answered(batch, said, tmp_path)
    first = take(batch, file, by=finance, at=now)
    before = Entry.objects.count(), figures(line)
    assert take(batch, file, by=finance, at=now) == first
    other = answered(batch, said, tmp_path, kind="csv")
    assert take(batch, other, by=finance, at=now).unchanged == 2
    assert before == (Entry.objects.count(), figures(line))


def test_every_fault_is_named_with_its_row_and_cell_and_nothing_is_written(
    line: BudgetLine, payee: Party, finance: User, approver: User, now: datetime, tmp_path: Path
) -> None:
    batch, payments = sent_batch(line, payee, 3, by=finance, approver=approver)
    said = {
        payments[0].number: PAID,
        payments[1].number: ("成功", "", "", ""),
        payments[2].number: ("失败", "", "", ""),
    }
    file = answered(batch, said, tmp_path)
    rows: list[dict[str, Any]] = read_answers(file)["rows"]
    rows[0]["cells"]["amount"] = "2999.99"
    rows.append({"row": 9, "cells": {"number": "ZF26-XXXX-XXXX", "outcome": "成功"}, "at": {"number": "A9"}})
    rows.append({"row": 10, "cells": dict(rows[1]["cells"]), "at": {"number": "A10"}})
    rows.append({"row": 11, "cells": {"number": "?", "outcome": "大概吧"}, "at": {"number": "A11"}})
    with pytest.raises(AnswersRefused, match="6 处错误，全部没有导入") as refused:
        take_answers(batch, rows, name="a.xlsx", sha256="0" * 64, by=finance, at=now)
    by_cell = {fault.cell: fault.sentence for fault in refused.value.faults}
    amounts = {item.payment.number: item.position for item in items_of(batch)}
    place = {number: position + 1 for number, position in amounts.items()}
    assert "与报送金额 3,000 元 不符" in " ".join(by_cell.values())
    assert by_cell[f"K{place[payments[1].number]}"] == "支付成功的须写明支付日期，例如 2026-03-01"
    assert by_cell[f"L{place[payments[2].number]}"] == "失败或退票的须写明原因"
    assert by_cell["A9"] == "这个批次没有这笔支付"
    assert "重复" in by_cell["A10"]
    assert {payment.state for payment in fresh(payments)} == {Payment.State.SENT}
    assert AnswerFile.objects.count() == 0


def test_a_late_answer_to_an_attempt_that_failed_cannot_pay_the_next_one_twice(
    line: BudgetLine,
    payee: Party,
    finance: User,
    approver: User,
    stranger: User,
    now: datetime,
    tmp_path: Path,
) -> None:
    batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    take(batch, answered(batch, {payment.number: ("失败", "", "账号有误", "")}, tmp_path), by=finance, at=now)
    mend_account(payment, account_name="甲", account_number="62170012", bank="某行", by=stranger, at=now)
    second = form_batch(line.unit, [payment], title="补拨", by=finance, at=now)
    with pytest.raises(AnswersRefused) as refused:
        take(batch, answered(batch, {payment.number: PAID}, tmp_path), by=finance, at=now)
    assert [fault.sentence for fault in refused.value.faults] == ["这笔支付已登记为“支付失败”"]
    assert second.items.get().attempt == 2
    assert claim_balances(payment.claim_key).paid == 0


def test_what_came_back_is_not_answered_as_paid_later_nor_brought_back_again(
    line: BudgetLine, payee: Party, finance: User, approver: User, stranger: User, now: datetime, tmp_path: Path
) -> None:
    batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    back = {payment.number: ("退票", "", "账户已销户", "")}
    take(batch, answered(batch, {payment.number: PAID}, tmp_path), by=finance, at=now)
    take(batch, answered(batch, back, tmp_path), by=finance, at=now)
    with pytest.raises(AnswersRefused, match="1 处错误"):
        take(batch, answered(batch, {payment.number: (*PAID[:3], "GK009")}, tmp_path), by=finance, at=now)
    mend_account(payment, account_name="甲", account_number="62170012", bank="某行", by=stranger, at=now)
    second = form_batch(line.unit, fresh([payment]), title="补拨", by=finance, at=now)
    assert take(batch, answered(batch, back, tmp_path, kind="csv"), by=finance, at=now).unchanged == 1
    assert [one.batch_id for one in fresh([payment])] == [second.pk]
    assert figures(line)["committed"] == payment.amount
    assert "paid" not in figures(line)
    assert list(find_ledger_faults()) == []


def test_only_sent_batches_are_answered_and_only_by_finance(
    line: BudgetLine,
    payee: Party,
    finance: User,
    approver: User,
    other_finance: User,
    now: datetime,
    tmp_path: Path,
) -> None:
    batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    file = answered(batch, {payment.number: PAID}, tmp_path)
    with pytest.raises(BatchRefused, match="财务人员"):
        take(batch, file, by=other_finance, at=now)
    with pytest.raises(BatchRefused, match="没有任何支付结果"):
        take(batch, answered(batch, {}, tmp_path), by=finance, at=now)
    with pytest.raises(BatchRefused, match="已报送"):
        add_payments(batch, [payment], revision=batch.revision, by=finance, at=now)


def test_a_file_without_the_columns_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_bytes(write_csv(["姓名", "金额"], [["甲", 5]]))
    with pytest.raises(UnreadableFile, match="支付编号"):
        read_answers(file)


def test_the_request_for_funds_is_a_paper_with_the_total(
    line: BudgetLine, payee: Party, finance: User, approver: User
) -> None:
    batch, _payments = sent_batch(line, payee, 2, by=finance, approver=approver)
    document = request_document(batch)
    assert document.mark == ""
    assert "6,000.00 元" in str(document.blocks[0])
    assert document_docx(document)[:2] == b"PK"
