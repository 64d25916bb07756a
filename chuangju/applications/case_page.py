"""一件办件 - all that the applicant's page of a case shows: how it stands, the one thing to do, papers, money, what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from chuangju.applications.grown_cases import HEARING
from chuangju.applications.models import (
    Application,
    Correction,
    Decision,
    Instalment,
    Obligation,
    RequiredDocument,
    Standing,
    Step,
)
from chuangju.applications.submissions import is_begun_by_applicant
from chuangju.applications.timeline import CaseRecords, Moment, timeline_of
from chuangju.kernel.models import Paper
from chuangju.kernel.money import format_yuan
from chuangju.kernel.paper_templates import papers_about

_OPEN_DUTIES = (Obligation.State.OPEN, Obligation.State.BROKEN)


@dataclass(frozen=True)
class Task:
    """The one thing that the applicant has to do now: what, by when, and where."""

    kind: str
    title: str
    due_on: date | None = None
    items: tuple[str, ...] = ()
    key: object = None


@dataclass(frozen=True)
class CasePage:
    """A case as its applicant sees it."""

    application: Application
    moments: list[Moment]
    task: Task | None
    documents: list[RequiredDocument]
    papers: list[Paper]
    decision: Decision | None
    instalments: list[Instalment]
    obligations: list[Obligation]
    standings: list[Standing]
    children: list[Application]
    can_withdraw: bool
    # 陈述申辩: the open step at which the applicant is heard.
    hearing: Step | None = None

    @property
    def next_day(self) -> date | None:
        """By when something is expected next."""
        return next((one.day for one in self.moments if one.kind == "now" and one.day is not None), None)


def case_page(application: Application, *, on: date) -> CasePage:
    """Read everything once; about a dozen queries whatever the case holds."""
    decisions = list(application.decisions.order_by("proposed_at", "pk"))
    instalments = list(
        Instalment.objects.filter(entitlement__application=application).order_by("entitlement__created_at", "number")
    )
    records = CaseRecords(
        steps=list(application.steps.order_by("position", "pk").select_related("unit")),
        flags=list(application.flags.filter(ended_at__isnull=True)),
        corrections=list(application.corrections.order_by("round").prefetch_related("items")),
        decisions=decisions,
        instalments=instalments,
    )
    documents = list(application.documents.order_by("position", "pk").prefetch_related("attachments"))
    obligations = list(application.obligations.order_by("due_on", "pk"))
    published = [one for one in decisions if one.published_at is not None]
    approved = any(one.state == Decision.State.APPROVED for one in decisions)
    subjects = [application, *published]
    return CasePage(
        application=application,
        moments=timeline_of(application, records, on=on),
        task=_task(application, records, documents, obligations, on=on),
        documents=documents,
        papers=[paper for one in subjects for paper in papers_about(one) if paper.is_sealed],
        decision=published[-1] if published else None,
        instalments=instalments,
        obligations=obligations,
        standings=list(Standing.objects.filter(decision__application=application).order_by("starts_on", "pk")),
        children=list(application.children.order_by("started_at", "pk")),
        can_withdraw=application.is_live
        and application.state != Application.State.OFFERED
        and is_begun_by_applicant(application)
        and not approved,
        hearing=next((one for one in records.steps if one.word == HEARING and one.state == Step.State.OPEN), None),
    )


def _task(
    application: Application,
    records: CaseRecords,
    documents: list[RequiredDocument],
    obligations: list[Obligation],
    *,
    on: date,
) -> Task | None:
    """The most pressing thing to do; nothing while others are at work."""
    if application.state == Application.State.OFFERED:
        amount = application.expected_amount
        return Task(
            "offer", str(_("确认领取 %(amount)s") % {"amount": format_yuan(amount)} if amount else _("确认领取"))
        )
    if application.state == Application.State.DRAFT:
        return Task("fill", str(_("接着填写")))
    asked = next((one for one in records.corrections if one.state == Correction.State.ASKED), None)
    if asked is not None:
        items = tuple(item.text for item in asked.items.all())
        return Task("correct", str(_("请补正 %(count)d 项") % {"count": len(items)}), asked.due_on, items, asked.pk)
    returned = next((one for one in records.instalments if one.state == Instalment.State.RETURNED), None)
    if returned is not None:
        return Task("account", str(_("款被退回，请更正账户")), None, (returned.reason,) if returned.reason else ())
    late = [one for one in documents if one.state == RequiredDocument.State.TO_FOLLOW]
    if late:
        days = [one.due_on for one in late if one.due_on is not None]
        is_late = any(day < on for day in days)
        return Task(
            "follow",
            str(_("材料逾期，请立即补交") if is_late else _("请补交材料")),
            min(days, default=None),
            tuple(one.name for one in late),
        )
    due = [one for one in obligations if one.state in _OPEN_DUTIES and one.document_id is None]
    if due and application.state == Application.State.GRANTED:
        first = due[0]
        return Task("duty", first.title, first.due_on, key=first.pk) if (first.due_on - on).days <= _SOON else None
    return None


# An obligation becomes the task of the day so many days before it is due.
_SOON = 30
