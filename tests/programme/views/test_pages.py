"""Every page of the table: who may open it, what it says, how many queries it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.programme.models import Milestone, ProgressNote, TableVersion
from tests.programme.conftest import read_table_of, read_task, row_of, unit_called
from tests.programme.views.conftest import page

pytestmark = pytest.mark.django_db
MakeMilestone = Callable[..., Milestone]


def test_without_a_table_the_home_says_what_to_do(client: Client, office: User, leader: User) -> None:
    assert reverse("programme:import_start") in page(client, office, "table")
    assert reverse("programme:import_start") not in page(client, leader, "table")


def test_the_table_shows_units_as_printed_with_their_present_name(
    client: Client, leader: User, put_into_force: Callable[..., TableVersion]
) -> None:
    put_into_force(read_table_of(read_task(1, "甲", lead=["区税务分局"])))
    text = page(client, leader, "table")
    assert ">区税务分局</span></abbr>" in text
    assert "现名：国家税务总局上海市闵行区税务局" in text


def test_the_table_is_filtered_by_light_unit_category_and_words(
    client: Client, leader: User, version: TableVersion, make_milestone: MakeMilestone, today: date
) -> None:
    make_milestone(2, unit="团区委", due_on=today - timedelta(days=10))
    late = page(client, leader, "table", light="late")
    assert "初创期扶持政策的落实" in late
    assert "公共创业服务工作的开展" not in late
    league = page(client, leader, "table", unit=unit_called("团区委").code)
    assert "初创期扶持政策的落实" in league
    assert "公共创业服务工作的开展" not in league
    assert "公共创业服务工作的开展" in page(client, leader, "table", category="创业服务")
    assert "公共创业服务工作的开展" not in page(client, leader, "table", q="开办补贴")
    assert "初创期扶持政策的落实" in page(client, leader, "table", q="开办补贴")


def test_the_table_takes_the_same_queries_for_few_rows_and_many(
    client: Client,
    leader: User,
    put_into_force: Callable[..., TableVersion],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client.force_login(leader)
    counts = []
    for size in (1, 30, 130):
        rows = (
            read_task(n, f"第{n}项专门工作", category=f"类别{n % 4}", cooperating=["各街镇（工业区）"])
            for n in range(1, size + 1)
        )
        put_into_force(read_table_of(*rows))
        client.get(reverse("programme:table"))
        with django_assert_max_num_queries(20) as seen:
            client.get(reverse("programme:table"))
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]


def test_the_list_of_steps_takes_the_same_queries_for_one_and_thirty(
    client: Client,
    leader: User,
    version: TableVersion,
    make_milestone: MakeMilestone,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client.force_login(leader)
    address = reverse("programme:milestone_list")
    make_milestone(1)
    client.get(address)
    with django_assert_max_num_queries(16) as one:
        client.get(address)
    for number in range(29):
        make_milestone(number % 3 + 1)
    with django_assert_max_num_queries(16) as thirty:
        client.get(address)
    assert len(one) == len(thirty)


@pytest.mark.parametrize("name", ["version_list", "import_start"])
def test_versions_and_uploads_take_the_same_queries_however_many(
    name: str,
    client: Client,
    office: User,
    put_into_force: Callable[..., TableVersion],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client.force_login(office)
    counts = []
    for _round in range(2):
        for _each in range(5):
            put_into_force(read_table_of(read_task(1, "甲")))
        client.get(reverse(f"programme:{name}"))
        with django_assert_max_num_queries(16) as seen:
            client.get(reverse(f"programme:{name}"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_row_shows_measures_steps_notes_figures_and_history(
    client: Client, leader: User, version: TableVersion, make_milestone: MakeMilestone, note: ProgressNote, today: date
) -> None:
    make_milestone(1, title="印发年度资金安排", due_on=today + timedelta(days=3))
    text = page(client, leader, "task", "funding")
    for words in ("印发年度资金安排", "剩 3 个工作日", note.text, "添加落实节点", "落实节点完成率"):
        assert words in text
    assert reverse("programme:milestone_add", args=("funding",)) not in text


def test_a_row_offers_each_person_only_what_they_may_do(
    client: Client, office: User, finance: User, leader: User, version: TableVersion, make_milestone: MakeMilestone
) -> None:
    step = make_milestone(1)
    change, add = (
        reverse("programme:milestone_change", args=(step.pk,)),
        reverse("programme:note_add", args=("funding",)),
    )
    assert change in page(client, office, "task", "funding")
    text = page(client, finance, "task", "funding")
    assert add in text
    assert change not in text
    assert add not in page(client, leader, "task", "funding")


def test_the_office_corrects_a_step_and_a_stale_form_keeps_what_was_typed(
    client: Client, office: User, version: TableVersion, make_milestone: MakeMilestone
) -> None:
    step = make_milestone(1, title="原名")
    client.force_login(office)
    address = reverse("programme:milestone_change", args=(step.pk,))
    data = {"title": "新名", "unit": step.unit_id, "due_on": "2026-09-30", "reason": "统一调整", "revision": 1}
    assert client.post(address, data).status_code == 302
    stale = client.post(address, {**data, "title": "又一个名字"})
    assert stale.status_code == 409
    text = stale.content.decode()
    assert "又一个名字" in text
    assert "刚刚被他人修改过" in text
    assert client.post(address, {**data, "title": "又一个名字", "revision": 2}).status_code == 302
    step.refresh_from_db()
    assert step.title == "又一个名字"


def test_a_liaison_officer_writes_a_note_and_closes_the_step_in_one_go(
    client: Client, finance: User, version: TableVersion, make_milestone: MakeMilestone, today: date
) -> None:
    step = make_milestone(1)
    client.force_login(finance)
    address = reverse("programme:note_add", args=("funding",))
    assert f'value="{step.pk}" selected' in client.get(address, {"milestone": step.pk, "done": "1"}).content.decode()
    data = {"unit": step.unit_id, "milestone": step.pk, "text": "资金安排已印发", "is_done": "on"}
    assert client.post(address, data).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.done_on) == ("done", today)
    assert ProgressNote.objects.get().milestone == step


def test_a_refused_closing_takes_the_note_back_and_keeps_the_words(
    client: Client, finance: User, version: TableVersion, make_milestone: MakeMilestone
) -> None:
    step = make_milestone(1)
    client.force_login(finance)
    data = {"unit": step.unit_id, "milestone": step.pk, "text": "已经印发了", "is_done": "on", "done_on": "2027-01-01"}
    response = client.post(reverse("programme:note_add", args=("funding",)), data)
    assert response.status_code == 422
    assert "已经印发了" in response.content.decode()
    assert not ProgressNote.objects.exists()


def test_a_unit_that_takes_no_part_in_a_row_does_not_find_its_form(
    client: Client, make_user: Callable[..., User], version: TableVersion
) -> None:
    client.force_login(make_user("edu", "liaison_officer", unit=unit_called("区教育局")))
    assert client.get(reverse("programme:note_add", args=("funding",))).status_code == 404


@pytest.mark.parametrize("name", ["milestone_change", "milestone_drop", "milestone_reopen"])
def test_the_forms_of_steps_are_the_offices_alone(
    name: str, client: Client, finance: User, office: User, version: TableVersion, make_milestone: MakeMilestone
) -> None:
    step = make_milestone(1)
    client.force_login(finance)
    assert client.get(reverse(f"programme:{name}", args=(step.pk,))).status_code == 403
    assert client.get(reverse(f"programme:{name}", args=(987654,))).status_code == 403
    client.force_login(office)
    assert client.get(reverse(f"programme:{name}", args=(987654,))).status_code == 404


def test_dropping_and_reopening_ask_for_the_reason(
    client: Client, office: User, version: TableVersion, make_milestone: MakeMilestone
) -> None:
    step = make_milestone(1)
    client.force_login(office)
    drop, reopen = (reverse(f"programme:milestone_{name}", args=(step.pk,)) for name in ("drop", "reopen"))
    assert client.post(drop, {"reason": "", "revision": 1}).status_code == 422
    assert client.post(drop, {"reason": "并入他项", "revision": 1}).status_code == 302
    assert client.post(reopen, {"reason": "恢复", "revision": 1}).status_code == 409
    assert client.post(reopen, {"reason": "恢复", "revision": 2}).status_code == 302


def test_the_office_adds_a_step_under_a_chosen_measure(client: Client, office: User, version: TableVersion) -> None:
    row = row_of(version, 2)
    measure = row.measure_rows.get(position=2).measure
    client.force_login(office)
    address = reverse("programme:milestone_add", args=(row.task.code,))
    data = {"measure": measure.pk, "title": "走访高校", "unit": unit_called("团区委").pk, "due_on": "2026-10-31"}
    assert client.post(address, data).status_code == 302
    assert Milestone.objects.get().measure == measure
    again = client.post(address, data)
    assert "同名" in again.content.decode()


def test_units_of_groups_and_measures_are_set_in_the_browser(
    client: Client, office: User, version: TableVersion
) -> None:
    client.force_login(office)
    word = row_of(version, 1).printed_units.get(group__isnull=False)
    league = unit_called("团区委")
    assert client.post(reverse("programme:group_units", args=(word.pk,)), {"units": [league.pk]}).status_code == 302
    assert "团区委" in page(client, office, "task", "funding")
    line = row_of(version, 2).measure_rows.get(position=2)
    address = reverse("programme:measure_units", args=(line.pk,))
    assert "既牵头又配合" in client.post(address, {"leads": [league.pk], "units": [league.pk]}).content.decode()
    assert client.post(address, {"leads": [league.pk]}).status_code == 302
    assert "本举措单独确定" in page(client, office, "task", "start-up-support")
    assert client.get(reverse("programme:measure_units", args=(99999,))).status_code == 404


def test_notes_are_released_retracted_and_withdrawn(
    client: Client, office: User, finance: User, note: ProgressNote
) -> None:
    client.force_login(office)
    release, retract, withdraw = (
        reverse(f"programme:note_{name}", args=(note.pk,)) for name in ("release", "retract", "withdraw")
    )
    assert client.get(release).status_code == 405
    client.post(release)
    assert note.text in page(client, None, "public_task", "funding")
    client.post(retract)
    client.force_login(finance)
    assert client.post(release).status_code == 403
    assert client.post(withdraw, {"reason": "数字有误"}).status_code == 302
    text = page(client, finance, "task", "funding")
    assert "已撤回" in text


@pytest.mark.parametrize("name", ["table", "milestone_list", "version_list", "import_start"])
def test_a_stranger_is_led_to_sign_in_and_a_founder_is_told_no(name: str, client: Client, entrepreneur: User) -> None:
    address = reverse(f"programme:{name}")
    assert client.get(address).url.startswith(reverse("units:sign_in"))
    client.force_login(entrepreneur)
    assert client.get(address).status_code == 403
