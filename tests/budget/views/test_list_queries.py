"""Each list of money asks the database the same number of questions for few rows and for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.budget.models import BudgetLine, PaymentBatch
from chuangju.units.models import Role
from tests import people
from tests.budget import rows

pytestmark = [pytest.mark.django_db, pytest.mark.database("sqlite")]
FEW, MANY = 4, 24


def _queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
        assert response.status_code == 200
        assert response.content
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.parametrize(
    ("key", "address", "role", "add"),
    [
        ("budget_lines", "budget:line_list", Role.LEADER, rows.add_line),
        ("budget_entries", "budget:line_entries", Role.LEADER, rows.add_entry),
        ("budget_payments", "budget:payment_list", Role.FINANCE, rows.add_payment),
        ("budget_batches", "budget:batch_list", Role.FINANCE, rows.add_batch),
        ("budget_reallocations", "budget:reallocation_list", Role.LEADER, rows.add_reallocation),
        ("budget_requests", "budget:request_list", Role.LEADER, rows.add_request),
    ],
)
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(
    key: str, address: str, role: str, add: Callable[[int], object], client: Client, clock: datetime
) -> None:
    rows.add_line(900)
    args = [BudgetLine.objects.get().pk] if key == "budget_entries" else []
    client.force_login(people.make_user("reader", role, unit=people.make_unit("czj", "区财政局")))
    url = reverse(address, args=args)
    for number in range(FEW):
        add(number)
    _queries(client, url)  # what the first page of a process reads once and keeps
    few = _queries(client, url)
    for number in range(FEW, MANY):
        add(number)
    many = _queries(client, url)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(few) <= 16


def test_the_page_of_a_batch_asks_as_many_queries_for_many_payments_as_for_few(client: Client, clock: datetime) -> None:
    client.force_login(people.make_user("reader", Role.FINANCE, unit=people.make_unit("czj", "区财政局")))
    counts = []
    for size in (2, 9):
        rows.add_batch_of(size)
        batch = PaymentBatch.objects.order_by("-number").first()
        assert batch is not None
        _queries(client, reverse("budget:batch", args=[batch.pk]))
        counts.append(len(_queries(client, reverse("budget:batch", args=[batch.pk]))))
    assert counts[0] == counts[1]
