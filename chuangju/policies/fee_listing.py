"""The list of fees as they stand on a day; worked out from two lists, so its rows come from no single table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.policies.fees import Fee
from chuangju.policies.making_listing import confidence_sign
from chuangju.policies.models import Confidence, FeeEntry
from chuangju.ui.listing import Column, Filter, Listing

SHIPPED, ENTERED = "shipped", "entered"


def _with(attribute: str) -> Callable[[Any, str], Any]:
    """Narrows the worked-out rows to those whose attribute has the value chosen."""
    return lambda rows, value: [row for row in rows if getattr(row, attribute) == value]


def _from(rows: Any, value: str) -> Any:
    return [row for row in rows if bool(row.entry) == (value == ENTERED)]


def _holding(rows: Any, text: str) -> Any:
    wanted = text.casefold()
    return [row for row in rows if wanted in f"{row.name} {row.document} {row.document_number}".casefold()]


def _citation(fee: Fee) -> str:
    return " ".join(part for part in (fee.document, fee.document_number) if part)


def fee_listing() -> Listing:
    """Every fee by class, with how it stands and from which document that is known."""
    return Listing(
        key="fees",
        title=pgettext_lazy("list", "收费清单"),
        search_label=_("搜索收费名称、依据"),
        columns=[
            Column(
                "name",
                _("收费名称"),
                lambda fee: fee.name,
                sort="name",
                url=lambda fee: reverse("policies:fee", args=(fee.id,)),
            ),
            Column("kind", _("收费类别"), lambda fee: str(fee.kind.label), sort="kind", css="short"),
            Column("standing", _("收费状态"), lambda fee: fee.sign, sort="standing", css="short"),
            Column("from", _("起"), lambda fee: fee.starts_on, sort="starts_on", css="short"),
            Column("for_whom", _("适用对象"), lambda fee: fee.for_whom),
            Column("citation", _("依据"), _citation),
            Column(
                "confidence", _("来源"), lambda fee: confidence_sign(fee.confidence), sort="confidence", css="short"
            ),
            Column("origin", _("登记来源"), lambda fee: _("本区登记") if fee.entry else _("随附目录"), css="short"),
        ],
        filters=[
            Filter("kind", _("收费类别"), lambda: FeeEntry.Kind.choices, _with("kind")),
            Filter("standing", _("收费状态"), lambda: FeeEntry.Standing.choices, _with("standing")),
            Filter("confidence", _("来源"), lambda: Confidence.choices, _with("confidence")),
            Filter("origin", _("登记来源"), lambda: [(SHIPPED, _("随附目录")), (ENTERED, _("本区登记"))], _from),
        ],
        search=_holding,
        empty_title=_("没有收费事项"),
        empty_hint=_("由创建办或政策主管登记。"),
    )
