"""我的办件列表 - one's own cases, those that want something of one first."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.case_words import application_sign, title_of
from chuangju.applications.models import Application, Correction
from chuangju.policies.current import current_catalogue
from chuangju.ui.listing import Column, Filter, Listing


def my_cases(applications: QuerySet[Application]) -> QuerySet[Application]:
    """With what the list shows, and first what waits for the applicant, then what is under way."""
    asked = Exists(Correction.objects.filter(application=OuterRef("pk"), state=Correction.State.ASKED))
    mine = Q(state__in=(Application.State.OFFERED, Application.State.DRAFT)) | Q(asked=True)
    order = Case(
        When(mine, then=Value(0)),
        When(state__in=Application.OPEN_STATES, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return applications.annotate(asked=asked).annotate(place=order).select_related("subject", "unit")


def my_listing() -> Listing:
    """One's own cases; asked once for a page."""
    catalogue = current_catalogue()
    return Listing(
        key="my_cases",
        title=pgettext_lazy("list", "我的办件"),
        columns=[
            Column(
                "title",
                _("事项"),
                lambda one: title_of(one, catalogue),
                sort="title",
                url=lambda one: reverse("applications:my_case", args=(one.pk,)),
            ),
            Column("state", _("状态"), application_sign, sort="state", css="short"),
            Column("number", _("办件编号"), lambda one: one.number or "", sort="number", css="short"),
            Column("subject", _("申请主体"), lambda one: one.subject.name, sort="subject__name"),
            Column("due", _("承诺办结日"), lambda one: one.due_on, sort="due_on", css="short"),
            Column("changed", _("最近变动"), lambda one: one.changed_at, sort="changed_at", css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: Application.State.choices, _of_state)],
        search=_search,
        search_label=_("搜索编号、事项或主体"),
        default_sort="place,-changed_at",
        empty_title=_("还没有办件"),
        empty_hint=_("先测算能享受什么，再点“去申请”；填到一半的会留在这里。"),
        per_page=20,
    )


def _of_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(state=value)


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(number__icontains=text) | Q(title__icontains=text) | Q(subject__name__icontains=text))
