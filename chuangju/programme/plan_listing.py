"""The lists of plans, their items, their adjustments and their reviews: columns, filters, order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.periods import Period
from chuangju.programme.lights import Light, item_sign
from chuangju.programme.models import Plan, PlanAdjustment, PlanItem, PlanReview, TaskRow
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.models import Unit

MINE = "mine"
_PLAN_SIGNS = {
    Plan.State.DRAFT: "flat",
    Plan.State.CONSULTING: "info",
    Plan.State.COLLATING: "info",
    Plan.State.PROPOSED: "soon",
    Plan.State.APPROVED: "soon",
    Plan.State.ISSUED: "good",
    Plan.State.SUPERSEDED: "flat",
    Plan.State.ENDED: "done",
}
_ADJUSTMENT_SIGNS = {
    PlanAdjustment.State.PROPOSED: "soon",
    PlanAdjustment.State.APPROVED: "done",
    PlanAdjustment.State.REJECTED: "flat",
    PlanAdjustment.State.WITHDRAWN: "flat",
}
_REVIEW_SIGNS = {PlanReview.State.OPEN: "soon", PlanReview.State.SUBMITTED: "info", PlanReview.State.NOTED: "done"}


def plan_sign(plan: Plan) -> Sign:
    """How far a plan has come."""
    return Sign(_PLAN_SIGNS[Plan.State(plan.state)], str(plan.get_state_display()))


def adjustment_sign(adjustment: PlanAdjustment) -> Sign:
    """What became of an adjustment."""
    return Sign(_ADJUSTMENT_SIGNS[PlanAdjustment.State(adjustment.state)], str(adjustment.get_state_display()))


def review_sign(review: PlanReview, *, on: date) -> Sign:
    """How far a review has come; red where it should be there."""
    if review.state == PlanReview.State.OPEN and review.due_on < on:
        return Sign("late", str(_("逾期未提交")))
    return Sign(_REVIEW_SIGNS[PlanReview.State(review.state)], str(review.get_state_display()))


def plans_with_progress(plans: QuerySet[Plan], *, on: date) -> QuerySet[Any]:
    """Plans with `items_total`, `items_done`, `items_late` and `adjusted` (approved adjustments)."""
    adjusted = (
        PlanAdjustment.objects.filter(plan=OuterRef("pk"), state=PlanAdjustment.State.APPROVED)
        .order_by()
        .values("plan")
        .annotate(count=Count("pk"))
        .values("count")
    )
    is_open = Q(items__state=PlanItem.State.OPEN)
    return plans.annotate(
        items_total=Count("items", filter=~Q(items__state=PlanItem.State.DROPPED)),
        items_done=Count("items", filter=Q(items__state=PlanItem.State.DONE)),
        items_late=Count("items", filter=is_open & Q(items__due_on__lt=on, state=Plan.State.ISSUED)),
        adjusted=Coalesce(Subquery(adjusted, output_field=IntegerField()), Value(0)),
    )


def _plan_address(plan: Plan) -> str:
    return reverse("programme:plan", args=(plan.pk,))


def _done_words(plan: Any) -> str:
    return f"{plan.items_done}/{plan.items_total}" if plan.items_total else ""


def _late_words(plan: Any) -> object:
    return Sign("late", str(_("%(count)d 项逾期") % {"count": plan.items_late})) if plan.items_late else ""


def plan_listing() -> Listing:
    """Every plan that the reader may see."""
    return Listing(
        key="plans",
        title=pgettext_lazy("list", "工作方案"),
        search_label=_("搜索方案标题、文号"),
        columns=[
            Column("title", _("方案"), lambda p: p.title, sort="title", url=_plan_address),
            Column("kind", _("种类"), lambda p: p.get_kind_display(), sort="kind", css="short"),
            Column("number", _("文号"), lambda p: p.number, sort="number"),
            Column("starts", _("起"), lambda p: p.starts_on, sort="starts_on", css="short"),
            Column("ends", _("止"), lambda p: p.ends_on, sort="ends_on", css="short"),
            Column("items", _("完成事项"), _done_words, css="short"),
            Column("late", _("逾期"), _late_words, sort="items_late", css="short"),
            Column("state", _("状态"), plan_sign, sort="state", css="short"),
        ],
        filters=[
            Filter("kind", _("种类"), lambda: Plan.Kind.choices, lambda q, v: q.filter(kind=v)),
            Filter("state", _("状态"), lambda: Plan.State.choices, lambda q, v: q.filter(state=v)),
        ],
        search=lambda q, text: q.filter(Q(title__icontains=text) | Q(number__icontains=text)),
        default_sort="-starts",
        empty_title=_("还没有工作方案"),
        empty_hint=_("由创建办起草；征求意见、审定和印发后，成员单位在这里看到自己的事项。"),
    )


def _unit_choices(mine: frozenset[int]) -> list[tuple[str, str | Promise]]:
    units = Unit.objects.filter(plan_items__isnull=False).distinct().order_by("position")
    choices: list[tuple[str, str | Promise]] = [(unit.code, unit.shown_name) for unit in units]
    return [(MINE, _("我的单位")), *choices] if mine else choices


def _plan_choices(plans: QuerySet[Plan]) -> list[tuple[str, str]]:
    return [(str(pk), title) for pk, title in plans.order_by("-starts_on").values_list("pk", "title")[:50]]


def _task_titles() -> dict[int, str]:
    """Task id -> number and title in the newest version that prints it."""
    lines = TaskRow.objects.order_by("version__number").values_list("task", "number", "title")
    return {task: f"{number} {title}" for task, number, title in lines}


def item_listing(*, on: date, mine: frozenset[int], plans: QuerySet[Plan]) -> Listing:
    """Items of plans as somebody who reports for the units `mine` works with them on a day."""
    titles = _task_titles()

    def in_unit(items: QuerySet[Any], value: str) -> QuerySet[Any]:
        return items.filter(unit__in=mine) if value == MINE else items.filter(unit__code=value)

    return Listing(
        key="plan_items",
        title=pgettext_lazy("list", "方案事项"),
        search_label=_("搜索事项、方案、单位"),
        columns=[
            Column(
                "title",
                pgettext_lazy("plan", "事项"),
                lambda i: i.title,
                sort="title",
                url=lambda i: reverse("programme:plan_item", args=(i.pk,)),
            ),
            Column("plan", _("方案"), lambda i: i.plan.title, sort="plan__title", css="named"),
            Column("task", _("服务的任务"), lambda i: titles.get(i.task_id, "")),
            Column("unit", _("责任单位"), lambda i: i.unit.shown_name, sort="unit__position"),
            Column("due", _("完成期限"), lambda i: i.due_on, sort="due_on", css="short"),
            Column("done", _("完成日期"), lambda i: i.done_on, sort="done_on", css="short"),
            # What is still open comes first, the most pressing at the top.
            Column("light", _("状态"), lambda i: item_sign(i, on=on), sort="-state,due_on", css="short"),
        ],
        filters=[
            Filter("unit", _("责任单位"), lambda: _unit_choices(mine), in_unit),
            Filter("plan", _("方案"), lambda: _plan_choices(plans), lambda q, v: q.filter(plan=v)),
            Filter("light", _("状态"), lambda: Light.choices, lambda q, v: q.filter(light=v)),
            Filter("state", _("办理情况"), lambda: PlanItem.State.choices, lambda q, v: q.filter(state=v)),
        ],
        search=lambda q, text: q.filter(
            Q(title__icontains=text) | Q(plan__title__icontains=text) | Q(unit__name__icontains=text)
        ),
        default_sort="light",
        empty_title=_("没有方案事项"),
        empty_hint=_("方案印发后，其中的事项列在这里。"),
    )


def adjustment_listing(plans: QuerySet[Plan]) -> Listing:
    """Adjustments of issued plans, those that wait first."""
    return Listing(
        key="plan_adjustments",
        title=pgettext_lazy("list", "方案调整"),
        search_label=_("搜索事项、理由"),
        columns=[
            Column(
                "item",
                pgettext_lazy("plan", "事项"),
                lambda a: a.item.title if a.item else a.new_title,
                url=lambda a: reverse("programme:plan_adjustment", args=(a.pk,)),
            ),
            Column("plan", _("方案"), lambda a: a.plan.title, sort="plan__title"),
            Column("kind", _("调整内容"), lambda a: a.get_kind_display(), sort="kind", css="short"),
            Column("reason", _("理由"), lambda a: a.reason),
            Column("by", _("提出人"), lambda a: a.proposed_by.name, css="short"),
            Column("at", _("提出时间"), lambda a: a.proposed_at, sort="proposed_at", css="short"),
            Column("state", _("状态"), adjustment_sign, sort="state", css="short"),
        ],
        filters=[
            Filter("plan", _("方案"), lambda: _plan_choices(plans), lambda q, v: q.filter(plan=v)),
            Filter("kind", _("调整内容"), lambda: PlanAdjustment.Kind.choices, lambda q, v: q.filter(kind=v)),
            Filter("state", _("状态"), lambda: PlanAdjustment.State.choices, lambda q, v: q.filter(state=v)),
        ],
        search=lambda q, text: q.filter(
            Q(item__title__icontains=text) | Q(new_title__icontains=text) | Q(reason__icontains=text)
        ),
        default_sort="-at",
        empty_title=_("还没有方案调整"),
        empty_hint=_("责任单位或创建办可以在事项页提出调整。"),
    )


def review_listing(*, on: date) -> Listing:
    """Reviews of plans, the latest first."""
    return Listing(
        key="plan_reviews",
        title=pgettext_lazy("list", "自查总结"),
        search_label=_("搜索方案"),
        columns=[
            Column(
                "plan",
                _("方案"),
                lambda r: r.plan.title,
                sort="plan__title",
                url=lambda r: reverse("programme:plan_review", args=(r.pk,)),
            ),
            Column("period", _("期间"), lambda r: Period.parse(r.period).label, sort="period", css="short"),
            Column("due", _("提交期限"), lambda r: r.due_on, sort="due_on", css="short"),
            Column(
                "submitted",
                pgettext_lazy("plan", "提交时间"),
                lambda r: r.submitted_at,
                sort="submitted_at",
                css="short",
            ),
            Column("state", _("状态"), lambda r: review_sign(r, on=on), sort="state", css="short"),
        ],
        filters=[
            Filter(
                "state",
                _("状态"),
                lambda: [("late", _("逾期未提交")), *PlanReview.State.choices],
                lambda q, v: q.filter(state=PlanReview.State.OPEN, due_on__lt=on) if v == "late" else q.filter(state=v),
            )
        ],
        search=lambda q, text: q.filter(plan__title__icontains=text),
        default_sort="-due",
        empty_title=_("还没有自查总结"),
        empty_hint=_("每半年、每年期末后自动生成，按记录填好，由创建办补充评价后提交。"),
    )


def latest_first(adjustments: QuerySet[PlanAdjustment]) -> QuerySet[PlanAdjustment]:
    """With all that a line shows; those that were decided last come first."""
    return adjustments.select_related("item__unit", "plan", "proposed_by", "decided_by", "new_unit").order_by(
        F("decided_at").desc(nulls_first=True), "-pk"
    )
