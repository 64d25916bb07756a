"""Fees: the public list by class, and the staff side where the district says how a fee stands from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangju.policies.access import can_keep_fees, fee_entries_visible_to
from chuangju.policies.fee_list import shipped_fees
from chuangju.policies.fee_listing import fee_listing
from chuangju.policies.fees import (
    Fee,
    FeeFacts,
    FeeRefused,
    enter_fee,
    fee_history,
    fees_by_kind,
    fees_on,
    withdraw_fee,
)
from chuangju.policies.forms_making import WithdrawForm
from chuangju.policies.forms_packages import FeeForm
from chuangju.policies.making_listing import confidence_sign
from chuangju.policies.models import FeeEntry
from chuangju.policies.views.making import FORM, KEEPERS
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import acting_user, roles_required


def asked_day(request: HttpRequest) -> date:
    """The day that an address asks for; today where it says none that can be read."""
    written = request.GET.get("on", "")
    try:
        return date.fromisoformat(written) if written else today()
    except ValueError:
        return today()


def public_fees(request: HttpRequest) -> HttpResponse:
    """Which fees are still charged, waived, suspended or abolished, by class; on today or another day."""
    day = asked_day(request)
    fees = fees_on(day, fee_entries_visible_to(request.user, on=today()))
    context = {
        "day": day,
        "is_today": day == today(),
        "groups": fees_by_kind(fees),
        "unofficial": sum(not fee.is_official for fee in fees),
    }
    return render(request, "policies/public_fees.html", context)


@roles_required(*STAFF_ROLES)
def fee_list(request: HttpRequest) -> HttpResponse:
    """Every fee as it stands, with its citation and how sure that is."""
    on = today()
    fees = fees_on(on, fee_entries_visible_to(request.user, on=on))
    context = {"can_keep": can_keep_fees(request.user, on=on)}
    return render_list(request, fee_listing(), fees, template="policies/fee_list.html", context=context)


def _fee(request: HttpRequest, fee_id: str) -> tuple[Fee | None, list[Any]]:
    """A fee as it stands now, and everything that is said of it, the newest first; 404 where nothing is."""
    entries = list(fee_entries_visible_to(request.user, on=today()).filter(fee_id=fee_id).select_related("by"))
    lines = fee_history(fee_id, entries)
    if not lines:
        raise Http404
    now = next((fee for fee in fees_on(today(), entries) if fee.id == fee_id), None)
    return now, lines


@roles_required(*STAFF_ROLES)
def fee(request: HttpRequest, fee_id: str) -> HttpResponse:
    """One fee: how it stands, and what was said of it since when."""
    now, lines = _fee(request, fee_id)
    shown = now or lines[0].fee
    context = {
        "fee": shown,
        "has_standing": now is not None,
        "confidence": confidence_sign(shown.confidence),
        "lines": lines,
        "can_keep": can_keep_fees(request.user, on=today()),
    }
    return render(request, "policies/fee.html", context)


@roles_required(*KEEPERS)
def fee_add(request: HttpRequest) -> HttpResponse:
    """Enter a fee that the list does not hold yet."""
    step = Step(
        heading=_("登记收费"),
        submit=_("登记"),
        place=pgettext("list", "收费清单"),
        back=reverse("policies:fee_list"),
        done=_("已登记收费"),
    )

    def act(data: dict[str, Any]) -> str:
        if data["fee_id"] in {each.id for each in shipped_fees()}:
            raise FeeRefused(_("随附目录已有编号“%(id)s”的收费，请在该收费的页面登记变化") % {"id": data["fee_id"]})
        made = enter_fee(FeeFacts(**data), by=acting_user(request), at=timezone.now())
        return reverse("policies:fee", args=(made.fee_id,))

    return answer_step(request, FeeForm(bound(request), initial={"starts_on": today()}), step, act, template=FORM)


@roles_required(*KEEPERS)
def fee_enter(request: HttpRequest, fee_id: str) -> HttpResponse:
    """Say how a known fee stands from a day on."""
    now, lines = _fee(request, fee_id)
    shown = now or lines[0].fee
    back = reverse("policies:fee", args=(fee_id,))
    step = Step(
        heading=_("登记收费的变化"),
        submit=_("登记"),
        place=shown.name,
        back=back,
        done=_("已登记，自起始日期起以此为准"),
        facts=((_("现在"), shown.sign), (_("依据"), f"{shown.document} {shown.document_number}".strip())),
        hint=_("本区的登记优先于随附目录；撤销登记后恢复原来的状态。"),
    )
    initial = {
        "name": shown.name_zh,
        "name_en": shown.name_en,
        "standing": shown.standing,
        "starts_on": today(),
        "confidence": "official",
    }

    def act(data: dict[str, Any]) -> str:
        facts = FeeFacts(fee_id=fee_id, kind=shown.kind, **data)
        enter_fee(facts, by=acting_user(request), at=timezone.now())
        return back

    form = FeeForm(bound(request), initial=initial, is_known=True)
    return answer_step(request, form, step, act, template=FORM)


def _entry(request: HttpRequest, pk: int) -> FeeEntry:
    found = fee_entries_visible_to(request.user, on=today()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@roles_required(*KEEPERS)
def fee_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry back."""
    entry = _entry(request, pk)
    back = reverse("policies:fee", args=(entry.fee_id,))
    step = Step(
        heading=_("撤销收费登记"),
        submit=_("撤销"),
        place=entry.shown_name,
        back=back,
        done=_("已撤销登记"),
        facts=((_("收费状态"), entry.get_standing_display()), (_("起"), entry.starts_on), (_("依据"), entry.document)),
    )

    def act(data: dict[str, Any]) -> str:
        withdraw_fee(entry, reason=data["reason"], by=acting_user(request), at=timezone.now())
        # What was said of the fee by this entry alone is gone with it.
        has_more = entry.fee_id in {each.id for each in shipped_fees()}
        return back if has_more else reverse("policies:fee_list")

    return answer_step(request, WithdrawForm(bound(request)), step, act, template=FORM)
