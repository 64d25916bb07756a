"""文书清单 - what the list of outgoing papers shows, and the steps of one paper as a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import Paper, PaperDelivery
from chuangju.kernel.paper_templates import templates
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

SIGNS = {
    Paper.State.DRAFT: "soon",
    Paper.State.HANDED_OVER: "info",
    Paper.State.SEALED: "good",
    Paper.State.DELIVERED: "done",
    Paper.State.VOIDED: "late",
}


def paper_sign(paper: Paper) -> Sign:
    """The state of a paper."""
    return Sign(SIGNS[Paper.State(paper.state)], str(paper.get_state_display()))


def paper_url(paper: Paper) -> str:
    """The page of a paper."""
    return reverse("units:paper_detail", args=[paper.code])


def template_label(paper: Paper) -> str:
    """What kind of paper it is; the bare key where its package is gone."""
    found = templates.find(paper.template_key)
    return str(found.label) if found else paper.template_key


def _search(rows: QuerySet[Paper], text: str) -> QuerySet[Paper]:
    return rows.filter(
        Q(title__icontains=text) | Q(number__icontains=text) | Q(recipient__icontains=text) | Q(code=text.upper())
    )


PAPERS = Listing(
    key="papers",
    title=pgettext_lazy("list", "文书"),
    columns=(
        Column("title", gettext_lazy("标题"), lambda paper: paper.title, sort="title", url=paper_url),
        Column("kind", gettext_lazy("文书种类"), template_label, sort="template_key"),
        Column("number", gettext_lazy("发文字号"), lambda paper: paper.number, sort="number", css="nowrap"),
        Column("state", gettext_lazy("状态"), paper_sign, sort="state"),
        Column("openness", gettext_lazy("公开属性"), lambda paper: paper.get_openness_display(), sort="openness"),
        Column("by", gettext_lazy("起草人"), lambda paper: str(paper.drafted_by), sort="drafted_by__name"),
        Column("at", gettext_lazy("起草时间"), lambda paper: paper.drafted_at, sort="drafted_at"),
    ),
    filters=(
        Filter(
            "state",
            gettext_lazy("状态"),
            lambda: Paper.State.choices,
            lambda rows, state: rows.filter(state=state),
        ),
        Filter(
            "kind",
            gettext_lazy("文书种类"),
            lambda: [(key, str(template.label)) for key, template in templates.items()],
            lambda rows, key: rows.filter(template_key=key),
        ),
        Filter(
            "openness",
            gettext_lazy("公开属性"),
            lambda: Paper.Openness.choices,
            lambda rows, openness: rows.filter(openness=openness),
        ),
    ),
    search=_search,
    search_label=gettext_lazy("搜索标题、文号、核验码"),
    default_sort="-at",
    empty_title=gettext_lazy("还没有文书"),
    empty_hint=gettext_lazy("起草一份通知，或在计划、办件等页面上生成文书。"),
)


@dataclass(frozen=True)
class Step:
    """One step of a paper: `state` is done, now or later."""

    label: str | Promise
    state: str
    at: datetime | date | None = None
    who: str = ""
    note: str = ""


_DONE_BY = {
    "kernel.paper_drafted": "draft",
    "kernel.paper_handed_over": "handed_over",
    "kernel.paper_sealed": "sealed",
    "kernel.paper_voided": "voided",
}


def steps_of(paper: Paper, deliveries: Sequence[PaperDelivery]) -> list[Step]:
    """The way of a paper from its draft to its readers: what is done, by whom and when, and what comes next."""
    who = {
        _DONE_BY[event.action]: event.actor_name
        for event in events_about(paper).filter(action__in=_DONE_BY).order_by("at", "pk")
    }
    is_voided = paper.state == Paper.State.VOIDED
    told = [
        ("draft", _("起草"), paper.drafted_at, ""),
        ("handed_over", _("送核稿、签发"), paper.handed_over_at, ""),
        ("sealed", _("编号并用印"), paper.sealed_on, paper.number),
    ]
    steps = [Step(label, "done", at, who.get(key, ""), note) for key, label, at, note in told if at]
    for delivery in deliveries:
        note = _("%(recipient)s，%(method)s") % {
            "recipient": delivery.recipient,
            "method": delivery.get_method_display(),
        }
        if delivery.note:
            note = _("%(what)s（%(note)s）") % {"what": note, "note": delivery.note}
        steps.append(Step(_("送达"), "done", delivery.delivered_on, str(delivery.recorded_by), note))
    if is_voided:
        return [*steps, Step(_("作废"), "void", paper.voided_at, who.get("voided", ""), paper.void_reason)]
    waiting = [label for _key, label, at, _note in told if not at]
    if not deliveries:
        waiting.append(_("送达"))
    # A draft waits for nobody but its author.
    return steps + [Step(label, "later" if place else "now") for place, label in enumerate(waiting)]
