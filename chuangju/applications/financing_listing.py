"""The list of financing needs: who looks for how much, who answered first and in how many days, what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models import FinancingAnswer, FinancingNeed
from chuangju.kernel.money import format_wan
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_SIGNS = {
    FinancingNeed.State.OPEN: "info",
    FinancingNeed.State.FUNDED: "good",
    FinancingNeed.State.UNMET: "late",
    FinancingNeed.State.WITHDRAWN: "flat",
}
_ANSWER_SIGNS = {
    FinancingAnswer.Kind.INTERESTED: "info",
    FinancingAnswer.Kind.OFFERED: "good",
    FinancingAnswer.Kind.DECLINED: "flat",
}


def need_sign(need: FinancingNeed, *, on: date) -> Sign:
    """Where a need stands; one whose day has passed waits for its outcome."""
    if need.state == FinancingNeed.State.OPEN and need.open_until < on:
        return Sign("soon", str(_("已截止，待填结果")))
    return Sign(_SIGNS[FinancingNeed.State(need.state)], str(need.get_state_display()))


def answer_sign(answer: FinancingAnswer) -> Sign:
    """What an institution said."""
    return Sign(_ANSWER_SIGNS[FinancingAnswer.Kind(answer.kind)], str(answer.get_kind_display()))


def listed_needs(needs: QuerySet[FinancingNeed]) -> QuerySet[FinancingNeed]:
    """With what the list shows."""
    counted = Count("answers__institution", distinct=True)
    return needs.select_related("party", "party__town").annotate(answer_count=counted, first_days=Min("answers__days"))


def _search(needs: QuerySet[Any], text: str) -> QuerySet[Any]:
    return needs.filter(Q(party__name__icontains=text) | Q(purpose__icontains=text))


def financing_listing(*, on: date) -> Listing:
    """Every need with its answers."""
    return Listing(
        key="financing",
        title=pgettext_lazy("list", "融资需求"),
        search_label=_("搜索企业、用途"),
        columns=[
            Column(
                "party",
                _("企业"),
                lambda one: one.party.name,
                sort="party__name",
                url=lambda one: reverse("applications:need", args=(one.pk,)),
            ),
            Column("kind", _("融资方式"), lambda one: one.get_kind_display(), sort="kind", css="short"),
            Column("amount", _("需求金额"), lambda one: format_wan(one.amount), sort="amount", css="right short"),
            Column("posted", _("发布日期"), lambda one: one.posted_at.date(), sort="posted_at", css="short"),
            Column("answers", _("答复机构"), lambda one: one.answer_count, sort="answer_count", css="right short"),
            Column(
                "days",
                _("首次答复（工作日）"),
                lambda one: "" if one.first_days is None else one.first_days,
                sort="first_days",
                css="right short",
            ),
            Column(
                "funded",
                _("落实金额"),
                lambda one: format_wan(one.funded_amount) if one.funded_amount else "",
                sort="funded_amount",
                css="right short",
            ),
            Column("state", _("状态"), lambda one: need_sign(one, on=on), sort="state", css="short"),
        ],
        filters=[
            Filter("state", _("状态"), lambda: list(FinancingNeed.State.choices), lambda q, v: q.filter(state=v)),
            Filter("kind", _("融资方式"), lambda: list(FinancingNeed.Kind.choices), lambda q, v: q.filter(kind=v)),
        ],
        search=_search,
        default_sort="-posted",
        empty_title=_("还没有融资需求"),
        empty_hint=_("企业登录后在“我的融资需求”发布，银行、担保机构和基金在这里答复。"),
    )
