"""Accounts: who creates and disables them, passwords that are shown once, and sessions that end at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from chuangju.kernel.models import AuditEvent, User, UserSession
from chuangju.kernel.sessions import end_sessions
from chuangju.units.access import forget_roles
from chuangju.units.accounts import (
    AccountRefused,
    change_password,
    create_account,
    disable_account,
    enable_account,
    reset_password,
    temporary_password,
)
from tests.people import PASSWORD


def newest() -> AuditEvent:
    event = AuditEvent.objects.order_by("pk").last()
    assert event is not None
    return event


def test_a_new_account_has_no_role_and_a_password_to_be_changed(system_administrator: User, now: datetime) -> None:
    user, password = create_account(
        username="  Zhang.San ", name=" 张三 ", email="zhang@example.com", by=system_administrator, at=now
    )
    user.refresh_from_db()
    assert (user.username, user.name, user.must_change_password) == ("zhang.san", "张三", True)
    assert user.check_password(password)
    assert not user.assignments.exists()
    assert (newest().action, newest().actor, newest().role) == (
        "units.account_created",
        system_administrator,
        "系统管理员",
    )


def test_no_password_stands_in_the_audit_log(system_administrator: User, now: datetime) -> None:
    user, password = create_account(username="zhang", name="张三", by=system_administrator, at=now)
    second = reset_password(user, by=system_administrator, at=now)
    text = " ".join(
        str(event.changes) + event.reason + event.object_label for event in AuditEvent.objects.order_by("pk")
    )
    user.refresh_from_db()
    assert not any(secret in text for secret in (password, second, user.password, "md5$"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "张三"}, "登录名须为"),
        ({"username": "a"}, "登录名须为"),
        ({"username": "-zhang"}, "登录名须为"),
        ({"username": "zhang san"}, "登录名须为"),
        ({"username": "z" * 65}, "登录名须为"),
        ({"name": " "}, "请填写姓名"),
        ({"email": "nobody"}, "电子邮箱"),
        ({"username": "SYSADMIN"}, "已被使用"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    fields: dict[str, str], sentence: str, system_administrator: User, now: datetime
) -> None:
    with pytest.raises(AccountRefused, match=sentence):
        create_account(**{"username": "zhang", "name": "张三", **fields}, by=system_administrator, at=now)  # type: ignore[arg-type]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "who", ["security_administrator", "auditor", "office", "leader", "liaison", "entrepreneur", "stranger"]
)
def test_only_the_system_administrator_keeps_accounts(
    who: str, now: datetime, make_user: Callable[..., User], request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    other = make_user("other")
    attempts = [
        lambda: create_account(username="zhang", name="张三", by=by, at=now),
        lambda: disable_account(other, by=by, at=now),
        lambda: enable_account(other, by=by, at=now),
        lambda: reset_password(other, by=by, at=now),
    ]
    for attempt in attempts:
        with pytest.raises(AccountRefused, match="只有系统管理员"):
            attempt()


def test_whoever_is_signed_in_with_a_disabled_account_is_out_at_once(
    leader: User, office: User, system_administrator: User, now: datetime, client: Client
) -> None:
    client.force_login(leader)
    other = Client()
    other.force_login(office)
    assert client.get("/account/").status_code == 200
    disable_account(leader, by=system_administrator, at=now, reason="离岗")
    assert client.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    assert (newest().action, newest().reason, newest().changes["is_active"]) == (
        "units.account_disabled",
        "离岗",
        [True, False],
    )
    enable_account(leader, by=system_administrator, at=now)
    assert client.get("/account/").status_code == 302, "the old session must not come back to life"
    assert client.login(username="leader", password=PASSWORD)


def test_ending_sessions_leaves_those_of_others(leader: User, office: User) -> None:
    for user in (leader, leader, office):
        Client().force_login(user)
    at = UserSession.objects.order_by("pk")[0].expire_date
    assert end_sessions(leader, at=at - timedelta(hours=1)) == 2
    assert UserSession.objects.count() == 1


def test_disabling_twice_enabling_twice_and_disabling_oneself_are_refused(
    leader: User, system_administrator: User, now: datetime
) -> None:
    with pytest.raises(AccountRefused, match="自己"):
        disable_account(system_administrator, by=system_administrator, at=now)
    with pytest.raises(AccountRefused, match="未停用"):
        enable_account(leader, by=system_administrator, at=now)
    disable_account(leader, by=system_administrator, at=now)
    with pytest.raises(AccountRefused, match="已停用"):
        disable_account(leader, by=system_administrator, at=now)


def test_the_last_security_administrator_cannot_be_disabled(
    security_administrator: User, system_administrator: User, make_user: Callable[..., User], now: datetime
) -> None:
    with pytest.raises(AccountRefused, match="最后一名安全保密管理员"):
        disable_account(security_administrator, by=system_administrator, at=now)
    make_user("second", "security_administrator")
    disable_account(security_administrator, by=system_administrator, at=now)
    assert not User.objects.get(pk=security_administrator.pk).is_active


def test_a_disabled_security_administrator_does_not_stand_in_for_the_last_one(
    security_administrator: User, system_administrator: User, make_user: Callable[..., User], now: datetime
) -> None:
    second = make_user("second", "security_administrator")
    disable_account(second, by=system_administrator, at=now)
    with pytest.raises(AccountRefused, match="最后一名"):
        disable_account(security_administrator, by=system_administrator, at=now)


def test_the_last_system_administrator_is_not_disabled_by_the_installation_either(
    system_administrator: User, now: datetime
) -> None:
    with pytest.raises(AccountRefused, match="最后一名系统管理员"):
        disable_account(system_administrator, by=None, at=now)


def test_a_reset_password_works_once_and_ends_sessions(
    leader: User, system_administrator: User, now: datetime, client: Client
) -> None:
    client.force_login(leader)
    password = reset_password(leader, by=system_administrator, at=now)
    leader.refresh_from_db()
    assert leader.check_password(password)
    assert leader.must_change_password
    assert client.get("/account/").status_code == 302
    with pytest.raises(AccountRefused, match="我的账号"):
        reset_password(system_administrator, by=system_administrator, at=now)


def test_temporary_passwords_are_legible_and_never_the_same() -> None:
    made = {temporary_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}", one) for one in made)


@pytest.mark.parametrize(
    ("present", "new", "sentence"),
    [
        ("wrong", "Another-Horse-27", "现密码不正确"),
        (PASSWORD, PASSWORD, "不能与现密码相同"),
        (PASSWORD, "short", "10"),
        (PASSWORD, "1234567890123", "数字"),
        (PASSWORD, "leader1234", "相似|similar"),
    ],
)
def test_a_weak_or_wrong_password_is_refused(
    present: str, new: str, sentence: str, leader: User, now: datetime
) -> None:
    with pytest.raises(AccountRefused, match=sentence):
        change_password(leader, present=present, new=new, at=now)
    leader.refresh_from_db()
    assert leader.check_password(PASSWORD)


def test_ones_own_password_is_changed_and_the_change_recorded(leader: User, now: datetime) -> None:
    User.objects.update(must_change_password=True)
    change_password(leader, present=PASSWORD, new="Another-Horse-27", at=now)
    stored = User.objects.get(pk=leader.pk)
    assert stored.check_password("Another-Horse-27")
    assert not stored.must_change_password
    assert (newest().action, newest().actor) == ("units.password_changed", leader)


def test_roles_known_before_a_change_are_forgotten(leader: User) -> None:
    leader.assignments.all().delete()
    forget_roles(leader)
    assert not leader.assignments.exists()
