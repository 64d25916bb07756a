"""Items of plans: set by the office, listed for everybody, reported by the unit in charge."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangju.kernel.audit import events_about
from chuangju.programme.access import (
    can_manage_table,
    can_report_for,
    plan_items_visible_to,
    plans_visible_to,
    reporting_unit_ids,
    tasks_visible_to,
)
from chuangju.programme.forms_plans import ItemForm, ItemReportForm, ReasonForm
from chuangju.programme.lights import item_sign, items_with_light
from chuangju.programme.models import Plan, PlanItem
from chuangju.programme.plan_content import task_titles
from chuangju.programme.plan_items import add_item, change_item, remove_item, reopen_item, report_item
from chuangju.programme.plan_listing import adjustment_sign, item_listing, latest_first
from chuangju.programme.views.plan_steps import (
    Step,
    answer_step,
    bound,
    do_and_return,
    today,
    visible_item,
    visible_plan,
)
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

EVENTS_SHOWN = 15
FIELDS = ("title", "task", "unit", "person", "starts_on", "due_on", "weight", "revision")


@roles_required(*STAFF_ROLES)
def plan_item_list(request: HttpRequest) -> HttpResponse:
    """The items of all plans in force: mine, late, near."""
    on = today()
    items = (
        items_with_light(plan_items_visible_to(request.user, on=on), on=on)
        .filter(plan__state__in=Plan.PAST_ISSUE)
        .exclude(state=PlanItem.State.DROPPED)
        .select_related("plan", "unit", "task")
    )
    listing = item_listing(
        on=on,
        mine=reporting_unit_ids(request.user, on=on),
        plans=plans_visible_to(request.user, on=on).filter(state__in=Plan.PAST_ISSUE),
    )
    return render_list(request, listing, items, template="programme/plan_item_list.html")


@roles_required(*STAFF_ROLES)
def plan_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: whose it is, until when, what was reported, how it was adjusted."""
    on = today()
    found = visible_item(request, pk)
    seen = (
        items_with_light(plan_items_visible_to(request.user, on=on).filter(pk=pk), on=on).select_related("plan").get()
    )
    can_report = found.plan.is_issued and can_report_for(request.user, found.unit_id, on=on)
    adjustments = latest_first(found.adjustments.all())
    context = {
        "item": found,
        "sign": item_sign(seen, on=on),
        "task_title": task_titles(found.plan.version).get(found.task_id, ""),
        "reports": found.reports.select_related("unit", "by").prefetch_related("attachments"),
        "adjustments": [(one, adjustment_sign(one)) for one in adjustments],
        "events": Paginator(events_about(found), EVENTS_SHOWN).get_page(request.GET.get("events")),
        "can_manage": can_manage_table(request.user, on=on),
        "can_report": can_report and found.state == PlanItem.State.OPEN,
    }
    return render(request, "programme/plan_item.html", context)


def _item_form(request: HttpRequest, plan: Plan, item: PlanItem | None) -> ItemForm:
    on = today()
    initial: dict[str, Any] = {}
    if item is not None:
        initial = {name: getattr(item, name) for name in FIELDS}
        initial |= {"task": item.task_id, "unit": item.unit_id}
    return ItemForm(
        bound(request),
        initial=initial,
        user=request.user,
        plan=plan,
        tasks=tasks_visible_to(request.user, on=on),
        on=on,
    )


@roles_required(Role.PROGRAMME_OFFICE)
def plan_item_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an item into a plan that is being written."""
    plan = visible_plan(request, pk)
    back = reverse("programme:plan", args=(pk,))
    step = Step(heading=_("添加事项"), submit=_("添加"), place=plan.title, back=back, done=_("已添加事项"))

    def act(data: dict[str, Any]) -> str:
        data.pop("revision")
        add_item(plan, **data, by=acting_user(request), at=timezone.now())
        return f"{back}#items"

    return answer_step(request, _item_form(request, plan, None), step, act)


@roles_required(Role.PROGRAMME_OFFICE)
def plan_item_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rewrite an item while its plan is being written."""
    item = visible_item(request, pk)
    back = reverse("programme:plan", args=(item.plan_id,))
    step = Step(
        heading=_("修改事项"),
        submit=_("保存"),
        place=item.plan.title,
        back=f"{back}#items",
        done=_("已保存事项"),
        revision=lambda: visible_item(request, pk).revision,
        extra={"item": item},
    )

    def act(data: dict[str, Any]) -> str:
        change_item(item, **data, by=acting_user(request), at=timezone.now())
        return f"{back}#items"

    return answer_step(request, _item_form(request, item.plan, item), step, act)


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def plan_item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item out while its plan is being written."""
    item = visible_item(request, pk)
    return do_and_return(
        request,
        lambda: remove_item(item, by=acting_user(request), at=timezone.now()),
        done=_("已删除事项“%(title)s”") % {"title": item.title},
        back=reverse("programme:plan", args=(item.plan_id,)) + "#items",
    )


@roles_required(Role.PROGRAMME_OFFICE, Role.LIAISON_OFFICER)
def plan_item_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what was done for an item, with pictures; close it in the same breath."""
    item = visible_item(request, pk)
    if not can_report_for(request.user, item.unit_id, on=today()):
        raise Http404
    back = reverse("programme:plan_item", args=(pk,))
    step = Step(
        heading=_("填报事项完成情况"),
        submit=_("提交"),
        place=item.title,
        back=back,
        done=_("已提交填报"),
        revision=lambda: visible_item(request, pk).revision,
        extra={"is_upload": True},
    )

    def act(data: dict[str, Any]) -> str:
        at = timezone.now()
        done_on = (data["done_on"] or timezone.localdate(at)) if data["is_done"] else None
        with transaction.atomic():
            report = report_item(
                item,
                text=data["text"],
                done_on=done_on,
                files=data["photos"] or (),
                revision=item.revision if data["revision"] is None else data["revision"],
                by=acting_user(request),
                at=at,
            )
        return f"{back}#report-{report.pk}"

    initial = {"revision": item.revision, "is_done": bool(request.GET.get("done"))}
    files = request.FILES if request.method == "POST" else None
    return answer_step(request, ItemReportForm(bound(request), files, initial=initial), step, act)


@roles_required(Role.PROGRAMME_OFFICE)
def plan_item_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a closing back, with the reason."""
    item = visible_item(request, pk)
    back = reverse("programme:plan_item", args=(pk,))
    step = Step(
        heading=_("恢复事项"),
        submit=_("恢复为推进中"),
        place=item.title,
        back=back,
        done=_("已恢复事项"),
        revision=lambda: visible_item(request, pk).revision,
    )

    def act(data: dict[str, Any]) -> str:
        revision = item.revision if data["revision"] is None else data["revision"]
        reopen_item(item, reason=data["reason"], revision=revision, by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, ReasonForm(bound(request), initial={"revision": item.revision}), step, act)
