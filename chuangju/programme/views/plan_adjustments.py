"""Adjustments of issued plans: proposed by the unit in charge or the office, decided, listed, printed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangju.programme.access import (
    adjustments_visible_to,
    can_manage_table,
    can_report_for,
    plans_visible_to,
    reporting_unit_ids,
    tasks_visible_to,
)
from chuangju.programme.forms_plan_changes import AdjustmentForm, DecideForm, NewItemForm
from chuangju.programme.models import Plan, PlanAdjustment
from chuangju.programme.plan_adjustments import (
    can_decide_adjustment,
    decide_adjustment,
    is_small,
    propose_adjustment,
    withdraw_adjustment,
)
from chuangju.programme.plan_content import task_titles
from chuangju.programme.plan_listing import adjustment_listing, adjustment_sign, latest_first
from chuangju.programme.plan_papers import (
    ADJUSTMENT_HEAD,
    adjustment_rows,
    adjustments_document,
    changed_words,
)
from chuangju.programme.views.plan_steps import (
    Step,
    answer_step,
    bound,
    do_and_return,
    document_response,
    sheet_response,
    today,
    visible_item,
    visible_plan,
)
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES, existing_units_visible_to
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required


@roles_required(*STAFF_ROLES)
def plan_adjustment_list(request: HttpRequest) -> HttpResponse:
    """Every adjustment, those that wait first."""
    on = today()
    found = latest_first(adjustments_visible_to(request.user, on=on))
    plans = plans_visible_to(request.user, on=on).filter(state__in=Plan.PAST_ISSUE)
    listing = adjustment_listing(plans)
    return render_list(request, listing, found, template="programme/plan_adjustment_list.html")


@roles_required(Role.PROGRAMME_OFFICE, Role.LIAISON_OFFICER)
def plan_item_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another date, another owner, or to drop an item."""
    on = today()
    item = visible_item(request, pk)
    if not can_report_for(request.user, item.unit_id, on=on):
        raise Http404
    form = AdjustmentForm(bound(request), initial={"kind": "date"}, user=request.user, on=on)
    step = Step(
        heading=_("提出调整"),
        submit=_("提出"),
        place=item.title,
        back=reverse("programme:plan_item", args=(pk,)),
        done=_("已提出调整，批准后生效"),
        facts=((_("责任单位"), item.unit.shown_name), (_("完成期限"), item.due_on)),
        hint=_("期限推后不多的由创建办批准，其余由领导小组的领导批准；原期限一直保留。"),
    )

    def act(data: dict[str, Any]) -> str:
        made = propose_adjustment(item.plan, item=item, **data, by=acting_user(request), at=timezone.now())
        return reverse("programme:plan_adjustment", args=(made.pk,))

    return answer_step(request, form, step, act)


@roles_required(Role.PROGRAMME_OFFICE, Role.LIAISON_OFFICER)
def plan_item_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a further item in an issued plan."""
    on = today()
    plan = visible_plan(request, pk)
    mine = reporting_unit_ids(request.user, on=on)
    units = existing_units_visible_to(request.user, on).order_by("position")
    if not can_manage_table(request.user, on=on):
        units = units.filter(pk__in=mine)
    form = NewItemForm(bound(request), plan=plan, tasks=tasks_visible_to(request.user, on=on), units=units)
    step = Step(
        heading=_("提出新增事项"),
        submit=_("提出"),
        place=plan.title,
        back=reverse("programme:plan", args=(pk,)),
        done=_("已提出调整，批准后生效"),
        hint=_("新增事项由领导小组的领导批准。"),
    )

    def act(data: dict[str, Any]) -> str:
        made = propose_adjustment(
            plan, kind=PlanAdjustment.Kind.ADD, **data, by=acting_user(request), at=timezone.now()
        )
        return reverse("programme:plan_adjustment", args=(made.pk,))

    return answer_step(request, form, step, act)


def _adjustment(request: HttpRequest, pk: int) -> PlanAdjustment:
    found = (
        adjustments_visible_to(request.user, on=today())
        .filter(pk=pk)
        .select_related("plan__version", "item__unit", "new_unit", "new_task", "proposed_by", "decided_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


@roles_required(*STAFF_ROLES)
def plan_adjustment(request: HttpRequest, pk: int) -> HttpResponse:
    """An adjustment, and for whoever may decide it the decision."""
    on = today()
    adjustment = _adjustment(request, pk)
    is_waiting = adjustment.state == PlanAdjustment.State.PROPOSED
    can_decide = is_waiting and can_decide_adjustment(acting_user(request), adjustment, on=on)
    unit = adjustment.item.unit_id if adjustment.item else adjustment.new_unit_id
    task_title = task_titles(adjustment.plan.version).get(adjustment.new_task_id or 0, "")
    context = {
        "adjustment": adjustment,
        "sign": adjustment_sign(adjustment),
        "changed": changed_words(adjustment),
        "task_title": task_title,
        "is_small": is_small(adjustment),
        "can_decide": can_decide,
        "can_withdraw": is_waiting
        and (can_manage_table(request.user, on=on) or unit in reporting_unit_ids(request.user, on=on)),
    }
    step = Step(
        heading=str(adjustment),
        submit=_("提交决定"),
        place=adjustment.plan.title,
        back=reverse("programme:plan", args=(adjustment.plan_id,)),
        done=_("已处理调整"),
        extra=context,
    )
    if request.method == "POST" and not can_decide:
        raise Http404

    def act(data: dict[str, Any]) -> str:
        decide_adjustment(
            adjustment,
            is_approved=data["answer"] == "yes",
            words=data["words"],
            by=acting_user(request),
            at=timezone.now(),
        )
        return reverse("programme:plan_adjustment", args=(pk,))

    return answer_step(request, DecideForm(bound(request)), step, act, template="programme/plan_adjustment.html")


@require_POST
@roles_required(Role.PROGRAMME_OFFICE, Role.LIAISON_OFFICER)
def plan_adjustment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting adjustment back."""
    adjustment = _adjustment(request, pk)
    return do_and_return(
        request,
        lambda: withdraw_adjustment(adjustment, by=acting_user(request), at=timezone.now()),
        done=_("已撤回调整"),
        back=reverse("programme:plan_adjustment", args=(pk,)),
    )


@roles_required(*STAFF_ROLES)
def plan_adjustments_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The approved adjustments of a plan as docx, pdf or xlsx."""
    plan = visible_plan(request, pk)
    if not plan.was_issued:
        raise Http404
    approved = adjustments_visible_to(request.user, on=today()).filter(plan=plan, state=PlanAdjustment.State.APPROVED)
    lines = list(latest_first(approved))
    if kind == "xlsx":
        return sheet_response(ADJUSTMENT_HEAD, adjustment_rows(lines), title=f"{plan.title}调整情况表")
    return document_response(adjustments_document(plan, lines, on=today()), kind)
