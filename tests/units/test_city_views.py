"""The city's sign-in against a real provider in a process of its own: in, refused, forged, dead."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import AuditEvent, Message, User
from chuangju.units.access import roles_of
from tests.units.factors import give_app
from tests.units.oidc_provider.people import CLIENT_ID, CLIENT_SECRET
from tests.units.oidc_provider.process import Provider
from tests.units.sms import code_sent_to

RETURN = "http://testserver/sign-in/city/return/"


@pytest.fixture(autouse=True)
def _connected(settings: Settings, city_provider: Provider, db: None, sms: None) -> None:
    settings.CITY_SIGN_IN = {
        "issuer": city_provider.url,
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "label": "随申办",
        "label_en": "Suishenban",
    }
    city_provider.allow(RETURN)


def go_to_city(client: Client, *, onwards: str = "/account/") -> str:
    response = client.get("/sign-in/city/", {"next": onwards})
    assert response.status_code == 302
    return response["Location"]


def come_back(client: Client, provider: Provider, username: str, *, action: str = "grant") -> str:
    """Through the whole exchange; where the product sends one at its end."""
    back = provider.visit(go_to_city(client), username, action=action)
    assert back.startswith(RETURN)
    return client.get(back)["Location"]


def enter_code(client: Client, mobile: str) -> str:
    return client.post("/sign-in/mobile/code/", {"code": code_sent_to(mobile)})["Location"]


def errors(client: Client) -> str:
    return client.get("/sign-in/mobile/").content.decode()


def test_the_button_is_there_only_when_the_installation_is_connected(client: Client, settings: Settings) -> None:
    assert "用随申办登录" in client.get("/sign-in/mobile/").content.decode()
    settings.CITY_SIGN_IN = {**settings.CITY_SIGN_IN, "client_id": ""}
    assert "随申办" not in client.get("/sign-in/mobile/").content.decode()
    assert client.get("/sign-in/city/").status_code == 404
    assert client.get("/sign-in/city/return/").status_code == 404


def test_one_is_sent_off_with_state_nonce_and_challenge(client: Client, city_provider: Provider) -> None:
    address = go_to_city(client)
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{city_provider.url}/identity/o/authorize?")
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [RETURN]
    assert all(len(asked[name][0]) >= 16 for name in ("state", "nonce", "code_challenge"))
    assert asked["state"] != parse_qs(urlsplit(go_to_city(client)).query)["state"]


def test_at_the_first_time_the_verified_mobile_is_confirmed_and_an_account_made(
    client: Client, city_provider: Provider
) -> None:
    assert come_back(client, city_provider, "lin").startswith("/sign-in/mobile/")
    page = client.get("/sign-in/mobile/?next=/account/").content.decode()
    assert "139****0001" in page
    assert "13900000001" not in page
    # Another number than the city's is not asked for, whatever a browser sends.
    client.post("/sign-in/mobile/", {"mobile": "13912345678", "next": "/account/"})
    assert enter_code(client, "13900000001") == "/sign-in/mobile/name/"
    assert 'value="林小舟"' in client.get("/sign-in/mobile/name/").content.decode()
    done = client.post("/sign-in/mobile/name/", {"name": "林小舟", "consent": "on"})
    assert done["Location"] == "/account/"
    user = client.get("/account/").context["account"]
    assert SocialAccount.objects.get().extra_data == {}
    assert list(AuditEvent.objects.filter(action="units.city_linked").values_list("actor", flat=True)) == [user.pk]
    signed_in = AuditEvent.objects.get(action="units.signed_in")
    assert "city" in str(signed_in.changes)

    again = Client()
    assert come_back(again, city_provider, "lin") == "/account/"
    assert again.get("/account/").context["account"] == user


def test_an_account_with_the_same_mobile_is_linked_after_the_code(
    client: Client, city_provider: Provider, entrepreneur: User, now: object
) -> None:
    set_mobile(entrepreneur, mobile="13900000001", by=None, at=now)  # type: ignore[arg-type]
    come_back(client, city_provider, "lin")
    client.post("/sign-in/mobile/", {})
    assert not SocialAccount.objects.exists(), "nothing is linked before the code"
    enter_code(client, "13900000001")
    assert client.get("/account/").context["account"] == entrepreneur
    assert SocialAccount.objects.get().user_id == entrepreneur.pk


def test_a_number_that_the_city_has_not_verified_is_typed_in_and_confirmed(
    client: Client, city_provider: Provider
) -> None:
    come_back(client, city_provider, "unverified")
    assert 'name="mobile"' in client.get("/sign-in/mobile/").content.decode()
    client.post("/sign-in/mobile/", {"mobile": "13811112222"})
    assert enter_code(client, "13811112222") == "/sign-in/mobile/name/"


def test_staff_come_in_by_the_citys_number_and_show_their_second_factor(
    client: Client, city_provider: Provider, leader: User, now: object, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    set_mobile(leader, mobile="13900000002", by=None, at=now)  # type: ignore[arg-type]
    come_back(client, city_provider, "officer")
    client.post("/sign-in/mobile/", {})
    assert enter_code(client, "13900000002") == "/sign-in/mobile/"
    assert "先用账号和密码登录，设置第二重验证" in errors(client)
    SocialAccount.objects.create(provider="city", uid=_subject(city_provider, "officer"), user=leader, extra_data={})
    give_app(leader)
    assert come_back(Client(), city_provider, "officer") == "/sign-in/second/"


def _subject(provider: Provider, username: str) -> str:
    """Who somebody is at the city: the number of their account there."""
    del provider
    return {"lin": "1", "officer": "2", "unverified": "3"}[username]


def test_a_number_typed_in_by_hand_never_opens_an_account_of_staff(
    client: Client, city_provider: Provider, leader: User, now: object
) -> None:
    set_mobile(leader, mobile="13811112222", by=None, at=now)  # type: ignore[arg-type]
    come_back(client, city_provider, "unverified")
    client.post("/sign-in/mobile/", {"mobile": "13811112222"})
    assert enter_code(client, "13811112222") == "/sign-in/mobile/"
    assert "工作人员账号不能这样关联" in errors(client)
    assert not SocialAccount.objects.exists()
    assert client.get("/account/").status_code == 302


def test_no_account_of_staff_is_ever_made(client: Client, city_provider: Provider) -> None:
    come_back(client, city_provider, "officer")
    client.post("/sign-in/mobile/", {})
    enter_code(client, "13900000002")
    client.post("/sign-in/mobile/name/", {"name": "李文静", "consent": "on"})
    user = client.get("/account/").context["account"]
    assert {str(role) for role in roles_of(user, timezone.localdate(user.created_at))} <= {"entrepreneur"}


def test_refusing_at_the_city_is_told_in_a_sentence(client: Client, city_provider: Provider) -> None:
    assert come_back(client, city_provider, "lin", action="cancel") == "/sign-in/mobile/"
    assert "您没有同意授权" in errors(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("case", ["another state", "no state", "used state", "another browser"])
def test_an_answer_that_belongs_to_no_question_of_ours_is_refused(
    case: str, client: Client, city_provider: Provider
) -> None:
    back = city_provider.visit(go_to_city(client), "lin")
    asking = client
    if case == "another state":
        back = re.sub(r"state=[^&]+", "state=forged", back)
    elif case == "no state":
        back = re.sub(r"state=[^&]+", "", back)
    elif case == "used state":
        client.get(back)
        client.get("/sign-in/mobile/")
    else:
        asking = Client()
    assert asking.get(back)["Location"] == "/sign-in/mobile/"
    assert "这次登录已过期，或不是从本页面开始的" in errors(asking)


def test_an_answer_with_another_nonce_is_refused(
    client: Client, city_provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    city_provider.allow(RETURN, wrong_nonce=True)
    assert come_back(client, city_provider, "lin") == "/sign-in/mobile/"
    assert "暂时无法使用随申办登录" in errors(client)
    assert "nonce" in caplog.text


def test_a_code_of_somebody_elses_is_refused_without_the_verifier(
    client: Client, city_provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """The code of one sign-in, slipped into another: the challenge of the second does not fit it."""
    stolen = city_provider.visit(go_to_city(Client()), "lin")
    own_state = parse_qs(urlsplit(go_to_city(client)).query)["state"][0]
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    answer = client.get("/sign-in/city/return/", {"code": code, "state": own_state})
    assert answer["Location"] == "/sign-in/mobile/"
    assert "暂时无法使用" in errors(client)
    assert "invalid_grant" in caplog.text
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("issuer", ["http://localhost:9", "http://localhost:9/nowhere"])
def test_a_dead_provider_is_told_in_a_sentence(issuer: str, client: Client, settings: Settings) -> None:
    settings.CITY_SIGN_IN = {**settings.CITY_SIGN_IN, "issuer": issuer}
    assert client.get("/sign-in/city/")["Location"] == "/sign-in/mobile/"
    assert "暂时无法使用随申办登录" in errors(client)


def test_a_provider_that_dies_in_between_is_told_in_a_sentence(
    client: Client, city_provider: Provider, settings: Settings
) -> None:
    back = city_provider.visit(go_to_city(client), "lin")
    settings.CITY_SIGN_IN = {**settings.CITY_SIGN_IN, "issuer": "http://localhost:9"}
    assert client.get(back)["Location"] == "/sign-in/mobile/"
    assert "暂时无法使用" in errors(client)


def test_another_site_cannot_begin_a_sign_in_for_its_visitors(client: Client) -> None:
    answer = client.get("/sign-in/city/", headers={"sec-fetch-site": "cross-site"})
    assert answer["Location"] == "/sign-in/mobile/"


def test_nothing_of_the_city_leads_to_another_site(client: Client, city_provider: Provider, leader: User) -> None:
    SocialAccount.objects.create(provider="city", uid="1", user=leader, extra_data={})
    back = city_provider.visit(go_to_city(client, onwards="https://evil.example/"), "lin")
    assert client.get(back)["Location"] == "/"


def test_a_disabled_account_stays_out(client: Client, city_provider: Provider, leader: User) -> None:
    SocialAccount.objects.create(provider="city", uid="1", user=leader, extra_data={})
    User.objects.update(is_active=False)
    assert come_back(client, city_provider, "lin") == "/sign-in/mobile/"
    assert "这个账号已停用" in errors(client)


def test_what_the_city_tells_is_not_stored_in_the_clear(client: Client, city_provider: Provider) -> None:
    come_back(client, city_provider, "lin")
    assert "13900000001" not in str(dict(client.session.items()))
    assert not Message.objects.exists(), "nothing is sent before somebody asks for it"
