"""The list of the offers of one run, as the policy officer follows them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models import Application
from chuangju.applications.offer_stages import Stage
from chuangju.kernel.money import format_yuan
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_SHAPES = {
    Stage.WAITING: "soon",
    Stage.ACCEPTED: "info",
    Stage.NOTICE: "info",
    Stage.PUBLISHED: "good",
    Stage.PAID: "done",
    Stage.DECLINED: "flat",
    Stage.LAPSED: "flat",
    Stage.REFUSED: "late",
}


def stage_sign(offer: Any) -> Sign:
    """How far an offer has come, with a shape."""
    stage = Stage(offer.stage)
    return Sign(_SHAPES[stage], str(stage.label))


def _amount(offer: Application) -> str:
    amount = offer.granted_amount if offer.granted_amount is not None else offer.expected_amount
    return format_yuan(amount) if amount is not None else ""


def offer_listing() -> Listing:
    """推送的企业: by name."""
    return Listing(
        key="offers",
        title=pgettext_lazy("list", "推送名单"),
        search_label=_("搜索主体、办件编号"),
        columns=[
            Column("subject", _("主体"), lambda a: a.subject.name, sort="subject__name", css="title"),
            Column(
                "town", _("街镇"), lambda a: a.town.shown_name if a.town else "", sort="town__position", css="short"
            ),
            Column("number", _("办件编号"), lambda a: a.number or "", sort="number", css="short"),
            Column("amount", _("金额"), _amount, css="right short"),
            Column(
                "changed", _("最近变动"), lambda a: timezone.localdate(a.changed_at), sort="changed_at", css="short"
            ),
            Column("stage", _("进度"), stage_sign, sort="stage", css="named"),
        ],
        filters=[Filter("stage", _("进度"), lambda: Stage.choices, lambda q, v: q.filter(stage=v))],
        search=lambda q, text: q.filter(Q(subject__name__icontains=text) | Q(number__icontains=text)),
        default_sort="subject",
        empty_title=_("没有推送给任何主体"),
        empty_hint=_("比对到的都不推送，原因列在上面。"),
    )
