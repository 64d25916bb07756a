"""Problem pages, the language switch, the district's colours, the step before a change."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError, connection
from django.test import Client
from django.utils.translation import override

from chuangju.kernel.models import User
from chuangju.ui.problems import PROBLEMS, problem_for
from chuangju.ui.views import bad_request, server_error

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.pages")]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_failure_says_what_to_do_next(client: Client, status: int, language: str) -> None:
    client.cookies["chuangju_language"] = language
    answer = client.get(f"/fail/{status}/")
    assert answer.status_code == status
    page = answer.content.decode()
    assert 'class="problem-steps"' in page
    with override(language):
        assert str(PROBLEMS[status].title) in page
        assert all(str(step) in page for step in PROBLEMS[status].steps)
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in page


def test_the_sentence_of_whoever_refused_is_shown_escaped(client: Client) -> None:
    assert "只有创建办可以导入。" in client.get("/fail/403/").content.decode()
    assert "别人刚刚改过这个节点。" in client.get("/fail/409/").content.decode()
    assert "只能确认待处理的&lt;b&gt;节点" in client.get("/fail/422/").content.decode()


def test_headers_of_an_empty_answer_are_kept(client: Client) -> None:
    assert client.get("/fail/405/")["Allow"] == "POST"
    assert client.get("/fail/429/")["Retry-After"] == "900"


def test_an_answer_that_already_says_something_is_left_alone(client: Client) -> None:
    assert client.get("/fail/422-with-body/").content == b"already said"


def test_staff_stay_in_their_shell_and_strangers_never_see_it(client: Client, office: User) -> None:
    client.force_login(office)
    assert 'class="side on-desk"' in client.get("/staff/fail/404/").content.decode()
    client.logout()
    assert 'class="side on-desk"' not in client.get("/staff/fail/404/").content.decode()


def test_a_missing_page_does_not_tell_a_stranger_more_than_a_forbidden_one(client: Client) -> None:
    page = client.get("/fail/404/").content.decode()
    assert "/sign-in/" in page
    assert "没有找到这个页面" in page


def test_a_form_left_open_too_long_says_so(settings: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "页面停留时间过长" in answer.content.decode()


@pytest.mark.parametrize(
    ("origin", "is_given_back"), [("http://testserver", True), ("http://elsewhere", False), ("", False)]
)
def test_words_of_a_refused_form_are_given_back_only_to_our_own_page(
    origin: str,
    is_given_back: bool,  # noqa: FBT001 - a case of the table above
) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"origin": origin} if origin else {}
    answer = client.post("/language/", {"text": "已走访<b>12</b>家", "unit": "7"}, headers=headers)
    assert answer.status_code == 403
    assert ("已走访&lt;b&gt;12&lt;/b&gt;家" in answer.content.decode()) is is_given_back


def answered(rf: Any, error: Exception) -> Any:
    """What the page of a fault says while this error is being handled."""
    try:
        _raise(error)
    except type(error):
        return server_error(rf.get("/"))


def _raise(error: Exception) -> None:
    raise error


def test_a_database_that_others_kept_busy_is_not_told_as_a_fault_of_ours(rf: Any) -> None:
    answer = answered(rf, OperationalError("database is locked"))
    assert (answer.status_code, answer["Retry-After"]) == (409, "10")
    assert "系统正忙" in answer.content.decode()


def test_a_session_that_could_not_be_saved_for_a_busy_database_is_not_the_readers_fault(rf: Any) -> None:
    interrupted = SessionInterrupted("gone")
    interrupted.__context__ = OperationalError("database is locked")
    assert bad_request(rf.get("/"), interrupted).status_code == 409
    assert bad_request(rf.get("/"), SessionInterrupted("signed out elsewhere")).status_code == 400


def test_a_full_disk_is_told_as_such(rf: Any) -> None:
    answer = answered(rf, OperationalError("database or disk is full"))
    assert answer.status_code == 500
    assert "磁盘已满" in answer.content.decode()


def test_the_page_of_a_fault_needs_neither_database_nor_session(client: Client, rf: Any) -> None:
    client.raise_request_exception = False
    answer = client.get("/fail/500/")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()
    with connection.execute_wrapper(_refuse):
        assert server_error(rf.get("/")).status_code == 500


def _refuse(*_: Any) -> Any:
    raise AssertionError("the page of a fault asked the database")


def test_unlisted_failures_are_told_as_their_kind() -> None:
    assert problem_for(418).status == 400
    assert problem_for(503).status == 500


def test_the_language_is_kept_and_one_stays_where_one_was(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/shown/public/?a=1"})
    assert answer["Location"] == "/shown/public/?a=1"
    assert answer.cookies["chuangju_language"].value == "en"
    page = client.get("/shown/public/").content.decode()
    assert '<html lang="en">' in page
    assert 'lang="zh-Hans">' in page


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_language_switch_never_leads_away(client: Client, address: str) -> None:
    assert client.post("/language/", {"language": "en", "next": address})["Location"] == "/"


def test_an_unknown_language_changes_nothing_and_a_link_cannot_switch(client: Client) -> None:
    assert "chuangju_language" not in client.post("/language/", {"language": "xx"}).cookies
    assert client.get("/language/").status_code == 405


def test_a_district_brings_its_own_colours_and_nothing_else(client: Client, settings: Any) -> None:
    settings.DISTRICT = {
        **settings.DISTRICT,
        "colours": {"brand-600": "#123456", "ink": "#000000", "brand-500": "red;}body{display:none"},
    }
    answer = client.get("/brand.css")
    assert answer.content.decode() == ":root{--brand-600:#123456;}"
    assert answer["Content-Type"].startswith("text/css")
    assert "/brand.css" in client.get("/shown/public/").content.decode()


def test_a_step_before_a_change_lists_what_is_concerned_and_the_way_back(client: Client, office: User) -> None:
    client.force_login(office)
    page = client.get("/staff/confirm/").content.decode()
    assert "&lt;b&gt;张三&lt;/b&gt;" in page
    assert '<input type="hidden" name="pk" value="7">' in page
    assert 'name="idempotency_key"' in page
    assert 'class="btn danger"' in page
    assert 'href="/accounts/"' in page
