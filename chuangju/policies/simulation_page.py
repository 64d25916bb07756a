"""测算页 - what a simulation lays out: days, groups, the year against a budget, a sweep as a chart with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.kernel.money import format_yuan
from chuangju.papers.charts import Bar, bar_chart
from chuangju.policies.draft_page import say
from chuangju.policies.match_page import code_name, wan_figure
from chuangju.policies.models import Simulation
from chuangju.rules.kinds import Kind, Value
from chuangju.rules.policy import Policy
from chuangju.rules.saying_values import say_value
from chuangju.ui.listing import Column, Listing
from chuangju.ui.signs import Figure

_FEN_PER_WAN = 1_000_000


@dataclass(frozen=True)
class ParameterChoice:
    """A figure that can be tried otherwise: its value on the day, and what was typed instead."""

    name: str
    now: str
    typed: str
    is_number: bool


@dataclass(frozen=True)
class ConditionChoice:
    """A condition that can be tried otherwise."""

    id: str
    label: str
    text: str
    typed: str


@dataclass(frozen=True)
class BudgetBar:
    """What the year costs against the budget: lengths of 100 for a drawing, and what is left or lacking."""

    budget: int
    paid: int
    inside: str
    over: str
    mark: str

    @property
    def difference(self) -> int:
        """What is left; negative where it does not suffice."""
        return self.budget - self.paid


@dataclass(frozen=True)
class GroupRow:
    """A town, an industry or a size before and after."""

    name: str
    before: int
    after: int
    paid_before: int
    paid_after: int
    winners: int
    losers: int

    @property
    def change(self) -> int:
        """How much more it costs."""
        return self.paid_after - self.paid_before


@dataclass(frozen=True)
class SweepRow:
    """One step of a sweep."""

    value: str
    eligible: int
    paid: int


@dataclass(frozen=True)
class ShownSimulation:
    """A result as drawn."""

    result: dict[str, Any]
    figures: list[Figure]
    days: list[dict[str, Any]]
    groups: list[tuple[str, str, list[GroupRow]]]
    budget: BudgetBar | None
    sweep_name: str
    sweep: list[SweepRow]
    chart: SafeString


def parameter_choices(policy: Policy, on: date, typed: dict[str, str]) -> list[ParameterChoice]:
    """The policy's own figures as they are on the day."""
    found = []
    for name, parameter in policy.parameters.items():
        now = parameter.on(on)
        if parameter.is_banded or now is None:
            continue
        shown = say(say_value(now.value, parameter.kind, None))
        is_number = parameter.kind in {Kind.INT, Kind.MONEY, Kind.RATE}
        found.append(ParameterChoice(name, shown, typed.get(name, ""), is_number))
    return found


def condition_choices(policy: Policy, typed: dict[str, str]) -> list[ConditionChoice]:
    """The policy's conditions as they stand in its text."""
    return [
        ConditionChoice(one.id, say(one.label), one.text, typed.get(one.id, ""))
        for one in policy.conditions
        if not one.is_implied
    ]


def show_simulation(result: dict[str, Any], *, budget: int | None) -> ShownSimulation:
    """The result laid out, with its chart."""
    now, year = result["days"][0], result["year"]
    figures = [
        Figure(
            _("现在可享"),
            now["after"]["eligible"],
            _("家，原来 %(count)s") % {"count": f"{now['before']['eligible']:,}"},
        ),
        Figure(_("得到更多"), now["winners"], _("家"), "good" if now["winners"] else ""),
        Figure(_("得到更少"), now["losers"], _("家"), "late" if now["losers"] else ""),
        _money_figure(_("现在要花"), now["paid_after"], now["paid_before"]),
        _money_figure(_("一年累计"), year["after"]["paid"], year["before"]["paid"]),
    ]
    days = [one | {"day": date.fromisoformat(one["on"])} for one in result["days"]]
    sweep = _sweep_rows(result)
    return ShownSimulation(
        result,
        figures,
        days,
        _groups(result),
        _budget_bar(budget, year["after"]["paid"]),
        result.get("sweep", {}).get("name", ""),
        sweep,
        _chart(sweep, result.get("sweep", {}).get("name", "")),
    )


def _money_figure(label: str, after: int, before: int) -> Figure:
    """What it costs, and by how much that is more or less."""
    figure, unit = wan_figure(after)
    change, change_unit = wan_figure(abs(after - before))
    return Figure(label, figure, f"{unit} · {'+' if after >= before else '−'}{change} {change_unit}")


def _groups(result: dict[str, Any]) -> list[tuple[str, str, list[GroupRow]]]:
    names = {"town": _("按街镇"), "industry": _("按行业"), "size": _("按规模")}
    found = []
    for kind, title in names.items():
        rows = [
            GroupRow(
                code_name(kind, one["code"]),
                *(one[key] for key in ("before", "after", "paid_before", "paid_after", "winners", "losers")),
            )
            for one in result["groups"].get(kind, [])
            if one["before"] or one["after"]
        ]
        if rows:
            found.append((kind, title, rows))
    return found


def _budget_bar(budget: int | None, paid: int) -> BudgetBar | None:
    if budget is None:
        return None
    whole = max(budget, paid, 1)
    return BudgetBar(
        budget,
        paid,
        f"{100 * min(budget, paid) / whole:.2f}",
        f"{100 * max(0, paid - budget) / whole:.2f}",
        f"{100 * budget / whole:.2f}",
    )


def _sweep_rows(result: dict[str, Any]) -> list[SweepRow]:
    swept = result.get("sweep")
    if not swept:
        return []
    kind = Kind(swept["kind"])
    return [SweepRow(_said(one["value"], kind), one["eligible"], one["paid"]) for one in swept["values"]]


def _said(value: Value, kind: Kind) -> str:
    return say(say_value(value, kind, None))


def _chart(rows: list[SweepRow], name: str) -> SafeString:
    if not rows:
        return SafeString("")
    bars = [Bar(row.value, round(row.paid / _FEN_PER_WAN, 2)) for row in rows]
    title = _("%(name)s 取不同数值时要花的钱") % {"name": name}
    # Drawn by our own chart maker, which escapes what it is given.
    return SafeString(bar_chart(bars, title=title, value_title=_("万元")))


def simulation_listing() -> Listing:
    """Saved simulations, the newest first."""
    return Listing(
        key="simulations",
        title=pgettext_lazy("list", "政策测算"),
        columns=[
            Column("title", gettext_lazy("名称"), lambda s: s.title, sort="title", url=_address),
            Column("policy", gettext_lazy("政策版本"), lambda s: s.policy_key, sort="policy_key"),
            Column("on", gettext_lazy("测算日期"), lambda s: s.on, sort="on", css="short"),
            Column("change", gettext_lazy("现在多花（元）"), _change, css="short right"),
            Column("winners", gettext_lazy("得到更多"), lambda s: s.result["days"][0]["winners"], css="short right"),
            Column("losers", gettext_lazy("得到更少"), lambda s: s.result["days"][0]["losers"], css="short right"),
            Column("by", gettext_lazy("保存人"), lambda s: s.saved_by.name if s.saved_by else _("系统")),
            Column("saved", gettext_lazy("保存时间"), lambda s: s.saved_at, sort="saved_at", css="short"),
        ],
        search=lambda rows, text: rows.filter(title__icontains=text) | rows.filter(policy_key__icontains=text),
        search_label=gettext_lazy("搜索名称、政策编号"),
        default_sort="-saved",
        empty_title=gettext_lazy("还没有保存过测算"),
        empty_hint=gettext_lazy("改一个参数或条件，看看多花多少钱、谁得谁失，值得留的就保存下来。"),
    )


def _address(simulation: Simulation) -> str:
    return reverse("policies:simulation", args=(simulation.pk,))


def _change(simulation: Simulation) -> int:
    now = simulation.result["days"][0]
    return int(now["paid_after"] - now["paid_before"]) // 100


def export_rows(shown: ShownSimulation) -> tuple[list[str], list[list[object]]]:
    """All numbers of a result as one sheet."""
    header = [
        _("分组"),
        _("名称"),
        _("原来可享"),
        _("改后可享"),
        _("原来金额（元）"),
        _("改后金额（元）"),
        _("得到更多"),
        _("得到更少"),
    ]
    rows: list[list[object]] = [
        [
            _("日期"),
            one["on"],
            one["before"]["eligible"],
            one["after"]["eligible"],
            one["paid_before"] / 100,
            one["paid_after"] / 100,
            one["winners"],
            one["losers"],
        ]
        for one in shown.days
    ]
    for _kind, title, lines in shown.groups:
        rows += [
            [
                title,
                one.name,
                one.before,
                one.after,
                one.paid_before / 100,
                one.paid_after / 100,
                one.winners,
                one.losers,
            ]
            for one in lines
        ]
    rows += [[shown.sweep_name, one.value, None, one.eligible, None, one.paid / 100, None, None] for one in shown.sweep]
    return header, rows


def said_changes(simulation: Simulation) -> list[tuple[str, str]]:
    """What was changed, in words."""
    changes = simulation.changes
    found = [(_("参数 %(name)s") % {"name": name}, text) for name, text in changes.get("parameters", {}).items()]
    found += [(_("条件 %(name)s") % {"name": name}, text) for name, text in changes.get("conditions", {}).items()]
    if changes.get("sweep"):
        swept = changes["sweep"]
        found.append(
            (_("逐档 %(name)s") % {"name": swept["name"]}, f"{swept['first']} … {swept['last']} / {swept['step']}")
        )
    if simulation.budget is not None:
        found.append((_("预算"), format_yuan(simulation.budget)))
    return found
