"""What loans, vouchers, financing and reliefs count for: figures with the records behind them (rows 5, 7, 8, 17)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.facilities import is_overdue_on, owed_on
from chuangju.applications.loan_portfolio import in_order
from chuangju.applications.models import FinancingNeed, InterestPeriod, LoanFacility, ReliefUptake, VoucherUse
from chuangju.indicators.metrics import Evidence, EvidenceRecords, Metric, MetricKind, MetricScope
from chuangju.kernel.money import FEN_PER_YUAN, format_wan, format_yuan
from chuangju.policies.current import current_catalogue

_WAN = Decimal(FEN_PER_YUAN * 10_000)
_LOANS, _FINANCE, _TAX, _AGENCIES = "guaranteed-loan", "sci-tech-start-up", "tax-relief", "service-agencies"


def _in_wan(fen: int) -> Decimal:
    return (Decimal(fen) / _WAN).quantize(Decimal("0.01"))


def _year(scope: MetricScope) -> tuple[date, date]:
    return date(scope.on.year, 1, 1), scope.on


def _facilities(scope: MetricScope) -> QuerySet[LoanFacility]:
    found = LoanFacility.objects.filter(drawn_on__lte=scope.on).select_related("borrower", "application__unit")
    return found.prefetch_related("movements").order_by("-drawn_on", "pk")


def _owing(scope: MetricScope) -> list[tuple[LoanFacility, int, bool]]:
    return scope.once("applications.owing", lambda: _read_owing(scope))


def _read_owing(scope: MetricScope) -> list[tuple[LoanFacility, int, bool]]:
    found = []
    for one in _facilities(scope):
        movements = in_order(one.movements.all())
        owed = owed_on(movements, scope.on)
        if owed:
            found.append((one, owed, is_overdue_on(movements, scope.on)))
    return found


def _loan_evidence(one: LoanFacility, owed: int) -> Evidence:
    address = reverse("applications:loan", args=(one.pk,))
    return Evidence(f"{one.borrower} · {format_wan(owed)}", one.drawn_on, address, one.application.unit.shown_name)


def _interest(scope: MetricScope) -> QuerySet[Any]:
    paid = InterestPeriod.objects.filter(state=InterestPeriod.State.PAID, paid_on__range=_year(scope))
    return paid.select_related("facility__borrower", "facility__application__unit").order_by("-paid_on", "pk")


def _interest_evidence(one: InterestPeriod) -> Evidence:
    address = reverse("applications:loan", args=(one.facility_id,))
    label = f"{one.facility.borrower} {one.number} · {format_yuan(one.subsidy)}"
    return Evidence(label, one.paid_on, address, one.facility.application.unit.shown_name)


def _funded(scope: MetricScope) -> QuerySet[Any]:
    first, last = _year(scope)
    closed = FinancingNeed.objects.filter(
        state=FinancingNeed.State.FUNDED, closed_at__date__gte=first, closed_at__date__lte=last
    )
    return closed.select_related("party").order_by("-closed_at", "pk")


def _funded_evidence(one: FinancingNeed) -> Evidence:
    address = reverse("applications:need", args=(one.pk,))
    day = timezone.localdate(one.closed_at) if one.closed_at else None
    return Evidence(f"{one.party} · {format_wan(one.funded_amount or 0)}", day, address, one.outcome[:60])


def _redeemed(scope: MetricScope) -> QuerySet[Any]:
    paid = VoucherUse.objects.filter(state=VoucherUse.State.PAID, paid_on__range=_year(scope))
    return paid.select_related("voucher", "provider").order_by("-paid_on", "pk")


def _redeemed_evidence(one: VoucherUse) -> Evidence:
    address = reverse("applications:voucher", args=(one.voucher_id,))
    return Evidence(f"{one.service} · {format_yuan(one.amount)}", one.paid_on, address, one.provider.name)


def _reported(scope: MetricScope) -> QuerySet[Any]:
    return ReliefUptake.objects.filter(year=scope.on.year).order_by("policy_id", "pk")


def _reported_evidence(one: ReliefUptake) -> Evidence:
    policy = current_catalogue().latest(one.policy_id)
    title = policy.title.zh if policy else one.policy_id
    address = f"{reverse('applications:uptake_list')}?year={one.year}"
    return Evidence(f"{title} · {format_wan(one.amount)}", timezone.localdate(one.entered_at), address, one.source)


METRICS = (
    Metric(
        key="applications.loans_outstanding",
        label=_("担保贷款余额"),
        definition=_("统计日尚未归还的创业担保贷款本金。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(sum(owed for _one, owed, _late in _owing(scope))),
        evidence=lambda scope: [_loan_evidence(one, owed) for one, owed, _late in _owing(scope)],
        task_codes=(_LOANS,),
        formula=_("银行流水中放款合计减去还本、代偿合计，逐笔计算后相加。"),
        owner=_("区人力资源社会保障局"),
        order=310,
    ),
    Metric(
        key="applications.loans_overdue",
        label=_("逾期担保贷款"),
        definition=_("统计日处于逾期的创业担保贷款本金。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(sum(owed for _one, owed, late in _owing(scope) if late)),
        evidence=lambda scope: [_loan_evidence(one, owed) for one, owed, late in _owing(scope) if late],
        task_codes=(_LOANS,),
        formula=_("银行流水报告逾期、尚未报告结清的贷款余额相加。"),
        owner=_("区人力资源社会保障局"),
        order=320,
    ),
    Metric(
        key="applications.interest_paid",
        label=_("已付贷款贴息"),
        definition=_("本年度已支付到账的担保贷款贴息。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(scope.total(_interest(scope), "subsidy")),
        evidence=lambda scope: EvidenceRecords(_interest(scope), _interest_evidence),
        task_codes=(_LOANS, "funding"),
        formula=_("到账日在本年度内的贴息期次金额相加。"),
        owner=_("区人力资源社会保障局"),
        order=330,
    ),
    Metric(
        key="applications.financing_funded",
        label=_("落实融资"),
        definition=_("本年度经对接落实的融资金额。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(scope.total(_funded(scope), "funded_amount")),
        evidence=lambda scope: EvidenceRecords(_funded(scope), _funded_evidence),
        task_codes=(_FINANCE,),
        formula=_("本年度内以“已落实”结束的融资需求的落实金额相加。"),
        owner=_("区科委"),
        order=340,
    ),
    Metric(
        key="applications.vouchers_redeemed",
        label=_("服务券兑付"),
        definition=_("本年度兑付给服务机构的服务券金额。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(scope.total(_redeemed(scope), "amount")),
        evidence=lambda scope: EvidenceRecords(_redeemed(scope), _redeemed_evidence),
        task_codes=(_AGENCIES,),
        formula=_("到账日在本年度内的用券金额相加。"),
        owner=_("区科委"),
        order=350,
    ),
    Metric(
        key="applications.relief_enjoyed",
        label=_("税费减免金额"),
        definition=_("本年度免申请享受的税费减免合计，由税务等部门提供。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(scope.total(_reported(scope), "amount")),
        evidence=lambda scope: EvidenceRecords(_reported(scope), _reported_evidence),
        kind=MetricKind.EXTERNAL,
        task_codes=(_TAX,),
        formula=_("登记的各项政策年度合计数相加，每项写明来源。"),
        owner=_("区税务局"),
        order=360,
    ),
)
