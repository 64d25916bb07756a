"""国库回执 - a file of answers is judged whole, row by row and cell by cell, and then taken in whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget.access import can_keep_unit
from chuangju.budget.batches import BatchRefused, hold_payments, locked_batch, settle_batch
from chuangju.budget.models import AnswerFile, BatchItem, PaymentBatch
from chuangju.budget.payments import fail_payment, settle_payment, take_back_payment
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.money import MoneyRefused, format_yuan, parse_yuan

Outcome = BatchItem.Outcome
# How treasuries and banks say it; a row without any of these is still waiting.
_WORDS = {
    Outcome.PAID: ("成功", "支付成功", "已支付", "已到账", "到账", "success", "paid"),
    Outcome.FAILED: ("失败", "支付失败", "未成功", "退回", "failed"),
    Outcome.RETURNED: ("退票", "已退票", "退汇", "returned"),
}
_OUTCOMES = {word: outcome for outcome, words in _WORDS.items() for word in words}
_WAITING = frozenset(("", "处理中", "待支付", "待回执", "pending"))
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s.*)?\Z|(\d{4})(\d{2})(\d{2})\Z")
_LONGEST_VOUCHER = 60


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell: where it stands, what stands there, and a sentence."""

    row: int
    cell: str
    text: str
    sentence: str


class AnswersRefused(BatchRefused):
    """A file of answers with faults: nothing of it was taken in."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        super().__init__(
            _("回执中有 %(count)d 处错误，全部没有导入；请更正后重新上传整个文件") % {"count": len(faults)}
        )
        self.faults = list(faults)


@dataclass(frozen=True)
class Answer:
    """One row, understood: which item, with what outcome."""

    item: BatchItem
    outcome: str
    paid_on: date | None
    reason: str
    voucher: str

    @property
    def is_known(self) -> bool:
        """Whether this is what the item says already."""
        return self.item.outcome == self.outcome


@transaction.atomic
def take_answers(
    batch: PaymentBatch, rows: Sequence[dict[str, Any]], *, name: str, sha256: str, by: User, at: datetime
) -> AnswerFile:
    """Take a file of answers in, whole; the same file again changes nothing. Raises AnswersRefused with every fault."""
    fresh = locked_batch(batch, PaymentBatch.State.SENT, PaymentBatch.State.SETTLED)
    if not can_keep_unit(by, fresh.unit, on=timezone.localdate(at)):
        raise BatchRefused(_("只有预算单位的财务人员和财政部门可以办理"))
    earlier = fresh.answers.filter(sha256=sha256).first()
    if earlier is not None:
        return earlier
    items = {item.payment.number: item for item in fresh.items.select_related("payment__line__unit").order_by("pk")}
    hold_payments(item.payment for item in items.values())
    answers, faults = judge_rows(rows, items, on=timezone.localdate(at))
    if faults:
        raise AnswersRefused(faults)
    if not answers:
        raise BatchRefused(_("回执中没有任何支付结果"))
    new = [answer for answer in answers if not answer.is_known]
    for answer in new:
        _take(answer, by=by, at=at)
    unchanged = len(answers) - len(new)
    kept = _keep(fresh, answers, rows=len(rows), unchanged=unchanged, name=name, sha256=sha256, by=by, at=at)
    settle_batch(fresh, by=by, at=at)
    return kept


def judge_rows(
    rows: Sequence[dict[str, Any]], items: dict[str, BatchItem], *, on: date
) -> tuple[list[Answer], list[CellFault]]:
    """What each row says, and every fault of every row."""
    answers: list[Answer] = []
    faults: list[CellFault] = []
    seen = dict[str, int]()
    for row in rows:
        wrong = _RowFaults(row)
        number = row["cells"]["number"]
        item = items.get(number)
        if item is None:
            wrong.add("number", _("这个批次没有这笔支付"))
        elif number in seen:
            wrong.add("number", _("与第 %(row)d 行重复") % {"row": seen[number]})
        else:
            seen[number] = row["row"]
            answer = _judge(row, item, wrong, on=on)
            if answer is not None and not wrong.found:
                answers.append(answer)
        faults += wrong.found
    return answers, faults


class _RowFaults:
    """Gathers the faults of one row, each with its cell."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row = row
        self.found: list[CellFault] = []

    def add(self, key: str, sentence: str) -> None:
        """Note what is wrong with the cell of this column; a column that is missing is told by the row alone."""
        place = self._row["at"].get(key, "")
        self.found.append(CellFault(self._row["row"], place, self._row["cells"].get(key, ""), sentence))


def _judge(row: dict[str, Any], item: BatchItem, wrong: _RowFaults, *, on: date) -> Answer | None:
    cells = row["cells"]
    said = cells["outcome"].casefold()
    outcome = _OUTCOMES.get(said)
    if outcome is None:
        if said not in _WAITING:
            wrong.add("outcome", _("支付结果应为成功、失败或退票"))
        return None
    if cells.get("amount"):
        _check_amount(cells["amount"], item, wrong)
    paid_on = _day(cells.get("paid_on", ""))
    if outcome == Outcome.PAID:
        if paid_on is None:
            wrong.add("paid_on", _("支付成功的须写明支付日期，例如 2026-03-01"))
        elif paid_on > on:
            wrong.add("paid_on", _("支付日期晚于今天"))
    if outcome != Outcome.PAID and not cells.get("reason"):
        wrong.add("reason", _("失败或退票的须写明原因"))
    if item.outcome not in {Outcome.WAITING, outcome} and not (
        item.outcome == Outcome.PAID and outcome == Outcome.RETURNED
    ):
        wrong.add("outcome", _("这笔支付已登记为“%(known)s”") % {"known": item.get_outcome_display()})
    return Answer(item, outcome, paid_on, cells.get("reason", "")[:300], cells.get("voucher", "")[:_LONGEST_VOUCHER])


def _check_amount(text: str, item: BatchItem, wrong: _RowFaults) -> None:
    try:
        amount = parse_yuan(text)
    except MoneyRefused as refused:
        wrong.add("amount", refused.sentence)
        return
    if amount != item.amount:
        wrong.add("amount", _("与报送金额 %(amount)s 不符") % {"amount": format_yuan(item.amount)})


def _day(text: str) -> date | None:
    match = _DAY.match(text.strip())
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _take(answer: Answer, *, by: User, at: datetime) -> None:
    item, payment = answer.item, answer.item.payment
    if answer.outcome == Outcome.PAID and answer.paid_on is not None:
        settle_payment(payment, paid_on=answer.paid_on, voucher=answer.voucher, by=by, at=at)
        item.paid_on, item.voucher = answer.paid_on, answer.voucher
    elif answer.outcome == Outcome.FAILED:
        fail_payment(payment, reason=answer.reason, by=by, at=at)
    else:
        take_back_payment(payment, reason=answer.reason, by=by, at=at)
    item.outcome, item.reason = answer.outcome, answer.reason if answer.outcome != Outcome.PAID else ""
    item.save()


def _keep(  # noqa: PLR0913 - a file has a name, a hash and rows
    batch: PaymentBatch,
    answers: Sequence[Answer],
    *,
    rows: int,
    unchanged: int,
    name: str,
    sha256: str,
    by: User,
    at: datetime,
) -> AnswerFile:
    paid = [answer for answer in answers if answer.outcome == Outcome.PAID]
    kept = AnswerFile.objects.create(
        batch=batch,
        name=name[:200],
        sha256=sha256,
        rows=rows,
        total=sum(answer.item.amount for answer in paid),
        paid=len(paid),
        failed=sum(answer.outcome == Outcome.FAILED for answer in answers),
        returned=sum(answer.outcome == Outcome.RETURNED for answer in answers),
        unchanged=unchanged,
        read_by=by,
        read_at=at,
    )
    record_event("budget.answers_taken", kept, by=by, at=at, about=batch, after=snapshot(kept))
    return kept
