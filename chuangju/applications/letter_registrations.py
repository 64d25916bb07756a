"""文书检索 - letters of acceptance, refusal to accept and correction as they are found, by title, addressee and number.

Decisions have their letters with them (search.py). What is found is the letter itself: at the desk by those who write the
letters of a case, by the applicant once it bears its seal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import desk_units
from chuangju.applications.applicant_access import own_applications_visible_to
from chuangju.applications.letters import ACCEPTANCE, CORRECTION, NOT_ACCEPTED
from chuangju.applications.models import Application, Correction
from chuangju.kernel.models import Paper
from chuangju.kernel.search import SearchSource
from chuangju.units.access import Visitor
from chuangju.units.models import Role

_OF_CASES, _KINDS = (ACCEPTANCE, NOT_ACCEPTED), (ACCEPTANCE, NOT_ACCEPTED, CORRECTION)
_SEALED = (Paper.State.SEALED, Paper.State.DELIVERED)
_LABEL = pgettext_lazy("case", "文书")


def _letters() -> QuerySet[Any]:
    """Each with the key of its case: a request to mend has a record of its own in between."""
    asked = Correction.objects.filter(pk=Cast(OuterRef("subject_id"), BigIntegerField())).values("application")
    key = Replace("subject_id", Value("-"), Value(""), output_field=CharField())
    case = Case(
        When(template_key=CORRECTION, then=Subquery(asked)),
        # A database that is asked in another order meets keys of other records, which are none of these.
        When(template_key__in=_OF_CASES, then=Cast(key, UUIDField())),
        output_field=UUIDField(),
    )
    return Paper.objects.filter(template_key__in=_KINDS).exclude(state=Paper.State.VOIDED).annotate(case_key=case)


def _at_desk(user: Visitor) -> QuerySet[Any]:
    """Those of cases whose letters one writes, as their own page has it."""
    units = desk_units(user, timezone.localdate(), Role.CLERK, Role.APPROVER)
    cases = Application.objects.filter(Q(unit__in=units) | Q(town__in=units), pk=OuterRef("case_key"))
    return _letters().filter(Exists(cases)) if units else Paper.objects.none()


def _own(user: Visitor) -> QuerySet[Any]:
    """Those of one's own cases that bear their seal."""
    cases = own_applications_visible_to(user, timezone.localdate()).filter(pk=OuterRef("case_key"))
    return _letters().filter(Exists(cases), state__in=_SEALED)


def _changed(since: datetime) -> QuerySet[Any]:
    recent = Q(drafted_at__gte=since) | Q(handed_over_at__gte=since) | Q(sealed_at__gte=since)
    changed = Coalesce("sealed_at", "handed_over_at", F("drafted_at"))
    found: QuerySet[Any] = _letters().filter(recent).annotate(changed=changed)
    return found


def _moment(paper: Paper) -> datetime:
    return paper.sealed_at or paper.handed_over_at or paper.drafted_at


def _text(paper: Paper) -> str:
    return " ".join(filter(None, [paper.recipient, paper.number]))


def _case_address(paper: Any) -> str:
    key: UUID = paper.case_key
    return reverse("applications:my_case", args=(key,))


LETTER_SOURCES = (
    SearchSource(
        key="applications.letter",
        label=_LABEL,
        model=Paper,
        visible_to=_at_desk,
        title=lambda paper: paper.title,
        address=lambda paper: reverse("units:paper_detail", args=(paper.code,)),
        text=_text,
        names=lambda paper: (paper.recipient,) if paper.recipient else (),
        moment=_moment,
        records=_letters,
        changed_since=_changed,
    ),
    SearchSource(
        key="applications.own_letter",
        label=_LABEL,
        model=Paper,
        visible_to=_own,
        title=lambda paper: paper.title,
        address=_case_address,
        text=_text,
        audience="public",
        moment=_moment,
        records=lambda: _letters().filter(state__in=_SEALED),
        changed_since=lambda since: _changed(since).filter(state__in=_SEALED),
    ),
)
