"""The lists of the desk ask the same number of questions for few cases and for many, and few of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import made_cases
from chuangju.applications.models import Application, Step
from chuangju.kernel.models import User
from tests.applications import desk
from tests.people import make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference_data", "clock"),
    pytest.mark.database("sqlite"),
]
FEW, MANY, MOST_QUERIES = 6, 60, 12


def a_clerk() -> User:
    return desk.clerk_of("rsj")


def a_banker() -> User:
    return make_user("banker", "bank_officer")


@pytest.mark.parametrize(
    ("key", "address", "reader"),
    [
        ("cases.*", "/cases/", a_clerk),
        ("cases.*", "/cases/tabs/others/", a_clerk),
        ("cases.all", "/cases/all/", a_clerk),
        ("cases.referred", "/cases/referred/", a_banker),
    ],
)
def test_lists_of_the_desk_ask_the_same_queries_for_few_and_for_many(
    key: str, address: str, reader: Callable[[], User], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_cases, "PARTIES", 20)
    monkeypatch.setattr(made_cases, "OPEN_SHARE", 1)
    client = Client()
    client.force_login(reader())
    asked = []
    for count in (FEW, MANY):
        made_cases.make_cases(count, at=now, seed=count)
        if key == "cases.referred":
            Step.objects.filter(state="open").update(kind="referral", word="bank", assignee=a_banker())
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        asked.append(len(seen))
    assert Application.objects.count() == FEW + MANY
    assert asked[0] == asked[1], key
    assert asked[1] <= MOST_QUERIES
