"""The list of what a bank or guarantor is asked about."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.case_words import shown_case_title
from chuangju.applications.desk_words import due_sign, result_sign, step_label
from chuangju.applications.models import Step
from chuangju.ui.listing import Column, Filter, Listing


def referrals_listing(*, on: date) -> Listing:
    """Open ones first, the nearest day at the top."""
    return Listing(
        key="cases.referred",
        title=pgettext_lazy("list", "转来的办件"),
        search_label=_("搜索办件编号、申请主体"),
        columns=[
            Column(
                "number",
                _("办件编号"),
                lambda s: s.application.number,
                sort="application__number",
                url=lambda s: reverse("applications:referred", args=(s.pk,)),
                css="title",
            ),
            Column("subject", _("申请主体"), lambda s: s.application.subject.name, sort="application__subject__name"),
            Column("title", _("事项"), lambda s: shown_case_title(s.application), sort="application__title"),
            Column("step", _("环节"), step_label, sort="word", css="short"),
            Column(
                "left",
                _("剩余"),
                lambda s: due_sign(s.due_on, on=on) if s.state == Step.State.OPEN else None,
                sort="due_on",
                css="short",
            ),
            Column("result", _("结果"), result_sign, sort="state", css="short"),
        ],
        filters=[
            Filter(
                "state", _("状态"), lambda: [("open", _("待办")), ("done", _("已办"))], lambda q, v: q.filter(state=v)
            )
        ],
        search=lambda q, text: q.filter(
            Q(application__number__icontains=text) | Q(application__subject__name__icontains=text)
        ),
        default_sort="-state,due_on",
        empty_title=_("没有转来的办件"),
        empty_hint=_("资格审核通过后，需要贵机构办理的会出现在这里。"),
    )
