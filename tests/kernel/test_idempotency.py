"""R2 in small: a form sent again takes effect once, with a browser that knows nothing of it."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from chuangju.kernel.idempotency import forget_keys, is_valid_key
from chuangju.kernel.models import IdempotencyKey, SavedView, User
from tests.kernel.files import upload
from tests.kernel.racing import errors_of, race

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.idempotent_urls")]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chuangju.kernel.middleware.IdempotencyMiddleware",
]


@pytest.fixture(autouse=True)
def _only_what_is_under_test(settings: Settings) -> None:
    settings.MIDDLEWARE = MIDDLEWARE


@pytest.fixture
def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(browser: Client, key: str | None = "k1", to: str = "/form/", **fields: Any) -> HttpResponse:
    return browser.post(to, {**fields, **({} if key is None else {"idempotency_key": key})})


def effects() -> int:
    return SavedView.objects.filter(listing="effects").count()


def test_the_second_copy_is_sent_where_the_first_one_went(browser: Client) -> None:
    first = send(browser, text="a", csrfmiddlewaretoken="one")
    second = send(browser, text="a", csrfmiddlewaretoken="two")
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert effects() == 1


def test_another_form_under_the_same_key_is_a_conflict_and_takes_no_effect(browser: Client) -> None:
    send(browser, text="a")
    assert send(browser, text="b").status_code == 409
    assert send(browser, text="a", more="").status_code == 409
    assert send(browser, text="a", to="/other/").status_code == 409
    assert send(browser, text="a", to="/form/?x=1").status_code == 409
    assert effects() == 1


def test_files_belong_to_what_was_sent(browser: Client) -> None:
    first = send(browser, file=[upload("a.txt", b"abc"), upload("b.txt", b"def")])
    assert "?6-" in first["Location"]
    again = send(browser, file=[upload("a.txt", b"abc"), upload("b.txt", b"def")])
    assert again["Location"] == first["Location"]
    assert send(browser, file=[upload("a.txt", b"abc"), upload("b.txt", b"deg")]).status_code == 409
    assert send(browser, file=[upload("c.txt", b"abc"), upload("b.txt", b"def")]).status_code == 409
    assert effects() == 1


def test_fields_cannot_be_shifted_into_one_another(browser: Client) -> None:
    send(browser, a="1b", c="")
    assert send(browser, a="1", bc="").status_code == 409


@pytest.mark.parametrize("key", ["", "   ", "x" * 65, "键", "a\nb"])
def test_a_key_that_is_empty_too_long_or_odd_is_refused(browser: Client, key: str) -> None:
    assert send(browser, key).status_code == 422
    assert effects() == 0
    assert not is_valid_key(key)


def test_a_form_shown_again_for_correction_takes_no_effect_and_may_be_sent_with_the_same_key(browser: Client) -> None:
    assert send(browser, then="show errors").status_code == 200
    assert effects() == 0
    assert not IdempotencyKey.objects.exists()
    assert send(browser, then="").status_code == 302
    assert effects() == 1


def test_a_form_that_failed_takes_no_effect_and_may_be_sent_again(browser: Client) -> None:
    browser.raise_request_exception = False
    assert send(browser, then="fail").status_code == 500
    assert effects() == 0
    assert not IdempotencyKey.objects.exists()


def test_keys_belong_to_one_person(browser: Client) -> None:
    send(browser, text="a")
    other = Client()
    other.force_login(User.objects.create(username="li", name="李"))
    assert send(other, text="b").status_code == 302
    assert effects() == 2


def test_strangers_and_forms_without_a_key_pass_untouched(browser: Client, person: User) -> None:
    assert send(browser, None).status_code == 302
    assert send(browser, None).status_code == 302
    assert effects() == 2
    assert browser.get("/form/", {"idempotency_key": ""}).status_code != 422
    stranger = Client(raise_request_exception=False)
    assert send(stranger, "").status_code == 500
    assert not IdempotencyKey.objects.exists()


def test_an_address_too_long_to_keep_leads_back_to_the_form(browser: Client) -> None:
    send(browser, where="/" + "x" * 600)
    assert send(browser, where="/" + "x" * 600)["Location"] == "/form/"


def test_old_keys_are_forgotten(browser: Client) -> None:
    send(browser, "old")
    send(browser, "new")
    moment = IdempotencyKey.objects.get(key="new").created_at
    IdempotencyKey.objects.filter(key="old").update(created_at=moment - timedelta(days=8))
    assert forget_keys(before=moment - timedelta(days=7)) == 1
    assert [key.key for key in IdempotencyKey.objects.all()] == ["new"]


KEYS, COPIES = 12, 4


def shuffled_copies(browser: Client) -> list[Any]:
    cookies = browser.cookies
    order = [f"key-{number}" for number in range(KEYS)] * COPIES
    random.Random(2026).shuffle(order)

    def post(number: int) -> str:
        racer = Client()
        racer.cookies = cookies
        response = send(racer, order[number], text=order[number])
        assert response.status_code == 302, response.status_code
        return f"{order[number]} {response['Location']}"

    return race(post, len(order))


@pytest.mark.django_db(transaction=True)
def test_copies_that_race_take_effect_once_per_key_and_all_lead_to_the_same_place(browser: Client) -> None:
    outcomes = shuffled_copies(browser)
    assert errors_of(outcomes) == []
    assert effects() == KEYS == len(set(outcomes))


@pytest.mark.django_db(transaction=True)
def test_without_the_middleware_every_copy_takes_effect(browser: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = MIDDLEWARE[:-1]
    shuffled_copies(browser)
    assert effects() == KEYS * COPIES
