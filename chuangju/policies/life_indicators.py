"""What the life of policies counts for: policies in force and how sure their sources are, what runs out, what has landed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.indicators.metrics import Evidence, EvidenceRecords, Metric, MetricScope
from chuangju.policies.expiries import expiring_records, policies_in_force, records_in_force
from chuangju.policies.fees import Fee, fees_on
from chuangju.policies.life_settings import life_settings
from chuangju.policies.models import Confidence, FeeEntry, PackageClause, PolicyPackage, PolicyRecord


def _in_unit(records: QuerySet[Any], scope: MetricScope) -> QuerySet[Any]:
    return records.filter(unit=scope.unit) if scope.unit is not None else records


def _in_force(scope: MetricScope) -> QuerySet[PolicyRecord]:
    return _in_unit(records_in_force(on=scope.on), scope).select_related("unit").order_by("policy_id", "pk")


def _official(scope: MetricScope) -> QuerySet[PolicyRecord]:
    return _in_force(scope).filter(confidence=Confidence.OFFICIAL)


def _share(part: int, whole: int) -> Decimal | None:
    """In percent with one decimal; nothing to count is no value, not zero."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None


def _official_share(scope: MetricScope) -> Decimal | None:
    return _share(scope.count(_official(scope)), scope.count(_in_force(scope)))


def _expiring(scope: MetricScope) -> QuerySet[PolicyRecord]:
    return _in_unit(expiring_records(on=scope.on), scope).select_related("unit")


def _clauses(scope: MetricScope) -> QuerySet[PackageClause]:
    found = PackageClause.objects.filter(package__state=PolicyPackage.State.CURRENT)
    return _in_unit(found, scope).select_related("unit", "package").order_by("package", "number")


def _policies_in_force(scope: MetricScope) -> list[str]:
    return scope.once("policies.in_force", lambda: sorted(policies_in_force(on=scope.on)))


def _landed(scope: MetricScope) -> QuerySet[PackageClause]:
    return _clauses(scope).filter(policy_id__in=_policies_in_force(scope))


def _landed_rate(scope: MetricScope) -> Decimal | None:
    return _share(scope.count(_landed(scope)), scope.count(_clauses(scope)))


def _waived(scope: MetricScope) -> list[Fee]:
    fees = scope.once("policies.fees", lambda: fees_on(scope.on, FeeEntry.objects.all()))
    return [fee for fee in fees if fee.standing == FeeEntry.Standing.EXEMPT]


def _record_evidence(record: PolicyRecord) -> Evidence:
    label = f"{record.shown_title} {record.version} · {record.get_confidence_display()}"
    address = reverse("policies:making", args=(record.pk,))
    return Evidence(label, record.effective_from, address, record.shown_unit)


def _expiring_evidence(record: PolicyRecord) -> Evidence:
    address = reverse("policies:making", args=(record.pk,))
    return Evidence(f"{record.shown_title} {record.version}", record.valid_until, address, record.shown_unit)


def _clause_evidence(clause: PackageClause) -> Evidence:
    holder = clause.unit.shown_name if clause.unit else clause.unit_printed
    address = reverse("policies:clause", args=(clause.pk,))
    return Evidence(f"{clause.package.shown_title} {clause}", clause.package.issued_on, address, holder)


def _fee_evidence(scope: MetricScope) -> Sequence[Evidence]:
    return [
        Evidence(fee.name, fee.starts_on, reverse("policies:fee", args=(fee.id,)), str(fee.kind.label))
        for fee in _waived(scope)
    ]


_TASKS = life_settings()
METRICS = (
    Metric(
        key="policies.in_force",
        label=_("有效政策"),
        definition=_("统计日有效的政策数，含国家、市、区和街镇各级。"),
        unit=pgettext_lazy("policies", "项"),
        compute=lambda scope: scope.count(_in_force(scope)),
        evidence=lambda scope: EvidenceRecords(_in_force(scope), _record_evidence),
        is_public=True,
        task_codes=_TASKS.policies,
        formula=_("已印发、统计日在施行日期与有效期之内、未废止的政策档案计数；未登记有效期的按有效计。"),
        owner=_("创建办"),
        by_unit=True,
        order=210,
    ),
    Metric(
        key="policies.official_share",
        label=_("有官方来源的政策占比"),
        definition=_("有效政策中，数额和条件取自官方来源的比例；其余标为未核实或示例参数。"),
        unit=_("%"),
        compute=_official_share,
        evidence=lambda scope: EvidenceRecords(_in_force(scope), _record_evidence),
        task_codes=_TASKS.policies,
        formula=_("来源为“官方来源”的有效政策数 ÷ 有效政策数 × 100，保留一位小数。"),
        owner=_("创建办"),
        by_unit=True,
        order=220,
    ),
    Metric(
        key="policies.expiring",
        label=_("6 个月内到期的政策"),
        definition=_("统计日有效、有效期在此后 6 个月内届满的政策数。"),
        unit=pgettext_lazy("policies", "项"),
        compute=lambda scope: scope.count(_expiring(scope)),
        evidence=lambda scope: EvidenceRecords(_expiring(scope), _expiring_evidence),
        task_codes=_TASKS.policies,
        formula=_("有效政策中，有效期不晚于统计日后 6 个月的政策档案计数。"),
        owner=_("创建办"),
        by_unit=True,
        order=230,
    ),
    Metric(
        key="policies.clauses_landed",
        label=_("政策包条款落地率"),
        definition=_("现行政策包中，已有有效政策对应的条款比例。"),
        unit=_("%"),
        compute=_landed_rate,
        evidence=lambda scope: EvidenceRecords(_landed(scope), _clause_evidence),
        is_public=True,
        task_codes=_TASKS.packages,
        formula=_("对应政策在统计日有效的条款数 ÷ 现行政策包的条款总数 × 100，保留一位小数。"),
        owner=_("创建办"),
        by_unit=True,
        order=240,
    ),
    Metric(
        key="policies.fees_waived",
        label=_("免征收费事项"),
        definition=_("统计日仍在收取、但对特定对象免征的登记类、证照类、管理类收费数；停征和已取消的不计。"),
        unit=pgettext_lazy("fees", "项"),
        compute=lambda scope: len(_waived(scope)),
        evidence=_fee_evidence,
        is_public=True,
        task_codes=_TASKS.fees,
        formula=_("收费清单中状态为“免征”的收费计数。"),
        owner=_("区市场监管局"),
        order=250,
    ),
)
