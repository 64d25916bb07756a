"""What cases count for: how many were decided and granted, how much was paid, how many working days a case took; with evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.decision_settings import task_codes
from chuangju.applications.models import Application, Decision, Instalment, Standing
from chuangju.indicators.metrics import Evidence, EvidenceRecords, Metric, MetricScope
from chuangju.kernel.working_days import working_days_between

_WAN = Decimal(1_000_000)
_MOST_FOR_MEDIAN = 5_000


def _of_year(scope: MetricScope) -> QuerySet[Decision]:
    """Decisions on applications that came into force this year, up to the day."""
    found = Decision.objects.filter(
        state__in=(Decision.State.PUBLISHED, Decision.State.REPLACED),
        application__kind=Application.Kind.APPLICATION,
        effective_on__year=scope.on.year,
        effective_on__lte=scope.on,
    )
    if scope.unit is not None:
        found = found.filter(application__unit=scope.unit)
    return found.select_related("application__subject", "application__unit").order_by("effective_on", "pk")


def _granted(scope: MetricScope) -> QuerySet[Decision]:
    return _of_year(scope).filter(outcome=Decision.Outcome.GRANTED)


def _paid(scope: MetricScope) -> QuerySet[Instalment]:
    found = Instalment.objects.filter(state=Instalment.State.PAID, paid_on__year=scope.on.year, paid_on__lte=scope.on)
    if scope.unit is not None:
        found = found.filter(entitlement__application__unit=scope.unit)
    return found.select_related("entitlement__application__unit", "entitlement__decision").order_by("paid_on", "pk")


def _paid_amount(scope: MetricScope) -> Decimal:
    return (Decimal(scope.total(_paid(scope), "amount")) / _WAN).quantize(Decimal("0.01"))


def _median_days(scope: MetricScope) -> Decimal | None:
    moments = _of_year(scope).filter(application__accepted_at__isnull=False)
    pairs = moments.values_list("application__accepted_at", "effective_on")[:_MOST_FOR_MEDIAN]
    return scope.once("applications.median_days", lambda: _median_of(pairs))


def _median_of(pairs: Iterable[tuple[datetime | None, date | None]]) -> Decimal | None:
    days = [working_days_between(timezone.localdate(accepted), day) for accepted, day in pairs if accepted and day]
    return Decimal(median(days)).quantize(Decimal("0.1")) if days else None


def _standings(scope: MetricScope) -> QuerySet[Standing]:
    found = Standing.objects.filter(state=Standing.State.ACTIVE, starts_on__lte=scope.on)
    found = found.exclude(ends_on__lt=scope.on)
    if scope.unit is not None:
        found = found.filter(decision__application__unit=scope.unit)
    return found.select_related("party", "decision__application__unit").order_by("starts_on", "pk")


def _decision_evidence(decision: Decision) -> Evidence:
    application: Any = decision.application
    label = f"{application.number} {application.title} · {decision.get_outcome_display()}"
    address = reverse("applications:decision", args=(decision.pk,))
    return Evidence(label, decision.effective_on, address, application.unit.shown_name)


def _part_evidence(part: Instalment) -> Evidence:
    application: Any = part.entitlement.application
    address = reverse("applications:decision", args=(part.entitlement.decision_id,))
    return Evidence(f"{application.number} {application.title}", part.paid_on, address, application.unit.shown_name)


def _standing_evidence(standing: Standing) -> Evidence:
    address = reverse("applications:standing", args=(standing.number,))
    unit: Any = standing.decision.application.unit
    return Evidence(f"{standing.title} {standing.number}", standing.starts_on, address, unit.shown_name)


METRICS = (
    Metric(
        key="applications.decided",
        label=_("办结办件"),
        definition=_("本年截至统计日作出生效决定的申请数，含不予支持的；异议、追回等派生办件不计。"),
        unit=pgettext_lazy("cases", "件"),
        compute=lambda scope: scope.count(_of_year(scope)),
        evidence=lambda scope: EvidenceRecords(_of_year(scope), _decision_evidence),
        is_public=True,
        task_codes=task_codes("cases"),
        formula=_("申请类办件中，决定生效日在本年且不晚于统计日的计数。"),
        owner=_("各责任单位"),
        by_unit=True,
        order=310,
    ),
    Metric(
        key="applications.granted",
        label=_("通过办件"),
        definition=_("本年截至统计日作出予以支持决定并已生效的申请数。"),
        unit=pgettext_lazy("cases", "件"),
        compute=lambda scope: scope.count(_granted(scope)),
        evidence=lambda scope: EvidenceRecords(_granted(scope), _decision_evidence),
        is_public=True,
        task_codes=task_codes("cases"),
        formula=_("办结办件中结果为“予以支持”的计数。"),
        owner=_("各责任单位"),
        by_unit=True,
        order=320,
    ),
    Metric(
        key="applications.paid",
        label=_("已到账扶持资金"),
        definition=_("本年截至统计日国库回执已到账的扶持资金；已追回的不计。"),
        unit=_("万元"),
        compute=_paid_amount,
        evidence=lambda scope: EvidenceRecords(_paid(scope), _part_evidence),
        is_public=True,
        task_codes=task_codes("money"),
        formula=_("状态为“已到账”、到账日在本年且不晚于统计日的拨付期次金额之和 ÷ 10000。"),
        owner=_("区财政局"),
        by_unit=True,
        order=330,
    ),
    Metric(
        key="applications.median_days",
        label=_("办理时长中位数"),
        definition=_("本年截至统计日生效的决定，从受理到生效的工作日数的中位数。"),
        unit=pgettext_lazy("cases", "个工作日"),
        compute=_median_days,
        evidence=lambda scope: EvidenceRecords(_of_year(scope), _decision_evidence),
        is_public=True,
        task_codes=task_codes("days"),
        formula=_("逐件计算受理日（不计）至决定生效日（计入）的工作日数，取中位数，保留一位小数；没有办结的不计。"),
        owner=_("各责任单位"),
        by_unit=True,
        order=340,
    ),
    Metric(
        key="applications.standings",
        label=_("有效资格"),
        definition=_("统计日有效的认定、备案一类资格数；暂停、撤销和到期的不计。"),
        unit=pgettext_lazy("cases", "项"),
        compute=lambda scope: scope.count(_standings(scope)),
        evidence=lambda scope: EvidenceRecords(_standings(scope), _standing_evidence),
        is_public=True,
        task_codes=task_codes("standings"),
        formula=_("状态为“有效”、起止日期包含统计日的资格计数。"),
        owner=_("各责任单位"),
        by_unit=True,
        order=350,
    ),
)
