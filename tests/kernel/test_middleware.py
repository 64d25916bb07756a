"""A session ends after half an hour of idleness, after half a day, and when the account is disabled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from chuangju.kernel.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.is_authenticated))


urlpatterns = [path("who/", who)]


@pytest.fixture(autouse=True)
def _only_what_is_under_test(settings: Settings) -> None:
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "chuangju.kernel.middleware.SessionLimitsMiddleware",
    ]


@pytest.fixture
def browser(person: User, clock: time_machine.Coordinates) -> Client:
    client = Client()
    client.force_login(person)
    return client


def is_signed_in(browser: Client) -> bool:
    return browser.get("/who/").content == b"True"


def test_after_half_an_hour_of_idleness_one_is_signed_out(browser: Client, clock: time_machine.Coordinates) -> None:
    assert is_signed_in(browser)
    clock.shift(timedelta(minutes=30))
    assert is_signed_in(browser)
    clock.shift(timedelta(minutes=30, seconds=1))
    assert not is_signed_in(browser)
    assert SESSION_KEY not in browser.session


def test_after_twelve_hours_one_is_signed_out_however_busy(browser: Client, clock: time_machine.Coordinates) -> None:
    for _ in range(12 * 3):
        assert is_signed_in(browser)
        clock.shift(timedelta(minutes=20))
    assert is_signed_in(browser)
    clock.shift(timedelta(minutes=2))
    assert not is_signed_in(browser)


def test_a_session_ends_at_once_when_the_account_is_disabled(browser: Client, person: User) -> None:
    assert is_signed_in(browser)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_signed_in(browser)


def test_strangers_get_no_session(clock: time_machine.Coordinates) -> None:
    browser = Client()
    assert not is_signed_in(browser)
    assert "chuangju_session" not in browser.cookies


def test_a_busy_session_is_written_once_a_minute_at_most(
    browser: Client, clock: time_machine.Coordinates, django_assert_num_queries: object
) -> None:
    is_signed_in(browser)
    clock.shift(timedelta(seconds=59))
    with django_assert_num_queries(2):  # type: ignore[operator] # session and user
        is_signed_in(browser)
    noted = browser.session["session_seen"]
    clock.shift(timedelta(seconds=1))
    is_signed_in(browser)
    assert browser.session["session_seen"] == noted + 60


def test_whoever_reads_goes_on_reading_while_nothing_can_be_written(
    browser: Client, clock: time_machine.Coordinates
) -> None:
    assert is_signed_in(browser)
    clock.shift(timedelta(minutes=5))

    def refuse_sessions(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and "django_session" in sql:
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse_sessions):
        assert is_signed_in(browser)
    assert is_signed_in(browser)
