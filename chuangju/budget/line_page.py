"""条目页 - what the page of a line lays out: its figures, the burn-down with its numbers, what is to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangju.budget.execution import Execution, MonthEnd
from chuangju.budget.money_words import short_money
from chuangju.kernel.money import FEN_PER_YUAN
from chuangju.papers.charts import Point, line_chart
from chuangju.ui.signs import Figure

_WAN = 1_000_000


def figures_of(execution: Execution) -> list[Figure]:
    """预算数, 已批待拨, 已支付, 可用, 执行率 beside 序时进度."""
    balances = execution.balances
    rate = "—" if execution.rate is None else f"{execution.rate} %"
    label: str | Promise = _("预算数")
    if balances.carried_in:
        label = _("预算数（含上年结转）")
    return [
        Figure(label, short_money(balances.budget)),
        Figure(_("已批待拨"), short_money(balances.pending)),
        Figure(_("已支付"), short_money(balances.paid)),
        Figure(_("可用"), short_money(balances.available)),
        Figure(_("预算执行率"), rate, tone="late" if execution.sign.state == "late" else ""),
        Figure(_("序时进度"), f"{execution.year_share} %"),
    ]


def burn_down(ends: Sequence[MonthEnd], *, year: int) -> SafeString:
    """What is left, what is not yet paid, and how much an even pace would leave, over the months."""
    if not ends:
        return SafeString("")
    left, unpaid, even = _("可用"), _("未支付"), pgettext("budget", "按序时应剩")
    budget = ends[-1].budget
    points = [
        point
        for end in ends
        for point in (
            Point(end.day, round(end.left / _WAN, 2), left),
            Point(end.day, round(end.unpaid / _WAN, 2), unpaid),
            Point(end.day, round(budget * _share_left(end.day, year) / _WAN, 2), even),
        )
    ]
    # Drawn by our own chart maker, which escapes what it is given.
    return SafeString(line_chart(points, title=_("资金剩余走势"), value_title=_("万元")))


def even_left(end: MonthEnd, year: int) -> int:
    """What an even pace would have left of the budget by then, in fen, to the whole yuan."""
    return round(end.budget * _share_left(end.day, year) / FEN_PER_YUAN) * FEN_PER_YUAN


def _share_left(day: date, year: int) -> float:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return ((last - day).days) / ((last - first).days + 1)
