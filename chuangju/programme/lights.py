"""灯 - the light of a row: computed from dates in the database, never typed.

A row's deadline is the earliest date still open: its next open milestone, or its own printed time limit while not
everything under it is done. Done rows have no deadline; rows without any date are 无时限, which is not 按期.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chuangju.kernel.working_days import add_working_days, working_days_between
from chuangju.programme.models import Milestone, TaskRow


class Light(models.TextChoices):
    """灯 of a row or a milestone, worst first."""

    LATE = "late", gettext_lazy("逾期")
    SOON = "soon", gettext_lazy("临近时限")
    ON_TIME = "good", gettext_lazy("按期")
    UNDATED = "flat", gettext_lazy("无时限")
    DONE = "done", gettext_lazy("已完成")


@dataclass(frozen=True)
class LightSign:
    """What a page shows: the state (a Light value) and the sentence beside it."""

    state: str
    text: str


# From a printed row to the steps under its measures; steps under measures that a version no longer prints stay out.
STEPS = "measure_rows__measure__milestones"


def soon_until(on: date) -> date:
    """The last day that counts as near (临近时限), `SOON_WORKING_DAYS` working days ahead."""
    return add_working_days(on, settings.SOON_WORKING_DAYS)


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


def rows_with_progress(rows: QuerySet[TaskRow], *, on: date) -> QuerySet[Any]:
    """Rows with `milestones_total`, `milestones_done`, `deadline` (date or None) and `light` as seen on that day."""
    done, still_open = Milestone.State.DONE, Milestone.State.OPEN
    everything_done = Q(milestones_total__gt=0, milestones_done=F("milestones_total"))
    return (
        rows.annotate(
            milestones_total=Count(STEPS, filter=Q(**{f"{STEPS}__state__in": (done, still_open)})),
            milestones_done=Count(STEPS, filter=Q(**{f"{STEPS}__state": done})),
            next_due=Min(f"{STEPS}__due_on", filter=Q(**{f"{STEPS}__state": still_open})),
        )
        .annotate(
            deadline=Case(
                When(everything_done, then=Value(None)),
                When(next_due__isnull=True, then=F("due_on")),
                When(due_on__isnull=True, then=F("next_due")),
                default=Least("next_due", "due_on"),
                output_field=models.DateField(),
            ),
        )
        .annotate(light=_light_case(on, is_done=everything_done))
    )


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


def sign_of(light: str, deadline: date | None, *, on: date) -> LightSign:
    """The words beside a light: how many working days are left or gone."""
    if light == Light.LATE and deadline:
        gone = max(1, working_days_between(deadline, on))
        return LightSign(light, ngettext("逾期 %(days)d 个工作日", "逾期 %(days)d 个工作日", gone) % {"days": gone})
    if light == Light.SOON and deadline:
        left = working_days_between(on, deadline)
        if left <= 0:
            return LightSign(light, _("今天到期") if deadline == on else _("下一工作日前到期"))
        return LightSign(light, ngettext("剩 %(days)d 个工作日", "剩 %(days)d 个工作日", left) % {"days": left})
    return LightSign(light, str(Light(light).label))
