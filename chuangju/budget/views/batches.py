"""Batches: their list, gathering one, its page with what may be done now, and the steps that two people take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.budget import batches
from chuangju.budget.access import (
    PAYERS,
    batches_visible_to,
    can_approve_unit,
    can_keep_anything,
    can_keep_unit,
    payments_visible_to,
    units_kept_by,
)
from chuangju.budget.batch_files import detail_digest, items_of
from chuangju.budget.batch_findings import findings_of
from chuangju.budget.forms_lines import ReasonForm
from chuangju.budget.forms_payments import BatchForm, BatchUnitForm
from chuangju.budget.models import Payment, PaymentBatch
from chuangju.budget.money_signs import outcome_sign, state_sign
from chuangju.budget.payment_listing import batch_listing
from chuangju.kernel.audit import events_about
from chuangju.programme.views.plan_steps import Step, answer_step, bound, do_and_return, today
from chuangju.ui.list_views import render_list
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

FORM = "budget/form.html"
ITEMS_SHOWN, EVENTS_SHOWN = 100, 15
State = PaymentBatch.State


@require_safe
@roles_required(*PAYERS)
def batch_list(request: HttpRequest) -> HttpResponse:
    """Every batch that the reader works with."""
    found = batches_visible_to(request.user, today()).select_related("unit", "created_by")
    context = {"can_keep": can_keep_anything(request.user, on=today())}
    return render_list(request, batch_listing(), found, template="budget/batch_list.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def batch_new(request: HttpRequest) -> HttpResponse:
    """Gather waiting payments of one unit: all of them are ticked to begin with."""
    on = today()
    free = payments_visible_to(request.user, on).filter(state=Payment.State.REQUESTED, batch__isnull=True)
    units = units_kept_by(request.user, on).filter(budget_lines__payments__in=free).distinct()
    chosen = BatchUnitForm(request.GET if request.GET.get("unit") else None, units=units)
    listed = list(units[:2])
    unit = chosen.cleaned_data["unit"] if chosen.is_bound and chosen.is_valid() else None
    unit = unit or (listed[0] if len(listed) == 1 else None)
    waiting = free.filter(line__unit=unit).select_related("payee", "line").order_by("due_on", "number")
    waiting = waiting[: batches.MOST_PAYMENTS]
    back = reverse("budget:batch_list")
    shown = list(waiting) if unit else []
    picked = set(request.POST.getlist("payments")) if request.method == "POST" else {str(one.pk) for one in shown}
    step = Step(
        heading=_("组成拨付批次"),
        submit=_("组成批次"),
        place=pgettext("list", "拨付批次"),
        back=back,
        done=_("已组成批次，请联审"),
        extra={
            "unit": unit,
            "units_form": chosen,
            "has_units": bool(listed),
            "lines": [(one, str(one.pk) in picked) for one in shown],
        },
    )

    def act(data: dict[str, Any]) -> str:
        if unit is None:
            raise batches.BatchRefused(_("请先选择预算单位"))
        made = batches.form_batch(
            unit, list(data["payments"]), title=data["title"], by=acting_user(request), at=timezone.now()
        )
        return reverse("budget:batch", args=(made.pk,))

    initial = {"title": _("%(month)s 拨付") % {"month": f"{on:%Y-%m}"}}
    form = BatchForm(bound(request), initial=initial, waiting=free.filter(line__unit=unit))
    return answer_step(request, form, step, act, template="budget/batch_new.html")


def visible_batch(request: HttpRequest, pk: UUID, *, is_kept: bool = False) -> PaymentBatch:
    """The batch, if this reader works with it (and keeps it); else 404."""
    rows = batches_visible_to(request.user, today())
    found = rows.select_related("unit", "created_by", "checked_by", "approved_by", "sent_by").filter(pk=pk).first()
    if found is None or (is_kept and not can_keep_unit(request.user, found.unit, on=today())):
        raise Http404
    return found


@require_safe
@roles_required(*PAYERS)
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A batch: its payments, what stands against them, who did which step, and what comes next."""
    on, user = today(), acting_user(request)
    found = visible_batch(request, pk)
    items = found.items.select_related("payment__payee", "payment__line").order_by("position", "pk")
    page = Paginator(items, ITEMS_SHOWN).get_page(request.GET.get("page"))
    open_payments = found.payments.select_related("line__unit", "payee").order_by("number")
    is_out = found.state in {State.SENT, State.SETTLED}
    is_judged = found.state in {State.DRAFT, State.CHECKED, State.APPROVED}
    can_keep = can_keep_unit(user, found.unit, on=on)
    is_approver = can_approve_unit(user, found.unit, on=on)
    had_a_hand = user.pk in {found.created_by_id, found.checked_by_id}
    findings = findings_of(open_payments, on=on) if is_judged else []
    context = {
        "batch": found,
        "sign": state_sign(found),
        "page": page,
        "items": [(item, outcome_sign(item) if is_out else None) for item in page.object_list],
        "findings": findings,
        "can_keep": can_keep,
        "may_approve": is_approver and found.state == State.CHECKED and not had_a_hand,
        "must_wait": is_approver and found.state == State.CHECKED and had_a_hand,
        "may_return": is_approver and found.state == State.APPROVED and bool(findings),
        "answers": found.answers.select_related("read_by").order_by("-read_at", "-pk"),
        "is_out": is_out,
        "events": Paginator(events_about(found), EVENTS_SHOWN).get_page(request.GET.get("events")),
    }
    return render(request, "budget/batch.html", context)


def _revision(request: HttpRequest, batch: PaymentBatch) -> int:
    written = request.POST.get("revision", "")
    return int(written) if written.isdecimal() else batch.revision


@require_POST
@roles_required(*PAYERS)
def batch_step(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """Check, approve, send or dissolve a batch."""
    found, user = visible_batch(request, pk), acting_user(request)
    revision, at = _revision(request, found), timezone.now()
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "check": (lambda: batches.check_batch(found, revision=revision, by=user, at=at), _("已联审，请审批人审批")),
        "approve": (lambda: batches.approve_batch(found, revision=revision, by=user, at=at), _("已审批，可以报送国库")),
        "send": (
            lambda: batches.send_batch(
                found, sha256=detail_digest(found, items_of(found)), revision=revision, by=user, at=at
            ),
            _("已登记报送，等待国库回执"),
        ),
        "dissolve": (lambda: batches.dissolve_batch(found, revision=revision, by=user, at=at), _("已撤销批次")),
    }
    if step not in steps:
        raise Http404
    act, done = steps[step]
    return do_and_return(request, act, done=done, back=reverse("budget:batch", args=(pk,)))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.APPROVER)
def batch_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a batch that has not gone out back to finance."""
    found = visible_batch(request, pk)
    back = reverse("budget:batch", args=(pk,))
    step = Step(
        heading=_("退回批次"),
        submit=_("退回"),
        place=found.number,
        back=back,
        done=_("已退回财务"),
        revision=lambda: visible_batch(request, pk).revision,
    )

    def act(data: dict[str, Any]) -> str:
        given = data["revision"]
        revision = found.revision if given is None else given
        user = acting_user(request)
        batches.return_batch(found, reason=data["reason"], revision=revision, by=user, at=timezone.now())
        return back

    form = ReasonForm(bound(request), initial={"revision": found.revision})
    return answer_step(request, form, step, act, template=FORM)


@require_POST
@roles_required(Role.FINANCE)
def batch_drop(request: HttpRequest, pk: UUID, payment: UUID) -> HttpResponse:
    """Take a payment out of a batch that is still gathered."""
    found, user = visible_batch(request, pk, is_kept=True), acting_user(request)
    dropped = payments_visible_to(user, today()).filter(pk=payment).first()
    if dropped is None:
        raise Http404
    revision = _revision(request, found)
    return do_and_return(
        request,
        lambda: batches.drop_payment(found, dropped, revision=revision, by=user, at=timezone.now()),
        done=_("已移出批次"),
        back=reverse("budget:batch", args=(pk,)),
    )
