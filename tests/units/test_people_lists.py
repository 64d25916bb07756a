"""The lists about people ask the database as many questions for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.units.delegations import delegate_roles, lendable_roles
from chuangju.units.invitations import Invitee, invite
from chuangju.units.models import Appointment, Role
from tests import people
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 20


def add_seat(number: int) -> None:
    """A unit whose liaison officer has an account, and whose leader in charge has not."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    user = people.make_user(f"officer{number}", Role.LIAISON_OFFICER, unit=unit)
    for kind, who in ((Appointment.Kind.WORK, user), (Appointment.Kind.LEADER_IN_CHARGE, None)):
        Appointment.objects.create(unit=unit, kind=kind, user=who, name=f"人{number}", starts_on=NOW.date())


def add_delegation(number: int) -> None:
    """An officer on leave, and who stands in."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    away = people.make_user(f"away{number}", Role.LIAISON_OFFICER, unit=unit)
    clerk = people.make_user(f"clerk{number}", Role.CLERK, unit=unit)
    last = NOW.date() + timedelta(days=3)
    roles = lendable_roles(away, NOW.date())
    delegate_roles(
        away, to_user=clerk, assignments=roles, starts_on=NOW.date(), ends_on=last, reason="休假", by=away, at=NOW
    )


def add_invitation(number: int) -> None:
    """Somebody invited by an administrator of their own, with two roles proposed."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    sender = people.make_user(f"sender{number}", Role.SYSTEM_ADMINISTRATOR)
    roles = (Role.CLERK, Role.APPROVER)
    invite(Invitee(f"人{number}", f"p{number}", f"p{number}@example.org", "", unit, roles), by=sender, at=NOW)


def add_account(number: int) -> None:
    """An account with everything that a reviewer looks at."""
    add_seat(number)
    add_delegation(number + 100)


CASES: dict[str, tuple[str, str, Callable[[int], None]]] = {
    "seats": ("units:seat_list", Role.PROGRAMME_OFFICE, add_seat),
    "appointments": ("units:appointment_list", Role.LEADER, add_seat),
    "delegations": ("units:delegation_list", Role.PROGRAMME_OFFICE, add_delegation),
    "invitations": ("units:invitation_list", Role.SYSTEM_ADMINISTRATOR, add_invitation),
    "proposals": ("units:proposal_list", Role.SECURITY_ADMINISTRATOR, add_invitation),
    "access_review": ("units:access_review", Role.AUDITOR, add_account),
}


@pytest.mark.parametrize("key", ["seats", "appointments", "delegations", "invitations", "proposals", "access_review"])
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(key: str, client: Client, clock: datetime) -> None:
    address, role, add = CASES[key]
    client.force_login(people.make_user("reader", role))

    def ask(rows: range) -> list[str]:
        for number in rows:
            add(number)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(reverse(address))
            assert response.status_code == 200
            assert response.content
        return [query["sql"] for query in asked.captured_queries]

    ask(range(1))  # what the first page of a process reads once and keeps
    few, many = ask(range(1, FEW)), ask(range(FEW, MANY))
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(few) <= 24


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["u1", "u2", "u3"]),
        ("?missing=publicity", ["u1", "u2", "u3"]),
        ("?missing=work", ["u3"]),
        ("?missing=any", ["u1", "u2", "u3"]),
        ("?missing=none", []),
        ("?q=人1", ["u1"]),
        ("?q=单位3", ["u3"]),
        ("?kind=town", []),
    ],
)
def test_the_register_is_narrowed_to_what_is_missing(
    query: str, codes: list[str], client: Client, clock: datetime
) -> None:
    for number in (1, 2):
        add_seat(number)
    people.make_unit("u3", "单位3")
    client.force_login(people.make_user("office", Role.PROGRAMME_OFFICE))
    response = client.get(reverse("units:seat_list") + query)
    assert [line.row.code for line in response.context["list"].lines] == codes
