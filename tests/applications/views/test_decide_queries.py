"""Lists of decisions and what follows them ask the same number of queries for few rows and for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.units.models import Role
from tests import people
from tests.applications import decision_rows as rows

FEW, MANY = 4, 40
CASES: dict[str, tuple[str, str, Callable[[int], object]]] = {
    "decisions": ("decision_list", Role.LEADER, rows.add_decision),
    "instalments": ("instalment_list", Role.LEADER, rows.add_instalment),
    "notices": ("notice_list", Role.ENTREPRENEUR, rows.add_notice),
    "objections": ("objection_list", Role.LEADER, rows.add_objection),
    "obligations": ("obligation_list", Role.LEADER, rows.add_obligation),
    "own_obligations": ("my_obligations", Role.ENTREPRENEUR, rows.add_own_obligation),
    "public_standings": ("public_register", Role.ENTREPRENEUR, rows.add_standing),
    "standings": ("standing_list", Role.LEADER, rows.add_standing),
}


def _asked(client: Client, key: str, numbers: range) -> list[str]:
    address, _role, add = CASES[key]
    for number in numbers:
        add(number)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(f"applications:{address}"))
        assert response.status_code == 200
        assert response.content
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key",
    [
        "decisions",
        "instalments",
        "notices",
        "objections",
        "obligations",
        "own_obligations",
        "public_standings",
        "standings",
    ],
)
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(key: str, client: Client, clock: datetime) -> None:
    client.force_login(people.make_user("reader", CASES[key][1]))
    _asked(client, key, range(1, 2))
    few = _asked(client, key, range(2, 2 + FEW))
    many = _asked(client, key, range(2 + FEW, 2 + MANY))
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(few) <= 12
