"""What plans count for: plans issued, items done on time and late, reviews handed in on time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.indicators.metrics import ALL_TASKS, Evidence, EvidenceRecords, Metric, MetricScope, percentage
from chuangju.kernel.periods import Period
from chuangju.programme.models import Plan, PlanItem, PlanReview
from chuangju.programme.plan_content import plan_settings
from chuangju.programme.plan_messages import plan_address


def _plans(scope: MetricScope) -> QuerySet[Plan]:
    """Plans that had been issued by the day."""
    return Plan.objects.filter(state__in=Plan.PAST_ISSUE, issued_on__lte=scope.on).order_by("issued_on", "pk")


def _items(scope: MetricScope) -> QuerySet[PlanItem]:
    """Items of issued plans within the scope, those given up left out."""
    found = PlanItem.objects.filter(plan__state__in=Plan.PAST_ISSUE, plan__issued_on__lte=scope.on)
    found = scope.narrow(found.exclude(state=PlanItem.State.DROPPED), task="task")
    return found.select_related("unit", "plan").order_by("due_on", "pk")


def _done(scope: MetricScope) -> QuerySet[PlanItem]:
    return _items(scope).filter(state=PlanItem.State.DONE, done_on__lte=scope.on)


def _on_time(scope: MetricScope) -> QuerySet[PlanItem]:
    return _done(scope).filter(done_on__lte=F("due_on"))


def _late(scope: MetricScope) -> QuerySet[PlanItem]:
    return _items(scope).filter(state=PlanItem.State.OPEN, due_on__lt=scope.on, plan__state=Plan.State.ISSUED)


def _rate(scope: MetricScope) -> Decimal | None:
    """Done on time of all done; nothing done is no value, not zero."""
    return percentage(scope.count(_on_time(scope)), of=scope.count(_done(scope)))


def _reviews(scope: MetricScope) -> QuerySet[PlanReview]:
    """Reviews that were handed in no later than their date, by the day."""
    found = PlanReview.objects.filter(submitted_at__isnull=False, submitted_at__date__lte=scope.on)
    return found.filter(submitted_at__date__lte=F("due_on")).select_related("plan").order_by("due_on", "pk")


def _plan_evidence(plan: Plan) -> Evidence:
    return Evidence(f"{plan.title} {plan.number}", plan.issued_on, plan_address(plan), str(plan.get_kind_display()))


def _item_evidence(item: Any) -> Evidence:
    address = reverse("programme:plan_item", args=(item.pk,))
    return Evidence(item.title, item.done_on or item.due_on, address, item.unit.shown_name)


def _review_evidence(review: Any) -> Evidence:
    label = f"{review.plan.title} {Period.parse(review.period).label}"
    address = reverse("programme:plan_review", args=(review.pk,))
    return Evidence(label, timezone.localdate(review.submitted_at), address, "")


METRICS = (
    Metric(
        key="programme.plans_issued",
        label=_("已印发工作方案"),
        definition=_("经领导小组审定并印发的总体方案和阶段方案数。"),
        unit=pgettext_lazy("plans", "份"),
        compute=lambda scope: scope.count(_plans(scope)),
        evidence=lambda scope: EvidenceRecords(_plans(scope), _plan_evidence),
        is_public=True,
        task_codes=plan_settings().tasks,
        formula=_("印发日期不晚于统计日的方案计数，已被替代和已结束的也计。"),
        owner=_("创建办"),
        order=110,
    ),
    Metric(
        key="programme.plan_items_on_time",
        label=_("按期完成的方案事项"),
        definition=_("不晚于完成期限（含经批准调整的期限）完成的方案事项数。"),
        unit=pgettext_lazy("plan items", "项"),
        compute=lambda scope: scope.count(_on_time(scope)),
        evidence=lambda scope: EvidenceRecords(_on_time(scope), _item_evidence),
        task_codes=ALL_TASKS,
        formula=_("已印发方案中状态为已完成、且完成日期不晚于完成期限和统计日的事项计数，已取消的不计。"),
        owner=_("创建办"),
        by_unit=True,
        order=120,
    ),
    Metric(
        key="programme.plan_items_on_time_rate",
        label=_("方案事项按期完成率"),
        definition=_("已完成的方案事项中，按期完成的比例。"),
        unit=_("%"),
        compute=_rate,
        evidence=lambda scope: EvidenceRecords(_done(scope), _item_evidence),
        task_codes=ALL_TASKS,
        formula=_("按期完成的事项数 ÷ 已完成的事项数 × 100，保留一位小数；没有已完成事项时不出数。"),
        owner=_("创建办"),
        by_unit=True,
        order=130,
    ),
    Metric(
        key="programme.plan_items_late",
        label=_("逾期方案事项"),
        definition=_("正在执行的方案中，过了完成期限仍未完成的事项数。"),
        unit=pgettext_lazy("plan items", "项"),
        compute=lambda scope: scope.count(_late(scope)),
        evidence=lambda scope: EvidenceRecords(_late(scope), _item_evidence),
        task_codes=ALL_TASKS,
        formula=_("已印发、未结束的方案中状态为推进中、且完成期限早于统计日的事项计数。"),
        owner=_("创建办"),
        by_unit=True,
        order=140,
    ),
    Metric(
        key="programme.plan_reviews_on_time",
        label=_("按时提交的自查总结"),
        definition=_("不晚于提交期限提交的半年和年度自查总结数。"),
        unit=pgettext_lazy("reviews", "份"),
        compute=lambda scope: scope.count(_reviews(scope)),
        evidence=lambda scope: EvidenceRecords(_reviews(scope), _review_evidence),
        task_codes=plan_settings().tasks,
        formula=_("提交日期不晚于提交期限和统计日的自查总结计数。"),
        owner=_("创建办"),
        order=150,
    ),
)
