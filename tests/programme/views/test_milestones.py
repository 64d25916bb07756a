"""我的待办: what a liaison officer finds to do, and what stands above the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.programme.milestones import complete_milestone
from chuangju.programme.models import Milestone, TableVersion
from tests.programme.conftest import measure_of, read_table_of, read_task, unit_called
from tests.programme.views.conftest import page

pytestmark = pytest.mark.django_db
MakeMilestone = Callable[..., Milestone]


def test_the_work_list_holds_the_own_units_open_steps_each_with_its_report(
    client: Client, finance: User, make_milestone: MakeMilestone, today: date
) -> None:
    own = make_milestone(1, title="下达扶持资金", due_on=today - timedelta(days=1))
    other = make_milestone(2, title="别家的节点", unit=unit_called("区人力资源社会保障局"))
    text = page(client, finance, "my_milestones")
    assert "下达扶持资金" in text
    assert other.title not in text
    assert f"?milestone={own.pk}&amp;done=1" in text
    assert "1 个逾期" in text


def test_the_table_tells_a_liaison_officer_what_is_waiting_and_a_leader_nothing(
    client: Client, finance: User, leader: User, make_milestone: MakeMilestone
) -> None:
    make_milestone(1)
    assert "本单位有 1 个落实节点尚未完成" in page(client, finance, "table")
    assert reverse("programme:my_milestones") not in page(client, leader, "table")


def test_nobody_else_has_a_work_list(client: Client, office: User) -> None:
    client.force_login(office)
    assert client.get(reverse("programme:my_milestones")).status_code == 403


def test_a_band_counts_its_rows_and_those_that_are_late(
    client: Client, leader: User, make_milestone: MakeMilestone, today: date
) -> None:
    make_milestone(1, due_on=today - timedelta(days=5))
    for asked in ({"category": "政策支持"}, {"light": "flat"}):
        assert "2 项 · 1 项逾期" in page(client, leader, "table", **asked), (
            "a filter hides rows, not what is true of them"
        )


def test_a_new_step_is_offered_to_the_lead_of_its_measure(client: Client, office: User, version: TableVersion) -> None:
    client.force_login(office)
    address = reverse("programme:milestone_add", args=("start-up-support",))
    measure = measure_of(version, 2, 2)
    shown = client.get(address, {"measure": measure.pk}).context["form"]
    lead = version.rows.get(number=2).row_units.filter(part="lead").order_by("unit__position").first()
    assert shown.initial["unit"] == lead.unit_id
    assert [words[:3] for _pk, words in shown.fields["measure"].choices] == ["（1）", "（2）"]


def test_the_list_is_narrowed_by_what_is_printed_now_not_by_what_once_was(
    client: Client, leader: User, make_milestone: MakeMilestone, put_into_force: Callable[..., TableVersion]
) -> None:
    make_milestone(2, title="发放补贴", unit="团区委")
    put_into_force(read_table_of(read_task(2, "初创期政策的落实", category="资金保障", measures=["落实开办补贴。"])))
    assert "发放补贴" in page(client, leader, "milestone_list", category="资金保障")
    assert "发放补贴" in page(client, leader, "milestone_list", q="初创期政策")
    # A category that is no longer printed is no choice any more; the words of the old title find nothing.
    assert "发放补贴" not in page(client, leader, "milestone_list", q="初创期扶持政策")


def test_the_list_begins_with_what_is_open_and_most_pressing(
    client: Client, leader: User, office: User, make_milestone: MakeMilestone, now: datetime, today: date
) -> None:
    done = make_milestone(1, title="早已完成的", due_on=today - timedelta(days=60))
    complete_milestone(done, done_on=today, revision=1, by=office, at=now)
    make_milestone(2, title="没有期限的")
    make_milestone(2, title="还早的", due_on=today + timedelta(days=90))
    make_milestone(1, title="逾期的", due_on=today - timedelta(days=3))
    text = page(client, leader, "milestone_list")
    places = [text.index(title) for title in ("逾期的", "还早的", "没有期限的", "早已完成的")]
    assert places == sorted(places)
