"""甘特图 - the items of a plan (and of its stage plans) over time, as a drawing and as the table beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.programme.access import Reader, plan_items_visible_to
from chuangju.programme.lights import LightSign, item_sign, items_with_light
from chuangju.programme.models import Plan, PlanItem, TaskRow
from chuangju.programme.table_page import category_name


@dataclass(frozen=True)
class GanttLine:
    """An item on the time line: its group (stage plan or category), its span and its sign."""

    item: PlanItem
    group: str
    start: date
    end: date
    sign: LightSign

    @property
    def days(self) -> int:
        """How many days it takes, both ends counted."""
        return (self.end - self.start).days + 1


def gantt_lines(plan: Plan, *, user: Reader, by_category: bool, on: date) -> list[GanttLine]:
    """The items of a plan and its stage plans that somebody reads, grouped by plan or by category; two queries."""
    visible = plan_items_visible_to(user, on=on).exclude(state=PlanItem.State.DROPPED)
    members = visible.filter(plan=plan) | visible.filter(plan__parent=plan)
    items = items_with_light(members, on=on).select_related("plan", "unit", "task")
    rows = TaskRow.objects.filter(version=plan.version).select_related("category")
    groups = {row.task_id: (row.position, category_name(row.category)) for row in rows} if by_category else {}
    found = []
    for item in items:
        place, group = groups.get(item.task_id, (0, _("其他"))) if by_category else (0, item.plan.title)
        rank = (place,) if by_category else (item.plan.parent_id is not None, item.plan.starts_on, item.plan_id)
        # An item without a first day begins with its plan.
        start = min(item.starts_on or item.plan.starts_on, item.due_on)
        line = GanttLine(item, group, start, item.due_on, item_sign(item, on=on))
        found.append((rank, item.due_on, item.number, line))
    return [line for *_order, line in sorted(found, key=lambda each: each[:3])]


def gantt_svg(lines: list[GanttLine], *, today: date) -> str:
    """The drawing; empty where there is nothing to draw."""
    if not lines:
        return ""
    # The drawing engine takes a while to load, and few pages draw.
    from chuangju.papers.charts import GanttBar, gantt_chart  # noqa: PLC0415 - as said above

    bars = [
        GanttBar(
            label=f"{line.item.number}. {line.item.title}",
            start=line.start,
            end=line.end,
            state=line.sign.state,
            group=line.group,
        )
        for line in lines
    ]
    return gantt_chart(bars, today=today, language="en" if reads_english() else "zh")
