"""The indicators with their values of today, and each with the records behind it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.indicators.metrics import (
    Metric,
    MetricKind,
    MetricScope,
    metrics_visible_to,
    reading_of,
    readings_of,
    tasks_served_by,
)
from chuangju.ui.list_views import export_response, list_state, render_list
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.units.access import units_visible_to
from chuangju.units.models import Unit
from chuangju.units.permissions import staff_required


def _search_readings(readings: Any, text: str) -> Any:
    """The readings whose metric holds the text; a list of readings is no queryset, so it is searched here."""
    wanted = text.casefold()
    return [
        reading
        for reading in readings
        if wanted in f"{reading.metric.label} {reading.metric.definition} {reading.metric.owner}".casefold()
    ]


def _of_kind(readings: Any, kind: str) -> Any:
    return [reading for reading in readings if reading.metric.kind == kind]


INDICATORS = Listing(
    key="indicators",
    title=_("指标"),
    columns=(
        Column(
            "label",
            pgettext_lazy("one", "指标"),
            lambda reading: reading.metric.label,
            sort="label",
            url=lambda reading: reverse("indicators:indicator_detail", args=[reading.metric.key]),
        ),
        Column(
            "value", _("数值"), lambda reading: reading.value, template="indicators/value_cell.html", css="right short"
        ),
        Column("unit", _("计量单位"), lambda reading: reading.metric.unit, css="short"),
        Column("on", _("截至"), lambda reading: reading.on, css="short"),
        Column("kind", _("来源"), lambda reading: reading.metric.kind.label),
        Column("owner", _("负责单位"), lambda reading: reading.metric.owner),
    ),
    filters=(Filter("kind", _("来源"), lambda: MetricKind.choices, _of_kind),),
    search=_search_readings,
    search_label=_("搜索指标"),
    empty_title=_("没有符合条件的指标"),
    empty_hint=_("换一个关键词，或清除筛选条件。"),
)


@staff_required
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator with its value as of today."""
    on = timezone.localdate()
    scope = MetricScope(on=on)
    readings = readings_of(metrics_visible_to(request.user, on=on), scope)
    return render_list(request, INDICATORS, readings, template="indicators/indicator_list.html", context={"on": on})


def _evidence_listing(metric: Metric, units: dict[str, Unit], tasks: dict[str, str]) -> Listing:
    """The records behind a figure; the scope narrows them, so the filters only show what was chosen."""
    filters = []
    if units:
        names = [(code, unit.shown_name) for code, unit in units.items()]
        filters.append(Filter("unit", _("责任单位"), lambda: names, lambda rows, _code: rows))
    if tasks:
        filters.append(Filter("task", _("工作任务"), tasks.items, lambda rows, _code: rows))
    return Listing(
        key=f"evidence-{metric.key}",
        title=metric.label,
        columns=(
            Column("label", _("依据"), lambda record: record.label, url=lambda record: record.address),
            Column("day", _("日期"), lambda record: record.day, css="short"),
            Column("holder", _("记录单位"), lambda record: record.holder),
        ),
        filters=filters,
        empty_title=_("目前没有记录"),
        empty_hint=_("有了对应的记录，这里会自动列出，无需填报。"),
    )


@staff_required
def indicator_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: its value, what it means, how it is worked out, and every record behind it."""
    on = timezone.localdate()
    metric = next((each for each in metrics_visible_to(request.user, on=on) if each.key == key), None)
    if metric is None:
        raise Http404
    seen = units_visible_to(request.user).order_by("position", "code") if metric.by_unit else ()
    units, tasks = {unit.code: unit for unit in seen}, dict(tasks_served_by(metric))
    unit, task = units.get(request.GET.get("unit", "")), request.GET.get("task", "")
    reading = reading_of(metric, MetricScope(on=on, unit=unit, task_code=task if task in tasks else None))
    state = list_state(request, _evidence_listing(metric, units, tasks), reading.evidence)
    if kind := request.GET.get("export", ""):
        return export_response(state, kind)
    context: dict[str, Any] = {
        "metric": metric,
        "reading": reading,
        "scope_unit": unit,
        "scope_task": tasks.get(task, ""),
        "list": state,
    }
    return render(request, "indicators/indicator_detail.html", context)
