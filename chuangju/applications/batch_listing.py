"""The lists of application rounds and of what is decided for a whole round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models import Application, DecisionBatch, Window
from chuangju.applications.window_changes import has_closed
from chuangju.applications.window_words import shown_batch_title, shown_window_title
from chuangju.kernel.money import format_yuan
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_TONES = {
    Window.State.DRAFT: "soon",
    Window.State.OPEN: "info",
    Window.State.CLOSED: "soon",
    Window.State.DECIDED: "done",
}
_BATCH_TONES: Mapping[str, str] = {
    DecisionBatch.State.DRAFT: "soon",
    DecisionBatch.State.FROZEN: "soon",
    DecisionBatch.State.PROPOSED: "soon",
    DecisionBatch.State.APPROVED: "info",
    DecisionBatch.State.NOTICE: "info",
    DecisionBatch.State.PUBLISHED: "done",
}


def window_sign(window: Window, *, on: date) -> Sign:
    """Its state with a shape; past its last day it takes nothing in, whatever the duty has written."""
    if window.state == Window.State.OPEN and has_closed(window, on=on):
        return Sign("soon", str(Window.State.CLOSED.label))
    return Sign(_TONES[Window.State(window.state)], str(window.get_state_display()))


def batch_sign(batch: DecisionBatch) -> Sign:
    """Its state with a shape."""
    return Sign(_BATCH_TONES.get(batch.state, "flat"), str(batch.get_state_display()))


def policy_title(policy_id: str) -> str:
    """The name of a policy; its key where the catalogue has none."""
    policy = current_catalogue().latest(policy_id)
    return say(policy.title) if policy is not None else policy_id


def listed_windows(windows: QuerySet[Window]) -> QuerySet[Window]:
    """With what the list shows: how many were handed in."""
    taken = Q(applications__state__in=(*Application.OPEN_STATES, "granted", "refused"))
    return windows.select_related("unit").annotate(case_count=Count("applications", filter=taken))


def window_listing(*, on: date) -> Listing:
    """申报批次: the newest first."""
    catalogue = current_catalogue()

    def title_of(window: Window) -> str:
        policy = catalogue.latest(window.policy_id)
        return say(policy.title) if policy is not None else window.policy_id

    return Listing(
        key="windows",
        title=pgettext_lazy("list", "申报批次"),
        search_label=_("搜索批次名称、期次"),
        columns=[
            Column(
                "title",
                _("批次名称"),
                lambda w: shown_window_title(w, catalogue),
                sort="title",
                url=lambda w: reverse("applications:window", args=(w.pk,)),
            ),
            Column("policy", _("政策"), title_of, sort="policy_id"),
            Column("kind", _("受理方式"), lambda w: w.get_kind_display(), sort="kind", css="short"),
            Column("cycle", _("期次"), lambda w: w.cycle, sort="cycle", css="short"),
            Column("opens", _("开始受理"), lambda w: w.opens_on, sort="opens_on", css="short"),
            Column("closes", _("截止受理"), lambda w: w.closes_on, sort="closes_on", css="short"),
            Column("count", _("办件数"), lambda w: w.case_count, sort="case_count", css="right short"),
            Column("state", _("状态"), lambda w: window_sign(w, on=on), sort="state", css="short"),
        ],
        filters=[
            Filter("state", _("状态"), lambda: Window.State.choices, lambda q, v: q.filter(state=v)),
            Filter("kind", _("受理方式"), lambda: Window.Kind.choices, lambda q, v: q.filter(kind=v)),
        ],
        search=lambda q, text: q.filter(Q(title__icontains=text) | Q(cycle__icontains=text)),
        default_sort="-opens",
        empty_title=_("还没有申报批次"),
        empty_hint=_("有截止日期、名额或集中评选的政策，在这里设立批次；其余的常年受理，不用设立。"),
    )


def batch_listing() -> Listing:
    """评选名单: the newest first."""
    return Listing(
        key="selections",
        title=pgettext_lazy("list", "评选名单"),
        search_label=_("搜索名称"),
        columns=[
            Column(
                "title",
                _("名称"),
                shown_batch_title,
                sort="title",
                url=lambda b: reverse("applications:board", args=(b.pk,)),
            ),
            Column("count", _("名单数"), lambda b: len(b.ranking), css="right short"),
            Column("cut", _("入围数"), lambda b: b.cut_line, sort="cut_line", css="right short"),
            Column("money", _("资金额度"), lambda b: _money(b.money), sort="money", css="right short"),
            Column("by", _("拟定人"), lambda b: b.proposed_by.name, css="short"),
            Column("proposed", _("拟定时间"), lambda b: b.proposed_at, sort="proposed_at", css="short"),
            Column("state", _("状态"), batch_sign, sort="state", css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: DecisionBatch.State.choices, lambda q, v: q.filter(state=v))],
        search=lambda q, text: q.filter(title__icontains=text),
        default_sort="-proposed",
        empty_title=_("还没有评选名单"),
        empty_hint=_("集中评选的批次截止并评审以后，在批次页面拟定名单。"),
    )


def _money(fen: int | None) -> str:
    return format_yuan(fen) if fen is not None else ""
