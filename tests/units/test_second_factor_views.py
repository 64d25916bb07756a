"""The pages of one's own second factors, proving again who one is, and the administrator's reset."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import AuditEvent, Message, User
from chuangju.kernel.shown_once import waits_for_once
from chuangju.units.authenticator_apps import app_code
from chuangju.units.second_factors import add_passkey, factors_of, has_second_factor, show_recovery_codes
from tests.people import PASSWORD
from tests.units.factors import PERIOD, give_app
from tests.units.sms import code_sent_to

LIST, CODES = "/account/second-factor/", "/account/second-factor/codes/"


def come_in(client: Client, user: User) -> None:
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})


def confirm(client: Client, way: str, **data: str) -> object:
    return client.post("/account/confirm/", {"way": way, "next": CODES, **data})


def test_setting_up_an_app_shows_its_code_its_secret_and_then_the_recovery_codes(
    stranger: User, client: Client
) -> None:
    come_in(client, stranger)
    page = client.get("/account/second-factor/app/").content.decode()
    assert "<svg" in page
    assert "otpauth://totp/" in page
    secret = waits_for_once(client.session, "waiting_app_secret")
    wrong = client.post("/account/second-factor/app/", {"code": "000000"})
    assert wrong.status_code == 422
    assert secret[:4] in wrong.content.decode(), "a wrong code keeps the secret that was scanned"
    done = client.post("/account/second-factor/app/", {"code": app_code(secret, at=timezone.now())})
    assert done["Location"] == CODES
    assert "waiting_app_secret" not in client.session
    codes = client.get(CODES)
    assert len(codes.context["codes"]) == 10
    assert "data:text/plain" in codes.content.decode()
    assert codes["Cache-Control"].count("no-store")
    assert client.get(CODES).context["codes"] == []
    assert "已显示过" in client.get(CODES).content.decode()
    assert client.post(CODES)["Location"] == CODES
    assert len(client.get(CODES).context["codes"]) == 10


def test_fetching_in_advance_uses_no_recovery_codes_up(stranger: User, client: Client) -> None:
    come_in(client, stranger)
    give_app(stranger)
    assert client.get(CODES, headers={"sec-purpose": "prefetch"}).context["codes"] == []
    assert client.head(CODES).status_code == 200
    assert len(client.get(CODES).context["codes"]) == 10


@pytest.mark.parametrize("path", [CODES, LIST + "app/", LIST + "passkey/", LIST + "1/remove/"])
def test_changes_ask_again_who_one_is_after_five_minutes(
    path: str, stranger: User, client: Client, now: datetime
) -> None:
    with time_machine.travel(now, tick=False) as traveller:
        come_in(client, stranger)
        assert client.get(path).status_code in {200, 404}
        traveller.shift(timedelta(minutes=5, seconds=1))
        assert client.get(path)["Location"].startswith("/account/confirm/?next=%2Faccount%2Fsecond-factor")
        assert client.get(LIST).status_code == 200, "looking is no change"
        confirm(client, "password", password=PASSWORD)
        assert client.get(path).status_code in {200, 404}


def test_a_form_that_was_opened_in_time_may_be_sent_a_little_later(
    stranger: User, client: Client, now: datetime
) -> None:
    with time_machine.travel(now, tick=False) as traveller:
        come_in(client, stranger)
        client.get(LIST + "app/")
        secret = waits_for_once(client.session, "waiting_app_secret")
        traveller.shift(timedelta(minutes=7))
        sent = client.post(LIST + "app/", {"code": app_code(secret, at=timezone.now())})
        assert sent["Location"] == CODES


def test_a_session_that_showed_nothing_is_asked(stranger: User, client: Client) -> None:
    client.force_login(stranger)
    assert client.get(CODES)["Location"].startswith("/account/confirm/")


def test_the_password_is_asked_five_times(stranger: User, client: Client) -> None:
    client.force_login(stranger)
    for _ in range(5):
        assert "密码不正确" in confirm(client, "password", password="wrong").content.decode()  # type: ignore[attr-defined]
    refused = confirm(client, "password", password=PASSWORD)
    assert "15 分钟" in refused.content.decode()  # type: ignore[attr-defined]
    assert not AuditEvent.objects.filter(action="units.identity_confirmed").exists()


def test_no_field_of_a_form_takes_back_the_tries_that_were_counted(stranger: User, client: Client) -> None:
    client.force_login(stranger)
    for number in range(5):
        confirm(client, "password", password="wrong", idempotency_key=f"try-{number}")
    refused = confirm(client, "password", password=PASSWORD, idempotency_key="the-sixth")
    assert "15 分钟" in refused.content.decode()  # type: ignore[attr-defined]


def test_whoever_has_a_second_factor_shows_that_and_not_the_password(stranger: User, client: Client) -> None:
    secret = give_app(stranger)
    client.force_login(stranger)
    page = client.get("/account/confirm/").content.decode()
    assert 'name="password"' not in page
    confirm(client, "password", password=PASSWORD)
    assert client.get(CODES).status_code == 302
    assert confirm(client, "factor", code="000000").status_code == 422  # type: ignore[attr-defined]
    assert confirm(client, "factor", code=app_code(secret, at=timezone.now()))["Location"] == CODES  # type: ignore[index]
    assert client.get(CODES).status_code == 200


def test_a_founder_without_a_password_confirms_by_sms(
    entrepreneur: User, client: Client, now: datetime, sms: None
) -> None:
    set_mobile(entrepreneur, mobile="13812345678", by=None, at=now)
    entrepreneur.set_unusable_password()
    entrepreneur.save()
    client.force_login(entrepreneur)
    assert confirm(client, "sms", code="123456").status_code == 422  # type: ignore[attr-defined]
    sent = confirm(client, "send")
    assert "138****5678" in sent.content.decode()  # type: ignore[attr-defined]
    done = confirm(client, "sms", code=code_sent_to("13812345678"))
    assert done["Location"] == CODES  # type: ignore[index]
    assert client.get(CODES).status_code == 200


def test_whoever_has_nothing_to_show_is_told_what_to_do(stranger: User, client: Client) -> None:
    stranger.set_unusable_password()
    stranger.save()
    client.force_login(stranger)
    assert "请退出后重新登录" in client.get("/account/confirm/").content.decode()


def test_confirming_leads_to_no_other_site(stranger: User, client: Client) -> None:
    client.force_login(stranger)
    done = client.post("/account/confirm/", {"way": "password", "password": PASSWORD, "next": "https://evil.example/"})
    assert done["Location"] == "/account/"


def test_removing_says_what_follows_and_another_persons_factor_does_not_exist(
    stranger: User, leader: User, client: Client, now: datetime
) -> None:
    give_app(leader)
    app = factors_of(leader).app
    assert app is not None
    come_in(client, stranger)
    assert client.get(f"{LIST}{app.pk}/remove/").status_code == 404
    assert client.post(f"{LIST}{app.pk}/remove/").status_code == 404
    own = add_passkey(stranger, name="我的手机", credential={}, at=now)
    assert "我的手机" in client.get(LIST).content.decode()
    assert "恢复码同时作废" in client.get(f"{LIST}{own.pk}/remove/").content.decode()
    client.post(f"{LIST}{own.pk}/remove/")
    assert not has_second_factor(stranger)


def test_a_forged_passkey_is_not_added(stranger: User, client: Client) -> None:
    come_in(client, stranger)
    options = client.get(LIST + "passkey/").context["passkey_options"]["creation_options"]["publicKey"]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    for credential in ("", "[]", "{}", '{"id": "x", "type": "public-key"}'):
        assert client.post(LIST + "passkey/", {"credential": credential, "name": "x"}).status_code == 422
    assert not has_second_factor(stranger)


def test_the_administrator_resets_a_lost_factor_with_a_reason(
    system_administrator: User, leader: User, client: Client, now: datetime
) -> None:
    give_app(leader)
    show_recovery_codes(leader, at=now)
    path = f"/staff/accounts/{leader.username}/factors/"
    client.force_login(system_administrator)
    assert client.get(path)["Location"].startswith("/account/confirm/"), "asked again who one is"
    client.post("/sign-out/")
    come_in(client, system_administrator)
    assert "/factors/" in client.get(f"/staff/accounts/{leader.username}/").content.decode()
    assert client.post(path, {"reason": " "}).status_code == 422
    assert client.post(path, {"reason": "手机遗失，已当面核实"})["Location"] == f"/staff/accounts/{leader.username}/"
    assert not has_second_factor(leader)
    assert Message.objects.filter(user=leader, template="units.factors_reset").exists()


def test_only_the_system_administrator_finds_the_reset(
    security_administrator: User, leader: User, client: Client
) -> None:
    give_app(leader)
    come_in(client, security_administrator)
    page = client.get(f"/staff/accounts/{leader.username}/").content.decode()
    assert "已设置" in page
    assert "/factors/" not in page
    assert client.get(f"/staff/accounts/{leader.username}/factors/").status_code == 403


def test_no_page_of_the_library_is_anywhere(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    for path in (
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/2fa/",
        "/accounts/3rdparty/",
        "/accounts/password/reset/",
    ):
        assert client.get(path).status_code == 404


def test_a_second_code_comes_with_the_next_period(stranger: User, client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False) as traveller:
        secret = give_app(stranger)
        client.force_login(stranger)
        code = app_code(secret, at=timezone.now())
        assert confirm(client, "factor", code=code).status_code == 302  # type: ignore[attr-defined]
        assert confirm(client, "factor", code=code).status_code == 422  # type: ignore[attr-defined]
        traveller.shift(PERIOD)
        assert confirm(client, "factor", code=app_code(secret, at=timezone.now())).status_code == 302  # type: ignore[attr-defined]
