"""The lists of payments and of batches: columns, filters, order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.models import Payment, PaymentBatch
from chuangju.budget.money_signs import state_sign, yuan_column
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.units.models import Unit

_LATE, _FREE, _WRONG = "late", "free", "wrong"


def payment_address(payment: Payment) -> str:
    """The page of a payment."""
    return reverse("budget:payment", args=(payment.pk,))


def batch_address(batch: PaymentBatch) -> str:
    """The page of a batch."""
    return reverse("budget:batch", args=(batch.pk,))


def _units(related: str) -> list[tuple[object, object]]:
    found = Unit.objects.filter(**{f"{related}__isnull": False}).distinct().order_by("position", "code")
    return [(unit.code, unit.shown_name) for unit in found]


def _search(payments: QuerySet[Any], text: str) -> QuerySet[Any]:
    return payments.filter(
        Q(number__icontains=text)
        | Q(payee__name__icontains=text)
        | Q(account_name__icontains=text)
        | Q(purpose__icontains=text)
        | Q(claim_key__iexact=text)
    )


def _attention(payments: QuerySet[Any], value: str, on: date) -> QuerySet[Any]:
    waiting = payments.filter(state=Payment.State.REQUESTED)
    if value == _LATE:
        return waiting.filter(due_on__lt=on)
    if value == _FREE:
        return waiting.filter(batch__isnull=True)
    return payments.filter(state__in=Payment.MENDABLE)


def payment_listing(*, on: date) -> Listing:
    """Finance's own table: every payment, whom, how much, when, and where it is."""
    return Listing(
        key="budget_payments",
        title=pgettext_lazy("list", "拨付"),
        search_label=_("搜索支付编号、收款人、用途"),
        columns=[
            Column("number", _("支付编号"), lambda one: one.number, sort="number", url=payment_address, css="short"),
            Column("payee", _("收款人"), lambda one: one.payee.name, sort="payee__name", css="named"),
            Column("purpose", _("用途"), lambda one: one.purpose, css="wide"),
            yuan_column("amount", _("金额（元）"), lambda one: one.amount, sort="amount"),
            Column("line", _("资金条目"), lambda one: one.line.code, sort="line__code", css="short"),
            Column("due", _("计划日期"), lambda one: one.due_on, sort="due_on", css="short"),
            Column("paid", _("到账日期"), lambda one: one.paid_on, sort="paid_on", css="short"),
            Column(
                "batch", _("批次"), lambda one: one.batch.number if one.batch else "", sort="batch__number", css="short"
            ),
            Column("state", _("状态"), state_sign, sort="state", css="short"),
        ],
        filters=[
            Filter("state", _("状态"), lambda: Payment.State.choices, lambda q, v: q.filter(state=v)),
            Filter(
                "attention",
                _("需要关注"),
                lambda: [(_FREE, _("未列入批次")), (_LATE, _("已过计划日期")), (_WRONG, _("失败或退票"))],
                lambda q, v: _attention(q, v, on),
            ),
            Filter(
                "unit",
                _("预算单位"),
                lambda: _units("budget_lines__payments"),
                lambda q, v: q.filter(line__unit__code=v),
            ),
        ],
        search=_search,
        default_sort="due_on,number",
        empty_title=_("还没有款项"),
        empty_hint=_("办件审定、公示无异议后，款项自动出现在这里等待拨付。"),
    )


def batch_listing() -> Listing:
    """Every batch and where it is."""
    return Listing(
        key="budget_batches",
        title=pgettext_lazy("list", "拨付批次"),
        search_label=_("搜索批次号、名称"),
        columns=[
            Column("number", _("批次号"), lambda one: one.number, sort="number", css="short", url=batch_address),
            Column("title", _("批次名称"), lambda one: one.title, sort="title"),
            Column("unit", _("预算单位"), lambda one: one.unit.shown_name, sort="unit__position", css="named"),
            Column("count", _("笔数"), lambda one: one.count, sort="count", css="right short"),
            yuan_column("total", _("合计（元）"), lambda one: one.total, sort="total"),
            Column("by", _("组批人"), lambda one: one.created_by.name, css="short"),
            Column("at", _("组批时间"), lambda one: one.created_at, sort="created_at,number", css="short"),
            Column("state", _("状态"), state_sign, sort="state", css="short"),
        ],
        filters=[
            Filter("state", _("状态"), lambda: PaymentBatch.State.choices, lambda q, v: q.filter(state=v)),
            Filter("unit", _("预算单位"), lambda: _units("payment_batches"), lambda q, v: q.filter(unit__code=v)),
        ],
        search=lambda q, text: q.filter(Q(number__icontains=text) | Q(title__icontains=text)),
        default_sort="-created_at,-number",
        empty_title=_("还没有拨付批次"),
        empty_hint=_("选择等待拨付的款项组成批次，联审、审批后报送国库。"),
    )
