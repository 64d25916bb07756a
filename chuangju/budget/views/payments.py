"""Payments: finance's own table, the page of one, stopping and recovering it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.budget.access import PAYERS, can_keep_anything, can_keep_unit, payments_visible_to
from chuangju.budget.forms_lines import ReasonForm
from chuangju.budget.forms_payments import RecoverForm
from chuangju.budget.models import Payment
from chuangju.budget.money_signs import outcome_sign, state_sign
from chuangju.budget.payment_listing import payment_listing
from chuangju.budget.payment_owners import asked_back_sentence, owner_of, recheck_sentence
from chuangju.budget.payments import enter_return, withhold_payment
from chuangju.kernel.audit import events_about
from chuangju.kernel.money import format_yuan
from chuangju.kernel.unmasking import can_unmask
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.ui.list_views import render_list
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

FORM = "budget/form.html"
EVENTS_SHOWN = 15


@require_safe
@roles_required(*PAYERS)
def payment_list(request: HttpRequest) -> HttpResponse:
    """Every payment that the reader works with."""
    on = today()
    found = payments_visible_to(request.user, on).select_related("line__unit", "payee", "batch")
    context = {"can_keep": can_keep_anything(request.user, on=on)}
    return render_list(request, payment_listing(on=on), found, template="budget/payment_list.html", context=context)


def _payment(request: HttpRequest, pk: UUID, *, is_kept: bool = False) -> Payment:
    rows = payments_visible_to(request.user, today()).select_related("line__unit", "payee", "batch", "requested_by")
    found = rows.filter(pk=pk).first()
    if found is None or (is_kept and not can_keep_unit(request.user, found.line.unit, on=today())):
        raise Http404
    return found


@require_safe
@roles_required(*PAYERS)
def payment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A payment: whom, how much, why, each time it went out, and whether it may still go."""
    on, user = today(), acting_user(request)
    found = _payment(request, pk)
    owner = owner_of(found)
    can_keep = can_keep_unit(user, found.line.unit, on=on)
    is_waiting = found.state in Payment.WAITING
    in_draft = found.state == Payment.State.REQUESTED and found.batch_id is not None
    context = {
        "payment": found,
        "sign": state_sign(found),
        "items": [(item, outcome_sign(item)) for item in found.items.select_related("batch").order_by("attempt")],
        "claim_label": owner.label(found) if owner else "",
        "claim_address": owner.address(found) if owner else "",
        "finding": recheck_sentence(found, on=on) if is_waiting else "",
        "may_unmask": can_unmask(user, found, "account_number"),
        "may_stop": can_keep and is_waiting and not in_draft,
        "may_recover": can_keep and found.state == Payment.State.PAID and not asked_back_sentence(found),
        "events": Paginator(events_about(found), EVENTS_SHOWN).get_page(request.GET.get("events")),
    }
    return render(request, "budget/payment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def payment_stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Never pay this."""
    found = _payment(request, pk, is_kept=True)
    back = reverse("budget:payment", args=(pk,))
    step = Step(
        heading=_("停止拨付"),
        submit=_("停止拨付"),
        place=found.number,
        back=back,
        done=_("已停付，资金已释放"),
        hint=_("停付后不能恢复；资金回到条目的可用金额。"),
        facts=((_("收款人"), found.payee.name), (_("金额"), format_yuan(found.amount))),
    )

    def act(data: dict[str, Any]) -> str:
        withhold_payment(found, reason=data["reason"], by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, ReasonForm(bound(request)), step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def payment_recover(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Money came back that should not have been paid."""
    found = _payment(request, pk, is_kept=True)
    back = reverse("budget:payment", args=(pk,))
    step = Step(
        heading=_("登记追回"),
        submit=_("登记追回"),
        place=found.number,
        back=back,
        done=_("已登记追回"),
        hint=_("款项已退回财政账户后登记；可以分次登记。本年的资金回到条目的可用金额，往年的上缴。"),
        facts=(
            (_("收款人"), found.payee.name),
            (_("已到账"), format_yuan(found.amount)),
            (pgettext("payment", "已追回"), format_yuan(found.recovered) if found.recovered else ""),
        ),
    )

    def act(data: dict[str, Any]) -> str:
        user = acting_user(request)
        enter_return(found, amount=data["amount"], reason=data["reason"], by=user, at=timezone.now())
        return back

    return answer_step(request, RecoverForm(bound(request)), step, act, template=FORM)
