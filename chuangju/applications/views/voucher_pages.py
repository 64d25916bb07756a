"""Service vouchers: the list at the desk, one voucher with its orders, one's own, what each side does with an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chuangju.applications.models import Voucher, VoucherUse
from chuangju.applications.voucher_access import (
    READERS,
    acts_for_holder,
    acts_for_provider,
    can_settle_use,
    own_vouchers_visible_to,
    provided_uses_visible_to,
    providers_visible_to,
    uses_visible_to,
    vouchers_visible_to,
)
from chuangju.applications.voucher_forms import AccountForm, ConfirmForm, OrderForm, ReasonForm
from chuangju.applications.voucher_listing import listed_vouchers, use_sign, voucher_listing, voucher_sign
from chuangju.applications.voucher_money import settle_use
from chuangju.applications.vouchers import (
    answer_order,
    balance_of,
    cancel_order,
    confirm_as_holder,
    confirm_as_provider,
    order_service,
)
from chuangju.kernel.audit import events_about
from chuangju.kernel.money import format_yuan
from chuangju.programme.views.plan_steps import Step, answer_step, bound, do_and_return, today
from chuangju.ui.list_views import render_list
from chuangju.units.permissions import acting_user, roles_required, signed_in_required

_FORM = "applications/voucher_form.html"
_EVENTS, _SHOWN = 30, 100


@require_safe
@roles_required(*READERS)
def voucher_list(request: HttpRequest) -> HttpResponse:
    """Every voucher with its balance."""
    vouchers = listed_vouchers(vouchers_visible_to(request.user, today()))
    return render_list(request, voucher_listing(), vouchers, template="applications/voucher_list.html")


@require_safe
@signed_in_required
def my_vouchers(request: HttpRequest) -> HttpResponse:
    """What somebody may spend, and what was ordered from the providers they act for."""
    on = today()
    vouchers = listed_vouchers(own_vouchers_visible_to(request.user, on)).order_by("-ends_on", "number")[:_SHOWN]
    uses = provided_uses_visible_to(request.user, on).select_related("voucher__holder", "provider")
    context = {
        "vouchers": [(one, voucher_sign(one), one.amount - getattr(one, "held", 0)) for one in vouchers],
        "orders": [(one, use_sign(one)) for one in uses.order_by("-ordered_at", "pk")[:_SHOWN]],
    }
    return render(request, "applications/my_vouchers.html", context)


def _visible_voucher(request: HttpRequest, pk: UUID) -> Voucher:
    seen = vouchers_visible_to(request.user, today()).select_related("holder", "decision__application__unit")
    found = seen.filter(pk=pk).distinct().first()
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in_required
def voucher(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One voucher: its balance and each order with what its reader may do."""
    on, found = today(), _visible_voucher(request, pk)
    is_own = acts_for_holder(request.user, found, on)
    uses = found.uses.select_related("provider").order_by("-ordered_at", "pk")
    for use in uses:
        use.voucher = found
    context = {
        "voucher": found,
        "sign": voucher_sign(found),
        "left": balance_of(found),
        "is_own": is_own,
        "can_order": is_own and found.state == Voucher.State.ACTIVE and found.starts_on <= on <= found.ends_on,
        "uses": [(one, use_sign(one), _actions(request, one, is_own=is_own)) for one in uses],
        "events": [] if is_own else events_about(found).order_by("-at", "-pk")[:_EVENTS],
    }
    return render(request, "applications/my_voucher.html" if is_own else "applications/voucher.html", context)


def _actions(request: HttpRequest, use: VoucherUse, *, is_own: bool) -> list[tuple[str, str]]:
    """What this reader may do with an order now: address and label."""
    on, state, found = today(), VoucherUse.State(use.state), list[tuple[str, str]]()

    def offer(name: str, label: str) -> None:
        found.append((reverse(name, args=(use.pk,)), label))

    if is_own and state == VoucherUse.State.ACCEPTED and not use.holder_confirmed_at:
        offer("applications:use_done", _("确认服务完成"))
    if is_own and state in (VoucherUse.State.ORDERED, VoucherUse.State.ACCEPTED) and not use.holder_confirmed_at:
        offer("applications:use_cancel", _("取消订单"))
    if state == VoucherUse.State.CONFIRMED and can_settle_use(request.user, use, on):
        offer("applications:use_settle", _("审核兑付"))
    return found


@signed_in_required
def voucher_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Order a service with a voucher."""
    found, user = _visible_voucher(request, pk), acting_user(request)
    if not acts_for_holder(user, found, today()):
        raise Http404
    back = reverse("applications:voucher", args=(found.pk,))
    form = OrderForm(bound(request), providers=providers_visible_to(user))
    step = Step(
        _("用券下单"),
        _("下单"),
        found.title,
        back,
        done=_("已下单，等服务机构接单。"),
        hint=_("服务完成后双方各自确认，再由经办单位审核兑付给服务机构。"),
        facts=[(_("券号"), found.number), (_("余额"), format_yuan(balance_of(found)))],
    )

    def act(typed: dict[str, Any]) -> str:
        order_service(
            found,
            typed["provider"],
            service=typed["service"],
            price=typed["price"],
            amount=typed["amount"],
            by=user,
            at=timezone.now(),
        )
        return back

    return answer_step(request, form, step, act, template=_FORM)


def _visible_use(request: HttpRequest, pk: UUID) -> VoucherUse:
    seen = uses_visible_to(request.user, today())
    found = (
        seen.select_related("voucher__holder", "voucher__decision__application__unit", "provider")
        .filter(pk=pk)
        .distinct()
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in_required
def use(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One order as its provider sees it."""
    found = _visible_use(request, pk)
    context = {
        "use": found,
        "sign": use_sign(found),
        "is_provider": acts_for_provider(request.user, found, today()),
    }
    return render(request, "applications/voucher_use.html", context)


@require_POST
@signed_in_required
def use_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The provider takes an order."""
    found, user = _visible_use(request, pk), acting_user(request)
    if not acts_for_provider(user, found, today()):
        raise Http404
    back = reverse("applications:use", args=(found.pk,))
    return do_and_return(
        request, lambda: answer_order(found, accepts=True, by=user, at=timezone.now()), done=_("已接单。"), back=back
    )


@signed_in_required
def use_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The provider declines an order, and says why."""
    found, user = _visible_use(request, pk), acting_user(request)
    if not acts_for_provider(user, found, today()):
        raise Http404
    return _with_reason(
        request,
        found,
        heading=_("不接这一单"),
        act=lambda reason: answer_order(found, accepts=False, reason=reason, by=user, at=timezone.now()),
        back=reverse("applications:use", args=(found.pk,)),
    )


@signed_in_required
def use_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The holder gives an order up, and says why."""
    found, user = _visible_use(request, pk), acting_user(request)
    if not acts_for_holder(user, found.voucher, today()):
        raise Http404
    return _with_reason(
        request,
        found,
        heading=_("取消订单"),
        act=lambda reason: cancel_order(found, reason=reason, by=user, at=timezone.now()),
        back=reverse("applications:voucher", args=(found.voucher_id,)),
    )


def _with_reason(
    request: HttpRequest, found: VoucherUse, *, heading: str, act: Callable[[str], object], back: str
) -> HttpResponse:
    step = Step(heading, _("确定"), found.service, back, done=_("已记录。"), facts=_facts(found))

    def do(typed: dict[str, Any]) -> str:
        act(typed["reason"])
        return back

    return answer_step(request, ReasonForm(bound(request)), step, do, template=_FORM)


@signed_in_required
def use_done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Either side says that the service was done; the provider says where the money goes."""
    found, user = _visible_use(request, pk), acting_user(request)
    is_provider = acts_for_provider(user, found, today())
    if not is_provider and not acts_for_holder(user, found.voucher, today()):
        raise Http404
    name, key = ("use", found.pk) if is_provider else ("voucher", found.voucher_id)
    back = reverse(f"applications:{name}", args=(key,))
    hint = _("双方都确认后，由经办单位审核并兑付给服务机构。")
    step = Step(
        _("确认服务完成"), _("确认完成"), found.service, back, done=_("已确认。"), hint=hint, facts=_facts(found)
    )
    form = AccountForm(bound(request)) if is_provider else ConfirmForm(bound(request))

    def act(typed: dict[str, Any]) -> str:
        if is_provider:
            confirm_as_provider(found, **typed, by=user, at=timezone.now())
        else:
            confirm_as_holder(found, by=user, at=timezone.now())
        return back

    return answer_step(request, form, step, act, template=_FORM)


@roles_required(*READERS)
def use_settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A clerk settles what both sides confirmed."""
    found, user = _visible_use(request, pk), acting_user(request)
    if not can_settle_use(user, found, today()):
        raise Http404
    back = reverse("applications:voucher", args=(found.voucher_id,))
    step = Step(
        _("审核兑付"),
        _("通过并申请拨付"),
        found.voucher.number,
        back,
        done=_("已审核，等待财务拨付给服务机构。"),
        facts=_facts(found),
    )

    def act(_typed: dict[str, Any]) -> str:
        settle_use(found, by=user, at=timezone.now())
        return back

    return answer_step(request, ConfirmForm(bound(request)), step, act, template=_FORM)


def _facts(found: VoucherUse) -> list[tuple[str, object]]:
    return [
        (_("持券人"), found.voucher.holder.name),
        (_("服务机构"), found.provider.name),
        (_("服务内容"), found.service),
        (_("服务价格"), format_yuan(found.price)),
        (_("用券金额"), format_yuan(found.amount)),
    ]
