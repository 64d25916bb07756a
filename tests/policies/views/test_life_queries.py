"""The lists of policies, packages, clauses, imports and fees ask the database as much for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.policies.models import FeeEntry, PackageClause, PackageImport, PolicyPackage
from chuangju.units.models import Unit
from tests import people
from tests.conftest import NOW
from tests.policies.life import TODAY, entered

# How many queries a page asks does not depend on the database.
pytestmark = [pytest.mark.django_db, pytest.mark.database("sqlite")]
FEW, MANY = 4, 40


def _unit(number: int) -> Unit:
    return people.make_unit(f"u{number}", f"单位{number}")


def _office() -> User:
    return people.make_user("office", "programme_office")


def _package(title: str = "条款") -> PolicyPackage:
    found, _is_new = PolicyPackage.objects.get_or_create(
        title=title, defaults={"imported_by": _office(), "imported_at": NOW}
    )
    return found


def add_record(number: int) -> None:
    """A policy in force that has a last day."""
    entered(f"policy_{number}", unit=_unit(number), valid_until=TODAY + timedelta(days=number))


def add_package(number: int) -> None:
    """A package with a clause."""
    PackageClause.objects.create(package=_package(f"条款{number}"), number=1, heading="题目")


def add_clause(number: int) -> None:
    """A clause of one package, tied to a policy of its own."""
    entered(f"policy_{number}", unit=_unit(number))
    PackageClause.objects.create(
        package=_package(), number=number, heading="题目", policy_id=f"policy_{number}", unit=_unit(number)
    )


def add_import(number: int) -> None:
    """A package that was uploaded."""
    content = {"title": "", "clauses": [], "faults": [], "preamble": []}
    by = people.make_user(f"uploader{number}")
    PackageImport.objects.create(
        file_name=f"{number}.txt", file_sha256="0" * 64, content=content, uploaded_by=by, uploaded_at=NOW
    )


def add_fee(number: int) -> None:
    """A fee that the district has entered."""
    FeeEntry.objects.create(
        fee_id=f"fee_{number}", kind="licence", name=f"收费{number}", standing="charged",
        starts_on=date(2026, 1, 1), by=_office(), at=NOW,
    )  # fmt: skip


CASES: dict[str, tuple[str, Callable[[int], None]]] = {
    "policy_records": ("policies:making_list", add_record),
    "expiring_policies": ("policies:expiring_list", add_record),
    "policy_packages": ("policies:package_list", add_package),
    "package_clauses": ("policies:package", add_clause),
    "public_packages": ("policies:public_package_list", add_package),
    "public_clauses": ("policies:public_package", add_clause),
    "package_imports": ("policies:package_import", add_import),
    "fees": ("policies:fee_list", add_fee),
}


def _queries(client: Client, key: str, rows: range) -> list[str]:
    name, add = CASES[key]
    for number in rows:
        add(number)
    args = (_package().pk,) if key in {"package_clauses", "public_clauses"} else ()
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(name, args=args))
        assert response.status_code == 200
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.parametrize(
    "key",
    [
        "policy_records",
        "expiring_policies",
        "policy_packages",
        "package_clauses",
        "public_packages",
        "public_clauses",
        "package_imports",
        "fees",
    ],
)
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(key: str, client: Client, clock: datetime) -> None:
    client.force_login(_office())
    _queries(client, key, range(2, 2))
    few = _queries(client, key, range(2, 2 + FEW))
    many = _queries(client, key, range(2 + FEW, 2 + MANY))
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(few) <= 12


def test_the_page_of_a_policy_asks_as_many_queries_for_many_stages_as_for_none(client: Client, clock: datetime) -> None:
    record = entered("policy_1", unit=_unit(1))
    client.force_login(_office())
    address = reverse("policies:making", args=(record.pk,))
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    for number in range(12):
        record.steps.create(stage="explanation", day=TODAY, by=_office(), at=NOW, words=str(number))
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    # The files of the steps and who recorded them.
    assert len(asked) <= len(first) + 2


@pytest.mark.parametrize("name", ["public_fees", "size_classes"])
def test_public_pages_ask_few_queries(name: str, client: Client, clock: datetime) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(f"policies:{name}"), {"industry": "other", "staff": 5}).status_code == 200
    assert len(asked) <= 4
