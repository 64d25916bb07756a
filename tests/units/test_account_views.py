"""Accounts and the audit log in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import AuditEvent, AuditStream, User
from chuangju.units.lists import roles_in_words
from chuangju.units.models import Unit
from tests.people import PASSWORD


@pytest.fixture
def system(system_administrator: User) -> Client:
    """The system administrator at the desk."""
    client = Client()
    client.force_login(system_administrator)
    return client


@pytest.fixture
def security(security_administrator: User) -> Client:
    """The security administrator at the desk."""
    client = Client()
    client.force_login(security_administrator)
    return client


@pytest.fixture
def audit(auditor: User) -> Client:
    """The auditor at the desk."""
    client = Client()
    client.force_login(auditor)
    return client


def rows_of(response: object) -> list[object]:
    return [line.row for line in response.context["list"].lines]  # type: ignore[attr-defined]


def test_an_account_is_made_its_password_shown_once_and_used_once(system: Client, client: Client) -> None:
    response = system.post("/staff/accounts/new/", {"name": "张三", "username": "zhang.san", "email": ""})
    assert response["Location"] == "/staff/accounts/zhang.san/"
    shown = system.get("/staff/accounts/zhang.san/")
    assert "no-store" in shown["Cache-Control"]
    found = re.search(r"([a-z0-9]{4}-){3}[a-z0-9]{4}", shown.content.decode())
    assert found is not None
    password = found[0]
    assert password not in system.get("/staff/accounts/zhang.san/").content.decode()
    assert client.post("/sign-in/", {"username": "zhang.san", "password": password}).status_code == 302
    assert client.get("/account/")["Location"] == "/account/password/"


def test_a_password_waits_only_for_the_page_of_its_own_account(system: Client, leader: User, office: User) -> None:
    system.post("/staff/accounts/leader/password/")
    assert system.get("/staff/accounts/office/").context["temporary_password"] == ""
    assert system.get("/staff/accounts/leader/").context["temporary_password"]


def test_a_refused_account_comes_back_with_what_was_typed(system: Client, leader: User) -> None:
    for username in ("leader", "new", "张三"):
        response = system.post("/staff/accounts/new/", {"name": "张三", "username": username})
        assert response.status_code == 422
        assert 'value="张三"' in response.content.decode()
    assert not User.objects.filter(name="张三").exists()


def test_disabling_and_enabling_with_a_reason(system: Client, leader: User) -> None:
    assert system.post("/staff/accounts/leader/disable/", {"reason": "离岗"}).status_code == 302
    assert not User.objects.get(pk=leader.pk).is_active
    again = system.post("/staff/accounts/leader/disable/", {})
    assert again.status_code == 422
    assert "该账号已停用" in again.content.decode()
    assert system.post("/staff/accounts/leader/enable/", {}).status_code == 302
    assert User.objects.get(pk=leader.pk).is_active
    refused = system.post("/staff/accounts/sysadmin/disable/", {})
    assert "不能停用自己的账号" in refused.content.decode()
    system.post("/staff/accounts/sysadmin/password/")
    assert "自己的密码" in system.get("/staff/accounts/sysadmin/").content.decode()


def test_a_role_is_granted_with_its_unit_and_ended(security: Client, stranger: User, unit: Unit) -> None:
    sent = {"role": "liaison_officer", "unit": "rsj", "starts_on": "2026-01-01", "ends_on": ""}
    assert security.post("/staff/accounts/stranger/roles/", sent).status_code == 302
    held = stranger.assignments.get()
    assert held.unit == unit
    assert "已授予角色" in security.get("/staff/accounts/stranger/").content.decode()
    assert security.post(f"/staff/accounts/stranger/roles/{held.pk}/end/", {"reason": "轮岗"}).status_code == 302
    held.refresh_from_db()
    assert held.ends_on is not None


def test_refused_roles_come_back_with_a_sentence(security: Client, stranger: User, auditor: User, unit: Unit) -> None:
    for username, sent, sentence in (
        ("stranger", {"role": "clerk"}, "须指定所属单位"),
        ("auditor", {"role": "system_administrator"}, "三员分立"),
        ("secadmin", {"role": "leader"}, "为自己"),
    ):
        response = security.post(f"/staff/accounts/{username}/roles/", {"starts_on": "2026-01-01", **sent})
        assert response.status_code == 422
        assert sentence in response.content.decode()


def test_a_role_is_ended_only_under_its_own_account(security: Client, leader: User, stranger: User) -> None:
    role = leader.assignments.get().pk
    assert security.post(f"/staff/accounts/stranger/roles/{role}/end/", {}).status_code == 404


def test_the_two_administrators_see_only_their_own_buttons(system: Client, security: Client, leader: User) -> None:
    for_system = system.get("/staff/accounts/leader/").content.decode()
    for_security = security.get("/staff/accounts/leader/").content.decode()
    assert "/leader/disable/" in for_system
    assert "/leader/roles/" not in for_system
    assert "/leader/roles/" in for_security
    assert "/leader/disable/" not in for_security
    assert "/leader/password/" not in for_security


def test_a_locked_account_is_unlocked_with_one_button(
    security: Client, leader: User, client: Client, settings: object
) -> None:
    settings.AXES_ENABLED = True  # type: ignore[attr-defined]
    for _ in range(5):
        client.post("/sign-in/", {"username": "leader", "password": "wrong"})
    assert "已锁定" in security.get("/staff/accounts/leader/").content.decode()
    assert security.post("/staff/accounts/leader/unlock/").status_code == 302
    assert "已锁定" not in security.get("/staff/accounts/leader/").content.decode()
    assert client.post("/sign-in/", {"username": "leader", "password": PASSWORD}).status_code == 302
    security.post("/staff/accounts/leader/unlock/")
    assert "没有被锁定" in security.get("/staff/accounts/leader/").content.decode()


def test_accounts_are_searched_filtered_and_exported(
    system: Client, leader: User, make_user: Callable[..., User]
) -> None:
    make_user("gone", name="离岗者")
    User.objects.filter(username="gone").update(is_active=False)
    assert [user.username for user in rows_of(system.get("/staff/accounts/?role=leader"))] == ["leader"]  # type: ignore[attr-defined]
    assert [user.username for user in rows_of(system.get("/staff/accounts/?state=disabled"))] == ["gone"]  # type: ignore[attr-defined]
    assert [user.username for user in rows_of(system.get("/staff/accounts/?q=离岗"))] == ["gone"]  # type: ignore[attr-defined]
    assert len(system.get("/staff/accounts/?export=csv").content.decode("utf-8-sig").splitlines()) == 4


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_list_of_accounts_costs_the_same_for_1_and_for_30(
    system: Client, make_user: Callable[..., User], unit: Unit
) -> None:
    system.get("/staff/accounts/")
    one = queries_of(system, "/staff/accounts/")
    for number in range(30):
        make_user(f"clerk-{number}", "clerk", unit=unit)
    assert queries_of(system, "/staff/accounts/") == one <= 12


def test_the_page_of_an_account_costs_the_same_for_few_and_many_roles(system: Client, leader: User, unit: Unit) -> None:
    path = "/staff/accounts/leader/"
    system.get(path)
    few = queries_of(system, path)
    first = date(2010, 1, 1)
    for number in range(30):
        day = first + timedelta(days=10 * number)
        leader.assignments.create(role="clerk", unit=unit, starts_on=day, ends_on=day)
    assert queries_of(system, path) == few <= 12


@pytest.mark.django_db
def test_the_auditor_reads_filters_and_exports_the_log(audit: Client, system: Client, leader: User) -> None:
    system.post("/staff/accounts/leader/disable/", {"reason": "离岗"})
    system.post("/staff/accounts/leader/enable/", {})
    events = rows_of(audit.get("/staff/audit/"))
    assert [event.action for event in events] == ["units.account_enabled", "units.account_disabled"]  # type: ignore[attr-defined]
    for query, count in (
        ("action=units.account_disabled", 1),
        ("stream=kernel", 2),
        ("q=离岗", 1),
        ("q=sysadmin", 2),
        ("period=1", 2),
        (f"person={User.objects.get(username='sysadmin').pk}", 2),
        (f"person={leader.pk}", 0),
    ):
        assert len(rows_of(audit.get(f"/staff/audit/?{query}"))) == count, query
    exported = audit.get("/staff/audit/?export=csv").content.decode("utf-8-sig")
    assert "停用账号" in exported
    assert "系统管理员" in exported


def test_a_chain_whose_package_is_gone_is_still_offered(audit: Client) -> None:
    AuditStream.objects.create(name="gone")
    assert "stream=gone" in audit.get("/staff/audit/?q=x").content.decode()


def test_older_events_lie_outside_a_short_period(audit: Client, leader: User, clock: object, now: datetime) -> None:
    for days in (0, 6, 7):
        with transaction.atomic():
            record_event("units.signed_in", leader, by=leader, at=now - timedelta(days=days))
    client = audit
    client.force_login(User.objects.get(username="auditor"))
    counts = {days: len(rows_of(client.get(f"/staff/audit/?period={days}"))) for days in (1, 7, 30)}
    assert counts == {1: 1, 7: 2, 30: 3}


def test_an_event_shows_its_changes_in_words_and_its_place_in_the_chain(
    audit: Client, system: Client, leader: User
) -> None:
    system.post("/staff/accounts/leader/disable/", {"reason": "<b>离岗</b>"})
    event = AuditEvent.objects.get(action="units.account_disabled")
    text = audit.get(f"/staff/audit/{event.pk}/").content.decode()
    for expected in ("停用账号", "可登录", "是", "否", "&lt;b&gt;离岗", event.hash, "系统管理员"):
        assert expected in text
    assert audit.get("/staff/audit/999999/").status_code == 404


def test_the_log_keeps_roles_in_one_language_and_shows_them_in_the_readers() -> None:
    with override("zh-hans"):
        assert roles_in_words("领导、联络员") == "领导、联络员"
    with override("en"):
        shown = roles_in_words("领导、联络员")
    assert shown != "领导、联络员"
    assert "Liaison" in shown
    assert roles_in_words("") == ""


def test_the_log_costs_the_same_for_1_and_for_30_events(audit: Client, leader: User, now: datetime) -> None:
    with transaction.atomic():
        record_event("units.signed_in", leader, by=leader, at=now)
    audit.get("/staff/audit/")
    one = queries_of(audit, "/staff/audit/")
    with transaction.atomic():
        for _ in range(30):
            record_event("units.signed_in", leader, by=leader, at=now)
    assert queries_of(audit, "/staff/audit/") == one <= 12


def test_an_empty_log_says_what_it_is_for(audit: Client) -> None:
    assert "还没有审计记录" in audit.get("/staff/audit/").content.decode()


def test_names_full_of_markup_are_shown_as_text(system: Client, make_user: Callable[..., User]) -> None:
    make_user("evil", name="<script>alert(1)</script>")
    for path in ("/staff/accounts/", "/staff/accounts/evil/", "/staff/accounts/evil/disable/"):
        text = system.get(path).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_the_navigation_shows_each_role_its_own_links(
    system: Client, audit: Client, leader: User, client: Client
) -> None:
    client.force_login(leader)
    links = ("/staff/units/", "/staff/accounts/", "/staff/audit/")
    for who, expected in ((client, links[:1]), (system, links[:2]), (audit, (links[0], links[2]))):
        text = who.get("/staff/units/").content.decode()
        assert tuple(link for link in links if f'href="{link}"' in text) == expected
        assert 'action="/sign-out/"' in text
