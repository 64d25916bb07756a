"""Signing in: where one lands, what is refused, the lock-out, temporary passwords, and what the audit log keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.accounts import AccountRefused, reset_password
from chuangju.units.sign_ins import is_locked_out, unlock_account
from tests.people import PASSWORD


def send(client: Client, username: str, password: str = PASSWORD, **more: str) -> object:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def actions() -> list[str]:
    return list(AuditEvent.objects.filter(action__contains="sign").order_by("pk").values_list("action", flat=True))


@pytest.fixture
def lock_out(settings: object) -> None:
    """The lock-out as an installation has it."""
    settings.AXES_ENABLED = True  # type: ignore[attr-defined]


@pytest.mark.parametrize("typed", ["leader", "LEADER", " leader ", "ｌｅａｄｅｒ"])
def test_one_signs_in_whatever_the_case_and_width_of_the_name(typed: str, leader: User, client: Client) -> None:
    response = send(client, typed)
    assert (response.status_code, response["Location"]) == (302, "/")  # type: ignore[attr-defined, index]
    assert client.get("/account/").context["account"] == leader
    assert actions() == ["units.signed_in"]


@pytest.mark.parametrize("case", ["password", "name", "disabled", "empty"])
def test_every_failure_reads_the_same(case: str, leader: User, client: Client) -> None:
    if case == "disabled":
        User.objects.update(is_active=False)
    username = {"name": "nobody", "empty": ""}.get(case, "leader")
    response = send(client, username, "wrong" if case == "password" else PASSWORD)
    assert response.status_code == 422  # type: ignore[attr-defined]
    text = response.content.decode()  # type: ignore[attr-defined]
    assert ("登录名或密码不正确" in text) is (case != "empty")
    assert client.get("/account/").status_code == 302


def test_a_failure_is_recorded_without_what_was_typed(leader: User, client: Client) -> None:
    send(client, "leader", "wrong-one")
    send(client, "my-secret-in-the-wrong-field", "x")
    known, unknown = AuditEvent.objects.filter(action="units.sign_in_failed").order_by("pk")
    assert (known.object_id, known.actor) == (str(leader.pk), None)
    assert (unknown.object_id, unknown.object_label) == ("0", "未知账号")
    assert "wrong-one" not in str(vars(known))
    assert "my-secret" not in str(vars(unknown))


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(leader: User, client: Client) -> None:
    counts = []
    for username in ("leader", "nobody"):
        with patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as hashing:
            send(client, username, "wrong-password")
        counts.append(hashing.call_count)
    assert counts[0] == counts[1] >= 1


def test_the_session_gets_a_new_key_at_sign_in(leader: User, client: Client) -> None:
    session = client.session
    session["seen"] = "before"
    session.save()
    before = session.session_key
    send(client, "leader")
    assert client.session.session_key not in {None, before}


def test_signing_out_needs_a_form_and_leaves_nothing_behind(leader: User, client: Client) -> None:
    client.force_login(leader)
    assert client.get("/sign-out/").status_code == 405
    response = client.post("/sign-out/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 302
    assert actions() == ["units.signed_out"]
    assert client.post("/sign-out/").status_code == 302


@pytest.mark.parametrize("wanted", ["/account/", "/staff/units/?q=%E4%BA%BA"])
def test_after_signing_in_one_lands_on_the_wanted_page(wanted: str, leader: User, client: Client) -> None:
    page = client.get("/sign-in/", {"next": wanted})
    assert page.context["next"] == wanted
    response = send(client, "leader", next=wanted)
    assert response["Location"] == wanted  # type: ignore[index]


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:///evil.example",
        "\\\\evil",
    ],
)
def test_no_sign_in_leads_to_another_site(evil: str, leader: User, client: Client) -> None:
    assert "evil" not in client.get("/sign-in/", {"next": evil}).context["next"]
    response = send(client, "leader", next=evil)
    assert response["Location"] == "/"  # type: ignore[index]
    again = client.get("/sign-in/", {"next": evil})
    assert again["Location"] == "/"


def test_whoever_is_signed_in_is_led_onwards(leader: User, client: Client) -> None:
    client.force_login(leader)
    assert client.get("/sign-in/", {"next": "/account/"})["Location"] == "/account/"


def test_a_stranger_on_the_staff_side_is_led_to_the_sign_in_with_the_way_back(client: Client, db: None) -> None:
    response = client.get("/staff/units/?q=x")
    assert response["Location"] == "/sign-in/?next=/staff/units/%3Fq%3Dx"
    assert client.get("/staff/there/is/no/such/page/").status_code == 302


@pytest.mark.usefixtures("lock_out")
def test_five_failures_lock_for_15_minutes(leader: User, client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False) as traveller:
        statuses = [send(client, "leader", "wrong").status_code for _ in range(5)]  # type: ignore[attr-defined]
        assert statuses == [422, 422, 422, 422, 429]
        locked = send(client, "LEADER")
        assert locked.status_code == 429  # type: ignore[attr-defined]
        assert "15 分钟" in locked.content.decode()  # type: ignore[attr-defined]
        assert locked["Retry-After"] == "900"  # type: ignore[index]
        assert is_locked_out(leader, at=now)
        traveller.shift(timedelta(minutes=14, seconds=59))
        assert send(client, "leader").status_code == 429  # type: ignore[attr-defined]
        traveller.shift(timedelta(minutes=15, seconds=2))
        assert send(client, "leader").status_code == 302  # type: ignore[attr-defined]


@pytest.mark.usefixtures("lock_out")
def test_the_lock_holds_for_one_account_and_one_address(leader: User, office: User, client: Client) -> None:
    for _ in range(5):
        send(client, "leader", "wrong")
    assert send(client, "office").status_code == 302  # type: ignore[attr-defined]
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert send(elsewhere, "leader").status_code == 302  # type: ignore[attr-defined]


@pytest.mark.usefixtures("lock_out", "db")
def test_an_account_that_does_not_exist_locks_like_one_that_does(client: Client) -> None:
    statuses = [send(client, "nobody", "wrong").status_code for _ in range(6)]  # type: ignore[attr-defined]
    assert statuses == [422, 422, 422, 422, 429, 429]


@pytest.mark.usefixtures("lock_out")
def test_success_forgets_earlier_failures(leader: User, client: Client) -> None:
    for _ in range(2):
        for _ in range(4):
            send(client, "leader", "wrong")
        assert send(client, "leader").status_code == 302  # type: ignore[attr-defined]
        client.post("/sign-out/")


@pytest.mark.usefixtures("lock_out")
def test_the_security_administrator_unlocks_and_nobody_else(
    leader: User, security_administrator: User, system_administrator: User, client: Client, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        with pytest.raises(AccountRefused, match="没有被锁定"):
            unlock_account(leader, by=security_administrator, at=now)
        for _ in range(5):
            send(client, "leader", "wrong")
        with pytest.raises(AccountRefused, match="只有安全保密管理员"):
            unlock_account(leader, by=system_administrator, at=now)
        unlock_account(leader, by=security_administrator, at=now)
        assert not is_locked_out(leader, at=now)
        assert send(client, "leader").status_code == 302  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(action="units.account_unlocked").count() == 1


def test_with_a_temporary_password_there_is_only_the_page_to_change_it(
    leader: User, now: datetime, client: Client
) -> None:
    password = reset_password(leader, by=None, at=now)
    send(client, "leader", password)
    for path in ("/", "/account/", "/staff/units/"):
        assert client.get(path)["Location"] == "/account/password/"
    assert client.post("/language/", {"language": "en"}).status_code == 302
    page = client.get("/account/password/")
    assert page.status_code == 200
    change = {"present": password, "new": "Another-Horse-27", "repeated": "Another-Horse-27"}
    assert client.post("/account/password/", change)["Location"] == "/account/"
    assert client.get("/account/").status_code == 200, "the session goes on with the new password"
    assert client.get("/staff/units/").status_code == 200


def test_a_mistyped_new_password_is_told_beside_its_field(leader: User, client: Client) -> None:
    client.force_login(leader)
    change = {"present": PASSWORD, "new": "Another-Horse-27", "repeated": "Another-Horse-28"}
    response = client.post("/account/password/", change)
    assert response.status_code == 422
    assert "两次输入的新密码不一致" in response.content.decode()
    assert "Another-Horse" not in response.content.decode()


def test_changing_the_password_ends_sessions_elsewhere(leader: User, client: Client) -> None:
    elsewhere = Client()
    for each in (client, elsewhere):
        each.force_login(leader)
    change = {"present": PASSWORD, "new": "Another-Horse-27", "repeated": "Another-Horse-27"}
    client.post("/account/password/", change)
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_people_from_outside_keep_off_the_staff_side(entrepreneur: User, stranger: User, client: Client) -> None:
    for user in (entrepreneur, stranger):
        client.force_login(user)
        assert client.get("/staff/units/").status_code == 403
        assert client.get("/account/").status_code == 200


def test_ones_own_account_page_shows_roles_with_units_and_days(liaison: User, client: Client) -> None:
    client.force_login(liaison)
    text = client.get("/account/").content.decode()
    assert "联络员" in text
    assert "区人力资源社会保障局" in text
    assert "2020-01-01" in text


def test_a_name_full_of_markup_is_shown_as_text(make_user: Callable[..., User], client: Client) -> None:
    user = make_user("evil", "leader", name='<script>alert("x")</script>')
    client.force_login(user)
    text = client.get("/account/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/account/password/"])
def test_a_password_in_a_form_that_came_too_late_is_not_shown_again(address: str) -> None:
    late = Client(enforce_csrf_checks=True)
    secret = "Passwort, das gilt!"
    fields = dict.fromkeys(("password", "present", "new", "repeated"), secret)
    answer = late.post(address, {**fields, "text": "写了半天的进展"}, headers={"origin": "http://testserver"})
    assert answer.status_code == 403
    assert "写了半天的进展" in answer.content.decode()
    assert secret not in answer.content.decode()


def test_an_open_session_does_not_find_out_the_password_by_trying(leader: User, client: Client) -> None:
    client.force_login(leader)
    change = {"present": "wrong", "new": "Another-Horse-27", "repeated": "Another-Horse-27"}
    for number in range(5):
        assert client.post("/account/password/", {**change, "idempotency_key": f"try-{number}"}).status_code == 422
    refused = client.post("/account/password/", {**change, "present": PASSWORD})
    assert refused.status_code == 422
    assert "15 分钟" in refused.content.decode()
