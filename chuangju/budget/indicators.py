"""What money counts for: paid, decided and not yet paid, and 预算执行率, with the entries behind each figure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.budget.budget_settings import budget_settings
from chuangju.budget.models import Entry, Posting
from chuangju.indicators.metrics import Evidence, EvidenceRecords, Metric, MetricScope, percentage

Account = Posting.Account
_FEN_PER_WAN = 1_000_000


def _postings(scope: MetricScope) -> QuerySet[Posting]:
    """What was posted to lines of the year by the end of the day, of one unit where asked."""
    until = timezone.make_aware(datetime.combine(scope.on + timedelta(days=1), time()))
    found = Posting.objects.filter(line__year=scope.on.year, entry__at__lt=until)
    if scope.unit is not None:
        found = found.filter(line__unit=scope.unit)
    if scope.task_code is not None and scope.task_code not in budget_settings().tasks:
        found = found.filter(line__task_code=scope.task_code)
    return found


def _sum(scope: MetricScope, *accounts: str) -> int:
    return scope.total(_postings(scope).filter(account__in=accounts), "amount")


def _in_wan(fen: int) -> Decimal:
    return (Decimal(fen) / _FEN_PER_WAN).quantize(Decimal("0.01"))


def _rate(scope: MetricScope) -> Decimal | None:
    """Paid over budget; of no budget there is no rate, which is not zero."""
    return percentage(_sum(scope, Account.PAID), of=-_sum(scope, *Posting.SOURCES))


def _evidence(*accounts: str) -> Any:
    def entries(scope: MetricScope) -> EvidenceRecords:
        keys = _postings(scope).filter(account__in=accounts).values("entry")
        found = Entry.objects.filter(pk__in=keys).select_related("line__unit").order_by("at", "pk")
        return EvidenceRecords(found, _as_evidence)

    return entries


def _as_evidence(entry: Any) -> Evidence:
    label = f"{entry.line.year}-{entry.line.code} {entry.get_kind_display()} {entry.amount / 100:,.2f}"
    day = timezone.localdate(entry.at)
    return Evidence(label, day, reverse("budget:line", args=(entry.line_id,)), entry.line.unit.shown_name)


METRICS = (
    Metric(
        key="budget.paid",
        label=_("创业资金已支付"),
        definition=_("本年度创业专项资金已支付到收款人账户的金额，退票和追回的已扣除。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(_sum(scope, Account.PAID)),
        evidence=_evidence(Account.PAID),
        task_codes=budget_settings().tasks,
        formula=_("本年度资金条目“已支付”账户截至统计日的余额之和 ÷ 10000。"),
        owner=_("财政部门"),
        by_unit=True,
        order=400,
    ),
    Metric(
        key="budget.committed",
        label=_("创业资金已批待拨"),
        definition=_("本年度已经审定、还没有支付的金额，含预留和核定待拨。"),
        unit=_("万元"),
        compute=lambda scope: _in_wan(_sum(scope, Account.RESERVED, Account.COMMITTED)),
        evidence=_evidence(Account.RESERVED, Account.COMMITTED),
        task_codes=budget_settings().tasks,
        formula=_("本年度资金条目“已预留”和“已批待拨”账户截至统计日的余额之和 ÷ 10000。"),
        owner=_("财政部门"),
        by_unit=True,
        order=410,
    ),
    Metric(
        key="budget.execution_rate",
        label=_("创业资金预算执行率"),
        definition=_("本年度已支付占预算数（含上年结转）的比例；已批待拨不算执行。"),
        unit=_("%"),
        compute=_rate,
        evidence=_evidence(Account.PAID, *Posting.SOURCES),
        task_codes=budget_settings().tasks,
        formula=_("已支付 ÷（预算数 + 上年结转）× 100，保留一位小数；没有预算时不出数。"),
        owner=_("财政部门"),
        by_unit=True,
        order=420,
    ),
)
