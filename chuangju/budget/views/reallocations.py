"""Reallocations: their list, a proposal, the page of one, and the decision of a second person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.budget.access import READERS, can_keep_anything, lines_visible_to, reallocations_visible_to, units_kept_by
from chuangju.budget.forms_lines import DecisionForm, ReallocationForm
from chuangju.budget.line_listing import reallocation_listing
from chuangju.budget.models import BudgetLine, Reallocation
from chuangju.budget.money_signs import state_sign
from chuangju.budget.reallocations import (
    Proposal,
    approve_reallocation,
    may_decide,
    propose_reallocation,
    refuse_reallocation,
    withdraw_reallocation,
)
from chuangju.kernel.audit import events_about
from chuangju.programme.views.plan_steps import Step, answer_step, bound, do_and_return, today
from chuangju.ui.list_views import render_list
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

FORM = "budget/form.html"


@require_safe
@roles_required(*READERS)
def reallocation_list(request: HttpRequest) -> HttpResponse:
    """Every reallocation that the reader sees."""
    found = reallocations_visible_to(request.user, today()).select_related("source", "target", "proposed_by")
    context = {"can_keep": can_keep_anything(request.user, on=today())}
    return render_list(
        request, reallocation_listing(), found, template="budget/reallocation_list.html", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def reallocation_new(request: HttpRequest) -> HttpResponse:
    """Propose that money be moved."""
    on = today()
    kept = lines_visible_to(request.user, on).filter(state=BudgetLine.State.OPEN)
    kept = kept.filter(unit__in=units_kept_by(request.user, on)).select_related("unit").order_by("-year", "code")
    asked = request.GET.get("line", "")
    form = ReallocationForm(bound(request), initial={"source": int(asked) if asked.isdecimal() else None}, lines=kept)
    step = Step(
        heading=_("提出预算调剂"),
        submit=_("提交审批"),
        place=pgettext("list", "预算调剂"),
        back=reverse("budget:reallocation_list"),
        done=_("已提交，由另一人审批后生效"),
        hint=_("只填调入条目是追加预算，只填调出条目是压减预算。"),
    )

    def act(data: dict[str, Any]) -> str:
        made = propose_reallocation(Proposal(**data), by=acting_user(request), at=timezone.now())
        return reverse("budget:reallocation", args=(made.pk,))

    return answer_step(request, form, step, act, template=FORM)


def _reallocation(request: HttpRequest, pk: int) -> Reallocation:
    found = reallocations_visible_to(request.user, today()).select_related(
        "source__unit", "target__unit", "proposed_by", "decided_by"
    )
    one = found.filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


@require_safe
@roles_required(*READERS)
def reallocation(request: HttpRequest, pk: int) -> HttpResponse:
    """A reallocation: what is asked, by whom, and what was decided."""
    one, user = _reallocation(request, pk), acting_user(request)
    is_open = one.state == Reallocation.State.PROPOSED
    context = {
        "one": one,
        "sign": state_sign(one),
        "may_decide": may_decide(one, user, at=timezone.now()),
        "may_withdraw": is_open and one.proposed_by_id == user.pk,
        "events": events_about(one)[:20],
    }
    return render(request, "budget/reallocation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.APPROVER)
def reallocation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a reallocation, or not."""
    one, user = _reallocation(request, pk), acting_user(request)
    if not may_decide(one, user, at=timezone.now()):
        raise Http404
    back = reverse("budget:reallocation", args=(pk,))
    step = Step(
        heading=_("审批预算调剂"), submit=_("提交"), place=pgettext("list", "预算调剂"), back=back, done=_("已审批")
    )

    def act(data: dict[str, Any]) -> str:
        decide = approve_reallocation if data["is_approved"] else refuse_reallocation
        decide(one, answer=data["answer"], by=user, at=timezone.now())
        return back

    return answer_step(request, DecisionForm(bound(request)), step, act, template=FORM)


@require_POST
@roles_required(Role.FINANCE)
def reallocation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    one, user = _reallocation(request, pk), acting_user(request)
    return do_and_return(
        request,
        lambda: withdraw_reallocation(one, by=user, at=timezone.now()),
        done=_("已撤回"),
        back=reverse("budget:reallocation", args=(pk,)),
    )
