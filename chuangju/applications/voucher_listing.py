"""The lists of vouchers and of what was ordered with them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.case_words import shown_voucher_title
from chuangju.applications.models import Voucher, VoucherUse
from chuangju.kernel.money import format_yuan
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_SIGNS = {
    Voucher.State.WAITING: "soon",
    Voucher.State.ACTIVE: "good",
    Voucher.State.EXPIRED: "flat",
    Voucher.State.REVOKED: "late",
}
_USE_SIGNS = {
    VoucherUse.State.ORDERED: "soon",
    VoucherUse.State.ACCEPTED: "info",
    VoucherUse.State.CONFIRMED: "soon",
    VoucherUse.State.REQUESTED: "info",
    VoucherUse.State.PAID: "good",
    VoucherUse.State.RETURNED: "late",
    VoucherUse.State.DECLINED: "flat",
    VoucherUse.State.CANCELLED: "flat",
}


def voucher_sign(voucher: Voucher) -> Sign:
    """Where a voucher stands."""
    return Sign(_SIGNS[Voucher.State(voucher.state)], str(voucher.get_state_display()))


def use_sign(use: VoucherUse) -> Sign:
    """Where an order stands."""
    return Sign(_USE_SIGNS[VoucherUse.State(use.state)], str(use.get_state_display()))


def listed_vouchers(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """With what the list shows: how much of each is held."""
    held = Sum("uses__amount", filter=Q(uses__state__in=VoucherUse.HOLDING))
    return vouchers.select_related("holder").annotate(held=Coalesce(held, 0))


def _search(vouchers: QuerySet[Any], text: str) -> QuerySet[Any]:
    return vouchers.filter(Q(holder__name__icontains=text) | Q(number__icontains=text))


def _in_state(vouchers: QuerySet[Any], value: str) -> QuerySet[Any]:
    return vouchers.filter(state=value)


def voucher_listing() -> Listing:
    """Every voucher with its balance."""
    return Listing(
        key="vouchers",
        title=pgettext_lazy("list", "服务券"),
        search_label=_("搜索持券人、券号"),
        columns=[
            Column(
                "holder",
                _("持券人"),
                lambda one: one.holder.name,
                sort="holder__name",
                url=lambda one: reverse("applications:voucher", args=(one.pk,)),
            ),
            Column("number", _("券号"), lambda one: one.number, sort="number", css="short"),
            Column("title", _("名称"), shown_voucher_title, sort="title", css="named"),
            Column("amount", _("券额"), lambda one: format_yuan(one.amount), sort="amount", css="right short"),
            Column("left", _("余额"), lambda one: format_yuan(one.amount - one.held), sort="held", css="right short"),
            Column("ends_on", _("有效期至"), lambda one: one.ends_on, sort="ends_on", css="short"),
            Column("state", _("状态"), voucher_sign, sort="state", css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: list(Voucher.State.choices), _in_state)],
        search=_search,
        default_sort="-ends_on",
        empty_title=_("还没有服务券"),
        empty_hint=_("发券的政策作出决定以后，券自动发给申请人。"),
    )
