"""What strangers see of the table: the rows and what was done, and where the news of a task leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.programme.milestones import complete_milestone
from chuangju.programme.models import Milestone, ProgressNote, TableVersion
from chuangju.programme.notes import note_progress, release_note
from chuangju.programme.views.public import NOTES_SHOWN
from tests.programme.conftest import row_of, unit_called
from tests.programme.views.conftest import page

pytestmark = pytest.mark.django_db
MakeMilestone = Callable[..., Milestone]


def test_a_stranger_sees_rows_and_what_was_done_but_nothing_internal(
    client: Client,
    version: TableVersion,
    make_milestone: MakeMilestone,
    note: ProgressNote,
    office: User,
    finance: User,
    now: datetime,
    today: date,
) -> None:
    done, plan = make_milestone(1, title="资金安排印发"), make_milestone(1, title="尚在内部商议的节点")
    complete_milestone(done, done_on=today, revision=1, by=office, at=now)
    released = note_progress(
        row_of(version, 1).task, unit=unit_called("区财政局"), text="已拨付扶持资金", by=finance, at=now
    )
    release_note(released, by=office, at=now)
    for text in (page(client, None, "public_programme"), page(client, None, "public_task", "funding")):
        assert "已拨付扶持资金" in text
        assert note.text not in text
        assert plan.title not in text
        assert finance.name not in text
    assert "资金安排印发" in page(client, None, "public_task", "funding")


def test_news_name_the_task_they_tell_of(
    client: Client, version: TableVersion, finance: User, office: User, now: datetime
) -> None:
    told = note_progress(row_of(version, 1).task, unit=unit_called("区财政局"), text="已拨付", by=finance, at=now)
    release_note(told, by=office, at=now)
    news = page(client, None, "public_programme").partition('id="news"')[2]
    assert reverse("programme:public_task", args=("funding",)) in news
    assert row_of(version, 1).title in news


def test_older_news_of_a_task_are_a_page_away(
    client: Client, version: TableVersion, finance: User, office: User, now: datetime
) -> None:
    for number in range(NOTES_SHOWN + 1):
        at = now + timedelta(minutes=number)
        told = note_progress(
            row_of(version, 1).task, unit=unit_called("区财政局"), text=f"第{number}条消息", by=finance, at=at
        )
        release_note(told, by=office, at=at)
    first = page(client, None, "public_task", "funding")
    assert "第0条消息" not in first
    assert 'href="?page=2"' in first
    assert "第0条消息" in page(client, None, "public_task", "funding", page="2")


def test_home_leads_to_each_category_by_its_place(client: Client, version: TableVersion) -> None:
    text = page(client, None, "public_programme", page="1")
    home = client.get("/").content.decode()
    for category in version.categories.all():
        assert f'id="band-{category.position}"' in text
        assert f"#band-{category.position}" in home
