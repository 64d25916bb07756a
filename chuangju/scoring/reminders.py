"""评分提醒 - who is told that their scores are due or late: assessors, and whoever opened the panel.

Told on the working days that the parameters name, and on each working day after the last one; once a day and panel.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event
from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.working_days import is_working_day, working_days_between
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.panels import PanelRefused, lock_panel
from chuangju.scoring.parameters import read_parameters

OWN_PAGE = "/account/assessments/"


def remind_assessors(period: DutyPeriod) -> int:
    """Tell everybody whose scores are near or late; how many people were told."""
    if not is_working_day(period.on):
        return 0
    waiting = Assessment.objects.awaited().select_related("panel__opened_by", "assessor").order_by("panel", "assessor")
    panels: dict[Panel, Counter[User]] = {}
    for one in waiting:
        panels.setdefault(one.panel, Counter())[one.assessor] += 1
    return sum(_remind(panel, counts, on=period.on, at=period.at) for panel, counts in panels.items())


@transaction.atomic
def remind_now(panel: Panel, *, by: User, at: datetime) -> int:
    """Tell everybody of one panel whose scores are still awaited, at most once a day; how many. Raises PanelRefused."""
    fresh = lock_panel(panel, by=by, at=at)
    if fresh.state != Panel.State.SCORING:
        raise PanelRefused(_("评审还没有开始"))
    open_ones = Assessment.objects.filter(panel=fresh, state=Assessment.State.ASSIGNED).select_related("assessor")
    counts = Counter(one.assessor for one in open_ones.order_by("assessor"))
    if not counts:
        raise PanelRefused(_("没有待提交的评分，不需要催促"))
    today = timezone.localdate(at)
    told = sum(_tell(fresh, person, count, on=today, at=at) for person, count in counts.items())
    record_event("scoring.reminded", fresh, by=by, at=at, after={gettext_noop("提醒人数"): told})
    return told


def _remind(panel: Panel, counts: Counter[User], *, on: date, at: datetime) -> int:
    is_late = panel.due_on < on
    if not is_late and working_days_between(on, panel.due_on) not in read_parameters().remind_working_days:
        return 0
    told = sum(_tell(panel, person, count, on=on, at=at) for person, count in counts.items())
    if is_late and panel.opened_by is not None:
        notify(
            panel.opened_by,
            "scoring.late",
            panel,
            at=at,
            values={"panel": panel.title, "day": panel.due_on, "count": sum(counts.values())},
            address=f"/staff/panels/{panel.pk}/",
            once_key=f"scoring.late.{panel.pk}.{on}",
        )
    return told


def _tell(panel: Panel, person: User, count: int, *, on: date, at: datetime) -> int:
    key = "scoring.overdue" if panel.due_on < on else "scoring.due_soon"
    values = {"panel": panel.title, "day": panel.due_on, "count": count}
    once = f"{key}.{panel.pk}.{on}"
    told = notify(person, key, panel, at=at, values=values, address=OWN_PAGE, once_key=once)
    return int(told is not None)


REMINDING = Duty("scoring.reminders", _("提醒评审专家"), "day", remind_assessors, catches_up=False, order=60)
