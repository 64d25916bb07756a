"""Papers of a case: as the policy and the facts want them, photographed, taken over, promised, closed once handed in."""

from __future__ import annotations

import json
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chuangju.applications.documents import (
    DocumentRefused,
    give_document,
    missing_documents,
    promise_document,
    reusable_files,
    reuse_document,
    see_original,
)
from chuangju.applications.drafts import begin_application
from chuangju.applications.models import Application, RequiredDocument
from chuangju.applications.payee_accounts import give_account
from chuangju.applications.submissions import submit_application
from chuangju.kernel.models import AuditEvent, User
from chuangju.ventures.models import Party
from tests.applications.desk import POLICY, begin_case, clerk_of, make_firm
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def photo() -> SimpleUploadedFile:
    """A photograph."""
    out = BytesIO()
    Image.new("RGB", (60, 40), (200, 220, 210)).save(out, "JPEG")
    return SimpleUploadedFile("租约.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def founder(reference_data: None) -> User:
    """Somebody who acts for the firm."""
    return make_user("founder", "entrepreneur")


@pytest.fixture
def firm(founder: User) -> Party:
    """A firm."""
    return make_firm(1, founder=founder)


@pytest.fixture
def draft(firm: Party, founder: User, now: datetime) -> Application:
    """A draft without any paper."""
    return begin_application(POLICY, firm, by=founder, at=now)


def paper(case: Application, name: str) -> RequiredDocument:
    return case.documents.get(name=name)


def test_invoices_may_follow_and_a_lease_may_not(draft: Application) -> None:
    assert {one.name for one in missing_documents(draft)} == {"租赁合同", "营业执照"}


def test_a_photo_makes_a_paper_given(draft: Application, founder: User, now: datetime) -> None:
    given = give_document(paper(draft, "租赁合同"), files=[photo()], by=founder, at=now)
    assert given.state == RequiredDocument.State.GIVEN
    assert given.attachments.get().media_type == "image/jpeg"
    with pytest.raises(DocumentRefused, match="请选择"):
        give_document(paper(draft, "营业执照"), files=[], by=founder, at=now)


def test_what_was_given_once_is_taken_over(draft: Application, firm: Party, founder: User, now: datetime) -> None:
    give_document(paper(draft, "租赁合同"), files=[photo()], by=founder, at=now)
    other = begin_application("town_lease_support", firm, by=founder, at=now)
    same = other.documents.filter(name="租赁合同").first()
    if same is None:
        same = RequiredDocument.objects.create(application=other, position=99, name="租赁合同")
    assert [file.name for file in reusable_files([same], subject=firm)[same.pk]] == ["租约.jpg"]
    assert reuse_document(same, by=founder, at=now).attachments.count() == 1


def test_only_what_may_be_promised_is(draft: Application, founder: User, now: datetime) -> None:
    with pytest.raises(DocumentRefused, match="不能以承诺代替"):
        promise_document(paper(draft, "租赁合同"), by=founder, at=now)


def test_nobody_else_gives_papers(draft: Application, now: datetime) -> None:
    with pytest.raises(DocumentRefused, match="不能填写"):
        give_document(paper(draft, "租赁合同"), files=[photo()], by=make_user("other"), at=now)


def test_after_submission_papers_are_closed_until_they_are_asked_for(firm: Party, founder: User, now: datetime) -> None:
    case = submit_application(begin_case(firm, by=founder, at=now), pledge=True, by=founder, at=now)
    with pytest.raises(DocumentRefused, match="已经提交"):
        give_document(paper(case, "租赁合同"), files=[photo()], by=founder, at=now)
    case.documents.filter(name="租赁合同").update(state=RequiredDocument.State.FAULTY)
    assert give_document(paper(case, "租赁合同"), files=[photo()], by=founder, at=now).state == "given"


def test_the_counter_ticks_the_original(draft: Application, now: datetime) -> None:
    seen = see_original(paper(draft, "营业执照"), by=clerk_of("rsj"), at=now)
    assert (seen.state, seen.original_seen_at) == ("given", now)


def test_the_log_knows_that_an_account_was_given_and_not_its_number(
    draft: Application, founder: User, now: datetime
) -> None:
    give_account(draft, name="甲公司", number="6222020202020202", bank="某行", by=founder, at=now)
    event = AuditEvent.objects.filter(action="applications.account_given").latest("pk")
    assert "6222020202020202" not in json.dumps(event.changes, ensure_ascii=False)
