"""How somebody comes in by a link: sent, renewed, taken back, accepted once, run out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import AuditEvent, Delivery, Message, User
from chuangju.units.access import roles_of
from chuangju.units.accounts import AccountRefused, create_account
from chuangju.units.invitations import (
    InvitationRefused,
    Invitee,
    Sent,
    accept_invitation,
    invite,
    lapse_invitations,
    open_invitation,
    renew_invitation,
    revoke_invitation,
)
from chuangju.units.invited_names import suggested_username
from chuangju.units.models import Invitation, Role, RoleProposal, Unit
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
State = Invitation.State


def ask(by: User | None, at: datetime, **changed: Any) -> Sent:
    given = {"name": "韩雪", "username": "hanxue", "email": "hanxue@example.org"}
    return invite(Invitee(**{**given, **changed}), by=by, at=at)


def test_an_invitation_makes_no_account_and_keeps_no_link(system_administrator: User, now: datetime) -> None:
    sent = ask(system_administrator, now)
    assert not User.objects.filter(username="hanxue").exists()
    assert sent.invitation.expires_at == now + timedelta(days=7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_digest FROM units_invitation")
        assert sent.token not in str(cursor.fetchall())
    assert sent.token not in str(list(AuditEvent.objects.values()))
    assert sent.invitation.token_digest not in str(list(AuditEvent.objects.values()))


def test_whoever_has_the_link_sets_a_password_and_holds_no_role(
    system_administrator: User, security_administrator: User, unit: Unit, now: datetime
) -> None:
    sent = ask(system_administrator, now, unit=unit, roles=(Role.CLERK,), mobile="138 0013 8000")
    user = accept_invitation(sent.token, password=PASSWORD, at=now)
    assert user.check_password(PASSWORD)
    assert not user.must_change_password
    assert (user.name, user.email, user.mobile) == ("韩雪", "hanxue@example.org", "13800138000")
    assert roles_of(user, now.date()) == frozenset()
    proposal = RoleProposal.objects.get()
    assert (proposal.role, proposal.unit, proposal.state) == (Role.CLERK, unit, RoleProposal.State.PENDING)
    told = set(Message.objects.exclude(user=None).values_list("user__username", "template"))
    assert told == {("sysadmin", "units.invitation_accepted"), ("secadmin", "units.roles_proposed")}
    actions = {event.action for event in events_about(user)}
    assert {"units.account_created", "units.invitation_accepted", "kernel.mobile_set"} <= actions


def test_a_link_works_once(system_administrator: User, now: datetime) -> None:
    sent = ask(system_administrator, now)
    accept_invitation(sent.token, password=PASSWORD, at=now)
    assert open_invitation(sent.token, at=now) is None
    with pytest.raises(InvitationRefused, match="无效、已使用或已失效"):
        accept_invitation(sent.token, password=PASSWORD, at=now)
    assert User.objects.filter(username="hanxue").count() == 1


def test_the_last_moment_of_the_seventh_day_still_counts(system_administrator: User, now: datetime) -> None:
    sent = ask(system_administrator, now)
    end = now + timedelta(days=7)
    assert open_invitation(sent.token, at=end - timedelta(seconds=1)) is not None
    assert open_invitation(sent.token, at=end) is None
    assert open_invitation("", at=now) is None
    assert open_invitation("不是链接", at=now) is None


def test_a_weak_password_is_refused_and_nothing_is_made(system_administrator: User, now: datetime) -> None:
    sent = ask(system_administrator, now)
    for password in ("short", "1234567890", "hanxue2026"):
        with pytest.raises(InvitationRefused):
            accept_invitation(sent.token, password=password, at=now)
    assert not User.objects.filter(username="hanxue").exists()
    accept_invitation(sent.token, password=PASSWORD, at=now)


def test_a_renewed_link_replaces_the_old_one(system_administrator: User, now: datetime) -> None:
    first = ask(system_administrator, now)
    later = now + timedelta(days=8)
    with transaction.atomic():
        assert lapse_invitations(at=later) == 1
    assert Invitation.objects.get().state == State.LAPSED
    second = renew_invitation(first.invitation, by=system_administrator, at=later)
    assert open_invitation(first.token, at=later) is None
    accept_invitation(second.token, password=PASSWORD, at=later)
    with pytest.raises(InvitationRefused, match="只能重新发送"):
        renew_invitation(first.invitation, by=system_administrator, at=later)


def test_only_what_is_over_lapses(system_administrator: User, now: datetime) -> None:
    ask(system_administrator, now)
    with transaction.atomic():
        assert lapse_invitations(at=now + timedelta(days=7, seconds=-1)) == 0
        assert lapse_invitations(at=now + timedelta(days=7)) == 1
        assert lapse_invitations(at=now + timedelta(days=9)) == 0


def test_what_was_taken_back_lets_nobody_in(system_administrator: User, unit: Unit, now: datetime) -> None:
    sent = ask(system_administrator, now, unit=unit, roles=(Role.CLERK,))
    revoke_invitation(sent.invitation, reason="人选有变", by=system_administrator, at=now)
    assert open_invitation(sent.token, at=now) is None
    assert RoleProposal.objects.get().state == RoleProposal.State.DECLINED
    with pytest.raises(InvitationRefused, match="已被接受或撤回"):
        revoke_invitation(sent.invitation, by=system_administrator, at=now)


@pytest.mark.parametrize("role", ["security_administrator", "programme_office", "auditor"])
def test_only_the_system_administrator_invites(role: str, make_user: Callable[..., User], now: datetime) -> None:
    sent = ask(None, now)
    somebody = make_user("somebody", role)
    for act in (
        lambda: ask(somebody, now, username="other"),
        lambda: renew_invitation(sent.invitation, by=somebody, at=now),
        lambda: revoke_invitation(sent.invitation, by=somebody, at=now),
    ):
        with pytest.raises(InvitationRefused, match="只有系统管理员"):
            act()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "填写姓名"),
        ({"email": "", "mobile": ""}, "电子邮箱或手机号"),
        ({"email": "韩雪"}, "写法不对"),
        ({"mobile": "12345"}, "11 位"),
        ({"username": "韩雪"}, "小写字母"),
        ({"username": "", "name": "??"}, "无法由姓名生成"),
        ({"username": "new"}, "已被使用"),
        ({"username": "sysadmin"}, "已被使用"),
        ({"roles": ("boss",)}, "没有“boss”"),
        ({"roles": (Role.CLERK,)}, "须指定所属单位"),
    ],
)
def test_what_makes_no_invitation_is_refused(
    changed: dict[str, Any], sentence: str, system_administrator: User, now: datetime
) -> None:
    with pytest.raises(InvitationRefused, match=sentence):
        ask(system_administrator, now, **changed)
    assert not Invitation.objects.exists()


def test_a_unit_that_is_no_more_invites_nobody(system_administrator: User, unit: Unit, now: datetime) -> None:
    unit.abolished_on = now.date()
    with pytest.raises(InvitationRefused, match="已撤销"):
        ask(system_administrator, now, unit=unit)


def test_names_of_the_invited_are_kept_free(system_administrator: User, now: datetime) -> None:
    ask(system_administrator, now)
    with pytest.raises(InvitationRefused, match="已被使用"):
        ask(system_administrator, now)
    with pytest.raises(AccountRefused, match="已被使用"):
        create_account(username="hanxue", name="韩雪", by=system_administrator, at=now)


def test_a_sign_in_name_is_made_of_the_name(system_administrator: User, now: datetime) -> None:
    assert suggested_username("张晓芸") == "zhangxiaoyun"
    made = [ask(system_administrator, now, username="", name="韩雪").invitation.username for _time in range(3)]
    assert made == ["hanxue", "hanxue2", "hanxue3"]


def test_a_mobile_of_somebody_else_is_refused(system_administrator: User, now: datetime) -> None:
    first = ask(system_administrator, now, mobile="13800138000")
    second = ask(system_administrator, now, username="other", mobile="13800138000")
    accept_invitation(first.token, password=PASSWORD, at=now)
    with pytest.raises(InvitationRefused, match="已用于其他账号"):
        ask(system_administrator, now, username="third", mobile="13800138000")
    with pytest.raises(Exception, match="已用于其他账号"):
        accept_invitation(second.token, password=PASSWORD, at=now)
    assert not User.objects.filter(username="other").exists()


def test_the_link_goes_out_by_sms_and_e_mail_where_there_is_a_gateway(
    system_administrator: User, now: datetime, settings: Any
) -> None:
    settings.DEMO = True
    sent = ask(system_administrator, now, mobile="13800138000")
    for channel in ("sms", "email"):
        assert sent.token in Delivery.objects.get(channel=channel).text
    assert {message.filled for message in Message.objects.all()} == {""}


def test_the_database_keeps_accepted_and_account_together(system_administrator: User, now: datetime) -> None:
    from django.db import IntegrityError  # noqa: PLC0415 - beside its one use

    sent = ask(system_administrator, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=sent.invitation.pk).update(state=State.ACCEPTED)
