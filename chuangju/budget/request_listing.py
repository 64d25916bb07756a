"""The list of next year's requests."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.models import BudgetRequest
from chuangju.budget.money_signs import state_sign, yuan_column
from chuangju.ui.listing import Column, Filter, Listing


def request_listing() -> Listing:
    """Every request with what is asked beside what this year costs."""
    return Listing(
        key="budget_requests",
        title=pgettext_lazy("list", "预算申请"),
        search_label=_("搜索项目名称"),
        columns=[
            Column(
                "title",
                _("项目名称"),
                lambda one: one.title,
                sort="title",
                url=lambda one: reverse("budget:request", args=(one.pk,)),
            ),
            Column("year", _("申请年度"), lambda one: one.year, sort="year,pk", css="short"),
            Column("unit", _("预算单位"), lambda one: one.unit.shown_name, sort="unit__position", css="named"),
            yuan_column("amount", _("申请金额（元）"), lambda one: one.amount, sort="amount"),
            yuan_column("expected", _("本年预计支出（元）"), lambda one: one.expected, sort="expected"),
            Column("state", _("状态"), state_sign, sort="state", css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: BudgetRequest.State.choices, lambda q, v: q.filter(state=v))],
        search=lambda q, text: q.filter(Q(title__icontains=text) | Q(reasons__icontains=text)),
        default_sort="-year,unit__position,title,pk",
        empty_title=_("还没有预算申请"),
        empty_hint=_("在资金条目页点“申请下年预算”，按本年进度和测算编制。"),
    )
