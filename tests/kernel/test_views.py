"""The file behind an attachment, as a browser gets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel import attachments
from chuangju.kernel.attachments import attach_file, path_of, register_attachment_owner
from chuangju.kernel.models import Attachment, SavedView, User
from tests.kernel.files import picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _views_own_files() -> Iterator[None]:
    register_attachment_owner(SavedView, lambda user, view: user is not None and view.user_id == user.pk)
    yield
    attachments.owners.remove("kernel.savedview")


def kept(person: User, now: datetime, name: str, content: bytes) -> Attachment:
    record = SavedView.objects.create(user=person, listing="tasks", name="我的")
    return attach_file(record, upload(name, content), by=person, at=now)


def address(attachment: Attachment) -> str:
    return reverse("kernel:attachment", args=[attachment.pk])


def test_a_file_is_served_as_a_download_that_nothing_can_run(client: Client, person: User, now: datetime) -> None:
    attachment = kept(person, now, "说明.txt", b"<script>alert(1)</script>")
    client.force_login(person)
    response = client.get(address(attachment))
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('说明.txt')}"
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"].startswith("private")


def test_only_pictures_are_shown_in_place(client: Client, person: User, now: datetime) -> None:
    photo = kept(person, now, "a.png", picture("PNG"))
    note = attach_file(photo.owner, upload("a.txt", b"abc"), by=person, at=now)
    client.force_login(person)
    shown = client.get(address(photo), {"inline": "1"})
    assert shown["Content-Disposition"] == 'inline; filename="a.jpg"'
    assert shown["Content-Type"] == "image/jpeg"
    b"".join(shown.streaming_content)
    for response in (client.get(address(photo)), client.get(address(note), {"inline": "1"})):
        assert response["Content-Disposition"].startswith("attachment;")
        b"".join(response.streaming_content)


def test_another_persons_file_a_missing_one_and_a_lost_one_read_alike(
    client: Client, person: User, now: datetime
) -> None:
    attachment = kept(person, now, "a.txt", b"abc")
    assert client.get(address(attachment)).status_code == 404
    client.force_login(User.objects.create(username="li", name="李"))
    assert client.get(address(attachment)).status_code == 404
    client.force_login(person)
    assert client.get("/files/00000000-0000-0000-0000-000000000000/").status_code == 404
    path_of(attachment).unlink()
    assert client.get(address(attachment)).status_code == 404


def test_a_file_can_only_be_read(client: Client, person: User, now: datetime) -> None:
    client.force_login(person)
    assert client.post(address(kept(person, now, "a.txt", b"abc"))).status_code == 405
