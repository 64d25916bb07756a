"""The lists of policies by their making and by their last day: columns, filters, order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.policies.expiries import Expiry, days_left, evaluation_due_on, expiry_sign
from chuangju.policies.models import Confidence, PolicyRecord
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.models import Unit

MINE = "mine"
_STATE_SIGNS = {
    PolicyRecord.State.MAKING: "info",
    PolicyRecord.State.ISSUED: "good",
    PolicyRecord.State.SUPERSEDED: "flat",
    PolicyRecord.State.REPEALED: "flat",
    PolicyRecord.State.ABANDONED: "flat",
}
_CONFIDENCE_SIGNS = {
    Confidence.OFFICIAL: "good",
    Confidence.SECONDARY: "flat",
    Confidence.UNVERIFIED: "soon",
    Confidence.SAMPLE: "new",
}


def record_sign(record: PolicyRecord) -> Sign:
    """Where a record stands."""
    return Sign(_STATE_SIGNS[PolicyRecord.State(record.state)], str(record.get_state_display()))


def confidence_sign(confidence: str) -> Sign:
    """How sure a source is; whatever is not official says so."""
    found = Confidence(confidence)
    return Sign(_CONFIDENCE_SIGNS[found], str(found.label))


def _address(record: PolicyRecord) -> str:
    return reverse("policies:making", args=(record.pk,))


def _unit_choices(mine: frozenset[int]) -> list[tuple[str, str | Promise]]:
    units = Unit.objects.filter(policy_records__isnull=False).distinct().order_by("position", "code")
    choices: list[tuple[str, str | Promise]] = [(unit.code, unit.shown_name) for unit in units]
    return [(MINE, _("我的单位")), *choices] if mine else choices


def _unit_filter(mine: frozenset[int]) -> Filter:
    def in_unit(records: QuerySet[Any], value: str) -> QuerySet[Any]:
        return records.filter(unit__in=mine) if value == MINE else records.filter(unit__code=value)

    return Filter("unit", _("责任单位"), lambda: _unit_choices(mine), in_unit)


def _search(records: QuerySet[Any], text: str) -> QuerySet[Any]:
    return records.filter(
        Q(title__icontains=text)
        | Q(title_en__icontains=text)
        | Q(policy_id__icontains=text)
        | Q(document_number__icontains=text)
        | Q(document__icontains=text)
    )


def making_listing(*, on: date, mine: frozenset[int]) -> Listing:
    """Every policy with its stage and its last day, as somebody who keeps those of the units `mine` works with them."""
    return Listing(
        key="policy_records",
        title=pgettext_lazy("list", "政策档案"),
        search_label=_("搜索政策名称、编号、文号"),
        columns=[
            Column("title", _("政策"), lambda r: r.shown_title, sort="title", url=_address),
            Column("version", _("版本"), lambda r: r.version, sort="policy_id,version", css="short"),
            Column("unit", _("责任单位"), lambda r: r.shown_unit, sort="unit__position", css="named"),
            Column("number", _("发文字号"), lambda r: r.document_number, sort="document_number"),
            Column("stage", _("环节"), lambda r: r.get_stage_display(), sort="stage"),
            Column("until", _("有效期至"), lambda r: r.valid_until, sort="valid_until", css="short"),
            Column("confidence", _("来源"), lambda r: confidence_sign(r.confidence), sort="confidence", css="short"),
            Column(
                "state",
                _("状态"),
                lambda r: expiry_sign(r, on=on) or record_sign(r),
                sort="rank,valid_until",
                css="short",
            ),
        ],
        filters=[
            _unit_filter(mine),
            Filter("state", _("状态"), lambda: PolicyRecord.State.choices, lambda q, v: q.filter(state=v)),
            Filter("stage", _("环节"), lambda: PolicyRecord.Stage.choices, lambda q, v: q.filter(stage=v)),
            Filter("expiry", _("到期状态"), lambda: Expiry.choices, lambda q, v: q.filter(expiry=v)),
            Filter("level", _("层级"), lambda: PolicyRecord.Level.choices, lambda q, v: q.filter(level=v)),
            Filter("confidence", _("来源"), lambda: Confidence.choices, lambda q, v: q.filter(confidence=v)),
        ],
        search=_search,
        default_sort="rank,unit__position,policy_id,-version",
        empty_title=_("还没有政策档案"),
        empty_hint=_("随附目录的政策会自动建立档案；本区制定的政策由责任单位的政策主管建立。"),
    )


def expiring_listing(*, on: date, mine: frozenset[int]) -> Listing:
    """Issued policies that have a last day, the first to run out at the top."""
    return Listing(
        key="expiring_policies",
        title=pgettext_lazy("list", "到期政策"),
        search_label=_("搜索政策名称、编号、文号"),
        columns=[
            Column("title", _("政策"), lambda r: r.shown_title, sort="title", url=_address),
            Column("unit", _("责任单位"), lambda r: r.shown_unit, sort="unit__position"),
            Column("until", _("有效期至"), lambda r: r.valid_until, sort="valid_until", css="short"),
            Column("left", _("剩余"), lambda r: days_left(r, on=on), css="short"),
            Column("evaluation", _("评估期限"), evaluation_due_on, sort="valid_until", css="short"),
            Column("conclusion", _("评估结论"), lambda r: r.get_conclusion_display(), sort="conclusion", css="short"),
            Column("expiry", _("到期状态"), lambda r: expiry_sign(r, on=on), sort="valid_until", css="short"),
        ],
        filters=[
            _unit_filter(mine),
            Filter("expiry", _("到期状态"), lambda: Expiry.choices, lambda q, v: q.filter(expiry=v)),
            Filter("level", _("层级"), lambda: PolicyRecord.Level.choices, lambda q, v: q.filter(level=v)),
        ],
        search=_search,
        default_sort="until",
        empty_title=_("没有登记了有效期的政策"),
        empty_hint=_("在政策页登记有效期后，将要到期的政策列在这里，到期前 6、3、1 个月提醒政策主管。"),
    )
