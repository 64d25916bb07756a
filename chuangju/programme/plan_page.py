"""方案页 - one plan with its items, figures, rounds and stages, gathered for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangju.programme.access import Reader, plans_visible_to, rounds_visible_to
from chuangju.programme.lights import LightSign, item_sign, items_with_light
from chuangju.programme.models import ConsultedUnit, Opinion, Plan, PlanAdjustment, PlanItem
from chuangju.programme.plan_content import task_titles
from chuangju.programme.plan_listing import plans_with_progress
from chuangju.ui.signs import Figure


@dataclass(frozen=True)
class PlanLine:
    """An item of a plan with its light, and its task as printed."""

    item: Any
    sign: LightSign
    task_title: str


def plan_lines(plan: Plan, *, on: date) -> list[PlanLine]:
    """The items of a plan by number, those given up at the end; two queries."""
    titles = task_titles(plan.version)
    items = items_with_light(plan.items.all(), on=on).select_related("unit", "task", "plan").order_by("number")
    lines = [PlanLine(item, item_sign(item, on=on), titles.get(item.task_id, item.task.code)) for item in items]
    return sorted(lines, key=lambda line: line.item.state == PlanItem.State.DROPPED)


def progress_of(items: Iterable[PlanItem]) -> Decimal | None:
    """How much of a plan is done, by weight, in percent with one decimal; None where it has nothing to do."""
    counted = [item for item in items if item.state != PlanItem.State.DROPPED]
    total = sum(item.weight for item in counted)
    done = sum(item.weight for item in counted if item.state == PlanItem.State.DONE)
    return (Decimal(done) * 100 / total).quantize(Decimal("0.1")) if total else None


def plan_figures(plan: Plan, lines: list[PlanLine], *, on: date) -> list[Figure]:
    """The strip over an issued plan: items done and late, progress by weight, how often it was adjusted."""
    if not plan.was_issued:
        return []
    items = [line.item for line in lines]
    late = sum(plan.is_issued and item.is_late_on(on) for item in items)
    done = sum(item.state == PlanItem.State.DONE for item in items)
    in_force = sum(item.state != PlanItem.State.DROPPED for item in items)
    adjusted = plan.adjustments.filter(state=PlanAdjustment.State.APPROVED).count()
    listed = reverse("programme:plan_item_list")
    late_url = f"{listed}?{urlencode({'plan': str(plan.pk), 'light': 'late'})}" if late else ""
    progress = progress_of(items)
    return [
        Figure(_("完成事项"), f"{done}/{in_force}", pgettext("plan items", "项")),
        Figure(_("完成进度（按权重）"), progress if progress is not None else "—", "%" if progress is not None else ""),
        Figure(_("逾期事项"), late, pgettext("plan items", "项"), "late" if late else "", late_url),
        Figure(
            _("已调整"),
            adjusted,
            _("次"),
            "",
            f"{reverse('programme:plan_adjustment_list')}?{urlencode({'plan': plan.pk})}",
        ),
    ]


def rounds_of(plan: Plan, *, user: Reader, on: date) -> QuerySet[Any]:
    """The rounds that somebody sees, newest first, with how many were asked, answered, and how many opinions wait."""
    pending = Q(asked__opinions__result=Opinion.Result.PENDING)
    answered = Q(asked__answer__in=(ConsultedUnit.Answer.OPINIONS, ConsultedUnit.Answer.NO_OPINION))
    return (
        rounds_visible_to(user, on=on)
        .filter(plan=plan)
        .annotate(
            asked_count=Count("asked", distinct=True),
            answered_count=Count("asked", filter=answered, distinct=True),
            opinion_count=Count("asked__opinions", distinct=True),
            pending_count=Count("asked__opinions", filter=pending, distinct=True),
        )
        .order_by("-number")
    )


def stages_of(plan: Plan, *, user: Reader, on: date) -> QuerySet[Any]:
    """The stage plans of an overall plan that somebody sees, in the order of time."""
    return plans_with_progress(plans_visible_to(user, on=on).filter(parent=plan), on=on).order_by("starts_on", "pk")
