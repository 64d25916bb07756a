"""The list of guaranteed loans: what is owed, what is overdue, the next period of interest."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.facilities import is_overdue_on, owed_on
from chuangju.applications.loan_portfolio import in_order
from chuangju.applications.models import InterestPeriod, LoanFacility
from chuangju.kernel.money import format_yuan
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_STATE_SIGNS = {
    LoanFacility.State.SIGNED: "soon",
    LoanFacility.State.DRAWN: "info",
    LoanFacility.State.REPAID: "good",
    LoanFacility.State.CLAIMED: "late",
}
_PERIOD_SIGNS = {
    InterestPeriod.State.RUNNING: "flat",
    InterestPeriod.State.DUE: "soon",
    InterestPeriod.State.WAITING: "soon",
    InterestPeriod.State.REQUESTED: "info",
    InterestPeriod.State.PAID: "good",
    InterestPeriod.State.RETURNED: "late",
    InterestPeriod.State.STOPPED: "flat",
}
_BASE = 100


def loan_sign(facility: LoanFacility, *, on: date) -> Sign:
    """Where a loan stands; overdue follows from the bank's movements."""
    if facility.state == LoanFacility.State.DRAWN and is_overdue_on(in_order(facility.movements.all()), on):
        return Sign("late", str(_("逾期")))
    return Sign(_STATE_SIGNS[LoanFacility.State(facility.state)], str(facility.get_state_display()))


def period_sign(period: InterestPeriod) -> Sign:
    """Where a period of interest stands."""
    return Sign(_PERIOD_SIGNS[InterestPeriod.State(period.state)], str(period.get_state_display()))


def say_rate(points: int) -> str:
    """345 as 3.45 %."""
    whole, rest = divmod(points, _BASE)
    return f"{whole}.{rest:02d} %"


def listed_facilities(facilities: QuerySet[LoanFacility]) -> QuerySet[LoanFacility]:
    """With what the list shows."""
    due = Count("periods", filter=Q(periods__state__in=(InterestPeriod.State.DUE, InterestPeriod.State.WAITING)))
    return facilities.select_related("borrower", "application").prefetch_related("movements").annotate(due_count=due)


def _in_state(facilities: QuerySet[Any], value: str) -> QuerySet[Any]:
    return facilities.filter(state=value)


def _of_bank(facilities: QuerySet[Any], value: str) -> QuerySet[Any]:
    return facilities.filter(bank=value)


def _banks() -> list[tuple[str, str]]:
    names = LoanFacility.objects.order_by("bank").values_list("bank", flat=True).distinct()
    return [(name, name) for name in names]


def _search(facilities: QuerySet[Any], text: str) -> QuerySet[Any]:
    return facilities.filter(Q(borrower__name__icontains=text) | Q(contract__icontains=text))


def loan_listing(*, on: date) -> Listing:
    """Every loan with what is owed on a day."""
    return Listing(
        key="loans",
        title=pgettext_lazy("list", "担保贷款"),
        search_label=_("搜索借款人、合同号"),
        columns=[
            Column(
                "borrower",
                _("借款人"),
                lambda one: one.borrower.name,
                sort="borrower__name",
                url=lambda one: reverse("applications:loan", args=(one.pk,)),
            ),
            Column("contract", _("借款合同号"), lambda one: one.contract, sort="contract", css="short"),
            Column("bank", _("经办银行"), lambda one: one.bank, sort="bank", css="named"),
            Column(
                "principal", _("合同金额"), lambda one: format_yuan(one.principal), sort="principal", css="right short"
            ),
            Column(
                "owed",
                _("贷款余额"),
                lambda one: format_yuan(owed_on(in_order(one.movements.all()), on)),
                css="right short",
            ),
            Column("rate", _("年利率"), lambda one: say_rate(one.rate), sort="rate", css="right short"),
            Column("ends_on", _("到期日"), lambda one: one.ends_on, sort="ends_on", css="short"),
            Column("due", _("待核定贴息"), lambda one: one.due_count or "", sort="due_count", css="right short"),
            Column("state", _("状态"), lambda one: loan_sign(one, on=on), sort="state", css="short"),
        ],
        filters=[
            Filter("state", _("状态"), lambda: list(LoanFacility.State.choices), _in_state),
            Filter("bank", _("经办银行"), _banks, _of_bank),
        ],
        search=_search,
        default_sort="-ends_on",
        empty_title=_("还没有担保贷款"),
        empty_hint=_("办件转银行后，由经办银行或经办人在办件上登记借款合同。"),
    )
