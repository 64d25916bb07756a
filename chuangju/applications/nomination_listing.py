"""The list of nominations: those one made, and those in which one is put forward."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.case_words import application_sign
from chuangju.applications.models import Nomination
from chuangju.applications.nomination_rules import nomination_title
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_SHAPES = {
    Nomination.State.ASKED: "soon",
    Nomination.State.CONFIRMED: "good",
    Nomination.State.DECLINED: "flat",
    Nomination.State.WITHDRAWN: "flat",
}


def nomination_sign(nomination: Nomination) -> Sign:
    """Where a nomination stands."""
    return Sign(_SHAPES[Nomination.State(nomination.state)], str(nomination.get_state_display()))


def _search(nominations: QuerySet[Any], text: str) -> QuerySet[Any]:
    names = Q(nominee__name__icontains=text) | Q(person__name__icontains=text) | Q(party__name__icontains=text)
    return nominations.filter(names | Q(unit__name__icontains=text) | Q(title__icontains=text))


def nomination_listing() -> Listing:
    """Newest first."""
    return Listing(
        key="nominations",
        title=pgettext_lazy("list", "推荐"),
        search_label=_("搜索事项、名称"),
        columns=[
            Column(
                "title",
                _("事项"),
                nomination_title,
                sort="title",
                url=lambda one: reverse("applications:nomination", args=(one.pk,)),
            ),
            Column("nominated", _("被推荐者"), lambda one: one.nominated),
            Column("nominator", _("推荐方"), lambda one: one.nominator, css="named"),
            Column("made", _("推荐日期"), lambda one: timezone.localdate(one.made_at), sort="made_at", css="short"),
            Column("state", _("状态"), nomination_sign, sort="state", css="short"),
            Column(
                "case",
                _("办件"),
                lambda one: application_sign(one.application) if one.application else None,
                css="short",
            ),
        ],
        filters=[Filter("state", _("状态"), lambda: Nomination.State.choices, lambda q, v: q.filter(state=v))],
        search=_search,
        default_sort="-made",
        empty_title=_("还没有推荐"),
        empty_hint=_("需要推荐的政策，由协会、孵化器或有关单位推荐，被推荐者确认后再申请。"),
    )
