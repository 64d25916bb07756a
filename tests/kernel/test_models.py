"""What records call themselves, and the constraints that stand in the database."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.models import Attachment, AuditEvent, AuditStream, IdempotencyKey, Installation, SavedView, User

pytestmark = pytest.mark.django_db


def test_an_account_is_found_whatever_the_case_of_its_sign_in_name(person: User) -> None:
    assert User.objects.get_by_natural_key("WANG") == person


def test_an_account_is_called_by_its_name_and_else_by_its_sign_in_name() -> None:
    assert str(User(username="wang", name="王芳")) == "王芳"
    assert str(User(username="wang")) == "wang"


def test_records_say_what_they_are() -> None:
    stream = AuditStream(name="units")
    assert str(stream) == "units"
    assert str(AuditEvent(stream=stream, sequence=3, action="units.renamed")) == "units#3 units.renamed"
    assert str(Attachment(name="a.pdf")) == "a.pdf"
    assert str(IdempotencyKey(key="k1")) == "k1"
    assert str(SavedView(name="我的")) == "我的"


@pytest.mark.parametrize(("media_type", "is_picture"), [("image/jpeg", True), ("application/pdf", False)])
def test_only_pictures_are_pictures(media_type: str, *, is_picture: bool) -> None:
    assert Attachment(media_type=media_type).is_picture is is_picture


def test_the_database_allows_one_installation_only() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(id=2)
