"""What plans add to the navigation, and the words for what their audit events say."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.addresses import address_of
from chuangju.programme.access import (
    asked_units_visible_to,
    can_decide_plans,
    can_manage_table,
    own_plan_items,
    plans_visible_to,
    reporting_unit_ids,
    reviews_visible_to,
)
from chuangju.programme.models import ConsultedUnit, Plan, PlanAdjustment, PlanReview
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection

ACTIONS: dict[str, str | Promise] = {
    "programme.plan_drafted": _("起草方案"),
    "programme.plan_changed": _("修改方案信息"),
    "programme.plan_discarded": _("删除方案草稿"),
    "programme.plan_section_added": _("添加方案章节"),
    "programme.plan_section_changed": _("编写方案章节"),
    "programme.plan_section_removed": _("删除方案章节"),
    "programme.plan_item_added": _("添加方案事项"),
    "programme.plan_item_changed": _("修改方案事项"),
    "programme.plan_item_removed": _("删除方案事项"),
    "programme.plan_item_reported": _("填报方案事项"),
    "programme.plan_item_completed": _("方案事项完成"),
    "programme.plan_item_reopened": _("恢复方案事项"),
    "programme.plan_item_adjusted": _("按批准的调整修改事项"),
    "programme.plan_round_opened": _("发出征求意见"),
    "programme.plan_round_answered": _("反馈征求意见"),
    "programme.plan_round_extended": _("延长征求意见期限"),
    "programme.plan_round_closed": _("截止征求意见"),
    "programme.plan_sent_round": _("方案进入征求意见"),
    "programme.plan_collected": _("方案进入汇总意见"),
    "programme.opinion_given": _("提出意见"),
    "programme.opinion_taken_back": _("撤回意见"),
    "programme.opinion_decided": _("写明采纳情况"),
    "programme.plan_submitted": _("提请审定"),
    "programme.plan_approved": _("审定方案"),
    "programme.plan_returned": _("退回方案"),
    "programme.plan_taken_back": _("收回方案"),
    "programme.plan_issued": _("印发方案"),
    "programme.plan_superseded": _("方案被替代"),
    "programme.plan_issue_withdrawn": _("撤销方案的印发"),
    "programme.plan_reinstated": _("恢复被替代的方案"),
    "programme.plan_ended": _("结束方案"),
    "programme.adjustment_proposed": _("提出方案调整"),
    "programme.adjustment_approved": _("批准方案调整"),
    "programme.adjustment_rejected": _("不批准方案调整"),
    "programme.adjustment_withdrawn": _("撤回方案调整"),
    "programme.review_opened": _("生成自查总结"),
    "programme.review_written": _("撰写自查总结"),
    "programme.review_submitted": _("提交自查总结"),
    "programme.review_noted": _("阅示自查总结"),
    "programme.review_returned": _("退回自查总结"),
    "programme.feed_opened": _("生成日历订阅地址"),
    "programme.feed_revoked": _("停用日历订阅地址"),
}


def plan_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """What waits for this very reader: to be answered, done, decided on or written."""
    on = timezone.localdate(context.at)
    mine = reporting_unit_ids(context.user, on=on)
    manages, decides = can_manage_table(context.user, on=on), can_decide_plans(context.user, on=on)
    counted: dict[str, QuerySet[Any]] = {}
    if mine:
        items = own_plan_items(context.user, on=on)
        counted["plans.asked"] = asked_units_visible_to(context.user, on=on).filter(
            unit__in=mine, answer=ConsultedUnit.Answer.WAITING, round__closed_at__isnull=True
        )
        counted |= {"plans.items": items, "plans.items_late": items.filter(due_on__lt=on)}
    if decides:
        counted["plans.proposed"] = plans_visible_to(context.user, on=on).filter(state=Plan.State.PROPOSED)
    if manages or decides:
        reviews = reviews_visible_to(context.user, on=on)
        wanted = PlanReview.State.OPEN if manages else PlanReview.State.SUBMITTED
        counted["plans.adjustments"] = PlanAdjustment.objects.filter(state=PlanAdjustment.State.PROPOSED)
        counted["plans.reviews"] = reviews.filter(state=wanted)
        counted["plans.reviews_late"] = reviews.filter(state=PlanReview.State.OPEN, due_on__lt=on)
    return counted


def _link(context: MenuContext, label: str | Promise, name: str, key: str, *counted: str, late: str = "") -> MenuLink:
    """A link with the sum of its numbers, red where something of it is late."""
    total = sum(context.tally(one) for one in counted)
    tone: Literal["", "late"] = "late" if late and context.tally(late) else ""
    return MenuLink(label, reverse(f"programme:{name}"), str(total or ""), tone, key)


def _office_links(context: MenuContext) -> list[MenuLink]:
    """Adjustments and reviews, for those who decide on them or write them."""
    on = timezone.localdate(context.at)
    if not can_manage_table(context.user, on=on) and not can_decide_plans(context.user, on=on):
        return []
    adjustments, reviews = pgettext_lazy("list", "方案调整"), pgettext_lazy("list", "自查总结")
    return [
        _link(context, adjustments, "plan_adjustment_list", "plan-adjustments", "plans.adjustments"),
        _link(context, reviews, "plan_review_list", "plan-reviews", "plans.reviews", late="plans.reviews_late"),
    ]


def plan_links(context: MenuContext) -> list[MenuLink]:
    """Plans, their items and dates; adjustments and reviews for office and leaders."""
    items = pgettext_lazy("list", "方案事项")
    return [
        _link(context, pgettext_lazy("list", "工作方案"), "plan_list", "plans", "plans.asked", "plans.proposed"),
        _link(context, items, "plan_item_list", "plan-items", "plans.items", late="plans.items_late"),
        _link(context, _("方案日程"), "plan_calendar", "plan-calendar"),
        *_office_links(context),
    ]


def public_links(_context: MenuContext) -> list[MenuLink]:
    """Issued plans that are open to all."""
    return [MenuLink(pgettext_lazy("list", "工作方案"), address_of("programme:public_plan_list"), key="public-plans")]


SECTIONS = (
    MenuSection("programme.plans", pgettext_lazy("list", "工作方案"), 15, "staff", plan_links),
    MenuSection("programme.public_plans", "", 30, "public", public_links),
)
