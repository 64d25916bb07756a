"""资金标记 - the states of lines, payments, batches, reallocations and requests as signs; amounts as list cells hold them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.budget.batch_files import in_yuan
from chuangju.budget.models import BatchItem, BudgetLine, BudgetRequest, Payment, PaymentBatch, Reallocation
from chuangju.ui.listing import Column
from chuangju.ui.signs import Sign

YUAN_CELL = "budget/cells/yuan.html"
_STATES: dict[type[Any], dict[str, str]] = {
    BudgetLine: {"draft": "new", "open": "good", "closed": "flat"},
    Payment: {
        "requested": "new",
        "checked": "info",
        "approved": "info",
        "sent": "info",
        "paid": "done",
        "failed": "late",
        "returned": "late",
        "recovered": "flat",
        "stopped": "flat",
    },
    BatchItem: {"waiting": "info", "paid": "done", "failed": "late", "returned": "late"},
    PaymentBatch: {
        "draft": "new",
        "checked": "soon",
        "approved": "info",
        "sent": "info",
        "settled": "done",
        "dissolved": "flat",
    },
    Reallocation: {"proposed": "soon", "approved": "done", "refused": "flat", "withdrawn": "flat"},
    BudgetRequest: {"draft": "new", "submitted": "done"},
}


def state_sign(record: Any) -> Sign:
    """Where a record of money stands."""
    return Sign(_STATES[type(record)][record.state], str(record.get_state_display()))


def outcome_sign(item: BatchItem) -> Sign:
    """What the treasury answered about one item."""
    return Sign(_STATES[BatchItem][item.outcome], str(item.get_outcome_display()))


def yuan_column(key: str, label: str | Promise, fen: Callable[[Any], int | None], *, sort: str | None = None) -> Column:
    """A column of amounts: numbers in an export, grouped on the page."""

    def value(record: Any) -> Decimal | None:
        amount = fen(record)
        return None if amount is None else in_yuan(amount)

    return Column(key, label, value, sort=sort, template=YUAN_CELL, css="right short")


def own_sign(payment: Payment) -> Sign:
    """Where a payment stands, in the words of whoever is paid."""
    if payment.state in {Payment.State.REQUESTED, Payment.State.CHECKED, Payment.State.APPROVED}:
        return Sign("info", _("正在安排拨付"))
    if payment.state == Payment.State.SENT:
        return Sign("info", _("银行办理中"))
    if payment.state in Payment.MENDABLE:
        return Sign("late", _("没有成功，请更正账户"))
    return state_sign(payment)
