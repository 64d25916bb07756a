"""The first page, for strangers, for external roles and for staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from chuangju.indicators import metrics
from chuangju.indicators.metrics import Metric
from chuangju.kernel.models import User
from chuangju.portal.home import public_home
from chuangju.programme.models import Category, TableVersion, Task, TaskRow

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.django_db]


@pytest.fixture
def current(office: User, now: datetime) -> TableVersion:
    version = TableVersion.objects.create(
        number=1,
        title="任务分解表",
        name="2026 年任务分解表",
        effective_from=date(2026, 3, 1),
        file_name="a.txt",
        file_sha256="0" * 64,
        imported_by=office,
        imported_at=now,
    )
    for position, (name, rows) in enumerate((("组织领导", 3), ("政策支持", 1)), start=1):
        category = Category.objects.create(version=version, position=position, name=name, name_en="Leadership")
        for number in range(rows):
            task = Task.objects.create(code=f"task-{position}-{number}")
            TaskRow.objects.create(
                version=version,
                task=task,
                category=category,
                position=position * 10 + number,
                number=position * 10 + number,
                title=f"任务{number}",
                lead_printed="区科委",
            )
    return version


def test_an_empty_installation_says_what_will_come(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "任务分解表尚未发布" in page
    assert "查看创建进展" not in page
    assert 'href="/sign-in/mobile/"' in page


def test_strangers_see_the_categories_with_their_rows(client: Client, current: TableVersion) -> None:
    page = client.get("/").content.decode()
    assert "2026 年任务分解表，共 4 项任务。" in page
    assert re.search(r'href="/programme/#band-1".*?组织领导.*?3 项', page, re.DOTALL)
    assert re.search(r'href="/programme/#band-2".*?政策支持.*?1 项', page, re.DOTALL)


def test_only_public_figures_with_a_value_are_shown(client: Client, current: TableVersion) -> None:
    given = {"definition": "", "unit": "家", "evidence": lambda _scope: []}
    shown = Metric("test.shown", "挂牌基地", compute=lambda _scope: 1234, is_public=True, **given)
    hidden = Metric("test.hidden", "内部数字", compute=lambda _scope: 5, **given)
    empty = Metric("test.empty", "还没有的数字", compute=lambda _scope: None, is_public=True, **given)
    try:
        for metric in (shown, hidden, empty):
            metrics.register_metric(metric)
        page = client.get("/").content.decode()
    finally:
        for metric in (shown, hidden, empty):
            metrics._METRICS.remove(metric.key)
    assert "挂牌基地" in page
    assert "1,234" in page
    assert "截至2026年6月15日" in page
    assert "内部数字" not in page
    assert "还没有的数字" not in page


def test_every_link_of_the_first_page_leads_somewhere(client: Client, current: TableVersion) -> None:
    page = client.get("/").content.decode()
    addresses = {found.partition("#")[0] for found in re.findall(r'<a [^>]*href="(/[^"]*)"', page)}
    assert {"/", "/programme/", "/sign-in/mobile/"} <= addresses
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


@pytest.mark.parametrize("role", ["leader", "programme_office", "system_administrator", "auditor"])
def test_staff_go_straight_to_the_table(client: Client, make_user: Callable[..., User], role: str) -> None:
    client.force_login(make_user("somebody", role))
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"] == reverse("programme:table")


def test_external_roles_are_greeted_by_name_and_role(
    client: Client, make_user: Callable[..., User], current: TableVersion
) -> None:
    client.force_login(make_user("chen", "entrepreneur", "mentor", name="陈一"))
    page = client.get("/").content.decode()
    assert "陈一，您好" in page
    assert "创业者" in page
    assert "创业导师" in page
    assert 'href="/programme/"' in page
    assert f'href="{reverse("units:my_account")}"' in page


def test_an_account_without_any_role_is_told_whom_to_ask(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert "您的账号目前没有角色" in client.get("/").content.decode()


def test_a_district_may_say_how_to_reach_it(client: Client, settings: LazySettings) -> None:
    assert "联系我们" not in client.get("/").content.decode()
    settings.DISTRICT = {**settings.DISTRICT, "contact": "创建办"}
    assert "联系我们" in client.get("/").content.decode()


def test_the_first_page_costs_the_same_for_any_table(
    client: Client, current: TableVersion, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    client.get("/")
    with django_assert_max_num_queries(8):
        client.get("/")


def test_a_superseded_table_is_not_the_one_shown(current: TableVersion, today: date) -> None:
    current.state = TableVersion.State.SUPERSEDED
    current.save()
    home = public_home(on=today)
    assert home.version is None
    assert home.categories == []


def test_a_page_comes_compressed_to_whoever_takes_it(client: Client) -> None:
    plain = client.get(reverse("portal:home"))
    packed = client.get(reverse("portal:home"), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) * 2 < len(plain.content)
