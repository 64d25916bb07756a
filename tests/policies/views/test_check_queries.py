"""How many queries the public pages ask, whatever the number of rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.models import User
from chuangju.policies.demo_checks import demo_answers
from chuangju.policies.models import SavedCheck
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database("sqlite")]
A_PUBLIC_LIST, A_PAGE = 8, 10


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def answered(client: Client) -> None:
    session = client.session
    session["check"] = demo_answers(NOW).kept()
    session.save()


@pytest.mark.parametrize(
    "address",
    [
        "/check/",
        "/check/questions/staff/",
        "/check/answer/",
        "/check/answer/rent_subsidy/",
        "/policies/rent_subsidy/",
        "/calculators/tax/",
        "/calculators/loan/",
        "/planner/residence_points/",
    ],
)
def test_public_pages_ask_few_queries(client: Client, clock: object, address: str) -> None:
    answered(client)
    assert queries(client, address) <= A_PAGE


def test_the_catalogue_asks_few_queries(client: Client, clock: object) -> None:
    """The list `'policy_catalogue'` holds files, not rows: its queries are those of the page around it."""
    key = "policy_catalogue"
    answered(client)
    assert queries(client, "/policies/") <= A_PUBLIC_LIST, key


def test_one_s_own_checks_ask_as_many_queries_for_many_as_for_few(
    client: Client, clock: object, entrepreneur: User
) -> None:
    key = "saved_checks"
    client.force_login(entrepreneur)

    def keep(number: int) -> None:
        for each in range(number):
            SavedCheck.objects.create(user=entrepreneur, name=f"{key}{each}", answers="{}", saved_at=NOW)

    keep(3)
    few = queries(client, "/check/saved/")
    keep(12)
    assert queries(client, "/check/saved/") == few
