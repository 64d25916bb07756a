"""The second factor behind the password, and what staff must do before anything else where they have none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.shown_once import waits_for_once
from chuangju.units.accounts import disable_account
from chuangju.units.authenticator_apps import app_code
from chuangju.units.second_factors import show_recovery_codes
from tests.people import PASSWORD
from tests.units.factors import give_app


def by_password(client: Client, username: str = "leader", **more: str) -> str:
    return client.post("/sign-in/", {"username": username, "password": PASSWORD, **more})["Location"]


def show(client: Client, code: str) -> object:
    return client.post("/sign-in/second/", {"code": code})


def test_the_password_alone_opens_nothing(leader: User, client: Client) -> None:
    secret = give_app(leader)
    assert by_password(client, next="/staff/units/") == "/sign-in/second/"
    for path in ("/account/", "/staff/units/", "/account/second-factor/app/"):
        assert client.get(path).status_code == 302
    assert not AuditEvent.objects.filter(action="units.signed_in").exists()
    wrong = show(client, "000000")
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert show(client, app_code(secret, at=timezone.now()))["Location"] == "/staff/units/"  # type: ignore[index]
    assert client.get("/staff/units/").status_code == 200
    event = AuditEvent.objects.get(action="units.signed_in")
    assert event.changes["ways"][-1] == ["password", "totp"]


def test_a_code_that_was_seen_over_the_shoulder_counts_no_second_time(leader: User, client: Client) -> None:
    secret = give_app(leader)
    code = app_code(secret, at=timezone.now())
    by_password(client)
    show(client, code)
    thief = Client()
    by_password(thief)
    response = show(thief, code)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "已用过" in response.content.decode()  # type: ignore[attr-defined]


def test_guessing_codes_ends_after_five_tries_in_whatever_session(leader: User) -> None:
    secret = give_app(leader)
    for number in range(5):
        guesser = Client(REMOTE_ADDR=f"10.0.0.{number}")
        by_password(guesser)
        show(guesser, "000000")
    client = Client()
    by_password(client)
    response = show(client, app_code(secret, at=timezone.now()))
    assert "15 分钟" in response.content.decode()  # type: ignore[attr-defined]


def test_a_recovery_code_opens_once(leader: User, client: Client, now: datetime) -> None:
    give_app(leader)
    code = show_recovery_codes(leader, at=now)[0]
    by_password(client)
    assert show(client, code)["Location"] == "/"  # type: ignore[index]
    again = Client()
    by_password(again)
    assert show(again, code).status_code == 422  # type: ignore[attr-defined]


def test_the_session_has_another_key_after_each_step(leader: User, client: Client) -> None:
    """Whoever planted a session in somebody's browser is left behind twice."""
    secret = give_app(leader)
    session = client.session
    session["planted"] = "yes"
    session.save()
    keys = [session.session_key]
    by_password(client)
    keys.append(client.session.session_key)
    show(client, app_code(secret, at=timezone.now()))
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    planted = Client()
    planted.cookies["chuangju_session"] = str(keys[0])
    assert planted.get("/account/").status_code == 302
    planted.cookies["chuangju_session"] = str(keys[1])
    assert planted.get("/account/").status_code == 302


def test_the_second_step_waits_ten_minutes(leader: User, client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False) as traveller:
        secret = give_app(leader)
        by_password(client)
        traveller.shift(timedelta(minutes=10, seconds=1))
        response = show(client, app_code(secret, at=timezone.now()))
        assert response["Location"] == "/sign-in/"  # type: ignore[index]
        assert "登录已超时" in client.get("/sign-in/").content.decode()


def test_the_page_opens_to_nobody_who_is_not_on_the_way_in(leader: User, client: Client) -> None:
    assert client.get("/sign-in/second/")["Location"] == "/sign-in/"
    client.force_login(leader)
    assert client.get("/sign-in/second/")["Location"] == "/"


def test_an_account_that_is_disabled_between_the_steps_stays_out(
    leader: User, system_administrator: User, client: Client, now: datetime
) -> None:
    secret = give_app(leader)
    by_password(client)
    disable_account(leader, by=system_administrator, at=now)
    show(client, app_code(secret, at=timezone.now()))
    assert client.get("/account/").status_code == 302
    assert not AuditEvent.objects.filter(action="units.signed_in").exists()


@pytest.mark.usefixtures("factor_required")
def test_staff_without_a_factor_set_one_up_before_anything_else(leader: User, client: Client) -> None:
    assert by_password(client) == "/"
    for path in ("/", "/account/", "/staff/units/", "/account/sessions/", "/programme/", "/search/?q=x"):
        assert client.get(path)["Location"] == "/account/second-factor/", path
    assert client.post("/language/", {"language": "en"}).status_code == 302
    assert client.get("/account/second-factor/").status_code == 200
    assert client.get("/account/second-factor/app/").status_code == 200
    assert client.get("/account/password/").status_code == 200
    secret = waits_for_once(client.session, "waiting_app_secret")
    done = client.post("/account/second-factor/app/", {"code": app_code(secret, at=timezone.now())})
    assert done["Location"] == "/account/second-factor/codes/"
    assert client.get("/staff/units/").status_code == 200


@pytest.mark.usefixtures("factor_required")
def test_signing_out_stays_open_to_whoever_must_set_one_up(leader: User, client: Client) -> None:
    by_password(client)
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get("/account/").status_code == 302


@pytest.mark.usefixtures("factor_required")
def test_a_session_that_never_showed_the_factor_ends(leader: User, client: Client) -> None:
    """Signed in as a founder, made staff meanwhile; or signed in before the installation asked for factors."""
    client.force_login(leader)
    give_app(leader)
    assert client.get("/staff/units/")["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("factor_required")
def test_people_from_outside_need_no_second_factor(entrepreneur: User, client: Client) -> None:
    by_password(client, entrepreneur.username)
    assert client.get("/account/").status_code == 200


@pytest.mark.usefixtures("db")
def test_a_passkey_is_asked_for_by_the_script_alone(client: Client) -> None:
    assert client.get("/sign-in/passkey/")["Location"] == "/sign-in/"
    options = client.get("/sign-in/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    assert not options["publicKey"].get("allowCredentials"), "nothing tells who has a passkey"


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "credential",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"id": "x"}',
        '{"id":"YQ","rawId":"YQ","response":{},"type":"public-key"}',
        "[" * 9999,
    ],
)
def test_a_forged_passkey_reads_like_any_other_failure(credential: str, client: Client) -> None:
    client.get("/sign-in/passkey/", headers={"accept": "application/json"})
    assert client.post("/sign-in/passkey/", {"credential": credential})["Location"] == "/sign-in/"
    assert "没有认出这个通行密钥" in client.get("/sign-in/").content.decode()
    assert AuditEvent.objects.filter(action="units.second_factor_failed").count() == 1


@pytest.mark.parametrize("credential", ["nonsense", "[]", "{}"])
def test_a_forged_passkey_is_no_second_factor(credential: str, leader: User, client: Client) -> None:
    give_app(leader)
    by_password(client)
    assert client.post("/sign-in/second/", {"credential": credential}).status_code == 422
    assert client.get("/account/").status_code == 302
