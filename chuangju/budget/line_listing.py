"""The lists of lines, of their entries and of reallocations: columns, filters, order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.claim_names import names_of_claims
from chuangju.budget.execution import execution_of
from chuangju.budget.forecasts import Forecast, Pending, forecast_of, paces_of, pending_by_policy
from chuangju.budget.models import BudgetLine, Earmark, Entry, Reallocation
from chuangju.budget.money_signs import state_sign, yuan_column
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.models import Unit


@dataclass
class Outlook:
    """What is needed to forecast every line of a page: read once, whatever the number of lines."""

    on: date
    pending: Mapping[str, Pending] = field(default_factory=dict)
    paces: Mapping[int, float] = field(default_factory=dict)

    def of(self, line: BudgetLine) -> Forecast:
        """The forecast of one line."""
        return forecast_of(line, pending=self.pending.get(line.policy_id), pace=self.paces.get(line.pk, 0), on=self.on)


def outlook_of(lines: list[BudgetLine], *, on: date) -> Outlook:
    """Paces and waiting cases for these lines."""
    return Outlook(on, pending_by_policy(on=on), paces_of(lines, on=on))


def line_address(line: BudgetLine) -> str:
    """The page of a line."""
    return reverse("budget:line", args=(line.pk,))


def _units() -> list[tuple[object, object]]:
    found = Unit.objects.filter(budget_lines__isnull=False).distinct().order_by("position", "code")
    return [(unit.code, unit.shown_name) for unit in found]


def _years() -> list[tuple[object, object]]:
    years = BudgetLine.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in years]


def _search(lines: QuerySet[Any], text: str) -> QuerySet[Any]:
    wanted = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text)
    return lines.filter(wanted | Q(policy_id__icontains=text))


def _named(line: BudgetLine) -> str:
    return f"{line.code} {line.shown_name}"


def _rate_sign(line: BudgetLine, on: date) -> Sign:
    found = execution_of(line, on=on)
    if line.state != BudgetLine.State.OPEN or found.rate is None:
        return state_sign(line)
    return Sign(found.sign.state, f"{found.rate} %")


def line_listing(outlook: Outlook) -> Listing:
    """Every line with where its money is, how it keeps up with the year, and what is to be expected."""
    on = outlook.on
    return Listing(
        key="budget_lines",
        title=pgettext_lazy("list", "资金条目"),
        search_label=_("搜索条目名称、编号、政策编号"),
        columns=[
            Column("name", _("资金条目"), _named, sort="year,code", url=line_address),
            Column("unit", _("预算单位"), lambda line: line.unit.shown_name, sort="unit__position", css="unit-name"),
            Column("rate", _("预算执行率"), lambda line: _rate_sign(line, on), css="short"),
            Column("forecast", _("预测"), lambda line: outlook.of(line).sign, css="short"),
            yuan_column(
                "budget", _("预算数（元）"), lambda b: b.balance.planned + b.balance.carried_in, sort="balance__planned"
            ),
            yuan_column("pending", _("已批待拨（元）"), lambda line: line.balance.reserved + line.balance.committed),
            yuan_column("paid", _("已支付（元）"), lambda line: line.balance.paid, sort="balance__paid"),
            yuan_column("available", _("可用（元）"), lambda line: line.balance.available, sort="balance__available"),
        ],
        filters=[
            Filter("year", _("年度"), _years, lambda q, v: q.filter(year=int(v) if v.isdecimal() else 0)),
            Filter("unit", _("预算单位"), _units, lambda q, v: q.filter(unit__code=v)),
            Filter("state", _("状态"), lambda: BudgetLine.State.choices, lambda q, v: q.filter(state=v)),
            Filter("earmark", _("专项用途"), lambda: Earmark.choices, lambda q, v: q.filter(earmark=v)),
        ],
        search=_search,
        default_sort="-year,code",
        empty_title=_("还没有资金条目"),
        empty_hint=_("由预算单位的财务人员登记条目、下达预算数后启用。"),
    )


def _entry_line(entry: Entry) -> str:
    return f"{entry.line.year}-{entry.line.code} {entry.line.shown_name}"


@dataclass(frozen=True)
class EntryLine:
    """An entry as a line: with the name of what its money is for."""

    entry: Entry
    claim: str

    @property
    def pk(self) -> int:
        """The key of the entry."""
        return self.entry.pk


def entry_lines(keys: Sequence[int]) -> list[EntryLine]:
    """The lines of entries that were found for a reader."""
    return _with_names(Entry.objects.filter(pk__in=keys).select_related("line", "by"))


def last_entries(entries: QuerySet[Entry], count: int) -> list[EntryLine]:
    """The first so many of them as lines."""
    return _with_names(entries[:count])


def _with_names(found: Iterable[Entry]) -> list[EntryLine]:
    entries = list(found)
    names = names_of_claims(entry.claim_key for entry in entries)
    return [EntryLine(entry, names.get(entry.claim_key, "")) for entry in entries]


def entry_listing(*, may_reverse: bool) -> Listing:
    """The entries of a line, newest first; the page of one to reverse it, for whoever may."""

    def address(line: EntryLine) -> str:
        return reverse("budget:entry_reverse", args=(line.pk,))

    return Listing(
        key="budget_entries",
        rows_of=entry_lines,
        title=pgettext_lazy("list", "分录"),
        search_label=_("搜索事由、对应事项"),
        columns=[
            Column("at", _("时间"), lambda line: line.entry.at, sort="at,id", css="short"),
            Column(
                "kind",
                _("业务"),
                lambda line: line.entry.get_kind_display(),
                sort="kind",
                css="short",
                url=address if may_reverse else None,
            ),
            Column("line", _("资金条目"), lambda line: _entry_line(line.entry), css="named"),
            yuan_column("amount", _("金额（元）"), lambda line: line.entry.amount, sort="amount"),
            Column("claim", _("对应事项"), lambda line: line.claim, css="named"),
            Column("reason", _("事由"), lambda line: line.entry.reason),
            Column(
                "by",
                _("经办人"),
                lambda line: line.entry.by.name if line.entry.by else "",
                sort="by__name",
                css="short",
            ),
        ],
        filters=[Filter("kind", _("业务"), lambda: Entry.Kind.choices, lambda q, v: q.filter(kind=v))],
        search=lambda q, text: q.filter(Q(reason__icontains=text) | Q(claim_key__icontains=text)),
        default_sort="-at,-id",
        empty_title=_("还没有分录"),
        empty_hint=_("下达预算数、预留、拨付后，每一笔都记在这里，不能修改，只能冲正。"),
    )


def reallocation_listing() -> Listing:
    """Every reallocation with its decision."""

    def named(line: BudgetLine | None) -> str:
        return f"{line.code} {line.shown_name}" if line else ""

    return Listing(
        key="budget_reallocations",
        title=pgettext_lazy("list", "预算调剂"),
        search_label=_("搜索事由、依据文号"),
        columns=[
            Column(
                "reason",
                _("事由"),
                lambda one: one.reason,
                url=lambda one: reverse("budget:reallocation", args=(one.pk,)),
            ),
            Column("source", _("调出条目"), lambda one: named(one.source), css="named"),
            Column("target", _("调入条目"), lambda one: named(one.target), css="named"),
            yuan_column("amount", _("金额（元）"), lambda one: one.amount, sort="amount"),
            Column("by", _("提出人"), lambda one: one.proposed_by.name, css="short"),
            Column("at", _("提出时间"), lambda one: one.proposed_at, sort="proposed_at,id", css="short"),
            Column("state", _("状态"), state_sign, sort="state", css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: Reallocation.State.choices, lambda q, v: q.filter(state=v))],
        search=lambda q, text: q.filter(Q(reason__icontains=text) | Q(document__icontains=text)),
        default_sort="-proposed_at,-id",
        empty_title=_("还没有预算调剂"),
        empty_hint=_("某个条目不够用、另一个用不完时，由财务人员提出调剂，另一人审批。"),
    )
