"""Where one is signed in: shown in words, ended one by one or all at once, and never anybody else's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from chuangju.kernel.models import AuditEvent, User, UserSession
from chuangju.units.browsers import browser_in_words
from tests.people import PASSWORD

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0"


def signed_in(user: User, agent: str, address: str = "10.0.0.1") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("agent", "zh", "en"),
    [
        (WINDOWS, "Chrome · Windows", "Chrome · Windows"),
        (WECHAT, "微信 · Android", "WeChat · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1", "Safari · iPhone", None),
        (WINDOWS + " Edg/120.0", "Edge · Windows", None),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux", None),
        ("", "其他浏览器 · 其他设备", None),
    ],
)
def test_a_browser_is_told_in_words(agent: str, zh: str, en: str | None) -> None:
    assert browser_in_words(agent) == zh
    if en:
        with override("en"):
            assert browser_in_words(agent) == en


def test_every_browser_is_listed_with_this_one_first(leader: User) -> None:
    signed_in(leader, WECHAT, "10.0.0.2")
    here = signed_in(leader, WINDOWS)
    page = here.get("/account/sessions/")
    shown = [(row["browser"], row["session"].address, row["is_this"]) for row in page.context["sessions"]]
    assert shown == [("Chrome · Windows", "10.0.0.1", True), ("微信 · Android", "10.0.0.2", False)]
    text = page.content.decode()
    keys = UserSession.objects.values_list("session_key", flat=True)
    assert len(keys) == 2
    assert not any(key in text for key in keys), "the key of a session stands on no page"


def test_one_session_is_ended_and_the_others_go_on(leader: User) -> None:
    there, here = signed_in(leader, WECHAT), signed_in(leader, WINDOWS)
    number = here.get("/account/sessions/").context["sessions"][1]["session"].number
    assert here.post(f"/account/sessions/{number}/end/")["Location"] == "/account/sessions/"
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert AuditEvent.objects.filter(action="units.sessions_ended").count() == 1
    assert here.post(f"/account/sessions/{number}/end/").status_code == 404


def test_all_others_are_ended_at_once(leader: User, office: User) -> None:
    there, also, here = (signed_in(leader, agent) for agent in (WECHAT, "", WINDOWS))
    stranger = signed_in(office, WINDOWS)
    here.post("/account/sessions/end/")
    assert "已退出其他 2 处登录" in here.get("/account/sessions/").content.decode()
    assert [client.get("/account/").status_code for client in (there, also, here, stranger)] == [302, 302, 200, 200]


def test_nobody_ends_a_session_of_somebody_else_or_the_one_they_sit_in(leader: User, office: User) -> None:
    theirs, mine = signed_in(office, WECHAT), signed_in(leader, WINDOWS)
    their_number = UserSession.objects.get(user=office).number
    own_number = UserSession.objects.get(user=leader).number
    for number in (their_number, own_number, "0" * 32):
        assert mine.post(f"/account/sessions/{number}/end/").status_code == 404
    assert theirs.get("/account/").status_code == 200


def test_the_list_goes_on_after_the_key_of_the_session_has_changed(leader: User) -> None:
    here = signed_in(leader, WINDOWS)
    change = {"present": PASSWORD, "new": "Another-Horse-27", "repeated": "Another-Horse-27"}
    here.post("/account/password/", change)
    row = here.get("/account/sessions/").context["sessions"][0]
    assert (row["browser"], row["is_this"]) == ("Chrome · Windows", True)


def test_queries_of_the_list_do_not_grow(leader: User, django_assert_max_num_queries: object) -> None:
    for _ in range(5):
        signed_in(leader, WECHAT)
    here = signed_in(leader, WINDOWS)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        here.get("/account/sessions/")
