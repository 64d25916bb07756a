"""灯 - the light of a row: computed from dates in the database, never typed.

A row's deadline is the earliest date still open: its next open milestone, the next open item of a plan in force, or its
own printed time limit while not everything under it is done. Done rows have no deadline; rows without any date are
无时限, which is not 按期.

A milestone or printed date that is past makes the row red at once. An item of a plan that is late by at most
`PLAN_LATE_WORKING_DAYS` makes it amber, with the sentence which item it is; later than that it is red as well.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chuangju.kernel.working_days import add_working_days, is_span_provisional, working_days_between
from chuangju.programme.models import Milestone, Plan, PlanItem, TaskRow


class Light(models.TextChoices):
    """灯 of a row or a milestone, worst first."""

    LATE = "late", gettext_lazy("逾期")
    SOON = "soon", gettext_lazy("临近时限")
    ON_TIME = "good", gettext_lazy("按期")
    UNDATED = "flat", gettext_lazy("无时限")
    DONE = "done", gettext_lazy("已完成")


@dataclass(frozen=True)
class LightSign:
    """What a page shows: the state (a Light value), the words beside it, and what exactly is late where that helps."""

    state: str
    text: str
    detail: str = ""


# From a printed row to the steps under its measures; steps under measures that a version no longer prints stay out.
STEPS = "measure_rows__measure__milestones"


def soon_until(on: date) -> date:
    """The last day that counts as near (临近时限), `SOON_WORKING_DAYS` working days ahead."""
    return add_working_days(on, settings.SOON_WORKING_DAYS)


def red_from(on: date) -> date:
    """Items of plans that were due before this day are late beyond what is borne with (amber), and turn a row red."""
    # From the day after, so that the count begins with `on` itself, be it a working day or not.
    return add_working_days(on + timedelta(days=1), -settings.PLAN_LATE_WORKING_DAYS - 1)


def _light_case(on: date, *, is_done: Q) -> Case:
    """The light from the column `deadline`."""
    return Case(
        When(is_done, then=Value(Light.DONE)),
        When(deadline__isnull=True, then=Value(Light.UNDATED)),
        When(deadline__lt=on, then=Value(Light.LATE)),
        When(deadline__lte=soon_until(on), then=Value(Light.SOON)),
        default=Value(Light.ON_TIME),
        output_field=models.CharField(),
    )


def _row_light_case(on: date, *, is_done: Q) -> Case:
    """The light of a row: its own steps as ever, and the items of plans with what is borne of their lateness."""
    return Case(
        When(is_done, then=Value(Light.DONE)),
        When(deadline__isnull=True, then=Value(Light.UNDATED)),
        When(Q(step_deadline__lt=on) | Q(item_due__lt=red_from(on)), then=Value(Light.LATE)),
        When(deadline__lte=soon_until(on), then=Value(Light.SOON)),
        default=Value(Light.ON_TIME),
        output_field=models.CharField(),
    )


def _items_of_row(**narrowed: Any) -> QuerySet[PlanItem]:
    """The items of plans in force that serve the row's task."""
    return PlanItem.objects.filter(task=OuterRef("task"), plan__state=Plan.State.ISSUED, **narrowed).order_by()


def _item_count(*states: str) -> Coalesce:
    """How many of them there are: asked apart, so that they do not multiply the row's milestones."""
    counted = _items_of_row(state__in=states).values("task").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), Value(0))


def _earliest(one: str, other: str) -> Case:
    """The earlier of two dates of which either may be missing (the databases differ on LEAST with a NULL)."""
    return Case(
        When(**{f"{one}__isnull": True}, then=F(other)),
        When(**{f"{other}__isnull": True}, then=F(one)),
        default=Least(one, other),
        output_field=models.DateField(),
    )


def rows_with_progress(rows: QuerySet[TaskRow], *, on: date) -> QuerySet[Any]:
    """Rows as seen on a day, with `milestones_total` and `_done`, `items_total` and `_done`, `deadline` (date or None),
    `late_item` (the title of the plan's item that has been late longest, or None) and `light`.
    """
    done, still_open = Milestone.State.DONE, Milestone.State.OPEN
    item_open, item_done = PlanItem.State.OPEN, PlanItem.State.DONE
    first_item = _items_of_row(state=item_open).order_by("due_on", "pk")
    everything_done = (
        (Q(milestones_total__gt=0) | Q(items_total__gt=0))
        & Q(milestones_done=F("milestones_total"))
        & Q(items_done=F("items_total"))
    )
    return (
        rows.annotate(
            milestones_total=Count(STEPS, filter=Q(**{f"{STEPS}__state__in": (done, still_open)})),
            milestones_done=Count(STEPS, filter=Q(**{f"{STEPS}__state": done})),
            next_due=Min(f"{STEPS}__due_on", filter=Q(**{f"{STEPS}__state": still_open})),
            items_total=_item_count(item_open, item_done),
            items_done=_item_count(item_done),
            item_due=Subquery(first_item.values("due_on")[:1]),
            late_item=Subquery(first_item.filter(due_on__lt=on).values("title")[:1]),
        )
        .annotate(
            step_deadline=Case(
                When(everything_done, then=Value(None)),
                default=_earliest("next_due", "due_on"),
                output_field=models.DateField(),
            ),
        )
        .annotate(
            deadline=Case(
                When(everything_done, then=Value(None)),
                default=_earliest("step_deadline", "item_due"),
                output_field=models.DateField(),
            ),
        )
        .annotate(light=_row_light_case(on, is_done=everything_done))
    )


def items_with_light(items: QuerySet[PlanItem], *, on: date) -> QuerySet[Any]:
    """Items of plans with `deadline` and `light` as seen on that day: late is late, whatever a row bears with."""
    in_force = Q(state=PlanItem.State.OPEN, plan__state=Plan.State.ISSUED)
    return items.annotate(
        deadline=Case(When(in_force, then=F("due_on")), default=Value(None), output_field=models.DateField())
    ).annotate(light=_light_case(on, is_done=Q(state=PlanItem.State.DONE)))


def milestones_with_light(milestones: QuerySet[Milestone], *, on: date) -> QuerySet[Any]:
    """Milestones with `deadline` and `light` as seen on that day; dropped ones are 无时限."""
    return milestones.annotate(
        deadline=Case(
            When(state=Milestone.State.OPEN, then=F("due_on")), default=Value(None), output_field=models.DateField()
        )
    ).annotate(light=_light_case(on, is_done=Q(state=Milestone.State.DONE)))


def tally_lights(rows: QuerySet[Any]) -> Counter[tuple[int | None, str]]:
    """How many rows there are of each (category id, light); one query."""
    return Counter(rows.order_by("pk").values_list("category", "light"))


def light_counts(tally: Counter[tuple[int | None, str]]) -> dict[str, int]:
    """How many rows show each light; every light is a key."""
    return {light.value: sum(n for (_category, shown), n in tally.items() if shown == light) for light in Light}


def row_sign(row: Any, *, on: date) -> LightSign:
    """The sign of a row from `rows_with_progress`; where an item of a plan is what is late, it is named."""
    sign = sign_of(row.light, row.deadline, on=on)
    if row.late_item and row.item_due == row.deadline:
        return LightSign(
            sign.state, sign.text, _("方案事项“%(title)s”%(late)s") % {"title": row.late_item, "late": sign.text}
        )
    return sign


def item_sign(item: Any, *, on: date) -> LightSign:
    """The sign of an item from `items_with_light` whose plan is known; open ones of plans not in force have no light."""
    if item.state == PlanItem.State.DROPPED:
        return LightSign("flat", str(item.get_state_display()))
    if item.state == PlanItem.State.OPEN and not item.plan.is_issued:
        return LightSign("flat", _("未完成") if item.plan.was_issued else _("未印发"))
    return sign_of(item.light, item.deadline, on=on)


def sign_of(light: str, deadline: date | None, *, on: date) -> LightSign:
    """The words beside a light: how many working days are left or gone."""
    if deadline and deadline < on and light in {Light.LATE, Light.SOON}:
        gone = max(1, working_days_between(deadline, on))
        return LightSign(light, ngettext("逾期 %(days)d 个工作日", "逾期 %(days)d 个工作日", gone) % {"days": gone})
    if light == Light.SOON and deadline:
        left = working_days_between(on, deadline)
        if left <= 0:
            return LightSign(light, _("今天到期") if deadline == on else _("下一工作日前到期"))
        text = ngettext("剩 %(days)d 个工作日", "剩 %(days)d 个工作日", left) % {"days": left}
        # The count crosses a year whose holiday notice is not in yet, and may change with it.
        is_provisional = is_span_provisional(on, deadline)
        return LightSign(light, _("%(text)s（暂定）") % {"text": text} if is_provisional else text)
    return LightSign(light, str(Light(light).label))
