"""What the tests of the pages share: the clock, a page as somebody reads it, a note that is still internal."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.programme.models import ProgressNote, Task
from chuangju.programme.notes import note_progress
from tests.programme.conftest import unit_called


@pytest.fixture(autouse=True)
def _clock(clock: object) -> None:
    """Pages ask the machine for the time; it stands at `now`."""


def page(client: Client, user: User | None, name: str, *args: object, **query: str) -> str:
    if user is not None:
        client.force_login(user)
    response = client.get(reverse(f"programme:{name}", args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def note(task: Task, finance: User, now: datetime) -> ProgressNote:
    return note_progress(task, unit=unit_called("区财政局"), text="内部情况：尚未公开的安排", by=finance, at=now)
