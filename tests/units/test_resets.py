"""Password and second factors of an administrator are reset by two people, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import AuditEvent, Message, User
from chuangju.units.accounts import AccountRefused, reset_password
from chuangju.units.models import ResetRequest, Role
from chuangju.units.resets import ResetRefused, approve_reset, ask_reset, decline_reset, take_password
from chuangju.units.second_factors import SecondFactorRefused, has_second_factor, reset_factors
from tests.people import PASSWORD
from tests.units.factors import give_app

pytestmark = pytest.mark.django_db
WHY = "手机遗失，本人到场核实"


@pytest.fixture
def asked(
    system_administrator: User, security_administrator: User, auditor: User, now: datetime
) -> Callable[..., ResetRequest]:
    """`asked("password")`: the system administrator asks about the security administrator, whom the auditor could agree to."""
    del auditor
    give_app(security_administrator, at=now)

    def ask(kind: str = "factors", *, at: datetime = now) -> ResetRequest:
        return ask_reset(security_administrator, kind=kind, reason=WHY, by=system_administrator, at=at)

    return ask


def test_nobody_resets_an_administrator_alone(
    asked: object, system_administrator: User, security_administrator: User, auditor: User, now: datetime
) -> None:
    before = security_administrator.password
    for user in (security_administrator, auditor):
        with pytest.raises(AccountRefused, match="两人办理"):
            reset_password(user, by=system_administrator, at=now)
        with pytest.raises(SecondFactorRefused, match="两人办理"):
            reset_factors(user, reason=WHY, by=system_administrator, at=now)
    security_administrator.refresh_from_db()
    assert security_administrator.password == before
    assert has_second_factor(security_administrator)


def test_a_second_administrator_agrees_and_all_is_told(
    asked: Callable[..., ResetRequest],
    system_administrator: User,
    security_administrator: User,
    auditor: User,
    now: datetime,
) -> None:
    made = asked()
    assert set(Message.objects.values_list("user__username", "template")) >= {
        ("auditor", "units.reset_to_decide"),
        ("secadmin", "units.reset_asked"),
    }
    for person in (system_administrator, security_administrator):
        with pytest.raises(ResetRefused, match="另一位管理员"):
            approve_reset(made, by=person, at=now)
    assert has_second_factor(security_administrator)
    done = approve_reset(made, by=auditor, at=now)
    assert not has_second_factor(security_administrator)
    assert (done.state, done.decided_by) == ("done", auditor)
    event = AuditEvent.objects.get(action="units.factors_reset")
    assert (event.actor, event.reason) == (system_administrator, WHY)
    assert AuditEvent.objects.get(action="units.reset_decided").actor == auditor
    assert Message.objects.filter(user=system_administrator, template="units.reset_decided").count() == 1
    with pytest.raises(ResetRefused, match="重新申请"):
        approve_reset(made, by=auditor, at=now)


def test_the_password_is_read_once_by_whoever_asked(
    asked: Callable[..., ResetRequest],
    system_administrator: User,
    security_administrator: User,
    auditor: User,
    now: datetime,
) -> None:
    made = asked("password")
    approve_reset(made, by=auditor, at=now)
    assert take_password(made, by=auditor) == ""
    password = take_password(made, by=system_administrator)
    security_administrator.refresh_from_db()
    assert security_administrator.check_password(password)
    assert take_password(made, by=system_administrator) == ""
    assert has_second_factor(security_administrator), "which took a request of its own"
    assert password not in str(list(AuditEvent.objects.values()))


def test_what_is_declined_or_old_is_not_done(
    asked: Callable[..., ResetRequest], security_administrator: User, auditor: User, now: datetime
) -> None:
    made = asked()
    with pytest.raises(ResetRefused, match="已有一份"):
        asked()
    with pytest.raises(ResetRefused, match="不予核准的原因"):
        decline_reset(made, reason=" ", by=auditor, at=now)
    decline_reset(made, reason="本人否认", by=auditor, at=now)
    again = asked()
    week = now + timedelta(days=7)
    with pytest.raises(ResetRefused, match="超过 7 天"):
        approve_reset(again, by=auditor, at=week)
    assert asked(at=week).state == "waiting"
    assert has_second_factor(security_administrator)


def test_what_cannot_be_asked_for(
    system_administrator: User,
    security_administrator: User,
    leader: User,
    make_user: Callable[..., User],
    now: datetime,
) -> None:
    def ask(user: User, by: User, kind: str = "password", reason: str = WHY) -> ResetRequest:
        return ask_reset(user, kind=kind, reason=reason, by=by, at=now)

    for user, by, kind, reason, sentence in (
        (security_administrator, leader, "password", WHY, "只有系统管理员"),
        (system_administrator, system_administrator, "password", WHY, "自己的"),
        (leader, system_administrator, "password", WHY, "只有三员"),
        (security_administrator, system_administrator, "factors", WHY, "没有设置"),
        (security_administrator, system_administrator, "password", " ", "写明原因"),
        (security_administrator, system_administrator, "password", WHY, "没有另一位管理员"),
    ):
        with pytest.raises(ResetRefused, match=sentence):
            ask(user, by, kind, reason)
    second = make_user("sysadmin2", Role.SYSTEM_ADMINISTRATOR)
    made = ask(security_administrator, system_administrator)
    assert approve_reset(made, by=second, at=now).state == "done"


def test_the_database_wants_two_others(asked: Callable[..., ResetRequest], now: datetime) -> None:
    made = asked()
    for person in (made.asked_by, made.user):
        with pytest.raises(IntegrityError), transaction.atomic():
            ResetRequest.objects.filter(pk=made.pk).update(state="done", decided_by=person, decided_at=now)


def test_from_the_account_to_the_second_person_and_back(
    asked: object, system_administrator: User, security_administrator: User, auditor: User
) -> None:
    system, second = Client(), Client()
    system.force_login(system_administrator)
    second.force_login(auditor)
    page = system.get(reverse("units:account_detail", args=["secadmin"])).content.decode()
    ask = reverse("units:reset_ask", args=["secadmin", "password"])
    assert ask in page
    assert reverse("units:account_password", args=["secadmin"]) not in page
    assert system.get(reverse("units:reset_ask", args=["secadmin", "name"])).status_code in {302, 404}
    for client in (system, second):
        client.post(reverse("units:reauthenticate"), {"way": "password", "password": PASSWORD})
    asked_for = system.post(ask, {"reason": WHY})
    address = asked_for["Location"]
    assert address in system.get(reverse("units:account_detail", args=["secadmin"])).content.decode()
    assert "等待申请人和本人以外" in system.get(address).content.decode()
    refused = system.post(address, {"decision": "approve"})
    assert (refused.status_code, "另一位管理员核准" in refused.content.decode()) == (422, True)
    assert "不予核准" in second.get(address).content.decode()
    done = second.post(address, {"decision": "approve"}, follow=True)
    assert re.search(r"([a-z0-9]{4}-){3}", done.content.decode()) is None
    shown = re.search(r"([a-z0-9]{4}-){3}[a-z0-9]{4}", system.get(address).content.decode())
    assert shown
    security_administrator.refresh_from_db()
    assert security_administrator.check_password(shown[0])
    assert shown[0] not in system.get(address).content.decode()
