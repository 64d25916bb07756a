"""What the table's own records count for: steps closed and late, notes written, measures that nothing serves yet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.indicators.metrics import ALL_TASKS, Evidence, EvidenceRecords, Metric, MetricScope, percentage
from chuangju.kernel.languages import reads_english
from chuangju.programme.models import MeasureRow, Milestone, ProgressNote, TableVersion, TaskRow

CURRENT = TableVersion.State.CURRENT


def task_names() -> list[tuple[str, str]]:
    """Every task that a figure can be asked for: those in force with their number, then those that were once printed."""
    lines = TaskRow.objects.order_by("-version__number", "position").values_list(
        "task__code", "task__title_en", "number", "title", "version__state"
    )
    names: dict[str, str] = {}
    for code, title_en, number, title, state in lines:
        shown = (title_en if reads_english() else "") or title
        names.setdefault(code, f"{number} {shown}" if state == CURRENT else shown)
    return list(names.items())


def _milestones(scope: MetricScope) -> QuerySet[Milestone]:
    """The steps of the table in force within the scope, those given up left out."""
    found = Milestone.objects.filter(measure__rows__row__version__state=CURRENT).exclude(state=Milestone.State.DROPPED)
    return scope.narrow(found, task="measure__task").select_related("unit", "measure__task").order_by("due_on", "pk")


def _done(scope: MetricScope) -> QuerySet[Milestone]:
    return _milestones(scope).filter(state=Milestone.State.DONE, done_on__lte=scope.on)


def _late(scope: MetricScope) -> QuerySet[Milestone]:
    return _milestones(scope).filter(state=Milestone.State.OPEN, due_on__lt=scope.on)


def _notes(scope: MetricScope) -> QuerySet[ProgressNote]:
    found = scope.narrow(ProgressNote.objects.filter(withdrawn_at__isnull=True, at__date__lte=scope.on), task="task")
    return found.select_related("unit", "task").order_by("-at", "-pk")


def _unserved(scope: MetricScope) -> QuerySet[MeasureRow]:
    """Printed measures under which no step stands."""
    served = Milestone.objects.exclude(state=Milestone.State.DROPPED).values("measure")
    found = MeasureRow.objects.filter(row__version__state=CURRENT).exclude(measure__in=served)
    if scope.task_code is not None:
        found = found.filter(row__task__code=scope.task_code)
    return found.select_related("row__task").order_by("row__position", "position")


def _rate(scope: MetricScope) -> Decimal | None:
    """Steps done of all; nothing to count is no value, not zero."""
    return percentage(scope.count(_done(scope)), of=scope.count(_milestones(scope)))


def _milestone_evidence(milestone: Milestone) -> Evidence:
    address = reverse("programme:task", args=(milestone.measure.task.code,)) + f"#milestone-{milestone.pk}"
    return Evidence(milestone.title, milestone.done_on or milestone.due_on, address, milestone.unit.shown_name)


def _note_evidence(note: ProgressNote) -> Evidence:
    address = reverse("programme:task", args=(note.task.code,)) + f"#note-{note.pk}"
    return Evidence(str(note), timezone.localdate(note.at), address, note.unit.shown_name)


def _measure_evidence(line: Any) -> Evidence:
    return Evidence(line.text[:80], None, reverse("programme:task", args=(line.row.task.code,)), line.row.lead_printed)


METRICS = (
    Metric(
        key="programme.milestones_done",
        label=_("已完成落实节点"),
        definition=_("现行任务分解表各项举措下已确认完成的落实节点数。"),
        unit=_("个"),
        compute=lambda scope: scope.count(_done(scope)),
        evidence=lambda scope: EvidenceRecords(_done(scope), _milestone_evidence),
        is_public=True,
        task_codes=ALL_TASKS,
        formula=_("状态为已完成、且完成日期不晚于统计日的落实节点计数，已取消的不计。"),
        owner=_("创建办"),
        by_unit=True,
        order=10,
    ),
    Metric(
        key="programme.completion_rate",
        label=_("落实节点完成率"),
        definition=_("已完成的落实节点占全部落实节点的比例。"),
        unit=_("%"),
        compute=_rate,
        evidence=lambda scope: EvidenceRecords(_milestones(scope), _milestone_evidence),
        is_public=True,
        task_codes=ALL_TASKS,
        formula=_("已完成节点数 ÷ 全部节点数（已取消的不计）× 100，保留一位小数；没有节点时不出数。"),
        owner=_("创建办"),
        by_unit=True,
        order=20,
    ),
    Metric(
        key="programme.milestones_late",
        label=_("逾期落实节点"),
        definition=_("过了完成期限仍未完成的落实节点数。"),
        unit=_("个"),
        compute=lambda scope: scope.count(_late(scope)),
        evidence=lambda scope: EvidenceRecords(_late(scope), _milestone_evidence),
        task_codes=ALL_TASKS,
        formula=_("状态为推进中、且完成期限早于统计日的落实节点计数。"),
        owner=_("创建办"),
        by_unit=True,
        order=30,
    ),
    Metric(
        key="programme.notes",
        label=pgettext_lazy("list", "进展记录"),
        definition=_("各单位填报的进展记录数。"),
        unit=_("条"),
        compute=lambda scope: scope.count(_notes(scope)),
        evidence=lambda scope: EvidenceRecords(_notes(scope), _note_evidence),
        task_codes=ALL_TASKS,
        formula=_("统计日及以前填报、未撤回的进展记录计数。"),
        owner=_("创建办"),
        by_unit=True,
        order=40,
    ),
    Metric(
        key="programme.measures_without_milestones",
        label=_("尚无落实节点的举措"),
        definition=_("现行任务分解表中还没有任何落实节点的推进举措数，即表上写了、尚未安排的工作。"),
        unit=_("条"),
        compute=lambda scope: scope.count(_unserved(scope)),
        evidence=lambda scope: EvidenceRecords(_unserved(scope), _measure_evidence),
        formula=_("现行版本的推进举措中，其下没有未取消落实节点的计数。"),
        owner=_("创建办"),
        order=50,
    ),
)
