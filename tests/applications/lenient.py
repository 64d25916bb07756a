"""What tests of lenient acceptance begin with: a case accepted without a paper, or upon a promise, and the duty of a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.applications import desk_settings, lenient_terms
from chuangju.applications.intake import Leniency, accept_application
from chuangju.applications.lenient_duties import follow_lenient_cases
from chuangju.applications.models import Application, Obligation, PublicNotice, RequiredDocument
from chuangju.applications.notices import end_notice
from chuangju.applications.steps import complete_step
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import Message, User
from tests.applications import deciding, desk

State, Kind = RequiredDocument.State, Obligation.Kind
TOWN = "310112114"
DAYS = 10


def missing(case: Application, **allowed: bool) -> RequiredDocument:
    paper = case.documents.order_by("position").first()
    assert paper is not None
    case.documents.filter(pk=paper.pk).update(state=State.MISSING, **allowed)
    paper.refresh_from_db()
    return paper


def owed(case: Application, now: datetime) -> Obligation:
    """Accepted without a paper, which is to follow in ten days."""
    paper, day = missing(case, may_follow=True), now.date() + timedelta(days=DAYS)
    accept_application(case, leniency=Leniency({paper.pk: day}), by=desk.clerk_of(TOWN), at=now)
    return Obligation.objects.get(application=case, kind=Kind.DOCUMENT)


def promised(case: Application, now: datetime) -> Obligation:
    """Accepted upon a promise."""
    paper = missing(case, may_be_promised=True)
    accept_application(case, leniency=Leniency({}, promised=[paper.pk]), by=desk.clerk_of(TOWN), at=now)
    return Obligation.objects.get(application=case, kind=Kind.PROMISE)


def granted_owing(case: Application, now: datetime) -> Obligation:
    """Granted and in force while the paper is still to follow; the parts of the grant are planned."""
    deciding.give_line(1_000_000_00, at=now)
    duty = owed(case, now)
    review(case, now)
    decision = deciding.approved(Application.objects.get(pk=case.pk), at=now)
    end_notice(PublicNotice.objects.get(decisions=decision), by=None, at=now + timedelta(days=DAYS))
    return duty


def review(case: Application, now: datetime) -> None:
    """Through every review that is left."""
    town, bureau = desk.clerk_of(TOWN), desk.clerk_of("rsj")
    for _number in range(6):
        step = case.steps.filter(state="open").order_by("position").first()
        if step is None or step.kind == "approve":
            return
        complete_step(step, "passed", opinion="属实", by=town if step.unit.code == TOWN else bureau, at=now)


def run(on: date, now: datetime) -> int:
    at = now + (on - now.date())
    return follow_lenient_cases(DutyPeriod(on=on, start=at, end=at, at=at))


def told(user: User, template: str) -> int:
    return Message.objects.filter(user=user, template=f"applications.{template}").count()


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "a.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", content_type="application/pdf"
    )


@contextmanager
def terms(**said: object) -> Iterator[None]:
    """As if the file of the policy said so."""
    usual = desk_settings.desk_settings()
    with patch.object(lenient_terms, "desk_settings", lambda: {**usual, "follow": {**usual["follow"], **said}}):
        yield
