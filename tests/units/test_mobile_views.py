"""Coming in by mobile: known and unknown numbers read the same, the first time makes an account, staff are sent away."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import AuditEvent, User
from chuangju.units.access import roles_of
from chuangju.units.founder_accounts import PRIVACY_NOTICE_VERSION, create_founder
from chuangju.units.mobile_codes import check_code, send_code
from chuangju.units.models import MobileCode
from tests.kernel.racing import errors_of, race
from tests.units.factors import give_app
from tests.units.sms import code_sent_to

MOBILE = "13812345678"


@pytest.fixture(autouse=True)
def _sms(sms: None, db: None) -> None:
    """Every test here sends."""


def ask(client: Client, mobile: str = MOBILE, **more: str) -> object:
    return client.post("/sign-in/mobile/", {"mobile": mobile, **more})


def answer(client: Client, code: str = "") -> str:
    return client.post("/sign-in/mobile/code/", {"code": code or code_sent_to(MOBILE)})["Location"]


def said(client: Client, path: str = "/sign-in/mobile/") -> str:
    return client.get(path).content.decode()


def test_a_first_sign_in_asks_for_the_name_and_makes_an_account(client: Client) -> None:
    assert ask(client, "+86 138-1234-5678", next="/account/")["Location"] == "/sign-in/mobile/code/"  # type: ignore[index]
    assert "138****5678" in said(client, "/sign-in/mobile/code/")
    assert answer(client) == "/sign-in/mobile/name/"
    assert not User.objects.exists(), "nobody has agreed to anything yet"
    without = client.post("/sign-in/mobile/name/", {"name": "林小舟"})
    assert without.status_code == 422
    assert "请阅读并同意个人信息保护说明" in without.content.decode()
    assert 'value="林小舟"' in without.content.decode()
    done = client.post("/sign-in/mobile/name/", {"name": " 林 小舟 ", "consent": "on"})
    assert done["Location"] == "/account/"
    user = client.get("/account/").context["account"]
    assert (user.name, user.mobile, user.has_usable_password()) == ("林 小舟", MOBILE, False)
    assert roles_of(user, timezone.localdate(user.created_at)) == {"entrepreneur"}
    registered = AuditEvent.objects.get(action="units.founder_registered")
    assert PRIVACY_NOTICE_VERSION in str(registered.changes)
    assert MOBILE not in str(list(AuditEvent.objects.values()))
    assert AuditEvent.objects.filter(action="units.signed_in", actor=user).count() == 1


def test_a_known_number_comes_straight_in(client: Client, entrepreneur: User, now: datetime) -> None:
    set_mobile(entrepreneur, mobile=MOBILE, by=None, at=now)
    ask(client, next="/account/")
    before = client.session.session_key
    assert answer(client) == "/account/"
    assert client.session.session_key != before
    assert client.get("/account/").context["account"] == entrepreneur


def test_a_known_and_an_unknown_number_read_the_same(entrepreneur: User, now: datetime) -> None:
    set_mobile(entrepreneur, mobile=MOBILE, by=None, at=now)
    pages = []
    for mobile in (MOBILE, "13887654321"):
        client = Client()
        response = ask(client, mobile)
        wrong = client.post("/sign-in/mobile/code/", {"code": "1"})
        text = said(client, "/sign-in/mobile/code/") + wrong.content.decode()
        text = re.sub(r'138\*{4}\d{4}|nonce="[^"]*"|value="\w{64}"', "", text)
        pages.append((response.status_code, response["Location"], wrong.status_code, text))  # type: ignore[attr-defined, index]
    assert pages[0] == pages[1]


def test_a_known_and_an_unknown_number_take_the_same_queries(entrepreneur: User, now: datetime) -> None:
    """The same work for both: the time of the answer tells nothing either."""
    set_mobile(entrepreneur, mobile=MOBILE, by=None, at=now)
    counts = []
    for mobile, address in ((MOBILE, "10.0.0.1"), ("13887654321", "10.0.0.2")):
        with CaptureQueriesContext(connection) as queries:
            ask(Client(REMOTE_ADDR=address), mobile)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("typed", ["", "12345", "00000000000", "abc"])
def test_what_is_no_number_is_told_beside_its_field(typed: str, client: Client) -> None:
    response = ask(client, typed)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert MobileCode.objects.count() == 0
    assert client.get("/sign-in/mobile/code/")["Location"] == "/sign-in/mobile/"


def test_wrong_digits_are_told_with_the_tries_that_are_left(client: Client) -> None:
    ask(client)
    response = client.post("/sign-in/mobile/code/", {"code": "12"})
    assert response.status_code == 422
    assert "还可以再试 4 次" in response.content.decode()


def test_another_code_can_be_asked_for_after_a_minute(client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False) as traveller:
        ask(client)
        first = code_sent_to(MOBILE)
        early = client.post("/sign-in/mobile/code/", {"resend": "1"})
        assert "秒后再重新获取" in early.content.decode()
        traveller.shift(timedelta(seconds=61))
        assert client.post("/sign-in/mobile/code/", {"resend": "1"}).status_code == 302
        assert client.post("/sign-in/mobile/code/", {"code": first}).status_code == 422 or first == code_sent_to(MOBILE)
        assert answer(client) == "/sign-in/mobile/name/"


def test_a_code_belongs_to_the_browser_that_asked_for_it(client: Client) -> None:
    ask(client)
    thief = Client()
    ask(thief, "13887654321")
    assert thief.post("/sign-in/mobile/code/", {"code": code_sent_to(MOBILE)}).status_code in {302, 422}
    assert thief.get("/account/").status_code == 302
    assert Client().post("/sign-in/mobile/code/", {"code": code_sent_to(MOBILE)})["Location"] == "/sign-in/mobile/"


def test_the_name_page_opens_only_behind_a_code(client: Client) -> None:
    assert client.get("/sign-in/mobile/name/")["Location"] == "/sign-in/mobile/"
    ask(client)
    forced = client.post("/sign-in/mobile/name/", {"name": "谁", "consent": "on"})
    assert forced["Location"] == "/sign-in/mobile/"
    assert not User.objects.exists()


def test_a_code_opens_no_account_of_staff(client: Client, leader: User, now: datetime) -> None:
    set_mobile(leader, mobile=MOBILE, by=None, at=now)
    ask(client)
    assert client.post("/sign-in/mobile/code/", {"code": code_sent_to(MOBILE)}).status_code == 422
    assert client.get("/account/").status_code == 302
    again = Client()
    ask(again, "13887654321")
    assert "工作人员" not in said(again, "/sign-in/mobile/code/")


def test_a_disabled_account_stays_out(client: Client, entrepreneur: User, now: datetime) -> None:
    set_mobile(entrepreneur, mobile=MOBILE, by=None, at=now)
    User.objects.update(is_active=False)
    ask(client)
    response = client.post("/sign-in/mobile/code/", {"code": code_sent_to(MOBILE)})
    assert "这个账号已停用" in response.content.decode()
    assert client.get("/account/").status_code == 302


def test_a_founder_with_a_second_factor_shows_it(client: Client, entrepreneur: User, now: datetime) -> None:
    set_mobile(entrepreneur, mobile=MOBILE, by=None, at=now)
    give_app(entrepreneur)
    ask(client)
    assert answer(client) == "/sign-in/second/"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_no_way_in_leads_to_another_site(evil: str, client: Client, entrepreneur: User, now: datetime) -> None:
    set_mobile(entrepreneur, mobile=MOBILE, by=None, at=now)
    assert "evil" not in client.get("/sign-in/mobile/", {"next": evil}).context["next"]
    ask(client, next=evil)
    assert answer(client) == "/"


def test_forms_without_their_token_do_nothing() -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/sign-in/mobile/", "/sign-in/mobile/code/", "/sign-in/mobile/name/", "/sign-in/second/"):
        assert strict.post(path, {"mobile": MOBILE, "code": "1"}).status_code == 403
    assert not MobileCode.objects.exists()


def test_whoever_is_signed_in_is_led_onwards(client: Client, entrepreneur: User) -> None:
    client.force_login(entrepreneur)
    assert client.get("/sign-in/mobile/", {"next": "/account/"})["Location"] == "/account/"
    assert client.get("/sign-in/mobile/code/").status_code == 302


def test_the_privacy_notice_says_its_version_in_both_languages(client: Client) -> None:
    assert PRIVACY_NOTICE_VERSION in said(client, "/privacy/")
    client.cookies["chuangju_language"] = "en"
    assert PRIVACY_NOTICE_VERSION in said(client, "/privacy/")


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_account(now: datetime, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    code = send_code(MOBILE, purpose=MobileCode.Purpose.SIGN_IN, address="10.0.0.1", at=now)
    check_code(code, code_sent_to(MOBILE), at=now)
    outcomes = race(lambda _number: create_founder(code, name="林小舟", has_consented=True, at=now), 4)
    assert errors_of(outcomes) == []
    assert len({user.pk for user in outcomes}) == 1
    assert User.objects.count() == 1


def test_a_number_that_became_that_of_staff_meanwhile_opens_no_account(
    client: Client, leader: User, now: datetime
) -> None:
    ask(client)
    assert answer(client) == "/sign-in/mobile/name/"
    set_mobile(leader, mobile=MOBILE, by=None, at=now)
    done = client.post("/sign-in/mobile/name/", {"name": "林小舟", "consent": "on"})
    assert done["Location"] == "/sign-in/mobile/"
    assert "工作人员账号" in said(client)
    assert client.get("/account/").status_code == 302
