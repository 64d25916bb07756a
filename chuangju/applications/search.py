"""检索 - cases, letters of decision and public notices as they are found: by number, title and name, each by who may open it.

Cases change with every click, so nothing of this is indexed with the change: a worker does it within the minute.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import desk_applications_visible_to
from chuangju.applications.applicant_access import own_applications_visible_to
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.letters import DECISION, decision_title
from chuangju.applications.models import Application, Decision, PublicNotice
from chuangju.applications.public_notices import indexed_notice_names, shown_notice_title, with_first_case
from chuangju.kernel.models import Paper
from chuangju.kernel.outgoing_papers import papers_about
from chuangju.kernel.search import SearchSource, index_records
from chuangju.policies.current import current_catalogue
from chuangju.units.access import Visitor
from chuangju.ventures.models import Party

_PRIVATE = (Application.State.DRAFT, Application.State.OFFERED)
_IN_FORCE = (Decision.State.PUBLISHED, Decision.State.REPLACED)


def _all_cases() -> QuerySet[Application]:
    return Application.objects.select_related("subject", "town").prefetch_related("subject__former_names")


def _desk_cases() -> QuerySet[Application]:
    return _all_cases().exclude(state__in=_PRIVATE)


def _cases_visible_to(user: Visitor) -> QuerySet[Application]:
    return desk_applications_visible_to(user, timezone.localdate(), one_by_one=True)


def _decisions_visible_to(user: Visitor) -> QuerySet[Decision]:
    """Those of the cases of one's desk, as on the list of decisions."""
    cases = _cases_visible_to(user).filter(pk=OuterRef("application"))
    return Decision.objects.filter(Exists(cases))


def _of_parties(parties: QuerySet[Party]) -> QuerySet[Application]:
    return Application.objects.filter(subject__in=parties.values("pk"))


def _title(application: Application) -> str:
    return f"{shown_case_title(application)} {application.number or ''}".strip()


def _names(application: Application) -> list[str]:
    subject = application.subject
    return [application.title, subject.name, *(former.name for former in subject.former_names.all())]


def _text(application: Application) -> str:
    """The applicant, and what the policy is called in English."""
    policy = current_catalogue().version(application.policy_id, application.policy_version)
    return " · ".join(filter(None, [application.subject.name, policy.title.en if policy else ""]))


def _changed_cases(since: datetime) -> QuerySet[Application]:
    return Application.objects.filter(changed_at__gte=since).annotate(changed=F("changed_at"))


def _decisions() -> QuerySet[Decision]:
    """Decisions that came into force, each with a letter."""
    return Decision.objects.filter(state__in=_IN_FORCE).select_related("application__subject")


def _decided_title(decision: Decision) -> str:
    return f"{_title(decision.application)} · {decision.get_outcome_display()}"


def _letter_text(decision: Decision) -> str:
    """What the letter is called, to whom it went, and under which number."""
    letters = papers_about(decision).exclude(state=Paper.State.VOIDED).values_list("number", flat=True)
    return " ".join(filter(None, [decision_title(decision), decision.application.subject.name, *letters]))


def _sealed(paper: Paper) -> QuerySet[Decision]:
    """A letter's number is found as soon as its seal is recorded."""
    if paper.template_key != DECISION or not paper.number:
        return Decision.objects.none()
    return Decision.objects.filter(pk=paper.subject_id)


def _changed_decisions(since: datetime) -> QuerySet[Decision]:
    recent = Decision.objects.filter(state__in=_IN_FORCE, published_at__gte=since)
    return recent.annotate(changed=F("published_at"))


def _notices() -> QuerySet[PublicNotice]:
    shown = Decision.objects.select_related("application__subject").order_by("application__number", "pk")
    return with_first_case(PublicNotice.objects.prefetch_related(Prefetch("decisions", shown)))


def _changed_notices(since: datetime) -> QuerySet[PublicNotice]:
    return PublicNotice.objects.filter(published_at__gte=since).annotate(changed=F("published_at"))


SOURCES = (
    SearchSource(
        key="applications.case",
        label=_("办件"),
        model=Application,
        visible_to=_cases_visible_to,
        title=_title,
        address=lambda application: reverse("applications:case", args=(application.pk,)),
        text=_text,
        names=_names,
        moment=lambda application: application.changed_at,
        records=_desk_cases,
        holds_words_of=((Party, _of_parties),),
        changed_since=lambda since: _changed_cases(since).exclude(state__in=_PRIVATE),
    ),
    SearchSource(
        key="applications.own_case",
        label=pgettext_lazy("list", "我的办件"),
        model=Application,
        visible_to=lambda user: own_applications_visible_to(user, timezone.localdate()),
        title=_title,
        address=lambda application: reverse("applications:my_case", args=(application.pk,)),
        text=_text,
        names=_names,
        audience="public",
        moment=lambda application: application.changed_at,
        records=_all_cases,
        holds_words_of=((Party, _of_parties),),
        changed_since=_changed_cases,
    ),
    SearchSource(
        key="applications.decision",
        label=_("决定书"),
        model=Decision,
        visible_to=_decisions_visible_to,
        title=_decided_title,
        address=lambda decision: reverse("applications:decision", args=(decision.pk,)),
        text=_letter_text,
        names=lambda decision: (decision.application.subject.name,),
        moment=lambda decision: decision.published_at,
        records=_decisions,
        follows=((Paper, _sealed),),
        holds_words_of=((Party, lambda parties: _decisions().filter(application__subject__in=parties.values("pk"))),),
        changed_since=_changed_decisions,
    ),
    SearchSource(
        key="applications.notice",
        label=pgettext_lazy("list", "公示"),
        model=PublicNotice,
        visible_to=lambda _user: PublicNotice.objects.exclude(state=PublicNotice.State.WITHDRAWN),
        title=shown_notice_title,
        address=lambda notice: reverse("applications:notice", args=(notice.pk,)),
        text=lambda notice: "、".join(indexed_notice_names(notice)),
        names=lambda notice: (notice.title,),
        audience="any",
        moment=lambda notice: notice.published_at,
        records=_notices,
        changed_since=_changed_notices,
    ),
)


def index_demo_cases(_at: datetime) -> None:
    """The demo's cases and letters are of the past, where no worker looks."""
    for model in (Application, Decision, PublicNotice, Paper):
        index_records(model.objects.all())
